/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_queue.c - finding and counting queues without memory */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "maildir.h"
#include "oom.h"
#include "surveyed.h"
#include "tree.h"

#include "change/place.h"
#include "look/scan.h"
#include "look/stranded.h"
#include "mail/selector.h"
#include "mta/discover.h"
#include "mta/mailscanner/conf.h"
#include "mta/sendmail/access/cf.h"
#include "mta/sendmail/cf.h"
#include "mta/sendmail/sendmail.h"
#include "mta/unwatched.h"

static void
show_list(struct buf *b, const struct queue_list *list)
{
	const struct queue *q;
	size_t i, j;

	for (i = 0; i < list->n; i++) {
		q = &list->v[i];
		buf_addf(b, "%s(%s) %s:", q->name, queue_role_name(q->role),
		    q->source);
		for (j = 0; j < q->ndirs; j++)
			buf_addf(b, " %s %d", q->dirs[j].path,
			    q->dirs[j].error);
		buf_addc(b, '\n');
	}
}

/* What fails adds nothing. */
static int
run_list(struct buf *result)
{
	static const char *const specs[] = { "one=flat", "split", "many/q*",
		"other/flat" };
	struct queue_list list = QUEUE_LIST_INIT;
	size_t i, n;
	int rc = 0;

	for (i = 0; rc == 0 && i < ROWS(specs); i++) {
		n = list.n;
		rc = queue_list_add_spec(&list, &sendmail_mta, specs[i]);
		if (rc != 0) {
			assert_int_equal(errno, ENOMEM);
			assert_int_equal(list.n, n);
		}
	}
	if (rc == 0)
		queue_list_keep(&list, QUEUE_OUT);
	oom_pause();
	show_list(result, &list);
	queue_list_free(&list);
	return rc;
}

static int
run_discover(struct buf *result)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT;
	int rc = discover_queues(&list, tree_dir, &why);

	oom_pause();
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	show_list(result, &list);
	queue_list_free(&list);
	buf_free(&why);
	return rc;
}

static int
run_msconf(struct buf *result)
{
	static const char text[] =
	    "%top% = /srv\nIncoming Queue Dir = %top%/in\n"
	    "Outgoing Queue Dir = %top%/out\nMTA = sendmail\n"
	    "SQL Config = %no%\n";
	struct mailscanner_conf m = MAILSCANNER_CONF_INIT;
	int rc = mailscanner_conf_parse(&m, "conf", text, sizeof(text) - 1,
	    NULL, NULL);

	oom_pause();
	if (rc == 0)
		buf_addf(result, "%s %s %s %s",
		    m.v[MAILSCANNER_CONF_INCOMING].value,
		    m.v[MAILSCANNER_CONF_OUTGOING].value,
		    m.v[MAILSCANNER_CONF_MTA].value,
		    m.v[MAILSCANNER_CONF_SQL_CONFIG].unknown);
	else
		assert_int_equal(errno, ENOMEM);
	mailscanner_conf_free(&m);
	return rc;
}

static int
run_cf(struct buf *result)
{
	static const char text[] =
	    "V10/Berkeley\nO QueueDirectory=/var/spool/mqueue/q*\n"
	    "Qbulk, P=/var/spool/bulk,\n  R=4 # slow\nQother\n"
	    "Kaccess hash -T<TMPF> /etc/mail/access\n";
	struct sendmail_cf s = SENDMAIL_CF_INIT;
	struct sendmail_access_cf a = SENDMAIL_ACCESS_CF_INIT;
	int rc = sendmail_cf_parse(&s, text, sizeof(text) - 1);
	size_t i;

	if (rc == 0)
		rc = sendmail_access_cf_parse(&a, text, sizeof(text) - 1);
	oom_pause();
	if (rc == 0)
		buf_addf(result, "%s %s %s", s.queue_directory, a.type, a.file);
	for (i = 0; rc == 0 && i < s.ngroups; i++)
		buf_addf(result, " %s %s", s.groups[i].name,
		    s.groups[i].path != NULL ? s.groups[i].path : "-");
	sendmail_cf_free(&s);
	sendmail_access_cf_free(&a);
	return rc;
}

static int
run_selector(struct buf *result)
{
	struct selector s = SELECTOR_INIT;
	struct buf why = BUF_INIT;
	int rc = selector_parse(&s,
	    "192.0.2.0/24 name:bad.example helo:x sender:<> class:local"
	    " recipient:a older:1h status:Deferred: x",
	    &why);

	oom_pause();
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	buf_addf(result, "%zu words, %lld", s.nwords, (long long)s.older);
	selector_free(&s);
	buf_free(&why);
	return rc;
}

static const struct when_deadline in_time = { &surveyed_still, 60000 };

/* A directory that can't be read is counted as that. */
static int
run_scan(struct buf *result)
{
	struct when_deadline d = when_after(&when_system, 600000);
	struct scan_options opt = { .now = 1795342500,
		.late_after = 900,
		.deadline = &d };
	struct queue_list list = QUEUE_LIST_INIT;
	struct scan_count n;

	oom_pause();
	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, "many/q*"),
	    0);
	oom_resume();
	scan_count_queue(&list.v[0], &opt, &n);
	oom_pause();
	buf_addf(result, "%d", (int)n.queued);
	if (n.failed != 0)
		assert_int_equal(n.error, ENOMEM);
	queue_list_free(&list);
	return n.failed != 0 ? -1 : 0;
}

