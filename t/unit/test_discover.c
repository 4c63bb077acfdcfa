/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_discover.c - finds the queues of a configuration below a root */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "mqueue/discover.h"

#define MS "etc/MailScanner/MailScanner.conf"

/* "name(role):dir,dir!"; "!" stands for a directory that is not there. */
static void
show_list(const struct queue_list *list, struct buf *b)
{
	const struct queue *q;
	const struct queue_dir *d;
	size_t i, j;

	for (i = 0; i < list->n; i++) {
		q = &list->v[i];
		buf_addf(b, "%s%s(%s):", i == 0 ? "" : " ", q->name,
		    queue_role_name(q->role));
		for (j = 0; j < q->ndirs; j++) {
			d = &q->dirs[j];
			buf_addf(b, "%s%s%s", j == 0 ? "" : ",", d->path,
			    d->error != 0 ? "!" : "");
		}
	}
}

/* Finds the queues, and frees them unless keep is given. */
static void
find(const char *want, struct queue_list *keep)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT, b = BUF_INIT;

	if (discover_queues(&list, ".", &why) != 0)
		fail_msg("%s", buf_str(&why));
	assert_string_equal(buf_str(&why), "");
	show_list(&list, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
	if (keep != NULL)
		*keep = list;
	else
		queue_list_free(&list);
}

static void
find_fails(const char *want)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT;
	int rc = discover_queues(&list, ".", &why);

	tree_regain();
	assert_int_equal(rc, -1);
	assert_string_equal(buf_str(&why), want);
	buf_free(&why);
	queue_list_free(&list);
}

static void
test_defaults(void **state)
{
	struct queue_list list;

	(void)state;
	find("", NULL);
	tree_make("var/spool/mqueue/");
	find("mqueue(out):./var/spool/mqueue", NULL);
	tree_make("var/spool/mqueue.in/");
	/* Only submit.cf tells of this one. */
	tree_make("var/spool/clientmqueue/");
	find("mqueue.in(in):./var/spool/mqueue.in "
	     "mqueue(out):./var/spool/mqueue",
	    &list);
	assert_string_equal(list.v[0].source, "default");
	assert_string_equal(list.v[1].source, "default");
	queue_list_free(&list);
	assert_int_equal(rmdir("var/spool/mqueue"), 0);
	find("mqueue.in(in):./var/spool/mqueue.in", NULL);
}

static void
test_sendmail(void **state)
{
	struct queue_list list;

	(void)state;
	TREE_MAKE("var/spool/mqueue/q1/", "var/spool/mqueue/q2/",
	    "var/spool/mqueue/slow/", "var/spool/mqueue-client/");
	tree_write("etc/mail/sendmail.cf",
	    "O QueueDirectory=/var/spool/mqueue/q*\n"
	    "Qmqueue, R=2\n"
	    "Qslow, P=/var/spool/mqueue/slow, F=f\n"
	    "Qgone, P=/var/spool/mqueue/gone\n"
	    "Qsame, P=/var/spool/mqueue/q1\n");
	tree_write("etc/mail/submit.cf",
	    "O QueueDirectory=/var/spool/mqueue-client\n");
	/* Not looked at while there is the other one. */
	tree_write("etc/sendmail.cf", "O QueueDirectory=/old\n");
	/* q1 is in the wildcard, too, and is watched once. */
	find("mqueue(out):./var/spool/mqueue/q2 "
	     "slow(out):./var/spool/mqueue/slow "
	     "gone(out):./var/spool/mqueue/gone! "
	     "same(out):./var/spool/mqueue/q1 "
	     "mqueue-client(client):./var/spool/mqueue-client",
	    &list);
	assert_string_equal(list.v[0].source, "./etc/mail/sendmail.cf");
	assert_string_equal(list.v[1].source, "./etc/mail/sendmail.cf");
	assert_string_equal(list.v[4].source, "./etc/mail/submit.cf");
	queue_list_free(&list);

	assert_int_equal(unlink("etc/mail/sendmail.cf"), 0);
	assert_int_equal(unlink("etc/mail/submit.cf"), 0);
	find("old(out):./old!", NULL);
}

