/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_discover.c - finds the queues of a configuration below a root */
#include <errno.h>
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
	find("mqueue(out):./var/spool/mqueue/q1,./var/spool/mqueue/q2 "
	     "slow(out):./var/spool/mqueue/slow "
	     "gone(out):./var/spool/mqueue/gone! "
	     "mqueue-client(client):./var/spool/mqueue-client",
	    &list);
	assert_string_equal(list.v[0].source, "./etc/mail/sendmail.cf");
	assert_string_equal(list.v[1].source, "./etc/mail/sendmail.cf");
	assert_string_equal(list.v[3].source, "./etc/mail/submit.cf");
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

	/* A file that includes itself comes to an end, with a reason. */
	tree_write("etc/MailScanner/conf.d/20.conf",
	    "include /etc/MailScanner/conf.d/20.conf\n");
	find_fails("cannot include /etc/MailScanner/conf.d/20.conf: "
		   "includes are nested too deeply");
}

static void
test_mailscanner_many(void **state)
{
	(void)state;
	TREE_MAKE("var/spool/in/q1/", "var/spool/in/q2/", "var/spool/in/x/");
	tree_write(MS,
	    "Incoming Queue Dir = /var/spool/in/q?\n"
	    "Outgoing Queue Dir = /srv/[o]ut\n");
	find("mqueue.in(in):./var/spool/in/q1,./var/spool/in/q2 "
	     "mqueue(out):./srv/[o]ut!",
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
	find_fails("no directory in ./etc/MailScanner/in.list: no line begins"
		   " with '/'");
}

static void
test_other_mta(void **state)
{
	(void)state;
	tree_make("var/spool/mqueue/");
	tree_write(MS, "MTA = postfix\nIncoming Queue Dir = /in\n");
	find_fails("MailScanner works for postfix: only sendmail's queues "
		   "are understood");
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
		TREE_TEST(test_other_mta),
		TREE_TEST(test_unreadable),
		TREE_TEST(test_unreadable_include),
	};

	return UNIT_RUN(tests);
}
