/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scan.c - counts the messages of a queue by its directory entries */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "look/elders.h"
#include "look/scan.h"
#include "mta/sendmail/sendmail.h"

#define NOW INT64_C(1795342500) /* of qf6AMAF0aA004101 */

static const struct mta *mta = &sendmail_mta;

/* A clock that advances by a millisecond at each look. */
static int64_t looked;

static int64_t
step(void *arg)
{
	(void)arg;
	return looked++;
}

/* The time of day comes from the caller: there is no function for it. */
static const struct when_clock step_clock = { NULL, step, NULL };

static struct queue_dir
in(const char *path)
{
	return (struct queue_dir){ .path = (char *)(uintptr_t)path };
}

static int64_t look_over;

/* Counts the directories with a deadline after so many looks. */
static void
count(struct queue_dir *dirs, size_t n, int64_t late_after, int64_t looks,
    struct scan_count *c)
{
	const struct when_deadline deadline = { &step_clock, looked + looks };
	const struct scan_options opt = { NOW, late_after, &deadline, look_over,
		NULL };
	const struct queue q = { .mta = mta, .dirs = dirs, .ndirs = n };

	memset(c, 0xa5, sizeof(*c));
	scan_count_queue(&q, &opt, c);
}

static void
assert_count(const struct scan_count *c, uint64_t queued, uint64_t quarantined,
    uint64_t lost)
{
	assert_int_equal(c->queued, queued);
	assert_int_equal(c->held, quarantined);
	assert_int_equal(c->lost, lost);
}

/* The exact count of "." and no failure. */
static void
check_here(int64_t late_after, uint64_t queued, uint64_t quarantined,
    uint64_t lost, struct scan_count *c)
{
	struct queue_dir d = in(tree_dir);

	count(&d, 1, late_after, 100, c);
	assert_count(c, queued, quarantined, lost);
	assert_false(c->cut_short);
	assert_true(c->failed == 0 && c->failed_dir == NULL && c->error == 0);
}

/* Four queued, one quarantined, two lost. */
static const char *const mixed[] = { "qf6AMAF0aA004101", "qf6AMAEjaB004101",
	"qfKAA12345", "qfx", "hf6AMAFFaQ004116", "Qf6AMAFGaR004117",
	"Qf6AMAFGaR004118", "df6AMAF0aA004101", "df6AMAFFaQ004116",
	"xf6AMAF0aA004101", "tf6AMAF0aA004101", "Tf6AMAF0aA004101",
	"qf3456789012345678901", "core", "sm-client.st", NULL };

static void
test_flat(void **state)
{
	struct scan_count c;

	(void)state;
	check_here(0, 0, 0, 0, &c);
	assert_true(c.late == 0 && c.oldest == 0);
	tree_make_all(".", mixed);
	check_here(1000, 4, 1, 2, &c);
	/* Files of the subdirectories' names do not make those. */
	TREE_MAKE("qf", "df", "xf");
	check_here(1000, 4, 1, 2, &c);
}

/* qf/ holds what counts; the same names beside it do not. */
static void
test_subdirectory(void **state)
{
	struct scan_count c;

	(void)state;
	TREE_MAKE("qf/", "df/", "df/dfKAA12345", "df/qfKAA2", "xf/", "hfx");
	check_here(1000, 0, 0, 0, &c);
	tree_make_all("qf", mixed);
	tree_make_all(".", mixed);
	check_here(1000, 4, 1, 2, &c);
}

static void
test_not_regular(void **state)
{
	struct scan_count c;

	(void)state;
	TREE_MAKE("qfGOOD", "qf6AMAF0aA004101/", "hf6AMAF0aA004101/",
	    "Qf6AMAF0aA004101/");
	assert_int_equal(symlink("qfGOOD", "qf6AMAF0aA004102"), 0);
	assert_int_equal(symlink("none", "qf6AMAF0aA004103"), 0);
	assert_int_equal(symlink(".", "qf6AMAF0aA004104"), 0);
	assert_int_equal(symlink("qfGOOD", "hf6AMAF0aA004102"), 0);
	assert_int_equal(mkfifo("qf6AMAF0aA004105", 0600), 0);
	assert_int_equal(mkfifo("Qf6AMAF0aA004105", 0600), 0);
	check_here(1000, 1, 0, 0, &c);
}

