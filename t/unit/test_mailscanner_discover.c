/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mailscanner_discover.c - the queues that MailScanner.conf names */
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "found.h"
#include "tree.h"
#include "unit.h"

#include "mta/discover.h"

#define MS "etc/MailScanner/MailScanner.conf"

struct ms_row {
	const char *conf, *file, *want;
};

#define IN_LIST "%s% = /s\nIncoming Queue Dir = /etc/ms\n"
#define OUT_LIST                              \
	"%s% = /s\nIncoming Queue Dir = /i\n" \
	"Outgoing Queue Dir = /etc/ms\n"

/* The conf is MailScanner.conf, the file is /etc/ms. */
static void
run_ms(const struct ms_row *rows, size_t n, bool fails)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tree_write(MS, rows[i].conf);
		tree_write("etc/ms", rows[i].file);
		if (fails)
			found_fails(rows[i].want);
		else
			found(rows[i].want, NULL);
	}
}

static void
test_mailscanner(void **state)
{
	struct queue_list list;

	(void)state;
	TREE_MAKE("var/spool/mqueue.in/", "var/spool/mqueue/");
	tree_write(MS,
	    "%spool% = /var/spool\nMTA = Sendmail\n"
	    "Incoming Queue Dir = %spool%/mqueue.in\n"
	    "Outgoing Queue Dir = %spool%/mqueue\n");
	found("mqueue.in(in):./var/spool/mqueue.in "
	      "mqueue(out):./var/spool/mqueue",
	    &list);
	assert_string_equal(list.v[0].source, "./" MS);
	queue_list_free(&list);
	/* sendmail.cf names MailScanner's outgoing queue: once. */
	tree_write("etc/mail/sendmail.cf",
	    "O QueueDirectory=/var/spool/mqueue\n"
	    "Qin, P=/var/spool/mqueue.in\n");
	found("mqueue.in(in):./var/spool/mqueue.in "
	      "mqueue(out):./var/spool/mqueue",
	    NULL);

	/* Any directory counts as incoming, and a missing one is kept. */
	tree_write(MS,
	    "Incoming Queue Dir = /srv/hold\n"
	    "Outgoing Queue Dir = /srv/out\n");
	assert_int_equal(unlink("etc/mail/sendmail.cf"), 0);
	found("hold(in):./srv/hold! out(out):./srv/out!", NULL);

	/* Nothing said: the defaults. */
	tree_write(MS, "Max Children = 5\n");
	found("mqueue.in(in):./var/spool/mqueue.in "
	      "mqueue(out):./var/spool/mqueue",
	    NULL);
}

static void
test_mailscanner_many(void **state)
{
	(void)state;
	TREE_MAKE("var/spool/in/q1/", "var/spool/in/q2/", "var/spool/in/x/");
	tree_write(MS,
	    "Incoming Queue Dir = /var/spool/in/q?\n"
	    "Outgoing Queue Dir = /srv/[o]ut\n");
	/* Brackets alone are no pattern to MailScanner. */
	found("mqueue.in(in):./var/spool/in/q1,./var/spool/in/q2 "
	      "[o]ut(out):./srv/[o]ut!",
	    NULL);
	/* A list file, or a ruleset. */
	tree_write("etc/MailScanner/in.list",
	    "# queues\n/var/spool/in/x\n"
	    "/srv/none\n/var/spool/in/q*\n");
	tree_write("etc/MailScanner/out.rules",
	    "To: *@a.example /srv/a\nFromOrTo: default /srv/b\n");
	tree_write(MS,
	    "Incoming Queue Dir = /etc/MailScanner/in.list\n"
	    "Outgoing Queue Dir = /etc/MailScanner/out.rules\n");
	found("mqueue.in(in):./var/spool/in/x,./srv/none!,./var/spool/in/q1,"
	      "./var/spool/in/q2 mqueue(out):./srv/a!,./srv/b!",
	    NULL);
	tree_write("etc/MailScanner/in.list", "# nothing\n");
	found_fails("no directory in ./etc/MailScanner/in.list: no line names"
		    " one");
}

