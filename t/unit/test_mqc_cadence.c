/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_cadence.c - rounds on time, late, early and missed */
#include "tools/mqc/cadence.h"
#include "unit.h"

#define START    INT64_C(7000)
#define INTERVAL INT64_C(1000)

static void
test_next(void **state)
{
	static const struct {
		int64_t round, now; /* that ran, and when it ended */
		int64_t next, wait;
	} rows[] = {
		{ 0, 7000, 1, 1000 }, /* took no time */
		{ 0, 7667, 1, 333 },  /* hosts that hang take two thirds */
		{ 1, 8667, 2, 333 },  /* ... of each round, which adds up to */
		{ 5, 12667, 6, 333 }, /* nothing */
		{ 0, 7999, 1, 1 },
		{ 1, 7999, 2, 1001 }, /* began a moment early */
		{ 0, 8000, 2, 1000 }, /* ended when the next was due */
		{ 0, 8900, 2, 100 },
		{ 3, 99500, 93, 500 }, /* the machine slept */
	};
	size_t i;
	int64_t next;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		next = mqc_cadence_next(START, INTERVAL, rows[i].round,
		    rows[i].now);
		assert_int_equal(next, rows[i].next);
		assert_int_equal(mqc_cadence_wait(START, INTERVAL, next,
				     rows[i].now),
		    rows[i].wait);
	}
	assert_int_equal(mqc_cadence_wait(START, INTERVAL, 1, 8001), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
	};

	return UNIT_RUN(tests);
}
