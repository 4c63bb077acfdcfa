/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_msconf.c - what MailScanner.conf says of queue directories */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "mqueue/msconf.h"

#define IN "Incoming Queue Dir = "

/* Writes down the patterns. */
static int
note(void *arg, const char *pattern)
{
	buf_addf(arg, "[%s]", pattern);
	return 0;
}

static int
parse(struct msconf *m, const char *text, struct buf *included)
{
	return msconf_parse(m, text, strlen(text), note, included);
}

struct row {
	const char *text, *incoming;
};

static void
run_rows(const struct row *rows, size_t n)
{
	struct buf included = BUF_INIT;
	struct msconf m;
	size_t i;

	for (i = 0; i < n; i++) {
		m = (struct msconf)MSCONF_INIT;
		assert_int_equal(parse(&m, rows[i].text, &included), 0);
		unit_assert_text(m.incoming, rows[i].incoming, rows[i].text);
		msconf_free(&m);
		assert_null(m.incoming);
	}
	assert_string_equal(buf_str(&included), "");
}

static void
test_key(void **state)
{
	static const struct row rows[] = {
		{ "", NULL },
		{ "\n\n", NULL },
		{ "Incoming Queue Dir = /in\n", "/in" },
		{ "Incoming Queue Dir = /in", "/in" },
		{ "incoming queue dir=/in\n", "/in" },
		{ "INCOMINGQUEUEDIR=/in\n", "/in" },
		{ "  in_coming-queue.Dir \t=\t /in \t\n", "/in" },
		{ "Incoming Queue Dir = /in\r\n", "/in" },
		{ "Incoming Queue Dir = /in # here\n", "/in" },
		{ "Incoming Queue Dir = /in#x\n", "/in" },
		{ "Incoming Queue Dir = /in/q*\n", "/in/q*" },
		{ "Incoming Queue Dir = /a=b\n", "/a=b" },
		{ "Incoming Queue Dir = /a b\n", "/a b" },
		{ "Incoming Queue Dir = /a\nIncoming Queue Dir = /b", "/b" },
		{ "incomingqueuedir=/a\nIncoming-Queue-Dir=/b", "/b" },
		/* Not this key. */
		{ "# Incoming Queue Dir = /in\n", NULL },
		{ "Incoming Queue = /in\n", NULL },
		{ "Incoming Queue Dirs = /in\n", NULL },
		{ "My Incoming Queue Dir = /in\n", NULL },
		{ "Incoming Queue Dir /in\n", NULL },
		{ "Incoming Work Dir = /in\n", NULL },
		{ "= /in\n", NULL },
		{ "=\n", NULL },
		{ "==\n", NULL },
		{ "\xc3\xa9=/in\n", NULL },
	};

	(void)state;
	run_rows(rows, ROWS(rows));
}

static void
test_variables(void **state)
{
	static const struct row rows[] = {
		{ "%spool% = /var/spool\n" IN "%spool%/mqueue.in\n",
		    "/var/spool/mqueue.in" },
		{ "%SPOOL%=/s\n" IN "%Spool%/in\n", "/s/in" },
		{ "%a%=/a\n%b%=b\n" IN "%a%/%b%%b%\n", "/a/bb" },
		/* A variable made of others, at once and later. */
		{ "%a%=/a\n%b%=%a%/b\n" IN "%b%/c\n", "/a/b/c" },
		{ "%a%=/a\n%b%=%a%/b\n%a%=/x\n" IN "%b%\n", "/a/b" },
		/* The most recent definition. */
		{ "%a%=/a\n%a%=/b\n" IN "%a%\n", "/b" },
		{ "%a%=/a\n" IN "%a%\n%a%=/b\n", "/a" },
		{ "%a%=/a\n%a%=%a%/b\n" IN "%a%\n", "/a/b" },
		{ "%org-name%=x\n" IN "/%org-name%/y\n", "/x/y" },
		{ "%a%=\n" IN "/x%a%y\n", "/xy" },
		{ "%a%=/a # b\n" IN "%a%/c\n", "/a/c" },
		/* What is not a variable stays. */
		{ "%a%=/a\n" IN "/50%/%a\n", "/50%/%a" },
		{ "%a%=/a\n" IN "/x%a\n", "/x%a" },
		{ "%a%=/a\n" IN "/100%%a%\n", "/100%/a" },
		{ "%%=/a\n" IN "/x%%y\n", "/x%%y" },
		{ "%=/a\n" IN "/x%y\n", "/x%y" },
		/* No second look at what was put in. */
		{ "%p%=%\n%a%=/a\n" IN "/%p%a%p%\n", "/%a%" },
	};

	(void)state;
	run_rows(rows, ROWS(rows));
}