/* What is configured is kept though it is missing, and ends the defaults. */
static void
test_missing_directories(void **state)
{
	(void)state;
	tree_make("var/spool/mqueue/");
	tree_write("etc/mail/sendmail.cf", "O QueueDirectory=/srv/q\n");
	tree_write("etc/mail/submit.cf", "O QueueDirectory=/srv/client/q*\n");
	find("q(out):./srv/q! client(client):./srv/client!", NULL);
	/* A file that does not say it means sendmail's default. */
	tree_write("etc/mail/sendmail.cf", "V10/Berkeley\n");
	assert_int_equal(unlink("etc/mail/submit.cf"), 0);
	find("mqueue(out):./var/spool/mqueue", NULL);
	assert_int_equal(rmdir("var/spool/mqueue"), 0);
	find("mqueue(out):./var/spool/mqueue!", NULL);
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
	find("mqueue.in(in):./var/spool/mqueue.in "
	     "mqueue(out):./var/spool/mqueue",
	    &list);
	assert_string_equal(list.v[0].source, "./" MS);
	queue_list_free(&list);
	/* sendmail.cf names MailScanner's outgoing queue: once. */
	tree_write("etc/mail/sendmail.cf",
	    "O QueueDirectory=/var/spool/mqueue\n"
	    "Qin, P=/var/spool/mqueue.in\n");
	find("mqueue.in(in):./var/spool/mqueue.in "
	     "mqueue(out):./var/spool/mqueue",
	    NULL);

	/* Any directory counts as incoming, and a missing one is kept. */
	tree_write(MS,
	    "Incoming Queue Dir = /srv/hold\n"
	    "Outgoing Queue Dir = /srv/out\n");
	assert_int_equal(unlink("etc/mail/sendmail.cf"), 0);
	find("hold(in):./srv/hold! out(out):./srv/out!", NULL);

	/* Nothing said: the defaults. */
	tree_write(MS, "Max Children = 5\n");
	find("mqueue.in(in):./var/spool/mqueue.in "
	     "mqueue(out):./var/spool/mqueue",
	    NULL);
}

static void
test_mailscanner_places(void **state)
{
	(void)state;
	tree_write("usr/local/etc/MailScanner/MailScanner.conf",
	    "Incoming Queue Dir = /c\n");
	find("c(in):./c!", NULL);
	tree_write("opt/MailScanner/etc/MailScanner.conf",
	    "Incoming Queue Dir = /b\n");
	find("b(in):./b!", NULL);
	tree_write(MS, "Incoming Queue Dir = /a\n");
	find("a(in):./a!", NULL);
}

static void
test_include(void **state)
{
	(void)state;
	tree_write(MS,
	    "%q% = /one\nIncoming Queue Dir = /main\n"
	    "include /etc/MailScanner/conf.d/*.conf\n"
	    "include /etc/none/*\ninclude /etc/none.conf\n"
	    "Outgoing Queue Dir = %q%\n");
	find("main(in):./main! one(out):./one!", NULL);
	tree_write("etc/MailScanner/conf.d/20.conf",
	    "Incoming Queue Dir = /twenty\n");
	tree_write("etc/MailScanner/conf.d/10.conf",
	    "%q% = /two\n"
	    "Incoming Queue Dir = /ten\nOutgoing Queue Dir = /no\n");
	tree_write("etc/MailScanner/conf.d/README", "MTA = exim\n");
	find("twenty(in):./twenty! two(out):./two!", NULL);

	/* MailScanner reads no file twice, itself included. */
	tree_write("etc/MailScanner/conf.d/20.conf",
	    "Incoming Queue Dir = /twenty\n"
	    "include /etc/MailScanner/conf.d/20.conf\n"
	    "include /etc/MailScanner/MailScanner.conf\n"
	    "include /etc/MailScanner/conf.d/10.conf\n");
	find("twenty(in):./twenty! two(out):./two!", NULL);
	/* A Perl glob: several patterns, braces. */
	tree_write(MS,
	    "include /etc/none \t/etc/MailScanner/{x,conf}.d/{20,10}.conf\n");
	find("ten(in):./ten! no(out):./no!", NULL);
	/* No variable is put in, and no relative path is looked up. */
	tree_write(MS, "\n%c% = /etc\ninclude %c%/MailScanner/conf.d/*\n");
	find_fails("./" MS " line 3: %c%/MailScanner/conf.d/* does not begin "
		   "with '/'; in an include line MailScanner puts in no "
		   "variable");
	tree_write(MS,
	    "include /etc/MailScanner/{1,2}{1,2,3,4,5,6,7,8,9}"
	    "{1,2,3,4,5,6,7,8,9}{1,2,3,4,5,6,7,8,9}\n");
	find_fails("./" MS " line 1: this stands for too many patterns");
}

