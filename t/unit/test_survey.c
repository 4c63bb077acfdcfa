/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_survey.c - reading all of the queues */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "surveyed.h"

/* With one worker and with several, blocks full and not. */
static void
test_all(void **state)
{
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1500; i++)
		surveyed_make("q", i, i % 3 == 0 ? 66 : i % 7);
	TREE_MAKE("q/df6AMAF0aA000001", "q/tf6AMAF0aA000001",
	    "q/hf6AMAF0aA900000", "q/Qf6AMAF0aA900001", "q/qf6AMAF0aA9999990");
	list = surveyed_queues("q", NULL);
	for (opt.workers = 1; opt.workers <= 4; opt.workers++) {
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_int_equal(c.survey.total, 1501);
		assert_int_equal(c.survey.read, 1501);
		assert_int_equal(c.tally.read, 1501);
		assert_false(c.survey.sampled);
		assert_int_equal(c.survey.queue[0].queued, 1501);
		assert_int_equal(c.survey.queue[0].held, 1);
		assert_int_equal(c.survey.queue[0].lost, 1);
		assert_int_equal(surveyed_count(&c, 66), 500);
		assert_int_equal(c.tally.classes[RELAY_INCOMPLETE].count, 1);
		census_free(&c);
	}
	opt.survey.held = true;
	assert_int_equal(census_take(&c, &list, &opt), 0);
	assert_int_equal(c.survey.total, 1503);
	census_free(&c);
	queue_list_free(&list);
}

/* What the scanner has in both queues is one message, wherever it is first. */
static void
test_moved(void **state)
{
	static const char *const orders[][2] = { { "mqueue.in", "mqueue" },
		{ "mqueue", "mqueue.in" } };
	struct surveyed_script script = { .looks_a_ms = 1000 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 1000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	unsigned int i;
	size_t order;
	int timed;

	(void)state;
	for (i = 0; i < 400; i++) {
		surveyed_make("mqueue.in", i, 1);
		surveyed_make("mqueue", i + 300, 2);
	}
	for (order = 0; order < 2; order++) {
		list = surveyed_queues(orders[order][0], orders[order][1]);
		for (timed = 0; timed < 2; timed++) {
			script.looks = 0;
			opt.survey.deadline = timed ? &deadline : NULL;
			assert_int_equal(census_take(&c, &list, &opt), 0);
			assert_int_equal(c.survey.total, 700);
			assert_int_equal(c.survey.moved, 100);
			assert_int_equal(surveyed_count(&c, 1), 400);
			assert_int_equal(surveyed_count(&c, 2), 300);
			assert_false(c.survey.sampled);
			census_free(&c);
		}
		queue_list_free(&list);
	}
}

/* Links, FIFOs, sockets and directories are no messages, nor errors. */
static void
test_no_files(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	int fd;

	(void)state;
	surveyed_make("q", 1, 66);
	tree_make("q/qf6AMAF0aA000002/");
	assert_int_equal(mkfifo("q/qf6AMAF0aA000003", 0644), 0);
	assert_int_equal(symlink("qf6AMAF0aA000001", "q/qf6AMAF0aA000004"), 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "q/qf6AMAF0aA000005");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	list = surveyed_queues("q", NULL);
	assert_int_equal(census_take(&c, &list, &opt), 0);
	assert_int_equal(c.survey.total, 1);
	assert_int_equal(c.survey.unreadable, 0);
	/* Where readdir(3) does not tell, they are seen when opened. */
#ifdef HAVE_STRUCT_DIRENT_D_TYPE
	assert_int_equal(c.survey.vanished, 0);
#else
	assert_int_equal(c.survey.vanished, 4);
#endif
	census_free(&c);
	queue_list_free(&list);
}

static void
test_unreadable(void **state)
{
	struct census_options opt = surveyed_options();
	struct queue_list list = surveyed_queues("nowhere", "q");
	struct census c;

	(void)state;
	queue_list_free(&list);
	surveyed_make("q", 1, 66);
	surveyed_make("q", 2, 66);
	assert_int_equal(chmod("q/qf6AMAF0aA000002", 0), 0);
	list = surveyed_queues("nowhere", "q");
	tree_drop(TREE_NOBODY);
	assert_int_equal(census_take(&c, &list, &opt), 0);
	tree_regain();
	assert_int_equal(c.survey.total, 2);
	assert_int_equal(c.survey.read, 1);
	assert_int_equal(c.survey.unreadable, 1);
	assert_int_equal(c.survey.failed, 1);
	assert_string_equal(c.survey.failed_dir->path, "nowhere");
	assert_string_equal(c.survey.failed_name, "");
	assert_int_equal(c.survey.error, ENOENT);
	assert_int_equal(surveyed_count(&c, 66), 1);
	census_free(&c);
	queue_list_free(&list);
}

/* Out of the page cache, so that reads have to wait. */
static void
forget(const char *dir, unsigned int n)
{
	char path[256];
	unsigned int i;
	int fd;

	sync();
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/qf6AMAF0aA%06u", dir, i);
		fd = open(path, O_RDONLY);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		close(fd);
	}
}

/* A cold queue, and fewer descriptors than reads under way. */
static void
test_few_descriptors(void **state)
{
	struct census_options opt = surveyed_options();
	struct rlimit old, few;
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < 600; i++)
		surveyed_make("q", i, 66);
	list = surveyed_queues("q", NULL);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	for (opt.workers = 1; opt.workers <= 4; opt.workers += 3) {
		for (few.rlim_cur = 10; few.rlim_cur <= 40;
		     few.rlim_cur += 10) {
			forget("q", 600);
			assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
			assert_int_equal(census_take(&c, &list, &opt), 0);
			assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
			assert_int_equal(c.survey.unreadable, 0);
			assert_int_equal(c.survey.total, 600);
			assert_int_equal(surveyed_count(&c, 66), 600);
			census_free(&c);
		}
	}
	queue_list_free(&list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_all),
		TREE_TEST(test_moved),
		TREE_TEST(test_no_files),
		TREE_TEST(test_unreadable),
		TREE_TEST(test_few_descriptors),
	};

	return UNIT_RUN(tests);
}