/* As MailScanner 5.5.3 reads it. */
static void
test_mailscanner_reading(void **state)
{
	static const struct ms_row rows[] = {
		/* Lines of a list: variables, blanks, globs, comments. */
		{ IN_LIST, "/s/q1\n%S%/q2\n", "mqueue.in(in):./s/q1,./s/q2" },
		{ IN_LIST, "%s%/{q1,q2}*\n",
		    "mqueue.in(in):./s/q1,./s/q1x,./s/q2" },
		{ IN_LIST, "%s%/q[12]?\n/s/q1\n/s/q[12]\n",
		    "mqueue.in(in):./s/q1x,./s/q1,./s/q[12]!" },
		{ IN_LIST, " /s/a b\t\r\n# /no\n  # /no\n\n",
		    "mqueue.in(in):./s/a b" },
		{ IN_LIST, "/s/a b # /no\n", "mqueue.in(in):./s/a b # /no!" },
		{ IN_LIST, "/s/q1 /s/q2*\n", "mqueue.in(in):./s/q1,./s/q2" },
		{ IN_LIST, "\"/s/a b\" /s/q2*\n",
		    "mqueue.in(in):./s/a b,./s/q2" },
		{ IN_LIST, "/s/{q1,gone}\n/s/{gone,q2*}\n",
		    "mqueue.in(in):./s/{q1,gone}!,./s/gone!,./s/q2" },
		{ IN_LIST, "/s/$\n/s/100%\n/s/%%\n",
		    "mqueue.in(in):./s/$!,./s/100%!,./s/%%!" },
		/* The value itself. */
		{ "Incoming Queue Dir = /s/{q1,q2}*\n", "",
		    "mqueue.in(in):./s/q1,./s/q1x,./s/q2" },
		{ "Incoming Queue Dir = /s/{q1,q2}\n", "",
		    "{q1,q2}(in):./s/{q1,q2}!" },
		{ "Incoming Queue Dir = /s/a b\n", "", "a b(in):./s/a b" },
		{ "Incoming Queue Dir = /s/q1,\n", "", "q1(in):./s/q1" },
		{ "%x%=%no%\n%x%=/s\nIncoming Queue Dir = %x%/q1\n", "",
		    "q1(in):./s/q1" },
		{ "Incoming Queue Dir = $NO\nIncoming Queue Dir = /s/q1\n", "",
		    "q1(in):./s/q1" },
	};

	(void)state;
	TREE_MAKE("s/q1/", "s/q2/", "s/q1x/", "s/a b/");
	run_ms(rows, ROWS(rows), false);
}

/* The same, of what is outgoing, and of what is neither. */
static void
test_mailscanner_reading_rules(void **state)
{
	static const struct ms_row rows[] = {
		/* Rules: all directories, the default if no rule has one. */
		{ OUT_LIST,
		    "To: *@a.example %s%/q1\nFrom: x@ /s/q2 # no\n"
		    "FromOrTo: default\t%s%/q1x\n",
		    "i(in):./i! mqueue(out):./s/q1,./s/q2,./s/q1x" },
		{ OUT_LIST, "From: a@ and To: b@ %s%/q1\nTo: default /s/q2",
		    "i(in):./i! mqueue(out):./s/q1,./s/q2" },
		{ OUT_LIST, "To: *@a.example /s/q1\n",
		    "i(in):./i! mqueue(out):./s/q1,./var/spool/mqueue" },
		{ OUT_LIST,
		    "From: default and To: b@ /s/q1\n"
		    "To: b@ and From: *@* /s/q2",
		    "i(in):./i! "
		    "mqueue(out):./s/q1,./s/q2,./var/spool/mqueue" },
		{ OUT_LIST, "From: *@* and To: default /s/q1\n",
		    "i(in):./i! mqueue(out):./s/q1" },
		{ "Incoming Queue Dir = /i\nOutgoing Queue Dir =\n", "",
		    "i(in):./i! mqueue(out):./var/spool/mqueue" },
		/* What is neither Exim nor another is sendmail. */
		{ "MTA =\nIncoming Queue Dir = /i\n", "",
		    "i(in):./i! mqueue(out):./var/spool/mqueue" },
		{ "MTA = Sendmail 8\nIncoming Queue Dir = /i\n", "",
		    "i(in):./i! mqueue(out):./var/spool/mqueue" },
		/* A database without a password is not asked. */
		{ "SQL Config = x\nDB DSN = x\nDB Username = x\n"
		  "LDAP Server =\nIncoming Queue Dir = /i\n",
		    "", "i(in):./i! mqueue(out):./var/spool/mqueue" },
	};

	(void)state;
	TREE_MAKE("s/q1/", "s/q2/", "s/q1x/", "var/spool/mqueue/");
	run_ms(rows, ROWS(rows), false);
}