/* Ages 0, 1, 60 and 3600 seconds, one from the future, in their ids. */
static void
test_age(void **state)
{
	static const struct {
		int64_t late_after;
		uint64_t late;
	} rows[] = {
		/* clang-format off */
		{ 0, 3 }, { 1, 2 }, { 59, 2 }, { 60, 1 }, { 3599, 1 },
		{ 3600, 0 }, { INT64_MAX, 0 }, { -1, 5 },
		/* clang-format on */
	};
	struct scan_count c;
	size_t i;

	(void)state;
	TREE_MAKE("qf6AMAF0aA000001", "qf6AMAExaA000002", "qf6AMAE0aA000003",
	    "qf6AM9F0aA000004", "qf6AMAF9aA000005",
	    /* Older than all, and not queued. */
	    "hf6AM0F0aA000006", "Qf6AL0F0aA000007", "df6AL0F0aA000008");
	for (i = 0; i < ROWS(rows); i++) {
		check_here(rows[i].late_after, 5, 1, 1, &c);
		assert_true(c.late == rows[i].late && c.oldest == 3600);
	}
}

/* A name without a time: the df's, or else the qf's. */
static void
check_undated(const char *control, const char *body, int64_t oldest)
{
	struct scan_count c;

	tree_make_at(control, NOW - 10);
	if (body != NULL)
		tree_make_at(body, NOW - oldest);
	check_here(oldest - 1, 1, 0, 0, &c);
	assert_true(c.oldest == oldest && c.late == 1);
	check_here(oldest, 1, 0, 0, &c);
	assert_true(c.oldest == oldest && c.late == 0);
	assert_int_equal(remove(control), 0);
	assert_true(body == NULL || remove(body) == 0);
}

static void
test_undated(void **state)
{
	(void)state;
	check_undated("qfKAA12345", "dfKAA12345", 7201);
	check_undated("qfKAA12345", NULL, 10);
	TREE_MAKE("qf/", "df/");
	check_undated("qf/qfKAA12345", "df/dfKAA12345", 7201);
	check_undated("qf/qfKAA12345", NULL, 10);
	/* With qf/ and without df/ the bodies are in the queue directory. */
	assert_int_equal(rmdir("df"), 0);
	check_undated("qf/qfKAA12345", "dfKAA12345", 7201);
	/* The other way round. */
	assert_int_equal(rmdir("qf"), 0);
	TREE_MAKE("df/");
	check_undated("qfKAA12345", "df/dfKAA12345", 86400);
}

/* The oldest that is held: what waits, and what has no age, is none. */
static void
test_held(void **state)
{
	static const struct {
		const char *name;
		int64_t body, oldest; /* seconds ago; body 0: none is made */
	} rows[] = {
		{ "qf6AM0F0aA000001", 0, 0 }, { "Qf6AM0F0aA000001", 0, 0 },
		{ "hf6AMAF9aA000002", 0, 0 }, /* ahead, by 9 seconds */
		{ "hf6AMBF0aA000002", 0, 0 }, /* ahead, by an hour */
		{ "hf6AMAE0aA000003", 0, 60 }, { "hf6AM9F0aA000004", 0, 3600 },
		{ "hf6AMAE0aA000005", 0, 3600 }, /* another is older */
		{ "hf6AM0F0aA000006", 0, 36000 },
		{ "hfKAA12345", 40000, 40000 },     /* no time in its name */
		{ "hfKAA12346", 400000000, 40000 }, /* 12 years: none */
	};
	struct queue_dir d = in(tree_dir);
	struct scan_count c;
	char body[40];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tree_make_at(rows[i].name, NOW - 10);
		snprintf(body, sizeof(body), "df%s", rows[i].name + 2);
		if (rows[i].body != 0)
			tree_make_at(body, NOW - rows[i].body);
		count(&d, 1, 900, 1000, &c);
		if (c.oldest_held != rows[i].oldest)
			fail_msg("%s: %jd", rows[i].name,
			    (intmax_t)c.oldest_held);
	}
	assert_count(&c, 1, 8, 1);
	/* Nobody else looks at when it came. */
	assert_int_equal(c.oldest, 36000);
}

