/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_extraopts.c - --extra-opts: options from an ini file */
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "plug/extraopts.h"

/*
 * Expands "prog" and the words; what comes out, parted by blanks, or the
 * reason for refusing it must be want.
 */
static void
expect_env(const struct extraopts_env *env, const char *words, const char *want)
{
	char copy[400], *argv[16], *rest = NULL, *word;
	struct buf got = BUF_INIT, why = BUF_INIT;
	struct extraopts x;
	int argc = 0, i;

	snprintf(copy, sizeof(copy), "prog %s", words);
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (extraopts_expand(&x, "check_x", argc, argv, env, &why) != 0) {
		assert_string_equal(buf_str(&why), want);
	} else {
		for (i = 0; i < x.n; i++)
			buf_addf(&got, "%s%s", i == 0 ? "" : " ", x.v[i]);
		assert_string_equal(buf_str(&got), want);
		assert_null(x.v[x.n]);
		assert_int_equal(why.len, 0);
	}
	extraopts_free(&x);
	buf_free(&got);
	buf_free(&why);
}

static void
expect(const char *words, const char *want)
{
	static const struct extraopts_env env = { NULL, NULL };

	expect_env(&env, words, want);
}

struct file_row {
	const char *text, *want;
};

/* What the section check_x makes of a file's text. */
static void
expect_files(const struct file_row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tree_write("a.ini", rows[i].text);
		expect("--extra-opts=@a.ini", rows[i].want);
	}
}

static void
test_lines(void **state)
{
	static const struct file_row rows[] = {
		{ "[check_x]\nwarning=10\n", "prog --warning=10" },
		{ "[check_x]\nwarning = 10 \n", "prog --warning=10" },
		/* A one-letter key is two words. */
		{ "[check_x]\nw=10\nc = 20\n", "prog -w 10 -c 20" },
		{ "[check_x]\nw=mqueue.in=10:20\n", "prog -w mqueue.in=10:20" },
		{ "[check_x]\nage-warning=mqueue.in=1h\n",
		    "prog --age-warning=mqueue.in=1h" },
		/* A key alone, and one with nothing after the '='. */
		{ "[check_x]\nverbose\nv\n", "prog --verbose -v" },
		{ "[check_x]\nverbose=\nv =\n", "prog --verbose -v" },
		{ "[check_x]\nverbose", "prog --verbose" },
		/* The same again stays, in order. */
		{ "[check_x]\nq=/b\nq=/a\nw=1\nq=/b\n",
		    "prog -q /b -q /a -w 1 -q /b" },
		/* A blank in front is no continuation. */
		{ "[check_x]\nw=10\n  c=20\n\tverbose\n",
		    "prog -w 10 -c 20 --verbose" },
		{ "  [check_x]\n  w=10\n", "prog -w 10" },
		{ "[check_x]\r\nw=10\r\nverbose\r\n", "prog -w 10 --verbose" },
		{ "# w=1\n; w=2\n[check_x]\n# w=3\n  ; w=4\n\nw=5\n",
		    "prog -w 5" },
		{ "[check_x]\nw=10 ; why\nc=1;2\n", "prog -w 10 -c 1;2" },
		/* Other sections, and one in several parts. */
		{ "w=0\n[a]\nw=1\n[check_x]\nw=2\n[b]\nw=3\n[check_x]\nc=4\n",
		    "prog -w 2 -c 4" },
		{ "[check_xy]\nw=1\n[check_]\nw=2\n[CHECK_X]\nw=3\n[check_x]\n",
		    "prog" },
		{ "[check_x]\n", "prog" },
		{ "[check_x]", "prog" },
		{ "[a]\nw=1\n[check_x]\n[b]\nw=2\n", "prog" },
	};

	(void)state;
	expect_files(rows, ROWS(rows));
}

static void
test_bad_files(void **state)
{
	static const struct file_row rows[] = {
		{ "", "--extra-opts: no section 'check_x' in a.ini" },
		{ "w=1\n", "--extra-opts: no section 'check_x' in a.ini" },
		{ "[check_x\nw=1\n",
		    "--extra-opts: cannot read 'a.ini': "
		    "a line is no [section] and no key=value" },
		{ "[check_x]\nw=1\n[b\nc=2\n",
		    "--extra-opts: cannot read "
		    "'a.ini': a line is no [section] and no key=value" },
	};

	(void)state;
	expect_files(rows, ROWS(rows));
}

