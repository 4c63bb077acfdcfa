/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bbext_wrapper.c - a script of Big Brother's that runs bb-ext */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

#include "base/fsx.h"
#include "plugins/bb-ext/option.h"
#include "plugins/bb-ext/wrapper.h"

static const struct bbext_env env = { .hostname = "mx1.example.net" };

/* Words that must outlive the configuration; the first is the program. */
static void
parse(struct bbext_config *c, char **argv)
{
	struct buf why = BUF_INIT;
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	if (bbext_option_parse(c, argc, argv, &env, &why) != 0)
		fail_msg("%s", buf_str(&why));
}

static void
expect_text(char **argv, const char *want)
{
	struct buf out = BUF_INIT;
	struct bbext_config c;

	parse(&c, argv);
	bbext_wrapper_text(&c, "/usr/bin/bb-ext", &out);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
	bbext_config_free(&c);
}

/* argv is of char *, and these are literals. */
#define ARGV(...)                                                          \
	((char **)(uintptr_t)(const char *const[]){ "bb-ext", __VA_ARGS__, \
	    NULL })

static void
test_text(void **state)
{
	(void)state;
	expect_text(ARGV("--install-wrapper", "f", "/p/check_mqueue"),
	    "#!/bin/sh\n"
	    "# mqueue - made by bb-ext --install-wrapper\n"
	    "exec '/usr/bin/bb-ext' -- '/p/check_mqueue'\n");
	expect_text(ARGV("--host=h", "--install-wrapper=f", "--big-sister",
			"-t", "5", "--display", "a", "--display", "b:1",
			"--test", "c", "--", "/p/check x", "-w",
			"it's $HOME\n`id`", ""),
	    "#!/bin/sh\n"
	    "# c - made by bb-ext --install-wrapper\n"
	    "exec '/usr/bin/bb-ext' --host='h' --big-sister --timeout='5'"
	    " --display='a' --display='b:1' --test='c' -- '/p/check x' '-w'"
	    " 'it'\\''s $HOME\n`id`' ''\n");
}

/* Installs; the reason if not. */
static char *
install(char **argv, const char *program)
{
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct bbext_config c;
	int rc;

	parse(&c, argv);
	rc = bbext_wrapper_install(&c, program, &out, &why);
	assert_int_equal(rc == 0, why.len == 0);
	bbext_config_free(&c);
	if (rc != 0)
		buf_free(&out);
	return rc == 0 ? buf_take(&out) : buf_take(&why);
}

static void
expect_install(char **argv, const char *want)
{
	char *got = install(argv, "bin/bb-ext");

	assert_string_equal(got, want);
	free(got);
}

static void
test_install(void **state)
{
	struct buf text = BUF_INIT;
	char want[9000];
	struct stat st;

	(void)state;
	tree_write("bin/bb-ext", "");
	tree_write("check_mqueue", "");
	assert_int_equal(chmod("bin/bb-ext", 0755), 0);
	assert_int_equal(chmod("check_mqueue", 0755), 0);
	tree_make("ext/");
	expect_install(ARGV("--interval=2m", "--install-wrapper",
			   "ext/mqueue.sh", "./check_mqueue"),
	    "ext/mqueue.sh is there. In $BBHOME/ext, it is run by this line of"
	    " $BBHOME/etc/bb-bbexttab:\nlocalhost : : mqueue.sh;120\n");
	assert_int_equal(stat("ext/mqueue.sh", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0755);
	assert_int_equal(fsx_read(AT_FDCWD, "ext/mqueue.sh", 0, 9000, &text),
	    0);
	snprintf(want, sizeof(want),
	    "#!/bin/sh\n"
	    "# mqueue - made by bb-ext --install-wrapper\n"
	    "exec '%s/bin/bb-ext' --interval='2m' -- '%s/./check_mqueue'\n",
	    tree_dir, tree_dir);
	assert_string_equal(buf_str(&text), want);
	buf_free(&text);
	/* Our own are replaced. */
	expect_install(ARGV("--install-wrapper", "ext/mqueue.sh",
			   "./check_mqueue", "-v"),
	    "ext/mqueue.sh is there. In $BBHOME/ext, it is run by this line of"
	    " $BBHOME/etc/bb-bbexttab:\nlocalhost : : mqueue.sh;300\n");
}

static void
test_refuse(void **state)
{
	struct buf text = BUF_INIT;
	char *got;

	(void)state;
	tree_write("bin/bb-ext", "");
	tree_write("check_mqueue", "");
	assert_int_equal(chmod("bin/bb-ext", 0755), 0);
	assert_int_equal(chmod("check_mqueue", 0755), 0);
	tree_write("mine.sh", "#!/bin/sh\necho mine\n");
	tree_write("empty.sh", "");
	tree_make("dir.sh/");
	expect_install(ARGV("--install-wrapper", "mine.sh", "./check_mqueue"),
	    "mine.sh: exists, and is not a wrapper that bb-ext made; remove it"
	    " or choose another name");
	expect_install(ARGV("--install-wrapper", "empty.sh", "./check_mqueue"),
	    "empty.sh: exists, and is not a wrapper that bb-ext made; remove"
	    " it or choose another name");
	expect_install(ARGV("--install-wrapper", "dir.sh", "./check_mqueue"),
	    "dir.sh: Invalid argument");
	expect_install(ARGV("--install-wrapper", "a b", "./check_mqueue"),
	    "a b: Big Brother's scripts have names without blanks, ';' and"
	    " ':'");
	expect_install(ARGV("--install-wrapper", "none/x", "./check_mqueue"),
	    "none/x: No such file or directory");
	expect_install(ARGV("--install-wrapper", "x", "--test", "x",
			   "/no\nwhere"),
	    "/no?where: No such file or directory");
	got = install(ARGV("--install-wrapper", "x", "./check_mqueue"),
	    "./nobb-ext");
	assert_non_null(strstr(got, "/./nobb-ext: No such file"));
	free(got);
	assert_int_equal(fsx_read(AT_FDCWD, "mine.sh", 0, 900, &text), 0);
	assert_string_equal(buf_str(&text), "#!/bin/sh\necho mine\n");
	assert_int_not_equal(access("x", F_OK), 0);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		TREE_TEST(test_install),
		TREE_TEST(test_refuse),
	};

	return UNIT_RUN(tests);
}
