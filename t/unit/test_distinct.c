/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_distinct.c - how many different values were seen */
#include "unit.h"

#include "base/hash.h"
#include "count/distinct.h"

/* Adds the values first, first + 1 ... each one twice. */
static void
add(struct distinct *d, uint64_t first, uint64_t n)
{
	uint64_t i;

	for (i = first; i < first + n; i++) {
		distinct_add(d, hash_bytes(&i, sizeof(i), 1));
		distinct_add(d, hash_bytes(&i, sizeof(i), 1));
	}
}

static void
test_exact(void **state)
{
	static const uint64_t rows[] = { 0, 1, 2, 63, DISTINCT_MAX };
	struct distinct d;
	bool exact;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		d = (struct distinct){ .n = 0 };
		add(&d, 0, rows[i]);
		add(&d, 0, rows[i]);
		assert_int_equal(distinct_count(&d, &exact), rows[i]);
		assert_true(exact);
	}
}

/* Three standard errors are 38%. */
static void
test_estimate(void **state)
{
	static const uint64_t rows[] = { 100, 1000, 100000 };
	struct distinct d;
	uint64_t n;
	bool exact;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		d = (struct distinct){ .n = 0 };
		add(&d, 0, rows[i]);
		n = distinct_count(&d, &exact);
		assert_false(exact);
		assert_in_range(n, rows[i] * 62 / 100, rows[i] * 138 / 100);
	}
}

/* One more than fits is an estimate, also when it comes by merging. */
static void
test_merge(void **state)
{
	struct distinct a = { .n = 0 }, b = { .n = 0 }, all = { .n = 0 };
	bool exact;

	(void)state;
	add(&a, 0, 40);
	add(&b, 30, 34);
	distinct_merge(&a, &b);
	assert_int_equal(distinct_count(&a, &exact), 64);
	assert_true(exact);
	add(&a, 64, 1);
	distinct_count(&a, &exact);
	assert_false(exact);

	a = (struct distinct){ .n = 0 };
	add(&a, 0, 700);
	b = (struct distinct){ .n = 0 };
	add(&b, 500, 500);
	add(&all, 0, 1000);
	distinct_merge(&a, &b);
	assert_int_equal(distinct_count(&a, &exact),
	    distinct_count(&all, &exact));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_estimate),
		cmocka_unit_test(test_merge),
	};

	return UNIT_RUN(tests);
}
