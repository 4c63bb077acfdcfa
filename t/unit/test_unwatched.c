/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_unwatched.c - queues that lie on the disk and are not watched */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "surveyed.h"
#include "tree.h"
#include "unit.h"

#include "base/buf.h"
#include "mta/sendmail/sendmail.h"
#include "mta/unwatched.h"

#define ID "6AMAF0aA004101"

/* A clock that each look sets forward by a second. */
static int64_t looks;

static int64_t
hurry(void *arg)
{
	(void)arg;
	return looks += 1000;
}

static const struct when_clock hurrying = { NULL, hurry, NULL };

/* What is found beside these queues: "SPEC[ of FILE] MESSAGES[ ERROR]; ...". */
static void
find(struct buf *text, const char *const *watched, bool spool,
    const struct when_deadline *deadline)
{
	struct queue_list list = QUEUE_LIST_INIT;
	const struct unwatched_row *row;
	struct unwatched u;
	size_t i;

	for (; *watched != NULL; watched++)
		assert_int_equal(queue_list_add_spec(&list, &sendmail_mta,
				     *watched),
		    0);
	assert_int_equal(unwatched_find(&u, &list, "root", spool, deadline), 0);
	buf_truncate(text, 0);
	for (i = 0; i < u.n; i++) {
		row = &u.v[i];
		/* All is below the root. */
		assert_int_equal(strncmp(row->spec, "root/", 5), 0);
		buf_addf(text, "%s%s", i == 0 ? "" : "; ", row->spec + 5);
		if (row->source != NULL)
			buf_addf(text, " of %s", row->source + 5);
		buf_addf(text, " %" PRIu64, row->messages);
		if (row->error != 0)
			buf_addf(text, " %s", strerror(row->error));
	}
	if (u.more != 0)
		buf_addf(text, "; %zu more", u.more);
	if (u.closed != 0)
		buf_addf(text, "; %zu closed %s", u.closed, u.closed_path + 5);
	if (u.unread != 0)
		buf_addf(text, "; %zu unread %s", u.unread, u.unread_path + 5);
	if (u.cut)
		buf_adds(text, "; cut");
	unwatched_free(&u);
	queue_list_free(&list);
}

static void
check(const char *const *watched, bool spool, const char *expected)
{
	static const struct when_deadline in_time = { &surveyed_still, 60000 };
	struct buf text = BUF_INIT;

	buf_adds(&text, "");
	find(&text, watched, spool, &in_time);
	assert_string_equal(text.len != 0 ? buf_str(&text) : "", expected);
	buf_free(&text);
}

static const char *const spool_queue[] = { "root/var/spool/mqueue", NULL };

/* --- directories ---------------------------------------------------------- */

static const struct row {
	const char *path; /* of a file or a directory */
	const char *found;
} rows[] = {
	/* beside and below, at any of four levels */
	{ "var/spool/slow-mqueue/qf" ID, "var/spool/slow-mqueue 1" },
	{ "var/spool/mqueue/morgue/hf" ID, "var/spool/mqueue/morgue 1" },
	{ "var/spool/a/b/c/Qf" ID, "var/spool/a/b/c 1" },
	{ "var/spool/a/b/c/d/qf" ID, "var/spool/a/b/c/d 1" },
	{ "var/spool/a/b/c/d/e/qf" ID, "" },
	/* where no wildcard leads, and in the directory that holds all */
	{ "var/spool/qf" ID, "var/spool 1" },
	/* its control files are in a subdirectory: it is one queue */
	{ "var/spool/slow/qf/qf" ID, "var/spool/slow 1" },
	/* what is the watched queue's own */
	{ "var/spool/mqueue/qf" ID, "" },
	{ "var/spool/mqueue/qf/qf" ID, "" },
	{ "var/spool/mqueue/df/df" ID, "" },
	/* but not where it keeps something else */
	{ "var/spool/mqueue/df/qf" ID, "var/spool/mqueue/df 1" },
	{ "var/spool/mqueue/qf/qf/qf" ID, "var/spool/mqueue/qf 1" },
	/* no queue */
	{ "var/spool/slow/df" ID, "" },
	{ "var/spool/slow/tf" ID, "" },
	{ "var/spool/slow/qf" ID "/", "" },
	{ "var/spool/cron/crontab", "" },
	/* too far away, unless the whole spool is to be looked at */
	{ "var/mqueue/qf" ID, "" },
};

