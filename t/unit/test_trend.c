/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_trend.c - how fast a number grows, from a bounded history */
#include <math.h>
#include <string.h>

#include "unit.h"

#include "plug/trend.h"

#define WALL   INT64_C(1700000000) /* when mono is 0 */
#define MINUTE INT64_C(60000)
#define RUN    (5 * MINUTE)

/* A sample of clocks that agree. */
static struct trend_sample
sample(int64_t mono, int64_t value)
{
	return (struct trend_sample){ WALL + mono / 1000, mono, value };
}

/* What a plugin's run does with its history; false: no rate. */
static bool
run(struct trend *t, struct trend_sample now, double *rate)
{
	return trend_take(t, &now, rate);
}

static void
assert_near(double got, double want)
{
	if (fabs(got - want) > 1e-9)
		fail_msg("%.12g, not %.12g", got, want);
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		/* clang-format off */
		{ "", "" },
		{ "1 2 3\n4 5 6\n", "1 2 3\n4 5 6\n" },
		{ "1700000000 4611686018427387 9\n",
		  "1700000000 4611686018427387 9\n" },
		/* Junk is skipped, line by line. */
		{ "junk\n1 2 3\n", "1 2 3\n" }, { "-1 2 3\n1 2 -3\n", "" },
		{ "\n1 2\n1 2 3 4\n5 6 7\n", "5 6 7\n" },
		{ "1 2 x\n1 2x 3\n1 2 3.5\n0x1 2 3\n1 2 3\r\n", "" },
		/* A steady clock may begin anywhere. */
		{ "1 -2 3\n", "1 -2 3\n" },
		{ "1 -4611686018427388 3\n", "" },
		{ "99999999999999999999 2 3\n", "" },
		{ "1 4611686018427388 3\n", "" }, { "1,2,3\n1\t2\t3\n", "" },
		{ "1 2 00000000000000000000000000000000000000000000000000000"
		  "000000000000000000000000000003\n4 5 6\n", "4 5 6\n" },
		/* A cut line at the end is not trusted. */
		{ "1 2 3\n4 5 67", "1 2 3\n" },
		/* clang-format on */
	};
	struct buf out = BUF_INIT;
	struct trend t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		memset(&t, 0x55, sizeof(t));
		trend_parse(&t, rows[i].text, strlen(rows[i].text));
		buf_truncate(&out, 0);
		trend_format(&t, &out);
		assert_string_equal(buf_str(&out), rows[i].printed);
	}
	/* The text need not end in a NUL. */
	trend_parse(&t, "1 2 3\n4 5 6\n", 6);
	assert_int_equal(t.n, 1);
	buf_free(&out);
}

static void
test_round_trip(void **state)
{
	struct buf out = BUF_INIT;
	struct trend t = { .n = TREND_MAX }, back;
	size_t i;

	(void)state;
	for (i = 0; i < TREND_MAX; i++)
		t.v[i] = sample((int64_t)i * RUN, 999999999 - (int64_t)i);
	trend_format(&t, &out);
	trend_parse(&back, out.data, out.len);
	assert_int_equal(back.n, t.n);
	assert_memory_equal(back.v, t.v, sizeof(t.v));
	buf_adds(&out, "1 2 3\n4 5 6\n");
	trend_parse(&back, out.data, out.len);
	assert_int_equal(back.n, TREND_MAX);
	buf_free(&out);
}

