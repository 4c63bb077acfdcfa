/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_survey_pass.c - reading a fair sample of the queues, range by range */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "surveyed.h"
#include "mta/sendmail/sendmail.h"

/* The deadline cuts it short: what was read is fair, whatever the seed. */
static void
test_sampled(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 320 };
	struct census_options opt = surveyed_options();
	struct sample_estimate e;
	struct queue_list list;
	struct census c;
	unsigned int i, held = 0;

	(void)state;
	for (i = 0; i < 1000; i++)
		surveyed_make("q", i, i >= 700 ? 66 : 1);
	list = surveyed_queues("q", NULL);
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
		e = census_scale(&c, surveyed_count(&c, 66));
		held += e.low <= 300 && e.high >= 300;
		census_free(&c);
	}
	assert_in_range(held, 180, 199);
	queue_list_free(&list);
}

#define LARGE 5000 /* more than are drawn */

/* What a range of hashes that was not finished gave is forgotten. */
static void
test_ranges(void **state)
{
	static const struct {
		int64_t jump_at, at;
		uint64_t read; /* 0: some */
		bool sampled, cut_short;
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
	struct surveyed_script script = { .looks_a_ms = 100 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 0 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < LARGE; i++)
		surveyed_make("q", i, i % 10);
	list = surveyed_queues("q", NULL);
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

#define LONG 12000

/* Range after range, each as far as there is time for, until all is read. */
static void
test_many_ranges(void **state)
{
	static const struct {
		int64_t at;
		uint64_t read; /* 0: more than drawn */
	} rows[] = {
		{ 131, LONG },
		{ 100, 0 },
	};
	struct surveyed_script script = { .looks_a_ms = 100 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 0 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < LONG; i++)
		surveyed_make("q", i, i % 10);
	list = surveyed_queues("q", NULL);
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	for (i = 0; i < ROWS(rows); i++) {
		script.looks = 0;
		deadline.at = rows[i].at;
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_int_equal(c.tally.read, c.survey.read);
		assert_int_equal(c.survey.total, LONG);
		assert_int_equal(c.survey.sampled, rows[i].read == 0);
		if (rows[i].read != 0) {
			assert_int_equal(c.survey.read, rows[i].read);
			assert_int_equal(surveyed_count(&c, 3), LONG / 10);
		} else {
			assert_in_range(c.survey.read, 4096 + 1024, LONG - 1);
		}
		census_free(&c);
	}
	queue_list_free(&list);
}

#define LEAVING 1000

/* Half of the messages leave. */
static void
leave(void)
{
	char path[64];
	unsigned int i;

	for (i = 1; i < LEAVING; i += 2) {
		snprintf(path, sizeof(path), "q/qf6AMAF0aA%06u", i);
		assert_int_equal(unlink(path), 0);
	}
}

/* What left between the listing and the sample left elsewhere as well. */
static void
test_leaving(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1,
		.leave_at = 10,
		.leave = leave };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 420 };
	struct census_options opt = surveyed_options();
	struct survey_result *s;
	struct queue_list list;
	struct census c;
	unsigned int i;

	(void)state;
	for (i = 0; i < LEAVING; i++)
		surveyed_make("q", i, 66);
	list = surveyed_queues("q", NULL);
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	assert_int_equal(census_take(&c, &list, &opt), 0);
	s = &c.survey;
	assert_true(s->sampled);
	assert_in_range(s->vanished, 150, 250);
	assert_in_range(s->read + s->vanished, 390, 420);
	assert_int_equal(s->total,
	    (LEAVING * s->read + (s->read + s->vanished) / 2) /
		(s->read + s->vanished));
	census_free(&c);
	queue_list_free(&list);
}

static unsigned int move_from, move_to;

/* The content scanner is done with some of the messages. */
static void
move(void)
{
	char from[64], to[64];
	unsigned int i;

	for (i = move_from; i < move_to; i++) {
		snprintf(from, sizeof(from), "mqueue.in/qf6AMAF0aA%06u", i);
		snprintf(to, sizeof(to), "mqueue/qf6AMAF0aA%06u", i);
		assert_int_equal(rename(from, to), 0);
	}
}

static void
move_back(void)
{
	char from[64], to[64];
	unsigned int i;

	for (i = move_from; i < move_to; i++) {
		snprintf(to, sizeof(to), "mqueue.in/qf6AMAF0aA%06u", i);
		snprintf(from, sizeof(from), "mqueue/qf6AMAF0aA%06u", i);
		rename(from, to);
	}
}

/* Whenever messages move to another queue, each of them counts once. */
static void
check_moving(struct census_options *opt, struct surveyed_script *script,
    const struct queue_list *list, unsigned int n)
{
	struct census c;

	script->looks = 0;
	assert_int_equal(census_take(&c, list, opt), 0);
	if (c.survey.total != n || c.tally.read != c.survey.read ||
	    (!c.survey.sampled &&
		(surveyed_count(&c, 1) != n - (move_to - move_from) ||
		    surveyed_count(&c, 2) != move_to - move_from)))
		fail_msg("moved at look %lld: %ju of %ju, %ju vanished",
		    (long long)script->leave_at, (uintmax_t)c.survey.read,
		    (uintmax_t)c.survey.total, (uintmax_t)c.survey.vanished);
	census_free(&c);
	move_back();
}