/* The same for one that is spread over subdirectories. */
static int
run_spread(struct buf *result)
{
	const struct scan_options opt = { .now = INT64_C(1795342500),
		.late_after = 900,
		.deadline = &in_time };
	struct queue_list list = QUEUE_LIST_INIT;
	struct scan_count n;

	oom_pause();
	assert_int_equal(queue_list_add_spec(&list, &maildir_mta, "m"), 0);
	oom_resume();
	scan_count_queue(&list.v[0], &opt, &n);
	oom_pause();
	buf_addf(result, "%d, %d", (int)n.queued, (int)n.held);
	if (n.failed != 0)
		assert_int_equal(n.error, ENOMEM);
	queue_list_free(&list);
	return n.failed != 0 ? -1 : 0;
}

static int
run_places(struct buf *result)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct mta_place_list places = MTA_PLACE_LIST_INIT;
	size_t i;
	int rc;

	oom_pause();
	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, "many/q*"),
	    0);
	oom_resume();
	rc = place_list_open(&places, &list);
	oom_pause();
	/* One that can't be opened is kept, with its error. */
	for (i = 0; rc == 0 && i < places.n; i++)
		if ((rc = places.v[i].error) != 0)
			assert_int_equal(rc, ENOMEM);
	buf_addf(result, "%zu places", places.n);
	place_list_close(&places);
	queue_list_free(&list);
	return rc;
}

/* What no queue run delivers: all of it is known, or nothing is told. */
static int
run_stranded(struct buf *result)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct stranded s = STRANDED_INIT;
	const struct scan_options opt = { .now = INT64_C(1795342500) + 86400,
		.deadline = &in_time,
		.stranded = &s };
	struct scan_count count;
	int rc;

	oom_pause();
	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, "stray"), 0);
	oom_resume();
	rc = stranded_start(&s, &list, opt.now, 8);
	if (rc == 0) {
		scan_count_queue(&list.v[0], &opt, &count);
		rc = count.failed != 0 ? -1 : stranded_confirm(&s, 0, &in_time);
	}
	oom_pause();
	if (rc == 0)
		buf_addf(result, "%d beside, %d without a body%s\n",
		    (int)s.counts[0].n[STRANDED_BESIDE],
		    (int)s.counts[0].n[STRANDED_BODYLESS],
		    s.counts[0].partly ? ", partly" : "");
	stranded_free(&s);
	queue_list_free(&list);
	return rc;
}

static int
run_unwatched(struct buf *result)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct unwatched u;
	size_t i;
	int rc;

	oom_pause();
	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, "split"), 0);
	oom_resume();
	rc = unwatched_find(&u, &list, "conf", true, &in_time);
	oom_pause();
	for (i = 0; rc == 0 && i < u.n; i++)
		buf_addf(result, "%s %d %d\n", u.v[i].spec,
		    (int)u.v[i].messages, u.v[i].error);
	if (rc == 0)
		buf_addf(result, "%zu closed, %zu unread\n", u.closed,
		    u.unread);
	unwatched_free(&u);
	queue_list_free(&list);
	return rc;
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "queue_list", run_list },
		{ "discover", run_discover },
		{ "mailscanner_conf", run_msconf },
		{ "sendmailcf, sendmail_access", run_cf },
		{ "selector", run_selector },
		{ "scan", run_scan },
		{ "scan of subdirectories", run_spread },
		{ "place_list", run_places },
		{ "stranded", run_stranded },
		{ "unwatched", run_unwatched },
	};

	(void)state;
	TREE_MAKE("flat/qf6AMAF0aA000001", "flat/df6AMAF0aA000001",
	    "split/qf/qf6AMAF0aA000002", "split/df/", "many/q1/",
	    "many/q2/qf6AMAF0aA000003", "many/q3/", "other/flat/",
	    "var/spool/mqueue/q1/", "var/spool/mqueue/q2/", "var/spool/in/",
	    "var/spool/bulk/", "var/spool/clientmqueue/");
	tree_write("stray/qf/qf6AMAF0aA000004", "V8\n");
	tree_write("stray/qf/qf6AMAF0aA000005", "V8\n");
	tree_write("stray/qf6AMAF0aA000006", "V8\n");
	TREE_MAKE("m/new/", "m/cur/a/", "m/cur/b/", "m/hold/");
	maildir_make("m/cur/a/x", "[192.0.2.1]", INT64_C(1795342000));
	maildir_make("m/cur/b/y", "[192.0.2.1]", INT64_C(1795342000));
	tree_write("conf/etc/mail/a.cf", "O QueueDirectory=/q*\nQa, P=/x\n");
	TREE_MAKE("conf/q1/qf6AMAF0aA000007", "conf/etc/mail/b.cf/");
	tree_write("etc/MailScanner/MailScanner.conf",
	    "%d% = /var/spool\nIncoming Queue Dir = /etc/MailScanner/list\n"
	    "Outgoing Queue Dir = /etc/MailScanner/rules\n"
	    "include /etc/MailScanner/{conf.d/*,none}\n");
	tree_write("etc/MailScanner/list", "%d%/{in,i}*\n%d%/mqueue/q1\n");
	tree_write("etc/MailScanner/rules", "To: a@b %d%/mqueue/q2\n");
	tree_write("etc/MailScanner/conf.d/x.conf", "MTA = sendmail\n");
	tree_write("etc/mail/sendmail.cf",
	    "O QueueDirectory=/var/spool/mqueue/q*\n"
	    "Qbulk, P=/var/spool/bulk, R=4\nQother\nQmqueue, P=/var/spool/x\n"
	    "Qsame, P=/var/spool/bulk\n");
	tree_write("etc/mail/submit.cf",
	    "O QueueDirectory=/var/spool/clientmqueue\n");
	oom_try(rows, ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_all),
	};

	return UNIT_RUN(tests);
}