/* The history is of 0, 5 and 10 minutes, 1000 each; now differs. */
static void
test_prune_now(void **state)
{
	static const struct {
		const char *what;
		int64_t wall, mono, value;
		size_t left;
	} rows[] = {
		/* clang-format off */
		{ "nothing odd", WALL + 900, 15 * MINUTE, 1000, 3 },
		{ "clock slewed", WALL + 904, 15 * MINUTE, 1000, 3 },
		{ "clock put forward", WALL + 907, 15 * MINUTE, 1000, 0 },
		{ "clock put back", WALL + 893, 15 * MINUTE, 1000, 0 },
		{ "boot", WALL + 900, 2 * MINUTE, 1000, 0 },
		{ "boot long ago", WALL + 86400, 15 * MINUTE, 1000, 0 },
		{ "an hour after all", WALL + 3600, 60 * MINUTE, 1000, 3 },
		{ "an hour after the second", WALL + 3901, 65 * MINUTE + 1,
		  1000, 1 },
		{ "more than an hour after all", WALL + 4201,
		  70 * MINUTE + 1, 1000, 0 },
		{ "fall by more than half", WALL + 900, 15 * MINUTE, 499, 0 },
		{ "flushed", WALL + 900, 15 * MINUTE, 0, 0 },
		{ "fall by less than half", WALL + 900, 15 * MINUTE, 501, 3 },
		{ "sudden growth", WALL + 900, 15 * MINUTE, 90000, 3 },
		/* clang-format on */
	};
	struct trend_sample now;
	struct trend t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.v[0] = sample(0, 1000);
		t.v[1] = sample(RUN, 1000);
		t.v[2] = sample(2 * RUN, 1000);
		t.n = 3;
		now = (struct trend_sample){ rows[i].wall, rows[i].mono,
			rows[i].value };
		trend_prune(&t, &now);
		if (t.n != rows[i].left)
			fail_msg("%s: %zu left", rows[i].what, t.n);
		/* It is the oldest that go. */
		if (t.n != 0)
			assert_int_equal(t.v[0].mono, (3 - t.n) * RUN);
	}
}

/* A break in the middle of the history drops what is before it. */
static void
test_prune_middle(void **state)
{
	static const struct {
		const char *what;
		int64_t v[4][3]; /* minutes, and a value */
		size_t left;
	} rows[] = {
		/* clang-format off */
		{ "step after the first",
		  { { 0, 0, 9 }, { 6, 5, 9 }, { 11, 10, 9 }, { 16, 15, 9 } },
		  3 },
		{ "step back after the second", { { 2, 0, 9 }, { 7, 5, 9 },
		    { 8, 10, 9 }, { 13, 15, 9 } }, 2 },
		{ "boot after the third",
		  { { 0, 50, 9 }, { 5, 55, 9 }, { 10, 60, 9 }, { 15, 15, 9 } },
		  1 },
		{ "flush after the second", { { 0, 0, 2000 }, { 5, 5, 3000 },
		    { 10, 10, 10 }, { 15, 15, 60 } }, 2 },
		{ "small fall",
		  { { 0, 0, 50 }, { 5, 5, 99 }, { 10, 10, 0 }, { 15, 15, 3 } },
		  4 },
		{ "fall of 100",
		  { { 0, 0, 50 }, { 5, 5, 101 }, { 10, 10, 1 }, { 15, 15, 3 } },
		  2 },
		/* clang-format on */
	};
	struct trend_sample now;
	struct trend t;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.n = 4;
		for (k = 0; k < t.n; k++)
			t.v[k] = (struct trend_sample){ rows[i].v[k][0] * 60,
				rows[i].v[k][1] * MINUTE, rows[i].v[k][2] };
		now = t.v[3];
		now.wall += 300;
		now.mono += RUN;
		trend_prune(&t, &now);
		if (t.n != rows[i].left)
			fail_msg("%s: %zu left", rows[i].what, t.n);
		for (k = 0; k < t.n; k++)
			assert_int_equal(t.v[k].wall,
			    rows[i].v[4 - t.n + k][0] * 60);
	}
}

