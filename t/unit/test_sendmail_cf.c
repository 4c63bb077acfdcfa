/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_cf.c - what sendmail.cf says of queue directories */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "mta/sendmail/cf.h"

/* The rows are whole files; sendmail_cf_free() is the caller's. */
static struct sendmail_cf
parse(const char *text)
{
	struct sendmail_cf cf = SENDMAIL_CF_INIT;

	assert_int_equal(sendmail_cf_parse(&cf, text, strlen(text)), 0);
	return cf;
}

struct option_row {
	const char *text, *want;
};

static void
run_options(const struct option_row *rows, size_t n)
{
	struct sendmail_cf cf;
	size_t i;

	for (i = 0; i < n; i++) {
		cf = parse(rows[i].text);
		unit_assert_text(cf.queue_directory, rows[i].want,
		    rows[i].text);
		assert_int_equal(cf.ngroups, 0);
		sendmail_cf_free(&cf);
		assert_null(cf.queue_directory);
	}
}

static void
test_queue_directory(void **state)
{
	static const struct option_row rows[] = {
		{ "", NULL },
		{ "O QueueDirectory=/var/spool/mqueue\n", "/var/spool/mqueue" },
		{ "O QueueDirectory=/var/spool/mqueue", "/var/spool/mqueue" },
		{ "O QueueDirectory=/a/q*\n", "/a/q*" },
		{ "O QueueDirectory = /a\n", "/a" },
		{ "O  QueueDirectory\t=\t/a\n", "/a" },
		{ "O queuedirectory=/a\n", "/a" },
		{ "O QUEUEDIRECTORY=/a\n", "/a" },
		{ "O QueueD=/a\n", "/a" },
		{ "O queuedir=/a\n", "/a" },
		{ "OQ/a\n", "/a" },
		{ "OQ /a\n", "/a" },
		{ "O QueueDirectory=/a  \t\n", "/a" },
		{ "O QueueDirectory=/a\r\n", "/a" },
		{ "O QueueDirectory=/a b\n", "/a b" },
		{ "O QueueDirectory=\n /a\n", "/a" },
		{ "O QueueDirectory\n\t=/a\n", "/a" },
		{ "O QueueDirectory=/a\nO QueueDirectory=/b\n", "/b" },
		{ "OQ/a\nO QueueDirectory=/b\n", "/b" },
		{ "O QueueDirectory=/b\nOQ/a\n", "/a" },
		{ "O QueueDirectory=$m/x%y%\n", "$m/x%y%" },
		{ "O QueueDirectory=\n", "mqueue" },
		{ "OQ\n", "mqueue" },
		/* Not ours: other options, comments, continuations. */
		{ "#O QueueDirectory=/a\n", NULL },
		{ " O QueueDirectory=/a\n", NULL },
		{ "# a comment\n O QueueDirectory=/a\n", NULL },
		{ "O Queue=/a\n", NULL },
		{ "O Q=/a\n", NULL },
		{ "O QueueDirectoryX=/a\n", NULL },
		{ "O XQueueDirectory=/a\n", NULL },
		{ "O QueueDirectory\n", NULL },
		{ "O QueueDirectory /a\n", NULL },
		{ "O QueueFactor=600000\n", NULL },
		{ "O QueueSortOrder=/a\n", NULL },
		{ "O QueueFileMode=0600\n", NULL },
		{ "OT3d\n", NULL },
		{ "O\n", NULL },
		{ "O", NULL },
		{ "O \n", NULL },
		{ "o QueueDirectory=/a\n", NULL },
		{ "DQ/a\nCQ /a\nMqueue, P=/a\n", NULL },
		{ "\n\n\n", NULL },
		{ " \t\n", NULL },
	};

	(void)state;
	run_options(rows, ROWS(rows));
}

/* readcf.c: an unquoted # begins a comment, blanks before it go as well. */
static void
test_comment(void **state)
{
	static const struct option_row rows[] = {
		{ "O QueueDirectory=/a # the queue\n", "/a" },
		{ "O QueueDirectory=/a#b\n", "/a" },
		{ "OQ/a\t#b", "/a" },
		{ "O QueueDirectory=/a\\#b\n", "/a#b" },
		{ "O QueueDirectory=/a\\b#c\n", "/a\\b" },
	};

	(void)state;
	run_options(rows, ROWS(rows));
}