/* --- names that say too much --------------------------------------------- */

/* N messages with this time in their ids; bodies of an age, unless -1. */
static void
make(const char *stamp, int n, int64_t body)
{
	char name[40];
	int i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "qf%saA%06d", stamp, i);
		(void)remove(name);
		tree_make(name);
		memcpy(name, "df", 2);
		(void)remove(name);
		if (body != -1)
			tree_make_at(name, NOW - body);
	}
}

/* What is known of the ages of "."; late is over 900 seconds. */
static void
check_ages(int64_t oldest, int64_t oldest_max, uint64_t late, uint64_t late_max)
{
	struct queue_dir d = in(tree_dir);
	struct scan_count c;

	count(&d, 1, 900, 1000, &c);
	if (c.oldest != oldest || c.oldest_max != oldest_max ||
	    c.late != late || c.late_max != late_max)
		fail_msg("%jd to %jd, late %ju to %ju", (intmax_t)c.oldest,
		    (intmax_t)c.oldest_max, (uintmax_t)c.late,
		    (uintmax_t)c.late_max);
	assert_true(c.failed == 0 && !c.cut_short);
}

#define TWO_HOURS "6AM8F0" /* before NOW */

/* Mail of a long SMTP session: the id is of its beginning. */
static void
test_session(void **state)
{
	(void)state;
	make(TWO_HOURS, 1, 20);
	check_ages(20, 20, 0, 0);
	/* It can't be older than its id, nor of the future. */
	make(TWO_HOURS, 1, 7300);
	check_ages(7200, 7200, 1, 1);
	make(TWO_HOURS, 1, -61);
	check_ages(7200, 7200, 1, 1);
	make(TWO_HOURS, 1, -60);
	check_ages(0, 0, 0, 0);
	/* Nothing is known without a body that is a file. */
	assert_int_equal(remove("df" TWO_HOURS "aA000000"), 0);
	check_ages(7200, 7200, 1, 1);
	TREE_MAKE("df" TWO_HOURS "aA000000/");
	check_ages(7200, 7200, 1, 1);
	assert_int_equal(rmdir("df" TWO_HOURS "aA000000"), 0);
	/* Another one is the oldest then. */
	make(TWO_HOURS, 3, 20);
	make("6AM9P0", 1, 3000);
	check_ages(3000, 3000, 1, 1);
}

/* As many are looked at as there is room for. */
static void
test_session_large(void **state)
{
	(void)state;
	make(TWO_HOURS, ELDERS_MAX, 20);
	check_ages(20, 20, 0, 0);
	/* Not looked at: it may be old. */
	make("6AM9P0", 1, 3000);
	check_ages(20, 3000, 0, 1);
	make(TWO_HOURS, ELDERS_MAX + 9, 20);
	check_ages(20, 7200, 0, 10);
	/* One that is old by its body as well is found first. */
	make("6AM0F0", 1, 36000);
	check_ages(36000, 36000, 1, 12);
}