/* A doubled run is not kept; of too many samples, the oldest makes room. */
static void
test_add(void **state)
{
	static const struct {
		int64_t after;
		size_t n;
	} rows[] = { { 0, 1 }, { 2000, 1 }, { 14999, 1 }, { 15001, 2 } };
	struct trend t = { .n = 0 };
	struct trend_sample now;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.n = 0;
		now = sample(RUN, 7);
		trend_add(&t, &now);
		assert_int_equal(t.n, 1);
		now = sample(RUN + rows[i].after, 8);
		trend_add(&t, &now);
		assert_int_equal(t.n, rows[i].n);
		assert_int_equal(t.v[0].value, 7);
	}
	t.n = 0;
	for (i = 0; i < TREND_MAX + 6; i++) {
		now = sample((int64_t)i * 30000, (int64_t)i);
		trend_add(&t, &now);
	}
	assert_int_equal(t.n, TREND_MAX);
	for (i = 0; i < TREND_MAX; i++)
		assert_int_equal(t.v[i].value, i + 6);
}

static void
test_rate_too_short(void **state)
{
	struct trend t = { .n = 0 };
	struct trend_sample now = sample(59999, 100);
	double rate = 42;

	(void)state;
	assert_false(trend_rate(&t, &now, &rate));
	t.v[t.n++] = sample(0, 40);
	assert_false(trend_rate(&t, &now, &rate));
	assert_near(rate, 42);
	now = sample(60000, 100);
	assert_true(trend_rate(&t, &now, &rate));
	assert_near(rate, 60);
}

/* Seconds ago and value of up to eight samples; the last one is now. */
static void
test_rate(void **state)
{
	static const struct {
		const char *what;
		size_t n;
		int64_t v[8][2];
		double want;
	} rows[] = {
		/* clang-format off */
		{ "growth", 3, { { 600, 100 }, { 300, 150 }, { 0, 200 } }, 10 },
		{ "fall", 3, { { 600, 200 }, { 300, 150 }, { 0, 100 } }, -10 },
		{ "less than one a minute", 3, { { 600, 0 }, { 300, 1 },
		    { 0, 2 } }, 0.2 },
		{ "thrice", 3, { { 600, 0 }, { 300, 100 }, { 0, 300 } }, 30 },
		{ "a missed run", 3, { { 900, 100 }, { 300, 200 },
		    { 0, 250 } }, 10 },
		{ "a missed run before a flood", 3, { { 660, 0 }, { 60, 100 },
		    { 0, 200 } }, 200.0 / 11 },
		{ "several missed runs", 4, { { 3000, 0 }, { 2700, 50 },
		    { 2400, 100 }, { 0, 500 } }, 10 },
		{ "a doubled run", 4, { { 600, 0 }, { 300, 150 }, { 2, 299 },
		    { 0, 350 } }, 30 },
		{ "a doubled run, the first of an hour", 3, { { 62, 0 },
		    { 2, 62 }, { 0, 62 } }, 61 },
		{ "a step, and a doubled run", 5, { { 182, 100 },
		    { 122, 100 }, { 62, 100 }, { 2, 500 }, { 0, 501 } }, 0 },
		{ "what is long ago does not count", 7, { { 3300, 9000 },
		    { 3000, 8000 }, { 2700, 7000 }, { 900, 100 },
		    { 600, 150 }, { 300, 200 }, { 0, 250 } }, 10 },
		/* clang-format on */
	};
	struct trend t;
	struct trend_sample now;
	double rate;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.n = rows[i].n - 1;
		for (k = 0; k < rows[i].n; k++) {
			now = sample((3600 - rows[i].v[k][0]) * 1000,
			    rows[i].v[k][1]);
			if (k < t.n)
				t.v[k] = now;
		}
		rate = -42;
		if (!trend_rate(&t, &now, &rate) ||
		    fabs(rate - rows[i].want) > 1e-9)
			fail_msg("%s: %.12g", rows[i].what, rate);
	}
}

/* 10 a minute in n samples and now; the one at odd has another value. */
static double
rate_of_ten(size_t n, int64_t interval, size_t odd, int64_t value)
{
	struct trend t = { .n = n };
	struct trend_sample now;
	double rate = -42;
	size_t i;

	for (i = 0; i <= n; i++) {
		now = sample((int64_t)i * interval,
		    i == odd ? value :
			       1000 + (int64_t)i * 10 * interval / MINUTE);
		if (i < n)
			t.v[i] = now;
	}
	assert_true(trend_rate(&t, &now, &rate));
	return rate;
}