static void
test_include_depth(void **state)
{
	char path[64], text[64];
	int i;

	(void)state;
	tree_write(MS, "include /etc/MailScanner/0\n");
	for (i = 0; i < 70; i++) {
		snprintf(path, sizeof(path), "etc/MailScanner/%d", i);
		snprintf(text, sizeof(text), "\ninclude /etc/MailScanner/%d\n",
		    i + 1);
		tree_write(path, text);
	}
	find_fails("./etc/MailScanner/63 line 2: includes are nested too "
		   "deeply");
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
	find("mqueue.in(in):./var/spool/in/q1,./var/spool/in/q2 "
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
	find("mqueue.in(in):./var/spool/in/x,./srv/none!,./var/spool/in/q1,"
	     "./var/spool/in/q2 mqueue(out):./srv/a!,./srv/b!",
	    NULL);
	tree_write("etc/MailScanner/in.list", "# nothing\n");
	find_fails("no directory in ./etc/MailScanner/in.list: no line names"
		   " one");
}

struct ms_row {
	const char *conf, *file, *want;
};

/* The conf is MailScanner.conf, the file is /etc/ms. */
static void
run_ms(const struct ms_row *rows, size_t n, bool fails)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tree_write(MS, rows[i].conf);
		tree_write("etc/ms", rows[i].file);
		if (fails)
			find_fails(rows[i].want);
		else
			find(rows[i].want, NULL);
	}
}

#define IN_LIST "%s% = /s\nIncoming Queue Dir = /etc/ms\n"
#define OUT_LIST                              \
	"%s% = /s\nIncoming Queue Dir = /i\n" \
	"Outgoing Queue Dir = /etc/ms\n"

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
	assert_int_equal(chmod("s/in", 0711), 0);
	tree_drop(TREE_NOBODY);
	find("mqueue.in(in):./s/in/", NULL);
	tree_regain();
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
	find_fails("MailScanner works for postfix: only sendmail's queues "
		   "are understood");
	tree_write(MS, "MTA = Exim4\nIncoming Queue Dir = /in\n");
	find_fails("MailScanner works for Exim4: only sendmail's queues "
		   "are understood");
}

struct cf_row {
	const char *ms, *cf, *want;
};

static void
run_cf(const struct cf_row *rows, size_t n)
{
	size_t i;

	TREE_MAKE("s/q1/", "s/q2/", "s/qslow/", "s/bulk1/", "s/bulk2/");
	for (i = 0; i < n; i++) {
		tree_write(MS, rows[i].ms);
		tree_write("etc/mail/sendmail.cf", rows[i].cf);
		find(rows[i].want, NULL);
	}
}

/* What sendmail -bp lists, and as what; t/real/queue_groups.t asks it. */
static void
test_groups(void **state)
{
	static const struct cf_row rows[] = {
		/* The group mqueue has a path: the base is no queue. */
		{ "", "OQ/s\nQmqueue, P=/s/bulk*\n",
		    "mqueue(out):./s/bulk1,./s/bulk2" },
		{ "", "OQ/s\nQMQueue, P=/s/bulk*\n",
		    "mqueue(out):./s/bulk1,./s/bulk2" },
		{ "", "OQ/s\nQslow\nQmqueue, P=/s/bulk*\n",
		    "mqueue(out):./s/bulk1,./s/bulk2 slow(out):./s" },
		/* Without one it is the base, which may have another name. */
		{ "", "OQ/s\nQmqueue, R=2\n", "mqueue(out):./s" },
		{ "", "OQ/s\n", "s(out):./s" },
		/* A group below the wildcard keeps its name. */
		{ "", "OQ/s/q*\nQslow, P=/s/qslow\n",
		    "s(out):./s/q1,./s/q2 slow(out):./s/qslow" },
		{ "", "OQ/s/q*\nQslow, P=/s/qs*\n",
		    "s(out):./s/q1,./s/q2 slow(out):./s/qslow" },
		{ "", "OQ/s/q*\nQall, P=/s/*\n",
		    "s(out):./s/q1,./s/q2,./s/qslow "
		    "all(out):./s/bulk1,./s/bulk2" },
		{ "", "OQ/s/q*\nQmqueue, P=/s/q*\nQslow, P=/s/qslow\n",
		    "mqueue(out):./s/q1,./s/q2 slow(out):./s/qslow" },
		{ "", "OQ/s\nQa, P=/s/bulk*\nQb, P=/s/bulk1\n",
		    "s(out):./s a(out):./s/bulk2 b(out):./s/bulk1" },
		/* The later line of a name counts, in the earlier's place. */
		{ "", "OQ/s\nQa, P=/s/bulk1\nQb, P=/s/q1\nQA, P=/s/bulk2\n",
		    "s(out):./s A(out):./s/bulk2 b(out):./s/q1" },
		/* The QueueDirectory of the lines before. */
		{ "", "OQ/s/q1\nQslow, F=f\nO QueueDirectory=/s\n",
		    "s(out):./s slow(out):./s/q1" },
		{ "", "OQ/s/a$$b\n", "a$b(out):./s/a$b!" },
		/* A name that would be another's. */
		{ "", "OQ/x/bulk\nQbulk, P=/x/bulk/1\n",
		    "x/bulk(out):./x/bulk! bulk(out):./x/bulk/1!" },
		{ "", "OQ/s\nQa, P=/s/mqueue\n",
		    "s(out):./s a(out):./s/mqueue!" },
	};

	(void)state;
	run_cf(rows, ROWS(rows));
}