/* Where no id is found to be wrong, all are believed. */
static void
test_backlog(void **state)
{
	(void)state;
	make(TWO_HOURS, 5 * ELDERS_MAX, 7190);
	check_ages(7190, 7190, 5 * ELDERS_MAX, 5 * ELDERS_MAX);
	/* The bodies came within a minute; or not. */
	make(TWO_HOURS, 5 * ELDERS_MAX, 7140);
	check_ages(7140, 7140, 5 * ELDERS_MAX, 5 * ELDERS_MAX);
	make(TWO_HOURS, 5 * ELDERS_MAX, 7139);
	check_ages(7139, 7200, 5 * ELDERS_MAX, 5 * ELDERS_MAX);
}

static unsigned int looks;

static int
count_received(int body_fd, const char *name, int64_t *when)
{
	looks++;
	return sendmail_mta.received(body_fd, name, when);
}

/* Nothing is looked at below the limits that were asked for. */
static void
test_looks(void **state)
{
	static const struct {
		const char *stamp;
		int64_t look_over;
		unsigned int looks;
	} rows[] = {
		/* clang-format off */
		/* 900 seconds old, and 901 */
		{ "6AMA00", 0, 0 }, { "6AMA00", 900, 0 },
		{ "6AMA00", 3600, 0 }, { "6AM9xx", 0, 70 },
		{ "6AM9xx", 3600, 70 },
		/* 600 and 601 */
		{ "6AMA50", 600, 0 }, { "6AMA4x", 600, 70 },
		/* Of 1976; in nine hours. */
		{ "G17000", 0, 70 }, { "6AMJF0", 0, 0 },
		/* clang-format on */
	};
	struct mta fake = sendmail_mta;
	struct queue_dir d = in(tree_dir);
	struct scan_count c;
	char name[40];
	size_t i;
	int k;

	(void)state;
	fake.received = count_received;
	mta = &fake;
	for (i = 0; i < ROWS(rows); i++) {
		make(rows[i].stamp, 70, 5);
		look_over = rows[i].look_over;
		looks = 0;
		count(&d, 1, 900, 1000, &c);
		assert_int_equal(c.queued, 70);
		assert_int_equal(looks,
		    rows[i].looks < ELDERS_MAX ? rows[i].looks : ELDERS_MAX);
		/* Past the deadline, only a few. */
		looks = 0;
		count(&d, 1, 900, 1, &c);
		assert_false(c.cut_short);
		assert_int_equal(looks, rows[i].looks == 0 ? 0 : 4);
		for (k = 0; k < 70; k++) {
			snprintf(name, sizeof(name), "qf%saA%06d",
			    rows[i].stamp, k);
			assert_int_equal(remove(name), 0);
			memcpy(name, "df", 2);
			assert_int_equal(remove(name), 0);
		}
	}
	mta = &sendmail_mta;
	look_over = 0;
}

/* Who left before the look is no message. */
static int
gone(int body_fd, const char *name, int64_t *when)
{
	char path[60];

	(void)body_fd, (void)when;
	snprintf(path, sizeof(path), "%s", name);
	(void)remove(path);
	path[0] = 'd';
	(void)remove(path);
	errno = ENOENT;
	return -1;
}

static void
test_left(void **state)
{
	struct mta fake = sendmail_mta;
	struct scan_count c;

	(void)state;
	make(TWO_HOURS, 3, 20);
	make("G17000", 2, 20);
	make("6AMAE0", 1, 60);
	fake.received = gone;
	mta = &fake;
	check_here(900, 1, 0, 0, &c);
	mta = &sendmail_mta;
	assert_true(c.oldest == 60 && c.oldest_max == 60);
	assert_true(c.late == 0 && c.late_max == 0 && c.undated == 0);
}

/* What is late is old as well, though all that were looked at had left. */
static void
test_left_late(void **state)
{
	struct mta fake = sendmail_mta;
	struct scan_count c;

	(void)state;
	make(TWO_HOURS, ELDERS_MAX + 3, 20);
	make("6AMAE0", 1, 60);
	fake.received = gone;
	mta = &fake;
	check_here(900, 4, 0, 0, &c);
	mta = &sendmail_mta;
	assert_true(c.late == 3 && c.late_max == 3);
	assert_true(c.oldest == 7200 && c.oldest_max == 7200);
}