/* A check every minute: one odd sample, wherever it is, changes nothing. */
static void
test_one_odd_sample(void **state)
{
	size_t k;

	(void)state;
	for (k = 0; k <= 20; k++) {
		assert_near(rate_of_ten(20, MINUTE, k, 0), 10);
		assert_near(rate_of_ten(20, MINUTE, k, 900), 10);
		assert_near(rate_of_ten(20, MINUTE, k, 100000), 10);
	}
	/* All samples are recent: as many slopes as there can be. */
	assert_near(rate_of_ten(TREND_MAX, 15000, TREND_MAX + 1, 0), 10);
}

/* The usual check every five minutes, after an hour of them. */
static void
test_one_odd_sample_in_an_hour(void **state)
{
	double rate;
	size_t k;

	(void)state;
	for (k = 0; k <= 12; k++) {
		rate = rate_of_ten(12, RUN, k, 5000);
		if (fabs(rate - 10) > 1e-9)
			fail_msg("sample %zu of 13 is odd: %.12g, not 10",
			    k + 1, rate);
	}
}

/*
 * Runs at an interval after an hour of them, 1000 messages that grow by some a
 * minute; then one step.  No later run may take the step for growth.
 */
static void
test_step(void **state)
{
	static const struct {
		int64_t interval;
		int growth, step;
	} rows[] = {
		{ RUN, 0, 400 },
		{ RUN, 0, 20 },
		{ RUN, 0, -400 },
		{ RUN, 10, 5000 },
		{ RUN, -2, 300 },
		{ RUN, 10, -300 },
		{ MINUTE, 0, 400 },
		{ MINUTE, 0, 20 },
		{ MINUTE, 0, -400 },
		{ MINUTE, 10, 5000 },
		{ MINUTE, -2, 300 },
		{ MINUTE / 2, 4, 100 },
	};
	struct trend t;
	int64_t at, value;
	double rate;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.n = 0;
		value = 1000;
		for (k = 0; k < 24; k++) {
			at = (int64_t)k * rows[i].interval;
			if (k != 0)
				value += rows[i].growth * rows[i].interval /
				    MINUTE;
			if (k == 12)
				value += rows[i].step;
			if (run(&t, sample(at, value), &rate) &&
			    fabs(rate - rows[i].growth) > 1e-9)
				fail_msg("row %zu, run %zu: %.12g", i, k, rate);
		}
		assert_int_equal(t.n, rows[i].interval == RUN ? 13 : 24);
	}
}

/*
 * Values a minute apart, the last is now, that are no step: all of it is
 * growth, within a tenth of what is wanted.
 */
static void
test_no_step(void **state)
{
	static const struct {
		const char *what;
		size_t n;
		int v[6];
		double low, high;
	} rows[] = {
		{ "growth with noise", 6, { 100, 144, 191, 230, 281, 325 }, 44,
		    46 },
		{ "one in five minutes", 6, { 7, 7, 7, 8, 8, 8 }, 0.1, 0.4 },
		{ "less than a step", 6, { 100, 100, 100, 119, 119, 119 }, 4,
		    20 },
		{ "a flood, a minute old", 6, { 100, 100, 100, 100, 100, 190 },
		    0, 0 },
		{ "a flood, three minutes old", 6,
		    { 100, 100, 100, 190, 280, 370 }, 54, 90 },
		{ "a flood that gains, three minutes old", 6,
		    { 100, 101, 100, 150, 250, 450 }, 50, 130 },
		{ "a flood that gains, two minutes old", 6,
		    { 100, 100, 100, 100, 200, 350 }, 30, 40 },
		{ "two changes tell no usual slope", 3, { 100, 100, 400 }, 100,
		    200 },
	};
	struct trend t;
	double rate;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.n = 0;
		rate = -42;
		for (k = 0; k < rows[i].n; k++)
			run(&t, sample((int64_t)k * MINUTE, rows[i].v[k]),
			    &rate);
		if (rate < rows[i].low || rate > rows[i].high)
			fail_msg("%s: %.12g", rows[i].what, rate);
	}
}