struct group_row {
	const char *text, *name, *path;
};

static void
run_groups(const struct group_row *rows, size_t n)
{
	struct sendmail_cf cf;
	size_t i;

	for (i = 0; i < n; i++) {
		cf = parse(rows[i].text);
		if (cf.ngroups != 1)
			fail_msg("'%s' is %zu groups", rows[i].text,
			    cf.ngroups);
		unit_assert_text(cf.groups[0].name, rows[i].name, rows[i].text);
		unit_assert_text(cf.groups[0].path, rows[i].path, rows[i].text);
		assert_null(cf.queue_directory);
		sendmail_cf_free(&cf);
		assert_int_equal(cf.ngroups, 0);
		assert_null(cf.groups);
	}
}

static void
test_group(void **state)
{
	static const struct group_row rows[] = {
		{ "Qaol, P=/var/spool/mqueue/aol*, F=f, R=2\n", "aol",
		    "/var/spool/mqueue/aol*" },
		{ "Qaol,P=/a\n", "aol", "/a" },
		{ "Qaol, F=f, P=/a\n", "aol", "/a" },
		{ "Qaol F=f, r=15, P=/a, N=20, I=5m, J=4", "aol", "/a" },
		{ "Qaol, P = /a , F=f\n", "aol", "/a" },
		{ "Qaol, P\t=\t/a\n", "aol", "/a" },
		{ "Qaol,\n\tP=/a,\n\tF=f\n", "aol", "/a" },
		{ "Qaol, p=/a\n", "aol", "/a" },
		{ "Qaol, Path=/a\n", "aol", "/a" },
		{ "Qaol, P=/a, P=/b\n", "aol", "/b" },
		{ "Qaol, P=/a\r\n", "aol", "/a" },
		{ "Qaol, F=f, R=2\n", "aol", NULL },
		{ "Qaol\n", "aol", NULL },
		{ "Qaol,\n", "aol", NULL },
		{ "Qaol, P\n", "aol", NULL },
		{ "Qaol, P, F=f", "aol", NULL },
		{ "Qaol, F=P=/a\n", "aol", NULL },
		{ "Qaol, XP=/a\n", "aol", NULL },
		{ "Qaol, ,,, P=/a\n", "aol", "/a" },
		{ "Qx\n", "x", NULL },
	};

	(void)state;
	run_groups(rows, ROWS(rows));
}

/* Quotes and backslashes as in munchstring(). */
static void
test_group_quoted(void **state)
{
	static const struct group_row rows[] = {
		{ "Qaol, P=\"/a\", F=f\n", "aol", "/a" },
		{ "Qaol, P=\"/a,b\", F=f\n", "aol", "/a,b" },
		{ "Qaol, P=/a\\,b, F=f\n", "aol", "/a,b" },
	};

	(void)state;
	run_groups(rows, ROWS(rows));
}

static void
test_whole_file(void **state)
{
	static const char first[] =
	    "#\n# made by m4\n#\n"
	    "V10/Berkeley\n"
	    "Cwlocalhost\n"
	    "O QueueDirectory=/var/spool/mqueue/q*\n"
	    "O QueueSortOrder=Priority\n"
	    "Qmain, P=/var/spool/mqueue/m*, R=2\n"
	    "Qslow, F=f,\n P=/var/spool/mqueue/slow\n"
	    "Qplain, F=f\n"
	    "Mlocal, P=/usr/bin/procmail, F=lsDFMAw5:/|@qSPfhn9\n";
	static const char second[] = "Qlate, P=/l\nO QueueDirectory=/b\n";
	static const char *const names[] = { "main", "slow", "plain", "late" };
	static const char *const paths[] = { "/var/spool/mqueue/m*",
		"/var/spool/mqueue/slow", NULL, "/l" };
	struct sendmail_cf cf = SENDMAIL_CF_INIT;
	size_t i;

	(void)state;
	assert_int_equal(sendmail_cf_parse(&cf, first, strlen(first)), 0);
	assert_string_equal(cf.queue_directory, "/var/spool/mqueue/q*");
	assert_int_equal(cf.ngroups, 3);
	/* A second file adds to the first. */
	assert_int_equal(sendmail_cf_parse(&cf, second, strlen(second)), 0);
	assert_string_equal(cf.queue_directory, "/b");
	assert_int_equal(cf.ngroups, 4);
	for (i = 0; i < 4; i++) {
		assert_string_equal(cf.groups[i].name, names[i]);
		unit_assert_text(cf.groups[i].path, paths[i], names[i]);
	}
	sendmail_cf_free(&cf);
	sendmail_cf_free(&cf);
}