static void
test_all_keys(void **state)
{
	static const char first[] = "# MailScanner.conf\n"
				    "%spool% = /var/spool\n"
				    "Max Children = 5\n"
				    "Incoming Queue Dir = %spool%/mqueue.in\n"
				    "Outgoing Queue Dir = %spool%/mqueue\n"
				    "MTA = sendmail\n"
				    "Sendmail = /usr/lib/sendmail\n";
	static const char second[] = "MTA = Postfix\n"
				     "Outgoing Queue Dir = %spool%/out\n";
	struct buf included = BUF_INIT;
	struct msconf m = MSCONF_INIT;

	(void)state;
	assert_int_equal(parse(&m, first, &included), 0);
	assert_string_equal(m.incoming, "/var/spool/mqueue.in");
	assert_string_equal(m.outgoing, "/var/spool/mqueue");
	assert_string_equal(m.mta, "sendmail");
	/* A second file adds to the first, and knows its variables. */
	assert_int_equal(parse(&m, second, &included), 0);
	assert_string_equal(m.incoming, "/var/spool/mqueue.in");
	assert_string_equal(m.outgoing, "/var/spool/out");
	assert_string_equal(m.mta, "Postfix");
	msconf_free(&m);
	assert_null(m.outgoing);
	assert_null(m.mta);
	assert_null(m.vars);
	msconf_free(&m);
	buf_free(&included);
}

/* Includes: written down, and one that overrides. */
struct nest {
	struct msconf *m;
	int depth;
};

static int
nested(void *arg, const char *pattern)
{
	static const char text[] = "Incoming Queue Dir = /from/include\n"
				   "include deeper\n";
	struct nest *n = arg;

	(void)pattern;
	if (++n->depth == 3) {
		errno = EMLINK;
		return -1;
	}
	return msconf_parse(n->m, text, sizeof(text) - 1, nested, n);
}

static void
test_include(void **state)
{
	static const char *const rows[][2] = {
		{ "include /etc/MailScanner/conf.d/*\n",
		    "[/etc/MailScanner/conf.d/*]" },
		{ "  Include\t/a  # x\n", "[/a]" },
		{ "INCLUDE /a b", "[/a b]" },
		{ "%d%=/conf\ninclude %d%/*\r\n", "[/conf/*]" },
		{ "include /a\ninclude /b\n", "[/a][/b]" },
		{ "include\n", "" },
		{ "included /a\n", "" },
		{ "include=/a\n", "" },
		{ "#include /a\n", "" },
		{ "x include /a\n", "" },
	};
	struct buf included = BUF_INIT;
	struct msconf m = MSCONF_INIT;
	struct nest nest = { &m, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&included, 0);
		assert_int_equal(parse(&m, rows[i][0], &included), 0);
		unit_assert_text(buf_str(&included), rows[i][1], rows[i][0]);
	}
	/* -1 of an include ends it all, with its errno. */
	assert_int_equal(msconf_parse(&m, "include x\nMTA=late\n", 20, nested,
			     &nest),
	    -1);
	assert_int_equal(errno, EMLINK);
	assert_int_equal(nest.depth, 3);
	assert_string_equal(m.incoming, "/from/include");
	assert_null(m.mta);
	msconf_free(&m);
	buf_free(&included);
}

/* An included file counts where its line stands. */
static int
override(void *arg, const char *pattern)
{
	static const char text[] = "%v%=new\nIncoming Queue Dir=/i\nMTA=i\n";

	assert_string_equal(pattern, "f");
	return msconf_parse(arg, text, sizeof(text) - 1, override, arg);
}