static void
test_directories(void **state)
{
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tree_enter_row(i);
		TREE_MAKE("root/var/spool/mqueue/");
		snprintf(path, sizeof(path), "root/%s", rows[i].path);
		tree_make(path);
		check(spool_queue, false, rows[i].found);
		tree_leave_row();
	}
}

/* All control files of a queue are one row, wherever they are. */
static void
test_sum(void **state)
{
	(void)state;
	TREE_MAKE("root/var/spool/mqueue/", "root/var/spool/m/qf1",
	    "root/var/spool/m/hf2", "root/var/spool/m/Qf3",
	    "root/var/spool/m/df4", "root/var/spool/m/qf/qf5",
	    "root/var/spool/m/qf/qf6");
	check(spool_queue, false, "var/spool/m 5");
}

/* The spool is looked at even if the queues are somewhere else. */
static void
test_spool(void **state)
{
	static const char *const far[] = { "root/srv/mq/out", NULL };

	(void)state;
	TREE_MAKE("root/srv/mq/out/", "root/var/spool/mqueue/qf" ID);
	check(far, false, "");
	check(far, true, "var/spool/mqueue 1");
}

/* A link is not followed; a queue that is one is looked at where it lies. */
static void
test_links(void **state)
{
	(void)state;
	TREE_MAKE("root/var/spool/", "root/srv/x/qf" ID,
	    "root/srv/mq/old/qf" ID);
	assert_int_equal(symlink("../../srv/x", "root/var/spool/x"), 0);
	assert_int_equal(symlink("../../srv/mq", "root/var/spool/mqueue"), 0);
	check(spool_queue, false, "var/spool/mqueue/old 1");
	/* A circle has an end. */
	assert_int_equal(symlink("..", "root/srv/mq/old/up"), 0);
	check(spool_queue, false, "var/spool/mqueue/old 1");
}

static void
test_closed(void **state)
{
	(void)state;
	TREE_MAKE("root/var/spool/mqueue/", "root/var/spool/cron/x",
	    "root/var/spool/z/qf" ID);
	assert_int_equal(chmod("root/var/spool/cron", 0), 0);
	tree_drop(TREE_NOBODY);
	check(spool_queue, false, "var/spool/z 1; 1 closed var/spool/cron");
	/* Of the queue itself others say that it can't be read. */
	tree_regain();
	assert_int_equal(chmod("root/var/spool/mqueue", 0), 0);
	tree_drop(TREE_NOBODY);
	check(spool_queue, false, "var/spool/z 1; 1 closed var/spool/cron");
	tree_regain();
	assert_int_equal(chmod("root/var/spool/mqueue", 0755), 0);
	assert_int_equal(chmod("root/var/spool/cron", 0755), 0);
}

/* Half of the time is for this; what it does not suffice for is told. */
static void
test_deadline(void **state)
{
	const struct when_deadline late = { &hurrying, 20000 };
	const struct when_deadline later = { &hurrying, 40000 };
	struct buf text = BUF_INIT;

	(void)state;
	/* A look for each of the 14 directories. */
	TREE_MAKE("root/var/spool/mqueue/", "root/var/spool/z/qf" ID);
	TREE_MAKE("root/var/spool/a/", "root/var/spool/b/", "root/var/spool/c/",
	    "root/var/spool/d/", "root/var/spool/e/", "root/var/spool/f/",
	    "root/var/spool/g/", "root/var/spool/h/", "root/var/spool/i/",
	    "root/var/spool/j/", "root/var/spool/k/");
	looks = 0;
	find(&text, spool_queue, false, &late);
	assert_string_equal(buf_str(&text), "; cut");
	looks = 0;
	find(&text, spool_queue, false, &later);
	assert_string_equal(buf_str(&text), "var/spool/z 1");
	buf_free(&text);
}