/* Queued while the clock was wrong: counted, and of no age. */
static void
test_dates(void **state)
{
	static const struct {
		const char *stamp;
		int64_t body;
		uint64_t future, undated;
		int64_t oldest;
	} rows[] = {
		{ "6AMAG0", -1, 0, 0, 0 },  /* a minute ahead is now */
		{ "6AMAG1", -1, 3, 0, 0 },  /* 61 seconds */
		{ "6AMJF0", 20, 3, 0, 0 },  /* nine hours */
		{ "6BN000", 20, 3, 0, 0 },  /* a month */
		{ "951000", 20, 3, 0, 0 },  /* 2029, as 1969 can't be */
		{ "A11000", -1, 0, 3, 0 },  /* 1970 */
		{ "G17000", -1, 0, 3, 0 },  /* 1976, or 2036 */
		{ "G17000", -61, 0, 3, 0 }, /* its body is no better */
		{ "e11000", -1, 0, 3, 0 },  /* 2000 */
		{ "1AL000", -1, 0, 3, 0 },  /* over five years */
		{ "G17000", 1200, 0, 0, 1200 },
		{ "e11000", 20, 0, 0, 20 },
	};
	struct scan_count c;
	char name[40];
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		make(rows[i].stamp, 3, rows[i].body);
		check_here(900, 3, 0, 0, &c);
		if (c.future != rows[i].future ||
		    c.undated != rows[i].undated ||
		    c.oldest != rows[i].oldest ||
		    c.oldest_max != rows[i].oldest)
			fail_msg("row %zu: %ju %ju %jd", i, (uintmax_t)c.future,
			    (uintmax_t)c.undated, (intmax_t)c.oldest);
		assert_int_equal(c.late, rows[i].oldest > 900 ? 3 : 0);
		assert_int_equal(c.late_max, c.late);
		for (k = 0; k < 3; k++) {
			snprintf(name, sizeof(name), "qf%saA%06d",
			    rows[i].stamp, k);
			assert_int_equal(remove(name), 0);
			memcpy(name, "df", 2);
			(void)remove(name);
		}
	}
	/* More than are looked at. */
	make("G17000", ELDERS_MAX + 7, 20);
	check_here(900, ELDERS_MAX + 7, 0, 0, &c);
	assert_true(c.undated == 7 && c.oldest == 20);
}

/* The same of a name without a time, by its inodes. */
static void
test_dates_by_inode(void **state)
{
	struct scan_count c;

	(void)state;
	tree_make_at("qfKAA12345", NOW - 30);
	tree_make_at("dfKAA12345", NOW + 61);
	tree_make_at("qfKAA12346", 5);
	tree_make_at("qfKAA12347", NOW - 40);
	check_here(0, 3, 0, 0, &c);
	assert_true(c.future == 1 && c.undated == 1);
	assert_true(c.oldest == 40 && c.late == 1);
}

static void
no_time(const struct mta_dir *dir, const char *name, size_t len, int64_t now,
    struct mta_entry *e)
{
	sendmail_mta.classify(dir, name, len, now, e);
	e->has_time = false;
}

static int
no_arrival(int control_fd, int body_fd, const char *name, int64_t *when)
{
	(void)control_fd, (void)body_fd, (void)when;
	errno = strcmp(name, "qfgone") == 0 ? ENOENT : EACCES;
	return -1;
}

/*
 * Vanished is nothing; a message whose age can't be known is counted, and
 * makes the count inexact.
 */