static void
test_include_order(void **state)
{
	static const char text[] =
	    "%v%=old\nIncoming Queue Dir=/before\nMTA=before\n"
	    "include f\n"
	    "MTA=after\nOutgoing Queue Dir=/%v%\n";
	struct msconf m = MSCONF_INIT;

	(void)state;
	assert_int_equal(msconf_parse(&m, text, sizeof(text) - 1, override, &m),
	    0);
	assert_string_equal(m.incoming, "/i");
	assert_string_equal(m.mta, "after");
	assert_string_equal(m.outgoing, "/new");
	msconf_free(&m);
}

static void
test_hostile(void **state)
{
	static const char nuls[] = "\0\0\n%a%=x\0y\nMTA\0=/no\n"
				   "Incoming Queue Dir=/%a%\0z\n\0";
	const size_t n = 300000;
	struct buf included = BUF_INIT, text = BUF_INIT;
	struct msconf m = MSCONF_INIT;
	char *bytes = malloc(n);
	size_t i;

	(void)state;
	assert_non_null(bytes);
	/* As in C, what stands after a NUL is not part of its line. */
	assert_int_equal(msconf_parse(&m, nuls, sizeof(nuls) - 1, note,
			     &included),
	    0);
	assert_string_equal(m.incoming, "/x");
	assert_null(m.mta);

	/* Doubled 40 times it would be 10^12 bytes. */
	buf_adds(&text, "%a%=0123456789\n");
	for (i = 0; i < 40; i++)
		buf_adds(&text, "%a%=%a%%a%\n");
	buf_adds(&text, "Incoming Queue Dir=%a%\n");
	assert_int_equal(parse(&m, buf_str(&text), &included), 0);
	assert_true(strlen(m.incoming) <= 8192);

	/* One long value without an end of line: kept as it is. */
	memset(bytes, 'x', n);
	memcpy(bytes, "MTA=", 4);
	assert_int_equal(msconf_parse(&m, bytes, n, note, &included), 0);
	assert_int_equal(strlen(m.mta), n - 4);
	memset(bytes, '%', n);
	memcpy(bytes, "MTA=", 4);
	assert_int_equal(msconf_parse(&m, bytes, n, note, &included), 0);
	for (i = 0; i < n; i++)
		bytes[i] = "%a=\n \0#mta\t/\r%="[i * 2654435761u >> 7 & 15];
	assert_int_equal(msconf_parse(&m, bytes, n, note, &included), 0);
	msconf_free(&m);
	free(bytes);
	buf_free(&text);
	buf_free(&included);
}

static void
test_list(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "/a", "[/a]" },
		{ "/a\n/b/q*\n", "[/a][/b/q*]" },
		{ "  /a \t\r\n\n#/no\n/b # /no\n", "[/a][/b]" },
		{ "FromOrTo: default /var/spool/mqueue\n",
		    "[/var/spool/mqueue]" },
		{ "To:\t*@a.example\t/out/a\nFrom: 10. /out/b\n",
		    "[/out/a][/out/b]" },
		{ "relative\nFrom: x yes\n/a b\n", "" },
		{ "/a /b\n", "[/b]" },
		{ "# /a\n", "" },
		{ "/\n", "[/]" },
	};
	static const char nuls[] = "\0/a\n/b\0/c\n/d";
	struct buf found = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&found, 0);
		assert_int_equal(msconf_parse_list(rows[i][0],
				     strlen(rows[i][0]), note, &found),
		    0);
		unit_assert_text(buf_str(&found), rows[i][1], rows[i][0]);
	}
	buf_truncate(&found, 0);
	assert_int_equal(msconf_parse_list(nuls, sizeof(nuls) - 1, note,
			     &found),
	    0);
	assert_string_equal(buf_str(&found), "[/b][/d]");
	buf_free(&found);
}

static int
stop_at_second(void *arg, const char *path)
{
	int *calls = arg;

	(void)path;
	errno = ENOSPC;
	return ++*calls == 2 ? -1 : 0;
}

static void
test_list_stop(void **state)
{
	int calls = 0;

	(void)state;
	assert_int_equal(msconf_parse_list("/a\n/b\n/c\n", 9, stop_at_second,
			     &calls),
	    -1);
	assert_int_equal(calls, 2);
	assert_int_equal(errno, ENOSPC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_include_order),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_stop),
	};

	return UNIT_RUN(tests);
}