/* What decides what is watched, and can't be known, is told with its line. */
static void
test_mailscanner_unknown(void **state)
{
	static const struct ms_row rows[] = {
		{ IN_LIST, "/s/q1\n%spol%/q2\n",
		    "./etc/ms line 2: %spol% is set in no line before" },
		{ IN_LIST, "/s/q1\n\n$HOME/q2\n",
		    "./etc/ms line 3: $HOME is of the environment of "
		    "MailScanner, which is not known here" },
		{ IN_LIST, "/s/${Q_1}/q2\n",
		    "./etc/ms line 1: $Q_1 is of the environment of "
		    "MailScanner, which is not known here" },
		{ IN_LIST, "q1\n",
		    "./etc/ms line 1: q1 does not begin with '/'" },
		{ IN_LIST, "FromOrTo: default /s/q1\n",
		    "./etc/ms line 1: FromOrTo: default /s/q1 does not begin "
		    "with '/'" },
		{ IN_LIST, "/s/q1\n/s/none*\n",
		    "./etc/ms line 2: /s/none* matches no directory" },
		{ IN_LIST, "/s/a b*\n",
		    "./etc/ms line 1: b* does not begin with '/'" },
		{ OUT_LIST, "To: default /s/q1\nTo: a@\n",
		    "./etc/ms line 2: this rule names no directory" },
		{ OUT_LIST, "To: default /s/a b\n",
		    "./etc/ms line 1: /s/a b is no directory that MailScanner "
		    "takes in a rule: an absolute path without blanks and "
		    "'*'" },
		{ OUT_LIST, "To: default /s/q*\n",
		    "./etc/ms line 1: /s/q* is no directory that MailScanner "
		    "takes in a rule: an absolute path without blanks and "
		    "'*'" },
		{ OUT_LIST, "To: default s/q1\n",
		    "./etc/ms line 1: s/q1 is no directory that MailScanner "
		    "takes in a rule: an absolute path without blanks and "
		    "'*'" },
		{ OUT_LIST, "\nTo: default %x%/q1\n",
		    "./etc/ms line 2: %x% is set in no line before" },
		{ OUT_LIST, "# To: default /s/q1\n",
		    "no directory in ./etc/ms: no line names one" },
	};

	(void)state;
	TREE_MAKE("s/q1/", "s/q2/", "s/a b/");
	run_ms(rows, ROWS(rows), true);
}

