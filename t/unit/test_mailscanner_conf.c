/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mailscanner_conf.c - what MailScanner.conf says of queue directories */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "mta/mailscanner/conf.h"

#define IN "Incoming Queue Dir = "

/* Writes down the patterns. */
static int
note(void *arg, const char *pattern, size_t line)
{
	(void)line;
	buf_addf(arg, "[%s]", pattern);
	return 0;
}

static int
parse(struct mailscanner_conf *m, const char *text, struct buf *included)
{
	return mailscanner_conf_parse(m, "conf", text, strlen(text), note,
	    included);
}

struct row {
	const char *text, *incoming;
};

static void
run_rows(const struct row *rows, size_t n)
{
	struct buf included = BUF_INIT;
	struct mailscanner_conf m;
	size_t i;

	for (i = 0; i < n; i++) {
		m = (struct mailscanner_conf)MAILSCANNER_CONF_INIT;
		assert_int_equal(parse(&m, rows[i].text, &included), 0);
		unit_assert_text(m.v[MAILSCANNER_CONF_INCOMING].value,
		    rows[i].incoming, rows[i].text);
		mailscanner_conf_free(&m);
		assert_null(m.v[MAILSCANNER_CONF_INCOMING].value);
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
		/* What MailScanner's own code calls it is the same to it. */
		{ "InQueueDir = /in\n", "/in" },
		{ "Incoming Queue Dir = /a\n"
		  "In Queue Dir = /b\n",
		    "/b" },
		{ "inqueuedir=/a\nIncoming Queue Dir = /b\n", "/b" },
		/* Not this key. */
		{ "Out Queue Dir = /in\n", NULL },
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
				     "OutQueueDir = %spool%/out\n";
	struct buf included = BUF_INIT;
	struct mailscanner_conf m = MAILSCANNER_CONF_INIT;

	(void)state;
	assert_int_equal(parse(&m, first, &included), 0);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value,
	    "/var/spool/mqueue.in");
	assert_string_equal(m.v[MAILSCANNER_CONF_OUTGOING].value,
	    "/var/spool/mqueue");
	assert_string_equal(m.v[MAILSCANNER_CONF_MTA].value, "sendmail");
	/* A second file adds to the first, and knows its variables. */
	assert_int_equal(parse(&m, second, &included), 0);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value,
	    "/var/spool/mqueue.in");
	assert_string_equal(m.v[MAILSCANNER_CONF_OUTGOING].value,
	    "/var/spool/out");
	assert_string_equal(m.v[MAILSCANNER_CONF_MTA].value, "Postfix");
	mailscanner_conf_free(&m);
	assert_null(m.v[MAILSCANNER_CONF_OUTGOING].value);
	assert_null(m.v[MAILSCANNER_CONF_MTA].value);
	assert_null(m.vars);
	mailscanner_conf_free(&m);
	buf_free(&included);
}

/* Includes: written down, and one that overrides. */
struct nest {
	struct mailscanner_conf *m;
	int depth;
};

static int
nested(void *arg, const char *pattern, size_t line)
{
	static const char text[] = "Incoming Queue Dir = /from/include\n"
				   "include deeper\n";
	struct nest *n = arg;

	(void)pattern;
	(void)line;
	if (++n->depth == 3) {
		errno = EMLINK;
		return -1;
	}
	return mailscanner_conf_parse(n->m, "nested", text, sizeof(text) - 1,
	    nested, n);
}

static void
test_include(void **state)
{
	static const char *const rows[][2] = {
		{ "include /etc/MailScanner/conf.d/*\n",
		    "[/etc/MailScanner/conf.d/*]" },
		{ "  Include\t/a  # x\n", "[/a]" },
		{ "INCLUDE /a b", "[/a b]" },
		/* MailScanner puts in nothing here. */
		{ "%d%=/conf\ninclude %d%/*\r\n", "[%d%/*]" },
		{ "include /a\ninclude /b\n", "[/a][/b]" },
		{ "include\n", "" },
		{ "included /a\n", "" },
		{ "include=/a\n", "" },
		{ "#include /a\n", "" },
		{ "x include /a\n", "" },
	};
	struct buf included = BUF_INIT;
	struct mailscanner_conf m = MAILSCANNER_CONF_INIT;
	struct nest nest = { &m, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&included, 0);
		assert_int_equal(parse(&m, rows[i][0], &included), 0);
		unit_assert_text(buf_str(&included), rows[i][1], rows[i][0]);
	}
	/* -1 of an include ends it all, with its errno. */
	assert_int_equal(mailscanner_conf_parse(&m, "conf",
			     "include x\nMTA=late\n", 20, nested, &nest),
	    -1);
	assert_int_equal(errno, EMLINK);
	assert_int_equal(nest.depth, 3);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value,
	    "/from/include");
	assert_null(m.v[MAILSCANNER_CONF_MTA].value);
	mailscanner_conf_free(&m);
	buf_free(&included);
}

/* An included file counts where its line stands. */
static int
override(void *arg, const char *pattern, size_t line)
{
	static const char text[] = "%v%=new\nIncoming Queue Dir=/i\nMTA=i\n";

	assert_string_equal(pattern, "f");
	assert_int_equal(line, 4);
	return mailscanner_conf_parse(arg, "f", text, sizeof(text) - 1,
	    override, arg);
}