static void
test_many(void **state)
{
	struct buf text = BUF_INIT;
	static const struct when_deadline in_time = { &surveyed_still, 60000 };
	char path[64];
	int i;

	(void)state;
	TREE_MAKE("root/var/spool/mqueue/");
	for (i = 0; i < UNWATCHED_ROWS + 3; i++) {
		snprintf(path, sizeof(path), "root/var/spool/z%d/qf1", i);
		tree_make(path);
	}
	find(&text, spool_queue, false, &in_time);
	assert_non_null(strstr(buf_str(&text), " 1; 3 more"));
	buf_free(&text);
}

/* --- configuration files -------------------------------------------------- */

static void
test_files(void **state)
{
	static const struct {
		const char *file, *text, *found;
	} all[] = {
		{ "etc/mail/sendmail-rx.cf", "O QueueDirectory=/srv/rx\n",
		    "srv/rx of etc/mail/sendmail-rx.cf 2" },
		{ "etc/sendmail-tx.cf", "OQ/srv/rx\n",
		    "srv/rx of etc/sendmail-tx.cf 2" },
		{ "etc/mail/x.cf",
		    "O QueueDirectory=/var/spool/mqueue\n"
		    "Qa, P=/srv/rx\n",
		    "srv/rx of etc/mail/x.cf 2" },
		/* one that is named twice */
		{ "etc/mail/x.cf", "O QueueDirectory=/srv/rx\nQa, P=/srv/rx\n",
		    "srv/rx of etc/mail/x.cf 2" },
		/* a wildcard is one queue; of several directories */
		{ "etc/mail/x.cf", "O QueueDirectory=/srv/r*\n",
		    "srv/r* of etc/mail/x.cf 3" },
		/* one that is not there */
		{ "etc/mail/x.cf", "O QueueDirectory=/srv/none\n",
		    "srv/none of etc/mail/x.cf 0 No such file or directory" },
		/* the queue that is watched, or none */
		{ "etc/mail/x.cf", "O QueueDirectory=/var/spool/mqueue\n", "" },
		{ "etc/mail/x.cf", "Qa, F=f\n", "" },
		{ "etc/mail/x.cf", "", "" },
		{ "etc/mail/x.cf", "O QueueDirectory=srv/rx\n", "" },
		{ "etc/mail/x.cf.bak", "O QueueDirectory=/srv/rx\n", "" },
		{ "etc/mail/.cf", "O QueueDirectory=/srv/rx\n", "" },
		{ "etc/mail/x.cf/y", "O QueueDirectory=/srv/rx\n",
		    "; 1 unread etc/mail/x.cf" },
	};
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		tree_enter_row(i);
		TREE_MAKE("root/var/spool/mqueue/", "root/srv/rx/qf1",
		    "root/srv/rx/qf/qf2", "root/srv/r2/hf3");
		snprintf(path, sizeof(path), "root/%s", all[i].file);
		tree_write(path, all[i].text);
		check(spool_queue, false, all[i].found);
		tree_leave_row();
	}
}

/* The walk adds its counts to what a file names, and finds nothing new. */
static void
test_both(void **state)
{
	(void)state;
	TREE_MAKE("root/var/spool/mqueue/", "root/var/spool/mqueue-rx/qf1");
	tree_write("root/etc/mail/a.cf",
	    "O QueueDirectory=/var/spool/mqueue-rx\n");
	tree_write("root/etc/mail/b.cf",
	    "O QueueDirectory=/var/spool/mqueue-rx\n");
	check(spool_queue, true, "var/spool/mqueue-rx of etc/mail/a.cf 1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_directories),
		TREE_TEST(test_sum),
		TREE_TEST(test_spool),
		TREE_TEST(test_links),
		TREE_TEST(test_closed),
		TREE_TEST(test_deadline),
		TREE_TEST(test_many),
		TREE_TEST(test_files),
		TREE_TEST(test_both),
	};

	return UNIT_RUN(tests);
}