static void
test_mailscanner_unknown_setting(void **state)
{
	static const struct ms_row rows[] = {
		{ "\nIncoming Queue Dir = %in%/q\n", "",
		    "./" MS " line 2: Incoming Queue Dir %in% is set in no "
		    "line before" },
		{ "%a%=$X/a\n%b%=%a%/b\nIncoming Queue Dir=%b%\n", "",
		    "./" MS " line 3: Incoming Queue Dir %b% is set in "
		    "./" MS " line 2, where %a% is set in ./" MS " line 1, "
		    "where $X is of the environment of MailScanner, which is "
		    "not known here" },
		{ "Incoming Queue Dir =\n", "",
		    "./" MS " line 1: Incoming Queue Dir is empty, so "
		    "MailScanner reads no queue" },
		{ "Incoming Queue Dir = &Mine(\"x\")\n", "",
		    "./" MS " line 1: _Mine(_x_) is a function of MailScanner, "
		    "and which directories it names is not known here" },
		{ "Incoming Queue Dir = /i\nOutgoing Queue Dir = &Out\n", "",
		    "./" MS " line 2: _Out is a function of MailScanner, "
		    "and which directories it names is not known here" },
		{ "Outgoing Queue Dir = /s/out.customize\n", "",
		    "./" MS " line 1: /s/out.customize is a ruleset in "
		    "MailScanner's database, which is not read" },
		{ "Outgoing Queue Dir = out.RuleSet\n", "",
		    "./" MS " line 1: out.RuleSet is a ruleset in "
		    "MailScanner's database, which is not read" },
		{ "Outgoing Queue Dir = /s/q*\n", "",
		    "./" MS " line 1: /s/q* is no directory that MailScanner "
		    "puts messages in: an absolute path without blanks and "
		    "'*'" },
		{ "Outgoing Queue Dir = /s/a b\n", "",
		    "./" MS " line 1: /s/a b is no directory that MailScanner "
		    "puts messages in: an absolute path without blanks and "
		    "'*'" },
		{ "MTA = %mta%\n", "",
		    "./" MS " line 1: MTA %mta% is set in no line before" },
		{ "LDAP Server = ldap.example\n", "",
		    "./" MS " line 1: LDAP Server has MailScanner take its "
		    "settings from a database, which is not read" },
		{ "DB DSN=x\nDB Username=u\nDB Password=$p\n"
		  "SQL Config=SELECT 1\n",
		    "",
		    "./" MS " line 4: SQL Config has MailScanner take its "
		    "settings from a database, which is not read" },
	};

	(void)state;
	TREE_MAKE("s/q1/", "s/q2/", "s/a b/");
	run_ms(rows, ROWS(rows), true);
}

/* A directory that can't be listed is told with the remedy. */
static void
test_mailscanner_closed(void **state)
{
	(void)state;
	tree_make("s/in/q1/");
	tree_write(MS, "Incoming Queue Dir = /s/in/q*\n");
	/* Not even its owner may read it, as whom packages are built. */
	assert_int_equal(chmod("s/in", 0311), 0);
	tree_drop(TREE_NOBODY);
	found("mqueue.in(in):./s/in/", NULL);
	tree_regain();
	assert_int_equal(chmod("s/in", 0755), 0);
}

/* A root is a path, whatever it is called. */
static void
test_root(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT;

	(void)state;
	tree_make("r[1]*/s/q1/");
	tree_write("r[1]*/" MS, "Incoming Queue Dir = /s/q?\n");
	assert_int_equal(discover_queues(&list, "r[1]*", &why), 0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.v[0].dirs[0].path, "r[1]*/s/q1");
	queue_list_free(&list);
}

static void
test_other_mta(void **state)
{
	(void)state;
	tree_make("var/spool/mqueue/");
	tree_write(MS, "MTA = postfix\nIncoming Queue Dir = /in\n");
	found_fails("MailScanner works for postfix: only sendmail's queues "
		    "are understood");
	tree_write(MS, "MTA = Exim4\nIncoming Queue Dir = /in\n");
	found_fails("MailScanner works for Exim4: only sendmail's queues "
		    "are understood");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_mailscanner),
		TREE_TEST(test_mailscanner_many),
		TREE_TEST(test_mailscanner_reading),
		TREE_TEST(test_mailscanner_reading_rules),
		TREE_TEST(test_mailscanner_unknown),
		TREE_TEST(test_mailscanner_unknown_setting),
		TREE_TEST(test_mailscanner_closed),
		TREE_TEST(test_root),
		TREE_TEST(test_other_mta),
	};

	return UNIT_RUN(tests);
}
