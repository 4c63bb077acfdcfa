/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_elders.c - the oldest of many messages, by name, in bounded memory */
#include <stdio.h>

#include "unit.h"

#include "look/elders.h"

/* Ages 0 to n - 1, each once, in an order that is none. */
static void
add(struct elders *e, const struct queue_dir *dir, int64_t n)
{
	char name[LISTER_NAME];
	int64_t i, age;

	elders_init(e);
	for (i = 0; i < n; i++) {
		age = i * 7919 % n;
		snprintf(name, sizeof(name), "qf%06lld", (long long)age);
		elders_add(e, name, dir, NULL, age);
	}
	elders_sort(e);
}

static void
test_oldest(void **state)
{
	static const struct {
		int64_t n;
		size_t kept;
		int64_t next;
	} rows[] = {
		{ 0, 0, -1 },
		{ 1, 1, -1 },
		{ 63, 63, -1 },
		{ ELDERS_MAX, ELDERS_MAX, -1 },
		{ ELDERS_MAX + 1, ELDERS_MAX, 0 },
		{ 1000, ELDERS_MAX, 1000 - ELDERS_MAX - 1 },
		{ 100000, ELDERS_MAX, 100000 - ELDERS_MAX - 1 },
	};
	static const struct queue_dir dir;
	char name[LISTER_NAME];
	struct elders e;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		add(&e, &dir, rows[i].n);
		assert_int_equal(e.n, rows[i].kept);
		assert_int_equal(e.next, rows[i].next);
		for (k = 0; k < e.n; k++) {
			assert_int_equal(e.v[k].age,
			    rows[i].n - 1 - (int64_t)k);
			snprintf(name, sizeof(name), "qf%06lld",
			    (long long)e.v[k].age);
			assert_string_equal(e.v[k].name, name);
			assert_ptr_equal(e.v[k].dir, &dir);
		}
	}
}

/* Of equal ones any are kept, and the next is as old. */
static void
test_equal(void **state)
{
	struct elders e;
	int i;

	(void)state;
	elders_init(&e);
	for (i = 0; i < ELDERS_MAX + 1; i++)
		elders_add(&e, "a", NULL, NULL, 5);
	elders_sort(&e);
	assert_int_equal(e.n, ELDERS_MAX);
	assert_int_equal(e.next, 5);
	assert_string_equal(e.v[0].name, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oldest),
		cmocka_unit_test(test_equal),
	};

	return UNIT_RUN(tests);
}
