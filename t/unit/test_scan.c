/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scan.c - counts the messages of a queue by its directory entries */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "mqueue/scan.h"
#include "mqueue/sendmail.h"

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

/* Counts the directories with a deadline after so many looks. */
static void
count(struct queue_dir *dirs, size_t n, int64_t late_after, int64_t looks,
    struct scan_count *c)
{
	const struct when_deadline deadline = { &step_clock, looked + looks };
	const struct scan_options opt = { mta, NOW, late_after, &deadline,
		NULL };
	const struct queue q = { .name = NULL, .dirs = dirs, .ndirs = n };

	memset(c, 0xa5, sizeof(*c));
	scan_count_queue(&q, &opt, c);
}

static void
assert_count(const struct scan_count *c, uint64_t queued, uint64_t quarantined,
    uint64_t lost)
{
	assert_int_equal(c->queued, queued);
	assert_int_equal(c->quarantined, quarantined);
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

static int
no_time(const char *name, size_t len, int64_t now, int64_t *when)
{
	(void)name, (void)len, (void)now, (void)when;
	return -1;
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
	fake.id_time = no_time;
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
		TREE_TEST(test_vanished),
		TREE_TEST(test_failed),
		TREE_TEST(test_deadline),
	};

	return UNIT_RUN(tests);
}