static void
test_vanished(void **state)
{
	struct mta fake = sendmail_mta;
	struct queue_dir d = in(tree_dir);
	struct scan_count c;

	(void)state;
	fake.classify = no_time;
	fake.arrival = no_arrival;
	TREE_MAKE("qfgone", "qfx", "hfgone", "Qfgone");
	mta = &fake;
	count(&d, 1, 0, 100, &c);
	mta = &sendmail_mta;
	assert_count(&c, 1, 1, 1);
	assert_true(c.late == 0 && c.oldest == 0 && !c.cut_short);
	assert_true(c.failed == 1 && c.failed_dir != NULL && c.error == EACCES);
}

/* One directory that can't be read does not hide the others. */
static void
test_failed(void **state)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{ "none", ENOENT },
		{ "file", ENOTDIR },
		{ "closed", EACCES },
		{ "closedqf", EACCES },
		{ "unlisted", EACCES },
	};
	static const char *const locked[] = { "closed", "unlisted",
		"closedqf/qf" };
	struct queue_dir dirs[3] = { in("none"), in("good"), in("gone") };
	struct scan_count c;
	size_t i;

	(void)state;
	TREE_MAKE("good/", "file", "closed/", "unlisted/", "closedqf/",
	    "closedqf/qf/");
	tree_make_all("good", mixed);
	tree_make_all("closedqf", mixed);
	for (i = 0; i < ROWS(locked); i++)
		assert_int_equal(chmod(locked[i], i == 1 ? 0111 : 0), 0);
	tree_drop(TREE_NOBODY);
	for (i = 0; i < ROWS(rows); i++) {
		dirs[0] = in(rows[i].path);
		count(dirs, 3, 1000, 100, &c);
		assert_count(&c, 4, 1, 2);
		assert_int_equal(c.failed, 2);
		assert_ptr_equal(c.failed_dir, &dirs[0]);
		assert_int_equal(c.error, rows[i].error);
		assert_false(c.cut_short);
	}
	tree_regain();
	for (i = 0; i < ROWS(locked); i++)
		assert_int_equal(chmod(locked[i], 0700), 0);
}

/* The deadline is looked at before each directory and each 256 entries. */
static void
test_deadline(void **state)
{
	static const struct {
		int64_t looks;
		uint64_t low, high;
		bool cut_short;
	} rows[] = {
		/* . and .. are among the entries. */
		{ 0, 0, 0, true },
		{ 1, 254, 256, true },
		{ 2, 510, 512, true },
		{ 3, 766, 768, true },
		/* The fourth look is before the second directory. */
		{ 4, 1000, 1000, true },
		{ 5, 1004, 1004, false },
	};
	struct queue_dir dirs[] = { in("a"), in("b") };
	char name[32];
	struct scan_count c;
	size_t i;

	(void)state;
	TREE_MAKE("a/", "b/");
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "a/qf6AM9F0aA%06zu", i);
		tree_make(name);
	}
	tree_make_all("b", mixed);
	for (i = 0; i < ROWS(rows); i++) {
		count(dirs, 2, 60, rows[i].looks, &c);
		assert_in_range(c.queued, rows[i].low, rows[i].high);
		assert_int_equal(c.cut_short, rows[i].cut_short);
		assert_true(c.late == (c.queued > 1000 ? 1000 : c.queued));
		assert_true(c.oldest == (c.queued != 0 ? 3600 : 0));
		assert_int_equal(c.failed, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_flat),
		TREE_TEST(test_subdirectory),
		TREE_TEST(test_not_regular),
		TREE_TEST(test_age),
		TREE_TEST(test_undated),
		TREE_TEST(test_held),
		TREE_TEST(test_session),
		TREE_TEST(test_session_large),
		TREE_TEST(test_backlog),
		TREE_TEST(test_looks),
		TREE_TEST(test_left),
		TREE_TEST(test_left_late),
		TREE_TEST(test_dates),
		TREE_TEST(test_dates_by_inode),
		TREE_TEST(test_vanished),
		TREE_TEST(test_failed),
		TREE_TEST(test_deadline),
	};

	return UNIT_RUN(tests);
}
