/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_survey_pass.c - reading a fair sample of the queues, range by range */
#include <stdio.h>
#include <unistd.h>

#include "surveyed.h"

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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_sampled),
		TREE_TEST(test_ranges),
		TREE_TEST(test_many_ranges),
		TREE_TEST(test_leaving),
	};

	return UNIT_RUN(tests);
}