/* Quiet for an hour, then 90 a minute: known within three runs. */
static void
test_flood(void **state)
{
	struct trend t = { .n = 0 };
	int64_t at = 0, value = 100;
	double rate;
	int i;

	(void)state;
	assert_false(run(&t, sample(at, value), &rate));
	for (i = 0; i < 12; i++) {
		at += RUN;
		assert_true(run(&t, sample(at, value), &rate));
		assert_near(rate, 0);
	}
	for (i = 0; i < 3; i++) {
		at += RUN;
		value += 450;
		assert_true(run(&t, sample(at, value), &rate));
	}
	assert_near(rate, 90);
	/* The flush ends it; the first rate after that is of new mail. */
	at += RUN;
	assert_false(run(&t, sample(at, 0), &rate));
	assert_int_equal(t.n, 1);
	at += RUN;
	assert_true(run(&t, sample(at, 25), &rate));
	assert_near(rate, 5);
}

/*
 * The history is of 0, 5 and 10 minutes, and grows by 100 a minute: what is no
 * newer than the last sample changes neither it nor the rate.
 */
static void
test_take_old(void **state)
{
	static const struct {
		const char *what;
		int64_t wall, mono, value;
		bool old;
	} rows[] = {
		/* clang-format off */
		{ "the same", 600, 10 * MINUTE, 1000, true },
		{ "the same, its age rounded down", 600, 10 * MINUTE + 999,
		  1000, true },
		{ "the same, its age rounded up", 600, 10 * MINUTE - 999, 1000,
		  true },
		{ "the same, a second ticked", 601, 10 * MINUTE + 20, 1000,
		  true },
		{ "the same, of a clock that is ahead", 600,
		  10 * MINUTE + 59000, 1000, true },
		{ "an older one", 570, 10 * MINUTE - 30000, 0, true },
		{ "a much older one", 300, 5 * MINUTE, 0, true },
		{ "a newer one", 616, 10 * MINUTE + 16000, 1000, false },
		{ "a boot", 700, 1000, 1000, false },
		{ "the clock was put back", 590, 10 * MINUTE + 999, 1000,
		  false },
		{ "the clock was put forward", 606, 10 * MINUTE, 1000, false },
		{ "it was put back by more than an hour", 600 - 3601,
		  10 * MINUTE - 3601000, 1000, false },
		/* clang-format on */
	};
	struct trend before, t;
	struct trend_sample now;
	double rate;
	size_t i;
	bool old;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		t.v[0] = sample(0, 1000);
		t.v[1] = sample(RUN, 1500);
		t.v[2] = sample(2 * RUN, 2000);
		t.n = 3;
		before = t;
		now = (struct trend_sample){ WALL + rows[i].wall, rows[i].mono,
			rows[i].value };
		rate = 0;
		old = trend_take(&t, &now, &rate) && t.n == 3 &&
		    memcmp(t.v, before.v, 3 * sizeof(*t.v)) == 0 &&
		    fabs(rate - 100) < 1e-9;
		if (old != rows[i].old)
			fail_msg("%s", rows[i].what);
	}
	/* One sample tells no rate, however often it comes. */
	t.v[0] = sample(0, 1000);
	t.n = 1;
	assert_false(trend_take(&t, &t.v[0], &rate));
	assert_int_equal(t.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_old),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_prune_now),
		cmocka_unit_test(test_prune_middle),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_rate_too_short),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_one_odd_sample),
		cmocka_unit_test(test_one_odd_sample_in_an_hour),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_no_step),
		cmocka_unit_test(test_flood),
	};

	return UNIT_RUN(tests);
}
