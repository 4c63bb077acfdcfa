/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_arrivals.c - when messages arrived, the onset of a flood, its rate */
#include <string.h>

#include "unit.h"

#include "count/arrivals.h"

/* One message at each age from .. to, step seconds apart. */
static void
add(struct arrivals *a, int64_t from, int64_t to, int64_t step)
{
	for (; from < to; from += step)
		arrivals_add(a, from);
}

static void
test_between(void **state)
{
	static const struct {
		int64_t min, max;
		uint64_t n;
	} rows[] = {
		{ 0, 300, 300 },
		{ 300, 600, 300 },
		{ 600, 1200, 600 },
		{ 1200, 2400, 800 },
		{ 2400, INT64_MAX, 1 },
		{ 0, INT64_MAX, 2001 },
	};
	struct arrivals a = { { 0 }, { 0 }, { 0 } };
	size_t i;

	(void)state;
	add(&a, 0, 2000, 1);
	arrivals_add(&a, INT64_C(20) * 365 * 86400);
	for (i = 0; i < ROWS(rows); i++)
		assert_int_equal(arrivals_between(&a, rows[i].min, rows[i].max),
		    rows[i].n);
}

struct row {
	/* A flood, and what else there is: ages and steps in seconds. */
	int64_t from, to, step, other_from, other_to, other_step;

	/* What is to be found, exactly. */
	int64_t since, until;
	uint64_t n;
	double per_minute;
};

static void
check_row(const struct row *r)
{
	struct arrivals a = { { 0 }, { 0 }, { 0 } }, b = a;
	struct arrivals_flood f;

	add(&a, r->from, r->to, r->step);
	add(&b, r->other_from, r->other_to, r->other_step);
	arrivals_merge(&a, &b);
	assert_true(arrivals_flood(&a, &f));
	if (f.since != r->since || f.until != r->until || f.n != r->n ||
	    f.per_minute < r->per_minute * 0.99 ||
	    f.per_minute > r->per_minute * 1.01)
		fail_msg("%jd..%jd: since %jd until %jd n %ju rate %g",
		    (intmax_t)r->from, (intmax_t)r->to, (intmax_t)f.since,
		    (intmax_t)f.until, (uintmax_t)f.n, f.per_minute);
}

static void
test_flood(void **state)
{
	static const struct row rows[] = {
		/* One message, and a few: no onset, over at least a minute. */
		{ 500, 501, 1, 0, 0, 1, 500, 500, 1, 1 },
		{ 10, 20, 5, 0, 0, 1, 15, 10, 2, 2 },
		/* Steady since the beginning. */
		{ 0, 3600, 6, 0, 0, 1, 3594, 0, 600, 10.01 },
		/* Ten a minute for 20 minutes, before one an hour. */
		{ 0, 1200, 6, 3600, 72000, 3600, 1194, 0, 200, 10.05 },
		/* It came and went; two are in a bucket with another one. */
		{ 9600, 13580, 6, 0, 172800, 14400, 13566, 9600, 662, 10.02 },
		/* All of it within a few seconds. */
		{ 0, 10, 1, 86400, 864000, 86400, 9, 0, 10, 10 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		check_row(&rows[i]);
}

/* Over is what has paused for longer than its rate explains. */
static void
test_ended(void **state)
{
	static const struct {
		int64_t from, to, step; /* ages */
		bool ended;
	} rows[] = {
		{ 0, 1200, 6, false },
		/* Ten a minute, and then nothing for five minutes. */
		{ 300, 1500, 6, false },
		{ 301, 1501, 6, true },
		{ 960, 1920, 1, true },
		{ 86400, 90000, 6, true },
		/* One in three minutes: ten gaps are half an hour. */
		{ 1700, 12500, 180, false },
		{ 1850, 12650, 180, true },
		/* A few messages. */
		{ 960, 967, 1, false },
		{ 960, 968, 1, true },
	};
	struct arrivals a;
	struct arrivals_flood f;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		memset(&a, 0, sizeof(a));
		add(&a, rows[i].from, rows[i].to, rows[i].step);
		assert_true(arrivals_flood(&a, &f));
		if (f.ended != rows[i].ended)
			fail_msg("row %zu: %d", i, f.ended);
	}
}

static void
test_none(void **state)
{
	struct arrivals a = { { 0 }, { 0 }, { 0 } };
	struct arrivals_flood f;

	(void)state;
	assert_false(arrivals_flood(&a, &f));
	/* A time of arrival ahead of the clock is now. */
	arrivals_add(&a, -500);
	assert_true(arrivals_flood(&a, &f));
	assert_int_equal(f.since, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_none),
	};

	return UNIT_RUN(tests);
}