static void
make_moving(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		surveyed_make("mqueue.in", i,
		    i >= move_from && i < move_to ? 2 : 1);
}

/* All are read: the drawn ones, and for more than these a range as well. */
static void
test_moving(void **state)
{
	static const struct {
		unsigned int n, from, to;
		int64_t step;
	} rows[] = {
		{ 200, 50, 120, 3 },
		{ LARGE, 1000, 1200, 1400 },
	};
	struct surveyed_script script = { .looks_a_ms = 100, .leave = move };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 1000000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	unsigned int i;

	(void)state;
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	tree_make("mqueue/");
	for (i = 0; i < ROWS(rows); i++) {
		move_from = rows[i].from;
		move_to = rows[i].to;
		make_moving(rows[i].n);
		list = surveyed_queues("mqueue.in", "mqueue");
		script.leave_at = 1;
		do {
			check_moving(&opt, &script, &list, rows[i].n);
			script.leave_at += rows[i].step;
		} while (script.looks >= script.leave_at - rows[i].step);
		assert_true(script.leave_at > rows[i].n);
		queue_list_free(&list);
	}
}

/* Only a sample is read. */
static void
test_moving_sampled(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1, .leave = move };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 420 };
	struct census_options opt = surveyed_options();
	struct queue_list list;

	(void)state;
	move_from = 200;
	move_to = 900;
	tree_make("mqueue/");
	make_moving(LEAVING);
	list = surveyed_queues("mqueue.in", "mqueue");
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	for (script.leave_at = 1; script.leave_at < 420; script.leave_at += 41)
		check_moving(&opt, &script, &list, LEAVING);
	queue_list_free(&list);
}

static const char *gone_from, *gone_to;

/* One message leaves, for another directory or for good. */
static void
go(void)
{
	tree_regain();
	if (gone_to == NULL)
		assert_int_equal(unlink(gone_from), 0);
	else
		assert_int_equal(rename(gone_from, gone_to), 0);
	tree_drop(TREE_NOBODY);
}

static void
add_queue(struct queue_list *list, const char *spec)
{
	assert_int_equal(queue_list_add_spec(list, &sendmail_mta, spec), 0);
}

#define ONE   "qf6AMAF0aA000001"
#define OTHER "qf6AMAF0aA000002"

/* Where a message that left is looked for, and where not. */
static void
test_elsewhere(void **state)
{
	static const struct {
		const char *from, *to;
		int64_t at; /* a look at the clock: 1 begins, 2 to 5 list */
		int locked; /* may OTHER not be read? */
		uint64_t total, read;
	} rows[] = {
		{ "mqueue.in/" ONE, "out/" ONE, 6, 0, 5, 5 },
		{ "mqueue.in/" ONE, "out2/" ONE, 6, 0, 5, 5 },
		/* The client's message is another one, of the same name. */
		{ "mqueue.in/" OTHER, NULL, 6, 0, 4, 4 },
		/* Listed in both of these; nothing is looked for. */
		{ "out/qf6AMAF0aA000003", "out2/qf6AMAF0aA000003", 4, 0, 5, 5 },
		/* What can't be read has not left. */
		{ "mqueue.in/" ONE, "out/" ONE, 6, 1, 5, 4 },
	};
	struct surveyed_script script = { .looks_a_ms = 100, .leave = go };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 1000000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	size_t i;

	(void)state;
	opt.survey.deadline = &deadline;
	opt.workers = 1;
	tree_make("out2/");
	for (i = 0; i < ROWS(rows); i++) {
		unlink("out/" ONE);
		unlink("out2/" ONE);
		unlink("out2/qf6AMAF0aA000003");
		surveyed_make("mqueue.in", 1, 1);
		surveyed_make("mqueue.in", 2, 1);
		surveyed_make("client", 2, 2);
		surveyed_make("out", 3, 3);
		surveyed_make("out2", 4, 3);
		assert_int_equal(chmod("mqueue.in/" OTHER,
				     rows[i].locked ? 0 : 0644),
		    0);
		list = surveyed_queues("mqueue.in", "clientmqueue=client");
		add_queue(&list, "out");
		add_queue(&list, "out2");
		gone_from = rows[i].from;
		gone_to = rows[i].to;
		script.looks = 0;
		script.leave_at = rows[i].at;
		tree_drop(TREE_NOBODY);
		assert_int_equal(census_take(&c, &list, &opt), 0);
		tree_regain();
		if (c.survey.total != rows[i].total ||
		    c.survey.read != rows[i].read ||
		    c.survey.unreadable != rows[i].total - rows[i].read)
			fail_msg("row %zu: %ju read of %ju", i,
			    (uintmax_t)c.survey.read,
			    (uintmax_t)c.survey.total);
		census_free(&c);
		queue_list_free(&list);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_sampled),
		TREE_TEST(test_ranges),
		TREE_TEST(test_many_ranges),
		TREE_TEST(test_leaving),
		TREE_TEST(test_elsewhere),
		TREE_TEST(test_moving),
		TREE_TEST(test_moving_sampled),
	};

	return UNIT_RUN(tests);
}