static void
test_include_order(void **state)
{
	static const char text[] =
	    "%v%=old\nIncoming Queue Dir=/before\nMTA=before\n"
	    "include f\n"
	    "MTA=after\nOutgoing Queue Dir=/%v%\n";
	struct mailscanner_conf m = MAILSCANNER_CONF_INIT;

	(void)state;
	assert_int_equal(mailscanner_conf_parse(&m, "conf", text,
			     sizeof(text) - 1, override, &m),
	    0);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value, "/i");
	assert_string_equal(m.v[MAILSCANNER_CONF_MTA].value, "after");
	assert_string_equal(m.v[MAILSCANNER_CONF_OUTGOING].value, "/new");
	mailscanner_conf_free(&m);
}

static void
test_hostile(void **state)
{
	static const char nuls[] = "\0\0\n%a%=x\0y\nMTA\0=/no\n"
				   "Incoming Queue Dir=/%a%\0z\n\0";
	const size_t n = 300000;
	struct buf included = BUF_INIT, text = BUF_INIT;
	struct mailscanner_conf m = MAILSCANNER_CONF_INIT;
	char *bytes = malloc(n);
	size_t i;

	(void)state;
	assert_non_null(bytes);
	/* As in C, what stands after a NUL is not part of its line. */
	assert_int_equal(mailscanner_conf_parse(&m, "conf", nuls,
			     sizeof(nuls) - 1, note, &included),
	    0);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value, "/x");
	assert_null(m.v[MAILSCANNER_CONF_MTA].value);

	/* Doubled 40 times it would be 10^12 bytes. */
	buf_adds(&text, "%a%=0123456789\n");
	for (i = 0; i < 40; i++)
		buf_adds(&text, "%a%=%a%%a%\n");
	buf_adds(&text, "Incoming Queue Dir=%a%\n");
	assert_int_equal(parse(&m, buf_str(&text), &included), 0);
	assert_null(m.v[MAILSCANNER_CONF_INCOMING].value);
	assert_non_null(strstr(m.v[MAILSCANNER_CONF_INCOMING].unknown,
	    "variables make it longer than 4096 bytes"));

	/* One long value without an end of line: kept as it is. */
	memset(bytes, 'x', n);
	memcpy(bytes, "MTA=", 4);
	assert_int_equal(mailscanner_conf_parse(&m, "conf", bytes, n, note,
			     &included),
	    0);
	assert_int_equal(strlen(m.v[MAILSCANNER_CONF_MTA].value), n - 4);
	memset(bytes, '%', n);
	memcpy(bytes, "MTA=", 4);
	assert_int_equal(mailscanner_conf_parse(&m, "conf", bytes, n, note,
			     &included),
	    0);
	for (i = 0; i < n; i++)
		bytes[i] = "%a=\n \0#mta\t/\r%="[i * 2654435761u >> 7 & 15];
	assert_int_equal(mailscanner_conf_parse(&m, "conf", bytes, n, note,
			     &included),
	    0);
	mailscanner_conf_free(&m);
	free(bytes);
	buf_free(&text);
	buf_free(&included);
}

/* A setting that can't be known says why; a later one may be known. */
static void
test_unknown(void **state)
{
	static const struct row rows[] = {
		{ IN "/%x%\n", "%x% is set in no line before" },
		{ IN "/50%/%a\n", "%/% is set in no line before" },
		{ IN "/$HOME\n",
		    "$HOME is of the environment of MailScanner,"
		    " which is not known here" },
		{ IN "/a${A_1}b\n",
		    "$A_1 is of the environment of MailScanner,"
		    " which is not known here" },
		{ "%a%=/%b%\n%b%=/b\n" IN "%A%\n",
		    "%A% is set in conf line 1, where %b% is set in no line"
		    " before" },
		{ IN "/a\n" IN "/$1\n",
		    "$1 is of the environment of MailScanner, which is not"
		    " known here" },
	};
	struct buf included = BUF_INIT;
	struct mailscanner_conf m;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		m = (struct mailscanner_conf)MAILSCANNER_CONF_INIT;
		assert_int_equal(parse(&m, rows[i].text, &included), 0);
		unit_assert_text(m.v[MAILSCANNER_CONF_INCOMING].unknown,
		    rows[i].incoming, rows[i].text);
		assert_null(m.v[MAILSCANNER_CONF_INCOMING].value);
		mailscanner_conf_free(&m);
	}
	m = (struct mailscanner_conf)MAILSCANNER_CONF_INIT;
	assert_int_equal(parse(&m, IN "/%x%\n\n" IN "/$$/$/${\n", &included),
	    0);
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].value, "/$$/$/${");
	assert_string_equal(m.v[MAILSCANNER_CONF_INCOMING].file, "conf");
	assert_int_equal(m.v[MAILSCANNER_CONF_INCOMING].line, 3);
	assert_null(m.v[MAILSCANNER_CONF_INCOMING].unknown);
	assert_null(m.v[MAILSCANNER_CONF_OUTGOING].file);
	mailscanner_conf_free(&m);
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
		cmocka_unit_test(test_unknown),
	};

	return UNIT_RUN(tests);
}