/* None of MailScanner's directories takes the name of a group. */
static void
test_groups_mailscanner(void **state)
{
	static const struct cf_row rows[] = {
		{ "Outgoing Queue Dir = /s/mqueue\n", "OQ/s/q*\n",
		    "s/mqueue(out):./s/mqueue! "
		    "mqueue(out):./s/q1,./s/q2,./s/qslow" },
		{ "Outgoing Queue Dir = /x/mqueue\n",
		    "OQ/x/mqueue\nQmqueue, P=/s/bulk*\n",
		    "x/mqueue(out):./x/mqueue! "
		    "mqueue(out):./s/bulk1,./s/bulk2" },
		{ "Incoming Queue Dir = /x/slow\n",
		    "OQ/s/q*\nQslow, P=/s/qslow\n",
		    "x/slow(in):./x/slow! s(out):./s/q1,./s/q2 "
		    "slow(out):./s/qslow" },
		{ "Outgoing Queue Dir = /s/q1\n",
		    "OQ/s\nQmqueue, P=/s/bulk1\nQall, P=/s/q*\n",
		    "mqueue(out):./s/bulk1 all(out):./s/q1,./s/q2,./s/qslow" },
		{ "Outgoing Queue Dir = /s/q1\n", "OQ/s/q*\n",
		    "q1(out):./s/q1 s(out):./s/q2,./s/qslow" },
	};

	(void)state;
	run_cf(rows, ROWS(rows));
}

/* Those of submit.cf take no name of sendmail.cf's. */
static void
test_groups_client(void **state)
{
	(void)state;
	TREE_MAKE("s/q1/", "c/q1/", "c/q2/");
	tree_write("etc/mail/submit.cf",
	    "OQ/c\nQmqueue, P=/c/q1\nQbulk, P=/c/q2\n");
	find("q1(client):./c/q1 bulk(client):./c/q2", NULL);
	tree_write("etc/mail/sendmail.cf", "OQ/s\nQbulk, P=/s/q1\n");
	find("s(out):./s bulk(out):./s/q1 q1(client):./c/q1 "
	     "c/q2(client):./c/q2",
	    NULL);
	tree_write("etc/mail/sendmail.cf", "OQ/s\nQq1, P=/s/q1\n");
	find("s(out):./s q1(out):./s/q1 c/q1(client):./c/q1 "
	     "bulk(client):./c/q2",
	    NULL);
}

/* A group that has nothing of its own is told where its directory is. */
static void
test_groups_shared(void **state)
{
	struct queue_list list;

	(void)state;
	tree_make("s/q1/");
	tree_write("etc/mail/sendmail.cf",
	    "OQ/s/q1\nQbulk, F=f\nQslow, P=/s/q1\n");
	find("q1(out):./s/q1", &list);
	assert_string_equal(list.v[0].source,
	    "./etc/mail/sendmail.cf, which is queue group bulk as well, which "
	    "is queue group slow as well");
	queue_list_free(&list);

	/* If it is the same name there is nothing to tell. */
	tree_write("etc/out", "To: default /s/q1\nTo: x /s/q2\n");
	tree_write(MS, "Outgoing Queue Dir = /etc/out\n");
	tree_write("etc/mail/sendmail.cf", "OQ/s/q1\nQmqueue, F=f\n");
	find("mqueue(out):./s/q1,./s/q2!", &list);
	assert_string_equal(list.v[0].source, "./" MS);
	queue_list_free(&list);
}

