/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_survey.c - reading the queues: all of them, or a fair sample */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tree.h"

#include "mqueue/census.h"
#include "mqueue/sendmail.h"

#define NOW	INT64_C(1795342500)

/*
 * A clock that each look at it sets forward, by a step or to the end; workers
 * look at it as they like.
 */
struct clock_script {
	atomic_llong	looks;
	int64_t		looks_a_ms;
	int64_t		jump_at;	/* looks; 0: never */
};

static int64_t
clock_mono(void *arg)
{
	struct clock_script *c = arg;

	int64_t looks = atomic_fetch_add(&c->looks, 1) + 1;

	return looks / c->looks_a_ms +
	    (c->jump_at != 0 && looks >= c->jump_at ? 1000000 : 0);
}

static int64_t
clock_wall(void *arg)
{
	(void)arg;
	return NOW;
}

/* A message of relay 192.0.2.X; its number makes the id. */
static void
make(const char *dir, unsigned int number, unsigned int relay)
{
	char path[256], text[256];

	snprintf(path, sizeof(path), "%s/qf6AMAF0aA%06u", dir, number);
	snprintf(text, sizeof(text), "V8\nT%lld\nK0\nN0\nP30000\n"
	    "$_mail.example [192.0.2.%u]\n$rESMTP\nS<a@b.example>\n"
	    "RPFD:<c@d.example>\n.\n", (long long)NOW - number, relay);
	tree_write(path, text);
}

static struct queue_list
queues(const char *first, const char *second)
{
	struct queue_list list = QUEUE_LIST_INIT;

	assert_int_equal(queue_list_add_spec(&list, first), 0);
	if (second != NULL)
		assert_int_equal(queue_list_add_spec(&list, second), 0);
	return list;
}

static struct census_options
options(void)
{
	return (struct census_options){
		.survey = { .mta = &sendmail_mta, .now = NOW },
		.by = TALLY_RELAY
	};
}

static uint64_t
count_of(const struct census *c, unsigned int relay)
{
	const struct tally_group *g;
	size_t i;

	for (i = 0; i < c->tally.ngroups; i++) {
		g = &c->tally.group[i];
		if ((unsigned char)g->bytes[15] == relay)
			return g->count;
	}
	return 0;
}

/* With one worker and with several, blocks full and not. */
static void
test_all(void **state)
{
	struct census_options opt = options();
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1500; i++)
		make("q", i, i % 3 == 0 ? 66 : i % 7);
	TREE_MAKE("q/df6AMAF0aA000001", "q/tf6AMAF0aA000001",
	    "q/hf6AMAF0aA900000", "q/Qf6AMAF0aA900001", "q/qf6AMAF0aA9999990");
	list = queues("q", NULL);
	for (opt.workers = 1; opt.workers <= 4; opt.workers++) {
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_int_equal(c.survey.total, 1501);
		assert_int_equal(c.survey.read, 1501);
		assert_int_equal(c.tally.read, 1501);
		assert_false(c.survey.sampled);
		assert_int_equal(c.survey.queue[0].queued, 1501);
		assert_int_equal(c.survey.queue[0].quarantined, 1);
		assert_int_equal(c.survey.queue[0].lost, 1);
		assert_int_equal(count_of(&c, 66), 500);
		assert_int_equal(c.tally.class[RELAY_INCOMPLETE].count, 1);
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
	static const char *const orders[][2] = {
		{ "mqueue.in", "mqueue" }, { "mqueue", "mqueue.in" }
	};
	struct clock_script script = { .looks_a_ms = 1000 };
	struct when_clock clock = { clock_wall, clock_mono, &script };
	struct when_deadline deadline = { &clock, 1000 };
	struct census_options opt = options();
	struct queue_list list;
	struct census c;
	unsigned int i;
	size_t order;
	int timed;

	(void)state;
	for (i = 0; i < 400; i++) {
		make("mqueue.in", i, 1);
		make("mqueue", i + 300, 2);
	}
	for (order = 0; order < 2; order++) {
		list = queues(orders[order][0], orders[order][1]);
		for (timed = 0; timed < 2; timed++) {
			script.looks = 0;
			opt.survey.deadline = timed ? &deadline : NULL;
			assert_int_equal(census_take(&c, &list, &opt), 0);
			assert_int_equal(c.survey.total, 700);
			assert_int_equal(c.survey.moved, 100);
			assert_int_equal(count_of(&c, 1), 400);
			assert_int_equal(count_of(&c, 2), 300);
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
	struct census_options opt = options();
	struct queue_list list;
	struct census c;
	int fd;

	(void)state;
	make("q", 1, 66);
	tree_make("q/qf6AMAF0aA000002/");
	assert_int_equal(mkfifo("q/qf6AMAF0aA000003", 0644), 0);
	assert_int_equal(symlink("qf6AMAF0aA000001", "q/qf6AMAF0aA000004"), 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "q/qf6AMAF0aA000005");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	list = queues("q", NULL);
	assert_int_equal(census_take(&c, &list, &opt), 0);
	assert_int_equal(c.survey.total, 1);
	assert_int_equal(c.survey.unreadable, 0);
	assert_int_equal(c.survey.vanished, 0);
	census_free(&c);
	queue_list_free(&list);
}

static void
test_unreadable(void **state)
{
	struct census_options opt = options();
	struct queue_list list = queues("nowhere", "q");
	struct census c;

	(void)state;
	queue_list_free(&list);
	make("q", 1, 66);
	make("q", 2, 66);
	assert_int_equal(chmod("q/qf6AMAF0aA000002", 0), 0);
	list = queues("nowhere", "q");
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
	assert_int_equal(count_of(&c, 66), 1);
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
	struct census_options opt = options();
	struct rlimit old, few;
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < 600; i++)
		make("q", i, 66);
	list = queues("q", NULL);
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
			assert_int_equal(count_of(&c, 66), 600);
			census_free(&c);
		}
	}
	queue_list_free(&list);
}