/* A bare key may have a comment behind it, as a key with a value may. */
static void
test_bare_comment(void **state)
{
	(void)state;
	tree_write("a.ini", "[check_x]\nverbose ; why\nw=1 ; a=b\nv ; c=d\n");
	expect("--extra-opts=@a.ini", "prog --verbose -w 1 -v");
}

/* As inih calls its reader: what size has its line? */
static char *
tell_size(char *line, int size, void *arg)
{
	(void)line;
	*(int *)arg = size;
	return NULL;
}

/* A line arrives whole with a '=', a newline and a NUL, or is an error. */
static void
test_long_lines(void **state)
{
	struct buf text = BUF_INIT, want = BUF_INIT; /* or the reason */
	struct extraopts_env env = { "a.ini", NULL };
	char *argv[] = { (char[]){ "prog" }, (char[]){ "--extra-opts" } };
	struct extraopts x;
	int size = 0, n;

	(void)state;
	assert_int_equal(ini_parse_stream(tell_size, &size, NULL, NULL), 0);
	for (n = size - 50; n < size + 50; n++) {
		buf_truncate(&text, 0);
		buf_addf(&text, "[check_x]\nw=%0*d\nc=1\n", n - 2, 7);
		tree_write("a.ini", buf_str(&text));
		buf_truncate(&want, 0);
		if (extraopts_expand(&x, "check_x", 2, argv, &env, &want) !=
		    0) {
			assert_string_equal(buf_str(&want),
			    "--extra-opts: "
			    "cannot read 'a.ini': a line is too long");
			assert_true(n > size - 3);
			continue;
		}
		assert_true(n <= size - 3);
		buf_addf(&want, "%0*d", n - 2, 7);
		assert_int_equal(x.n, 5);
		assert_string_equal(x.v[2], buf_str(&want));
		extraopts_free(&x);
	}
	buf_free(&text);
	buf_free(&want);
}

/* A long section name is found, or it is an error; its options count. */
static void
test_long_section(void **state)
{
	(void)state;
	tree_write("a.ini",
	    "[a234567890123456789012345678901234567890"
	    "12345678901234567890]\nw=1\n");
	expect("--extra-opts=a234567890123456789012345678901234567890"
	       "12345678901234567890@a.ini",
	    "prog -w 1");
}

static void
test_locators(void **state)
{
	static const struct extraopts_env env = { "default.ini", NULL };
	static const struct {
		const char *words, *want;
	} rows[] = {
		{ "", "prog" },
		{ "-w 1 x", "prog -w 1 x" },
		{ "--extra-opts", "prog -w default" },
		{ "--extra-opts=", "prog -w default" },
		{ "--extra-opts=@",
		    "--extra-opts: cannot read '': "
		    "No such file or directory" },
		{ "--extra-opts=two", "prog -w two" },
		{ "--extra-opts=@a@b.ini", "prog -w odd" },
		{ "--extra-opts=two@b.ini", "prog -w b2" },
		{ "--extra-opts=no",
		    "--extra-opts: no section 'no' in "
		    "default.ini" },
		{ "--extra-opts=n|o@b.ini",
		    "--extra-opts: no section 'n_o' in "
		    "b.ini" },
		{ "--extra-opts=@none|.ini",
		    "--extra-opts: cannot read "
		    "'none_.ini': No such file or directory" },
		{ "--extra-opts=@.",
		    "--extra-opts: cannot read '.': "
		    "Invalid argument" },
		/* The file comes first, wherever the option stands. */
		{ "-c 5 --extra-opts -w 6", "prog -w default -c 5 -w 6" },
		{ "--extra-opts=two@b.ini -v --extra-opts --extra-opts=two",
		    "prog -w b2 -w default -w two -v" },
		/* What is not ours. */
		{ "--extra-optsX", "prog --extra-optsX" },
		{ "--extra-opt --extra", "prog --extra-opt --extra" },
		{ "-v -- --extra-opts=two", "prog -v -- --extra-opts=two" },
		{ "--extra-opts -- --extra-opts=two",
		    "prog -w default -- --extra-opts=two" },
	};
	size_t i;

	(void)state;
	tree_write("default.ini",
	    "[check_x]\nw=default\n[two]\nw=two\n[prog]\nw=0\n");
	tree_write("b.ini", "[check_x]\nw=b\n[two]\nw=b2\n");
	tree_write("a@b.ini", "[check_x]\nw=odd\n");
	for (i = 0; i < ROWS(rows); i++)
		expect_env(&env, rows[i].words, rows[i].want);
}