static void
test_groups_unknown(void **state)
{
	static const char *const rows[][2] = {
		{ "V10\n\nO QueueDirectory=/s/$m\n",
		    "./etc/mail/sendmail.cf line 3: /s/_m has a macro, which "
		    "sendmail does not put in here" },
		{ "OQ/s\nDmx\nQa, F=f,\n  P=/s/${m}\n",
		    "./etc/mail/sendmail.cf line 3: /s/_{m} has a macro, which "
		    "sendmail does not put in here" },
		{ "OQ/s\nQa, P=bulk*\n",
		    "./etc/mail/sendmail.cf line 2: bulk* does not begin with "
		    "'/', and sendmail takes no relative path" },
		{ "# x\n\nO QueueDirectory=\n",
		    "./etc/mail/sendmail.cf line 3: mqueue does not begin with "
		    "'/', and sendmail takes no relative path" },
	};
	struct buf many = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tree_write("etc/mail/sendmail.cf", rows[i][0]);
		find_fails(rows[i][1]);
	}
	buf_adds(&many, "OQ/s\n");
	for (i = 0; i < 50; i++)
		buf_addf(&many, "Qg%zu, P=/s/%zu\n", i, i);
	tree_write("etc/mail/sendmail.cf", buf_str(&many));
	find_fails("./etc/mail/sendmail.cf line 51: sendmail takes at most 50 "
		   "queue groups");
	buf_free(&many);
}

/* Each file that is there has to be readable; else a queue would be missed. */
static void
test_unreadable(void **state)
{
	static const char *const rows[] = {
		"etc/mail/sendmail.cf",
		"etc/mail/submit.cf",
		MS,
		"opt/MailScanner/etc/MailScanner.conf",
		"etc/sendmail.cf",
		"etc/MailScanner/conf.d/x",
	};
	static const char ms[] = "include /etc/MailScanner/conf.d/*\n";
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tree_write(rows[i], "");
		if (strstr(rows[i], "conf.d") != NULL)
			tree_write(MS, ms);
		assert_int_equal(chmod(rows[i], 0), 0);
		snprintf(want, sizeof(want),
		    "cannot read ./%s: Permission denied", rows[i]);
		tree_drop(TREE_NOBODY);
		find_fails(want);
		assert_int_equal(unlink(rows[i]), 0);
	}
	tree_make("etc/mail/sendmail.cf/");
	find_fails("cannot read ./etc/mail/sendmail.cf: Invalid argument");
}

/* Nor may a directory of included files be passed over. */
static void
test_unreadable_include(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT, want = BUF_INIT;
	int rc;

	(void)state;
	tree_write(MS, "include /etc/MailScanner/conf.d/*\n");
	tree_write("etc/MailScanner/conf.d/x", "Incoming Queue Dir = /in\n");
	assert_int_equal(chmod("etc/MailScanner/conf.d", 0), 0);
	tree_drop(TREE_NOBODY);
	rc = discover_queues(&list, ".", &why);
	tree_regain();
	assert_int_equal(chmod("etc/MailScanner/conf.d", 0755), 0);
	queue_list_free(&list);
	assert_int_equal(rc, -1);
	assert_non_null(strstr(buf_str(&why), "Permission denied"));
	buf_free(&why);

	/* Permissions are not always the reason. */
	assert_int_equal(symlink("loop", "etc/MailScanner/loop"), 0);
	tree_write(MS, "include /etc/MailScanner/loop/*\n");
	buf_addf(&want, "cannot read /etc/MailScanner/loop/*: %s",
	    strerror(ELOOP));
	find_fails(buf_str(&want));
	buf_free(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_defaults),
		TREE_TEST(test_sendmail),
		TREE_TEST(test_missing_directories),
		TREE_TEST(test_mailscanner),
		TREE_TEST(test_mailscanner_places),
		TREE_TEST(test_include),
		TREE_TEST(test_mailscanner_many),
		TREE_TEST(test_include_depth),
		TREE_TEST(test_mailscanner_reading),
		TREE_TEST(test_mailscanner_reading_rules),
		TREE_TEST(test_mailscanner_unknown),
		TREE_TEST(test_mailscanner_unknown_setting),
		TREE_TEST(test_mailscanner_closed),
		TREE_TEST(test_root),
		TREE_TEST(test_groups),
		TREE_TEST(test_groups_mailscanner),
		TREE_TEST(test_groups_client),
		TREE_TEST(test_groups_shared),
		TREE_TEST(test_groups_unknown),
		TREE_TEST(test_other_mta),
		TREE_TEST(test_unreadable),
		TREE_TEST(test_unreadable_include),
	};

	return UNIT_RUN(tests);
}
