/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scan.c - counts the messages of a queue by its directory entries */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "mqueue/scan.h"
#include "mqueue/sendmail.h"

#define NOBODY	65534
#define NOW	INT64_C(1795342500)	/* of qf6AMAF0aA004101 */

static char dir[4096];
static int home = -1;
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

/* As the caller without rights, and back. */
static void
drop(void)
{
	if (getuid() != 0)
		return;
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(setegid(NOBODY), 0);
	assert_int_equal(seteuid(NOBODY), 0);
}

static int
regain(void)
{
	return getuid() == 0 && (seteuid(0) != 0 || setegid(0) != 0) ? -1 : 0;
}

static int
set_up(void **state)
{
	const char *base = getenv("MQ_BUILDDIR");

	(void)state;
	if (base == NULL)
		base = getenv("TMPDIR");
	snprintf(dir, sizeof(dir), "%s/unit.XXXXXX",
	    base != NULL ? base : "/tmp");
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return home != -1 && mkdtemp(dir) != NULL && chdir(dir) == 0 ?
	    chmod(".", 0755) : -1;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	if (regain() != 0 || fchdir(home) != 0 || close(home) != 0)
		return -1;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Empty files below path and, with a slash at the end, directories. */
static void
make(const char *path, const char *const *names)
{
	char full[4200];
	size_t len;

	for (; *names != NULL; names++) {
		len = (size_t)snprintf(full, sizeof(full), "%s/%s", path,
		    *names);
		if ((full[len - 1] == '/' ? mkdir(full, 0755) :
		    mknod(full, S_IFREG | 0600, 0)) != 0)
			fail_msg("%s: %s", full, strerror(errno));
	}
}

#define MAKE(path, ...)	\
	make(path, (const char *const []){ __VA_ARGS__, NULL })

static void
set_age(const char *path, int64_t age)
{
	const struct timespec times[2] = { [1] = { .tv_sec = NOW - age } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

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
	const struct scan_options opt = { mta, NOW, late_after, &deadline };
	const struct queue q = { .name = NULL, .dirs = dirs, .ndirs = n };

	memset(c, 0xa5, sizeof(*c));
	scan_count_queue(&q, &opt, c);
}

static void
assert_count(const struct scan_count *c, uint64_t queued,
    uint64_t quarantined, uint64_t lost)
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
	struct queue_dir d = in(dir);

	count(&d, 1, late_after, 100, c);
	assert_count(c, queued, quarantined, lost);
	assert_false(c->cut_short);
	assert_true(c->failed == 0 && c->failed_dir == NULL && c->error == 0);
}

/* Four queued, one quarantined, two lost. */
static const char *const mixed[] = {
	"qf6AMAF0aA004101", "qf6AMAEjaB004101", "qfKAA12345", "qfx",
	"hf6AMAFFaQ004116", "Qf6AMAFGaR004117", "Qf6AMAFGaR004118",
	"df6AMAF0aA004101", "df6AMAFFaQ004116", "xf6AMAF0aA004101",
	"tf6AMAF0aA004101", "Tf6AMAF0aA004101", "qf3456789012345678901",
	"core", "sm-client.st", NULL
};

static void
test_flat(void **state)
{
	struct scan_count c;

	(void)state;
	check_here(0, 0, 0, 0, &c);
	assert_true(c.late == 0 && c.oldest == 0);
	make(".", mixed);
	check_here(1000, 4, 1, 2, &c);
	/* Files of the subdirectories' names do not make those. */
	MAKE(".", "qf", "df", "xf");
	check_here(1000, 4, 1, 2, &c);
}

/* qf/ holds what counts; the same names beside it do not. */
static void
test_subdirectory(void **state)
{
	struct scan_count c;

	(void)state;
	MAKE(".", "qf/", "df/", "df/dfKAA12345", "df/qfKAA2", "xf/", "hfx");
	check_here(1000, 0, 0, 0, &c);
	make("qf", mixed);
	make(".", mixed);
	check_here(1000, 4, 1, 2, &c);
}

static void
test_not_regular(void **state)
{
	struct scan_count c;

	(void)state;
	MAKE(".", "qfGOOD", "qf6AMAF0aA004101/", "hf6AMAF0aA004101/",
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
		int64_t		late_after;
		uint64_t	late;
	} rows[] = {
		{ 0, 3 }, { 1, 2 }, { 59, 2 }, { 60, 1 }, { 3599, 1 },
		{ 3600, 0 }, { INT64_MAX, 0 }, { -1, 5 },
	};
	struct scan_count c;
	size_t i;

	(void)state;
	MAKE(".", "qf6AMAF0aA000001", "qf6AMAExaA000002", "qf6AMAE0aA000003",
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

	MAKE(".", control);
	set_age(control, 10);
	if (body != NULL) {
		MAKE(".", body);
		set_age(body, oldest);
	}
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
	MAKE(".", "qf/", "df/");
	check_undated("qf/qfKAA12345", "df/dfKAA12345", 7201);
	check_undated("qf/qfKAA12345", NULL, 10);
	/* With qf/ and without df/ the bodies are in the queue directory. */
	assert_int_equal(rmdir("df"), 0);
	check_undated("qf/qfKAA12345", "dfKAA12345", 7201);
	/* The other way round. */
	assert_int_equal(rmdir("qf"), 0);
	MAKE(".", "df/");
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

/* Vanished is nothing; a message of unknown age is counted as new. */
static void
test_vanished(void **state)
{
	struct mta fake = sendmail_mta;
	struct scan_count c;

	(void)state;
	fake.id_time = no_time;
	fake.arrival = no_arrival;
	MAKE(".", "qfgone", "qfx", "hfgone", "Qfgone");
	mta = &fake;
	check_here(0, 1, 1, 1, &c);
	mta = &sendmail_mta;
	assert_true(c.late == 0 && c.oldest == 0);
}

/* One directory that can't be read does not hide the others. */
static void
test_failed(void **state)
{
	static const struct {
		const char	*path;
		int		 error;
	} rows[] = {
		{ "none", ENOENT }, { "file", ENOTDIR }, { "closed", EACCES },
		{ "closedqf", EACCES }, { "unlisted", EACCES },
	};
	static const char *const locked[] = {
		"closed", "unlisted", "closedqf/qf"
	};
	struct queue_dir dirs[3] = { in("none"), in("good"), in("gone") };
	struct scan_count c;
	size_t i;

	(void)state;
	MAKE(".", "good/", "file", "closed/", "unlisted/", "closedqf/",
	    "closedqf/qf/");
	make("good", mixed);
	make("closedqf", mixed);
	for (i = 0; i < ROWS(locked); i++)
		assert_int_equal(chmod(locked[i], i == 1 ? 0111 : 0), 0);
	drop();
	for (i = 0; i < ROWS(rows); i++) {
		dirs[0] = in(rows[i].path);
		count(dirs, 3, 1000, 100, &c);
		assert_count(&c, 4, 1, 2);
		assert_int_equal(c.failed, 2);
		assert_ptr_equal(c.failed_dir, &dirs[0]);
		assert_int_equal(c.error, rows[i].error);
		assert_false(c.cut_short);
	}
	assert_int_equal(regain(), 0);
	for (i = 0; i < ROWS(locked); i++)
		assert_int_equal(chmod(locked[i], 0700), 0);
}

/* The deadline is looked at before each directory and each 256 entries. */
static void
test_deadline(void **state)
{
	static const struct {
		int64_t		looks;
		uint64_t	low, high;
		bool		cut_short;
	} rows[] = {
		/* . and .. are among the entries. */
		{ 0, 0, 0, true }, { 1, 254, 256, true },
		{ 2, 510, 512, true }, { 3, 766, 768, true },
		/* The fourth look is before the second directory. */
		{ 4, 1000, 1000, true }, { 5, 1004, 1004, false },
	};
	struct queue_dir dirs[] = { in("a"), in("b") };
	char name[24];
	struct scan_count c;
	size_t i;

	(void)state;
	MAKE(".", "a/", "b/");
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "qf6AM9F0aA%06zu", i);
		MAKE("a", name);
	}
	make("b", mixed);
	for (i = 0; i < ROWS(rows); i++) {
		count(dirs, 2, 60, rows[i].looks, &c);
		assert_in_range(c.queued, rows[i].low, rows[i].high);
		assert_int_equal(c.cut_short, rows[i].cut_short);
		assert_true(c.late == (c.queued > 1000 ? 1000 : c.queued));
		assert_true(c.oldest == (c.queued != 0 ? 3600 : 0));
		assert_int_equal(c.failed, 0);
	}
}

#define IN_DIR(test)	\
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(test_flat),
		IN_DIR(test_subdirectory),
		IN_DIR(test_not_regular),
		IN_DIR(test_age),
		IN_DIR(test_undated),
		IN_DIR(test_vanished),
		IN_DIR(test_failed),
		IN_DIR(test_deadline),
	};

	return UNIT_RUN(tests);
}