/* Where something is said, and what a group without a path has. */
static void
test_lines(void **state)
{
	struct sendmail_cf cf = parse("V10\nQa\n# x\n\nOQ/a\nQb, F=f,\n"
				      " P=/b\nQc\nO QueueDirectory=\n /d\n");

	(void)state;
	assert_int_equal(cf.line, 9);
	assert_string_equal(cf.queue_directory, "/d");
	assert_int_equal(cf.ngroups, 3);
	assert_int_equal(cf.groups[0].line, 2);
	assert_null(cf.groups[0].base);
	assert_int_equal(cf.groups[1].line, 6);
	assert_int_equal(cf.groups[2].line, 8);
	assert_string_equal(cf.groups[2].base, "/a");
	sendmail_cf_free(&cf);
}

static void
test_path(void **state)
{
	static const char *const rows[][2] = {
		{ "/a/q*", "/a/q*" },
		{ "/a$$b", "/a$b" },
		{ "/a$", "/a$" },
		{ "/$$$", "/$$" },
		{ "/$m", NULL },
		{ "/a${m}", NULL },
		{ "/$$$m", NULL },
		{ "a", NULL },
		{ "", NULL },
		{ "$m/a", NULL },
	};
	struct buf path = BUF_INIT;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		why = sendmail_cf_path(rows[i][0], &path);
		if ((why == NULL) != (rows[i][1] != NULL))
			fail_msg("'%s': %s", rows[i][0], why);
		if (why == NULL)
			unit_assert_text(buf_str(&path), rows[i][1],
			    rows[i][0]);
	}
	buf_free(&path);
}

static void
test_hostile(void **state)
{
	static const char nuls[] = "\0\0\nO QueueDirectory=/a\0b\n\0Q\0x\n"
				   "Qg, P=/g\0h, P=/i\n";
	const size_t n = 300000;
	struct sendmail_cf cf = SENDMAIL_CF_INIT;
	char *bytes = malloc(n);
	size_t i;

	(void)state;
	assert_non_null(bytes);
	/* As in C, what stands after a NUL is not part of its line. */
	assert_int_equal(sendmail_cf_parse(&cf, nuls, sizeof(nuls) - 1), 0);
	assert_string_equal(cf.queue_directory, "/a");
	assert_int_equal(cf.ngroups, 1);
	assert_string_equal(cf.groups[0].path, "/g");
	sendmail_cf_free(&cf);

	/* One very long value, without an end of line. */
	memset(bytes, 'x', n);
	memcpy(bytes, "OQ/", 3);
	assert_int_equal(sendmail_cf_parse(&cf, bytes, n), 0);
	assert_int_equal(strlen(cf.queue_directory), n - 2);
	sendmail_cf_free(&cf);

	/* Nothing but continuation lines, and nothing but groups. */
	memset(bytes, '\n', n);
	for (i = 0; i < n; i += 2)
		bytes[i] = ' ';
	assert_int_equal(sendmail_cf_parse(&cf, bytes, n), 0);
	assert_null(cf.queue_directory);
	for (i = 0; i + 3 <= 30000; i += 3)
		memcpy(bytes + i, "Qg\n", 3);
	assert_int_equal(sendmail_cf_parse(&cf, bytes, 30000), 0);
	assert_int_equal(cf.ngroups, 10000);
	sendmail_cf_free(&cf);

	for (i = 0; i < n; i++)
		bytes[i] = "QO=, P\n\0"[i * 2654435761u >> 7 & 7];
	assert_int_equal(sendmail_cf_parse(&cf, bytes, n), 0);
	sendmail_cf_free(&cf);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queue_directory),
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_group_quoted),
		cmocka_unit_test(test_whole_file),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_hostile),
	};

	return UNIT_RUN(tests);
}
