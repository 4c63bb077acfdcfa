/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_discover.c - the queues that sendmail.cf and submit.cf name */
#include <unistd.h>

#include "found.h"
#include "tree.h"
#include "unit.h"

#include "mta/discover.h"

#define MS "etc/MailScanner/MailScanner.conf"

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
		found(rows[i].want, NULL);
	}
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
	found("mqueue(out):./var/spool/mqueue/q2 "
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
	found("old(out):./old!", NULL);
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
	found("q1(client):./c/q1 bulk(client):./c/q2", NULL);
	tree_write("etc/mail/sendmail.cf", "OQ/s\nQbulk, P=/s/q1\n");
	found("s(out):./s bulk(out):./s/q1 q1(client):./c/q1 "
	      "c/q2(client):./c/q2",
	    NULL);
	tree_write("etc/mail/sendmail.cf", "OQ/s\nQq1, P=/s/q1\n");
	found("s(out):./s q1(out):./s/q1 c/q1(client):./c/q1 "
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
	found("q1(out):./s/q1", &list);
	assert_string_equal(list.v[0].source,
	    "./etc/mail/sendmail.cf, which is queue group bulk as well, which "
	    "is queue group slow as well");
	queue_list_free(&list);

	/* If it is the same name there is nothing to tell. */
	tree_write("etc/out", "To: default /s/q1\nTo: x /s/q2\n");
	tree_write(MS, "Outgoing Queue Dir = /etc/out\n");
	tree_write("etc/mail/sendmail.cf", "OQ/s/q1\nQmqueue, F=f\n");
	found("mqueue(out):./s/q1,./s/q2!", &list);
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
		found_fails(rows[i][1]);
	}
	buf_adds(&many, "OQ/s\n");
	for (i = 0; i < 50; i++)
		buf_addf(&many, "Qg%zu, P=/s/%zu\n", i, i);
	tree_write("etc/mail/sendmail.cf", buf_str(&many));
	found_fails("./etc/mail/sendmail.cf line 51: sendmail takes at most 50 "
		    "queue groups");
	buf_free(&many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_sendmail),
		TREE_TEST(test_groups),
		TREE_TEST(test_groups_mailscanner),
		TREE_TEST(test_groups_client),
		TREE_TEST(test_groups_shared),
		TREE_TEST(test_groups_unknown),
	};

	return UNIT_RUN(tests);
}
