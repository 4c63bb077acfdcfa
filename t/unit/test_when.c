/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_when.c - the time of day, a steady clock, and a deadline */
#include <time.h>

#include "unit.h"

#include "base/when.h"

struct hands {
	int64_t wall, mono;
};

static int64_t
hands_wall(void *arg)
{
	return ((struct hands *)arg)->wall;
}

static int64_t
hands_mono(void *arg)
{
	return ((struct hands *)arg)->mono;
}

static void
test_injected(void **state)
{
	struct hands hands = { 1795342500, 86400123 };
	const struct when_clock c = { hands_wall, hands_mono, &hands };

	(void)state;
	assert_true(when_wall(&c) == 1795342500);
	assert_true(when_mono(&c) == 86400123);
	hands.wall = -1;
	hands.mono = 0;
	assert_true(when_wall(&c) == -1);
	assert_true(when_mono(&c) == 0);
}

static void
test_deadline(void **state)
{
	static const struct {
		int64_t start, ms, now;
		bool passed;
	} rows[] = {
		{ 5000, 2000, 5000, false },
		{ 5000, 2000, 6999, false },
		{ 5000, 2000, 7000, true },
		{ 5000, 2000, 7001, true },
		{ 0, 1, 0, false },
		{ 0, 1, 1, true },
		{ 5000, 0, 5000, true },
		{ 5000, -1, 5000, true },
		{ 0, INT64_C(10000000000), INT64_C(9999999999), false },
		{ 0, INT64_C(10000000000), INT64_C(10000000000), true },
	};
	/* The time of day may jump: a deadline does not look at it. */
	static const int64_t walls[] = { 0, 1795342500, INT64_MAX };
	struct hands hands;
	const struct when_clock c = { hands_wall, hands_mono, &hands };
	struct when_deadline d;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		hands = (struct hands){ 1795342500, rows[i].start };
		d = when_after(&c, rows[i].ms);
		assert_ptr_equal(d.clock, &c);
		assert_true(d.at == rows[i].start + rows[i].ms);
		hands.mono = rows[i].now;
		for (k = 0; k < ROWS(walls); k++) {
			hands.wall = walls[k];
			assert_int_equal(when_passed(&d), rows[i].passed);
			assert_true(when_left(&d) ==
			    (rows[i].passed ?
				    0 :
				    rows[i].start + rows[i].ms - rows[i].now));
		}
	}
}

static void
test_system(void **state)
{
	time_t before = time(NULL), after;
	struct when_deadline d;
	int64_t wall, mono, old;
	struct timespec ts;
	int i;

	(void)state;
	wall = when_wall(&when_system);
	after = time(NULL);
	assert_true(wall >= before && wall <= after);

	/* Milliseconds of the monotonic clock, never backwards. */
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &ts), 0);
	old = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	for (i = 0; i < 1000; i++) {
		mono = when_mono(&when_system);
		assert_true(mono >= old);
		old = mono;
	}
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &ts), 0);
	assert_true(old <= (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);

	d = when_after(&when_system, 3600000);
	assert_false(when_passed(&d));
	d = when_after(&when_system, 0);
	assert_true(when_passed(&d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_injected),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_system),
	};

	return UNIT_RUN(tests);
}