/* MP_CONFIG_FILE, then each directory of NAGIOS_CONFIG_PATH, by name. */
static void
test_search(void **state)
{
	static const struct {
		struct extraopts_env env;
		const char *want;
	} rows[] = {
		{ { "own.ini", "one:two" }, "prog -w own" },
		{ { "", "one:two" }, "prog -w one-plugins" },
		{ { NULL, "one:two" }, "prog -w one-plugins" },
		{ { NULL, "two:one" }, "prog -w two-monitoring" },
		{ { NULL, "three" }, "prog -w three-nagios" },
		{ { NULL, "no::no/no:two" }, "prog -w two-monitoring" },
		{ { NULL, ":three:" }, "prog -w three-nagios" },
		{ { "no.ini", "one" },
		    "--extra-opts: cannot read 'no.ini': "
		    "No such file or directory" },
	};
	size_t i;

	(void)state;
	tree_write("own.ini", "[check_x]\nw=own\n");
	tree_write("one/plugins.ini", "[check_x]\nw=one-plugins\n");
	tree_write("one/nagios-plugins.ini", "[check_x]\nw=one-nagios\n");
	tree_write("two/nagios-plugins.ini", "[check_x]\nw=two-nagios\n");
	tree_write("two/plugins.ini", "[check_x]\nw=two-plugins\n");
	tree_write("two/monitoring-plugins.ini",
	    "[check_x]\nw=two-monitoring\n");
	tree_write("three/nagios-plugins.ini", "[check_x]\nw=three-nagios\n");
	for (i = 0; i < ROWS(rows); i++)
		expect_env(&rows[i].env, "--extra-opts", rows[i].want);
}

/* Neither variable, and no file in the fixed places of this machine. */
static void
test_search_nothing(void **state)
{
	static const char *const places[] = {
		"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
		"/usr/local/etc/monitoring-plugins.ini",
		"/etc/monitoring-plugins/monitoring-plugins.ini",
		"/etc/monitoring-plugins.ini", "/etc/nagios/plugins.ini",
		"/usr/local/nagios/etc/plugins.ini",
		"/usr/local/etc/nagios/plugins.ini",
		"/etc/opt/nagios/plugins.ini", "/etc/nagios-plugins.ini",
		"/usr/local/etc/nagios-plugins.ini",
		"/etc/opt/nagios-plugins.ini"
	};
	static const struct extraopts_env env = { NULL, "no:where" };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(places); i++)
		if (access(places[i], F_OK) == 0)
			UNIT_SKIP("there is a real one");
	expect_env(&env, "--extra-opts",
	    "--extra-opts: no ini file found; "
	    "name one: --extra-opts=@FILE, or MP_CONFIG_FILE");
}

static void
test_stdin(void **state)
{
	int saved = dup(STDIN_FILENO), fd;

	(void)state;
	tree_write("a.ini", "[check_x]\nw=stdin\n");
	assert_true((fd = open("a.ini", O_RDONLY)) >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	expect("--extra-opts=@-", "prog -w stdin");
	if (saved != -1)
		dup2(saved, STDIN_FILENO);
	close(saved);
}

/* Even without argv[0] there is one; and the strings are copies. */
static void
test_copy(void **state)
{
	static const struct extraopts_env env = { NULL, NULL };
	char word[] = "-v", *argv[] = { NULL, word, NULL };
	struct buf why = BUF_INIT;
	struct extraopts x;

	(void)state;
	assert_int_equal(extraopts_expand(&x, "check_x", 0, argv, &env, &why),
	    0);
	assert_int_equal(x.n, 1);
	assert_string_equal(x.v[0], "check_x");
	extraopts_free(&x);
	assert_null(x.v);
	argv[0] = word;
	assert_int_equal(extraopts_expand(&x, "check_x", 2, argv, &env, &why),
	    0);
	assert_ptr_not_equal(x.v[1], word);
	assert_string_equal(x.v[1], "-v");
	extraopts_free(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_lines),
		TREE_TEST(test_bad_files),
		TREE_TEST(test_bare_comment),
		TREE_TEST(test_long_lines),
		TREE_TEST(test_long_section),
		TREE_TEST(test_locators),
		TREE_TEST(test_search),
		TREE_TEST(test_search_nothing),
		TREE_TEST(test_stdin),
		cmocka_unit_test(test_copy),
	};

	return UNIT_RUN(tests);
}