/* The deadline cuts it short: what was read is fair, whatever the seed. */
static void
test_sampled(void **state)
{
	struct clock_script script = { .looks_a_ms = 1 };
	struct when_clock clock = { clock_wall, clock_mono, &script };
	struct when_deadline deadline = { &clock, 320 };
	struct census_options opt = options();
	struct sample_estimate e;
	struct queue_list list;
	struct census c;
	unsigned int i, held = 0;

	(void)state;
	for (i = 0; i < 1000; i++)
		make("q", i, i >= 700 ? 66 : 1);
	list = queues("q", NULL);
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	for (opt.survey.seed = 0; opt.survey.seed < 200; opt.survey.seed++) {
		script.looks = 0;
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_true(c.survey.sampled);
		assert_false(c.survey.cut_short);
		assert_int_equal(c.survey.total, 1000);
		assert_in_range(c.survey.read, 290, 320);
		assert_int_equal(c.tally.read, c.survey.read);
		e = census_scale(&c, count_of(&c, 66));
		held += e.low <= 300 && e.high >= 300;
		census_free(&c);
	}
	assert_in_range(held, 180, 199);
	queue_list_free(&list);
}

#define LARGE	5000	/* more than are drawn */

/* What a range of hashes that was not finished gave is forgotten. */
static void
test_ranges(void **state)
{
	static const struct {
		int64_t		jump_at, at;
		uint64_t	read;		/* 0: some */
		bool		sampled, cut_short;
	} rows[] = {
		{ 0, 1000000, LARGE, false, false },
		/* In the range after the draw. */
		{ 4600, 1000000, 4096, true, false },
		/* Not worth a range: what is left of the time is too short. */
		{ 0, 42, 4096, true, false },
		/* In the draw. */
		{ 500, 1000000, 0, true, false },
		/* In the listing. */
		{ 10, 1000000, 0, true, true },
	};
	struct clock_script script = { .looks_a_ms = 100 };
	struct when_clock clock = { clock_wall, clock_mono, &script };
	struct when_deadline deadline = { &clock, 0 };
	struct census_options opt = options();
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < LARGE; i++)
		make("q", i, i % 10);
	list = queues("q", NULL);
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	for (i = 0; i < ROWS(rows); i++) {
		script.looks = 0;
		script.jump_at = rows[i].jump_at;
		deadline.at = rows[i].at;
		assert_int_equal(census_take(&c, &list, &opt), 0);
		if (c.survey.sampled != rows[i].sampled ||
		    c.survey.cut_short != rows[i].cut_short ||
		    c.tally.read != c.survey.read ||
		    (rows[i].read != 0 && c.survey.read != rows[i].read) ||
		    (!rows[i].cut_short && c.survey.total != LARGE))
			fail_msg("row %u: read %ju of %ju, sampled %d cut %d",
			    i, (uintmax_t)c.survey.read,
			    (uintmax_t)c.survey.total, c.survey.sampled,
			    c.survey.cut_short);
		census_free(&c);
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
		TREE_TEST(test_sampled),
		TREE_TEST(test_ranges),
	};

	return UNIT_RUN(tests);
}
