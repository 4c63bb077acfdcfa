/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli.c - one option table: parsing, errors, help */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/cli.h"

#define MAX_ARGS  6
#define MAX_LINES 64 /* of all the tests */

enum { OPT_AGE = CLI_LONG, OPT_EXTRA, OPT_LONG };

static const struct cli_option options[] = {
	{ 'w', "warning", CLI_ARG, "[QUEUE=]RANGE", "messages (1200)" },
	{ OPT_AGE, "age-warning", CLI_ARG, "DURATION",
	    "two lines, the first of which is as long as it g\n"
	    "and the second" },
	{ OPT_EXTRA, "extra-opts", CLI_OPTIONAL_ARG, "[SECTION][@FILE]",
	    "more options\nfrom a file\nor two" },
	{ OPT_LONG, "a-name-that-is-rather-long-for-one", CLI_ARG, "WHATEVER",
	    "on a line of its own" },
	{ 'v', "verbose", CLI_NO_ARG, NULL, "more" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli cli = {
	.program = "check_x",
	.version = "1.2.3",
	.purpose = "does something",
	.usage = "[OPTION]...",
	.options = options,
	.notes = "An example:\n  check_x -v\n",
};

/* What cli_next() is to give, call by call; the last row is -1 or '?'. */
struct step {
	int id;
	const char *arg;
};

struct line {
	const char *argv[MAX_ARGS];
	struct step steps[MAX_ARGS];
	const char *error;
};

/* Each line has words of its own: getopt(3) may still look at old ones. */
static void
run_line(const struct line *l)
{
	static char arena[MAX_LINES][MAX_ARGS][128];
	static size_t used;
	char(*words)[128] = arena[used++], *argv[MAX_ARGS + 1];
	struct buf error = BUF_INIT;
	const struct step *s = l->steps;
	const char *arg;
	int argc, id;

	assert_true(used < MAX_LINES);
	for (argc = 0; l->argv[argc] != NULL; argc++) {
		snprintf(words[argc], sizeof(words[argc]), "%s", l->argv[argc]);
		argv[argc] = words[argc];
	}
	argv[argc] = NULL;
	cli_start();
	do {
		arg = "untouched";
		id = cli_next(&cli, argc, argv, &arg, &error);
		if (id != s->id)
			fail_msg("%s %s: %d instead of %d (%s)", l->argv[0],
			    l->argv[1], id, s->id, buf_str(&error));
		if (id != -1 && id != '?') {
			if (s->arg != NULL)
				assert_string_equal(arg, s->arg);
			else
				assert_null(arg);
		}
		s++;
	} while (id != -1 && id != '?');
	assert_string_equal(buf_str(&error), l->error != NULL ? l->error : "");
	buf_free(&error);
}

static void
run_lines(const struct line *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		run_line(&rows[i]);
}

static void
test_accept(void **state)
{
	static const struct line rows[] = {
		{ { "x" }, { { -1, NULL } }, NULL },
		{ { "x", "--" }, { { -1, NULL } }, NULL },
		{ { "x", "-w", "10" }, { { 'w', "10" }, { -1, NULL } }, NULL },
		{ { "x", "-w10" }, { { 'w', "10" }, { -1, NULL } }, NULL },
		{ { "x", "-w", "" }, { { 'w', "" }, { -1, NULL } }, NULL },
		{ { "x", "-w", "-v" }, { { 'w', "-v" }, { -1, NULL } }, NULL },
		{ { "x", "--warning", "a=5:" },
		    { { 'w', "a=5:" }, { -1, NULL } }, NULL },
		{ { "x", "--warning=a=5:" }, { { 'w', "a=5:" }, { -1, NULL } },
		    NULL },
		{ { "x", "--warning=" }, { { 'w', "" }, { -1, NULL } }, NULL },
		{ { "x", "--warn=3" }, { { 'w', "3" }, { -1, NULL } }, NULL },
		{ { "x", "-vvV" },
		    { { 'v', NULL }, { 'v', NULL }, { 'V', NULL },
			{ -1, NULL } },
		    NULL },
		{ { "x", "-vw", "1" },
		    { { 'v', NULL }, { 'w', "1" }, { -1, NULL } }, NULL },
		{ { "x", "--extra-opts", "-v" },
		    { { OPT_EXTRA, NULL }, { 'v', NULL }, { -1, NULL } },
		    NULL },
		{ { "x", "--extra-opts=@f" },
		    { { OPT_EXTRA, "@f" }, { -1, NULL } }, NULL },
		{ { "x", "--age-warning", "15m", "--verbose" },
		    { { OPT_AGE, "15m" }, { 'v', NULL }, { -1, NULL } }, NULL },
	};

	(void)state;
	run_lines(rows, ROWS(rows));
}

static void
test_refuse(void **state)
{
	static const struct line rows[] = {
		{ { "x", "-z" }, { { '?', NULL } }, "unknown option '-z'" },
		{ { "x", "-vz" }, { { 'v', NULL }, { '?', NULL } },
		    "unknown option '-z'" },
		{ { "x", "-v", "--nope" }, { { 'v', NULL }, { '?', NULL } },
		    "unknown option '--nope'" },
		{ { "x", "--nope=5", "-v" }, { { '?', NULL } },
		    "unknown option '--nope=5'" },
		{ { "x", "--ver" }, { { '?', NULL } },
		    "unknown option '--ver'" },
		{ { "x", "-?" }, { { '?', NULL } }, "unknown option '-?'" },
		{ { "x", "-:" }, { { '?', NULL } }, "unknown option '-:'" },
		{ { "x", "-w" }, { { '?', NULL } },
		    "a value is needed after '-w'" },
		{ { "x", "-vw" }, { { 'v', NULL }, { '?', NULL } },
		    "a value is needed after '-vw'" },
		{ { "x", "--warning" }, { { '?', NULL } },
		    "a value is needed after '--warning'" },
		{ { "x", "--age-warning" }, { { '?', NULL } },
		    "a value is needed after '--age-warning'" },
		{ { "x", "--verbose=3" }, { { '?', NULL } },
		    "--verbose takes no value" },
		{ { "x", "--version=" }, { { '?', NULL } },
		    "--version takes no value" },
		{ { "x", "word" }, { { '?', NULL } },
		    "unexpected argument 'word'" },
		{ { "x", "-v", "-" }, { { 'v', NULL }, { '?', NULL } },
		    "unexpected argument '-'" },
		{ { "x", "--", "-v" }, { { '?', NULL } },
		    "unexpected argument '-v'" },
		{ { "x", "--extra-opts", "file" },
		    { { OPT_EXTRA, NULL }, { '?', NULL } },
		    "unexpected argument 'file'" },
		{ { "x", "--a|b\n$(id)\xe9" }, { { '?', NULL } },
		    "unknown option '--a_b?_(id)?'" },
		{ { "x", "-\xe9" }, { { '?', NULL } }, "unknown option '-?'" },
		{ { "x",
		      "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeef"
		      "fffffffffX" },
		    { { '?', NULL } },
		    "unexpected argument 'aaaaaaaaaabbbbbbbbbbccccccccccddddd"
		    "dddddeeeeeeeeeefffffff...'" },
	};

	(void)state;
	run_lines(rows, ROWS(rows));
}

/* cli_start() forgets a line that was left in the middle of a word. */
static void
test_start_again(void **state)
{
	static const struct line rows[] = {
		{ { "x", "-zvvv" }, { { '?', NULL } }, "unknown option '-z'" },
		{ { "x", "-w", "1" }, { { 'w', "1" }, { -1, NULL } }, NULL },
		{ { "x", "-v", "word" }, { { 'v', NULL }, { '?', NULL } },
		    "unexpected argument 'word'" },
		{ { "x", "-v", "-w", "2" },
		    { { 'v', NULL }, { 'w', "2" }, { -1, NULL } }, NULL },
	};

	(void)state;
	run_lines(rows, ROWS(rows));
}

static void
test_help(void **state)
{
	static const char want[] =
	    "check_x - does something\n"
	    "Usage: check_x [OPTION]...\n"
	    "\n"
	    "  -w, --warning=[QUEUE=]RANGE messages (1200)\n"
	    "      --age-warning=DURATION  two lines, the first of which is"
	    " as long as it g\n"
	    "                              and the second\n"
	    "      --extra-opts[=[SECTION][@FILE]]\n"
	    "                              more options\n"
	    "                              from a file\n"
	    "                              or two\n"
	    "      --a-name-that-is-rather-long-for-one=WHATEVER\n"
	    "                              on a line of its own\n"
	    "  -v, --verbose               more\n"
	    "  -V, --version               print the version\n"
	    "\n"
	    "An example:\n  check_x -v\n";
	struct buf b = BUF_INIT;
	struct cli plain = cli;

	(void)state;
	cli_add_help(&cli, &b);
	assert_string_equal(buf_str(&b), want);
	buf_truncate(&b, 0);
	plain.notes = NULL;
	cli_add_help(&plain, &b);
	assert_int_equal(b.len, strlen(want) - strlen(cli.notes) - 1);
	assert_memory_equal(b.data, want, b.len);
	buf_free(&b);
}

/* With names of any length: each is in the help, no line over 80 columns. */
static void
test_help_columns(void **state)
{
	static const char dashes[] = "0123456789012345678901234567890";
	static const char text[] =
	    "x234567890123456789012345678901234567890123456789x\ny";
	struct cli_option rows[2] = { { 0 } };
	struct cli one = { .program = "p",
		.version = "1",
		.purpose = "what",
		.usage = "",
		.options = rows };
	struct buf b = BUF_INIT;
	const char *line, *end;
	char shown[64];
	size_t n;

	(void)state;
	for (n = 1; n < sizeof(dashes); n++) {
		rows[0] = (struct cli_option){ CLI_LONG,
			dashes + sizeof(dashes) - 1 - n, CLI_ARG, "N", text };
		buf_truncate(&b, 0);
		cli_add_help(&one, &b);
		snprintf(shown, sizeof(shown), "--%s=N", rows[0].name);
		assert_non_null(strstr(buf_str(&b), shown));
		for (line = buf_str(&b); *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			assert_non_null(end);
			assert_true(end - line <= 80);
			if (memchr(line, 'x', (size_t)(end - line)) != NULL)
				assert_int_equal(strstr(line, " x") - line, 29);
			if (end[-1] == 'y')
				assert_int_equal(end - line, 31);
		}
	}
	buf_free(&b);
}

static void
test_version(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	cli_add_version(&cli, &b);
	assert_string_equal(buf_str(&b), "check_x (mqueue-plugins) 1.2.3\n");
	buf_free(&b);
}

/* The words that are left, beside the options and as a command. */
static void
test_words(void **state)
{
	static const struct {
		enum cli_words words;
		const char *argv[6];
		int verbose;       /* how many -v are options */
		const char *first; /* NULL: no word */
	} rows[] = {
		{ CLI_WORDS, { "x", "-v", "one", "-v", "two" }, 2, "one" },
		{ CLI_WORDS, { "x", "-v" }, 1, NULL },
		{ CLI_WORDS, { "x", "--", "-v" }, 0, "-v" },
		{ CLI_COMMAND, { "x", "-v", "one", "-v" }, 1, "one" },
		{ CLI_COMMAND, { "x", "-v", "--", "-v", "two" }, 1, "-v" },
	};
	struct cli with_words = cli;
	struct buf error = BUF_INIT;
	char *argv[7];
	const char *arg;
	int argc, id, verbose;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		with_words.words = rows[i].words;
		for (argc = 0; rows[i].argv[argc] != NULL; argc++)
			argv[argc] = strdup(rows[i].argv[argc]);
		argv[argc] = NULL;
		cli_start();
		verbose = 0;
		while ((id = cli_next(&with_words, argc, argv, &arg, &error)) ==
		    'v')
			verbose++;
		assert_int_equal(id, -1);
		assert_int_equal(verbose, rows[i].verbose);
		unit_assert_text(argv[cli_first_word()], rows[i].first,
		    rows[i].argv[1]);
		while (argc-- > 0)
			free(argv[argc]);
	}
	assert_int_equal(error.len, 0);
	buf_free(&error);
}

static void
test_values(void **state)
{
	struct buf error = BUF_INIT;
	int64_t n = 7;

	(void)state;
	assert_int_equal(cli_number(&error, "--top", "12", 1, 12, &n), 0);
	assert_int_equal(n, 12);
	assert_int_equal(cli_duration(&error, "--age", "2h", &n), 0);
	assert_int_equal(n, 7200);
	assert_int_equal(error.len, 0);
	assert_int_equal(cli_number(&error, "--top", "13", 1, 12, &n), -1);
	assert_string_equal(buf_str(&error),
	    "--top '13': the number is too large");
	buf_truncate(&error, 0);
	assert_int_equal(cli_duration(&error, "--age", "\n", &n), -1);
	assert_int_equal(strncmp(buf_str(&error), "--age '?': ", 11), 0);
	assert_int_equal(n, 7200);
	buf_free(&error);
}

/* Notes the options that are seen. */
static void
note(int id, const char *value, void *arg)
{
	buf_addf(arg, "%d=%s ", id, value != NULL ? value : "");
}

/* What can be made out of a line, whatever is wrong with the rest of it. */
static void
test_peek(void **state)
{
	static const struct {
		const char *argv[MAX_ARGS];
		const char *want;
		bool verbose;
	} rows[] = {
		{ { "-v", "-w", "1" }, "118= 119=1 ", true },
		{ { "--none", "-x", "-v", "--warning=2" }, "118= 119=2 ",
		    true },
		{ { "word", "--warn=2", "word", "-v" }, "119=2 118= ", true },
		{ { "-v", "--version=3", "-w" }, "118= ", true },
		{ { "-w", "-v" }, "119=-v ", false },
		{ { "-V", "--", "-v" }, "86= ", false },
		{ { "--extra-opts=a@b" }, "257=a@b ", false },
		{ { NULL }, "", false },
	};
	static char words[MAX_ARGS][32];
	char *argv[MAX_ARGS + 1];
	struct buf got = BUF_INIT;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		argv[0] = (char[]){ "check_x" };
		for (n = 1; n < MAX_ARGS && rows[i].argv[n - 1] != NULL; n++) {
			snprintf(words[n], sizeof(words[n]), "%s",
			    rows[i].argv[n - 1]);
			argv[n] = words[n];
		}
		argv[n] = NULL;
		buf_truncate(&got, 0);
		cli_peek(&cli, n, argv, note, &got);
		assert_string_equal(buf_str(&got), rows[i].want);
		assert_int_equal(cli_has(&cli, n, argv, "verbose"),
		    rows[i].verbose);
		assert_false(cli_has(&cli, n, argv, "none"));
	}
	assert_int_equal(cli_id(&cli, "extra-opts"), OPT_EXTRA);
	assert_int_equal(cli_id(&cli, "none"), '?');
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_start_again),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_columns),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_peek),
	};

	return UNIT_RUN(tests);
}
