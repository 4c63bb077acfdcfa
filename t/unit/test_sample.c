/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sample.c - what a fair sample says, and whether the draw is fair */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "base/hash.h"
#include "count/sample.h"
#include "look/draw.h"

static void
test_scale(void **state)
{
	static const struct {
		uint64_t hits, read, total;
		double value, low, high;
	} rows[] = {
		/* All was read. */
		{ 5, 10, 10, 5, 5, 5 },
		{ 0, 0, 0, 0, 0, 0 },
		/* Nothing was. */
		{ 0, 0, 500, 0, 0, 500 },
		/* Wilson, for a population so large that it is as infinite. */
		{ 30, 100, 1000000000, 300000000, 218948000, 395852000 },
		{ 0, 100, 1000000000, 0, 0, 36994000 },
		/* Half of all: nearer by a factor of sqrt(2). */
		{ 30, 100, 200, 60, 48, 74 },
		/* What was read is certain. */
		{ 99, 100, 101, 99.99, 99, 100 },
		{ 1, 100, 101, 1.01, 1, 2 },
	};
	struct sample_estimate e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = sample_scale(rows[i].hits, rows[i].read, rows[i].total);
		if (e.value < rows[i].value * 0.9999 ||
		    e.value > rows[i].value * 1.0001 ||
		    e.low < rows[i].low * 0.9999 ||
		    e.low > rows[i].low * 1.0001 ||
		    e.high < rows[i].high * 0.9999 ||
		    e.high > rows[i].high * 1.0001)
			fail_msg("row %zu: %.2f, %.2f to %.2f", i, e.value,
			    e.low, e.high);
	}
}

/* Known values: fractions of whole numbers, by another program. */
static void
test_chance(void **state)
{
	static const struct {
		double hits, read, some, total, chance;
	} rows[] = {
		{ 1, 1, 1, 2, 0.5 },
		{ 2, 2, 3, 10, 0.0666666667 },
		{ 5, 10, 20, 100, 0.0254645464 },
		{ 3, 3, 100, 1000, 0.000973117406 },
		{ 9, 4096, 100, 300000, 1.01842864e-05 },
		{ 20, 4096, 100, 300000, 9.16183309e-18 },
		{ 480, 4096, 1000, 10000, 1.23631557e-06 },
		{ 51, 4096, 900, 100000, 0.0135364941 },
		{ 50, 100, 50, 1000, 1.06645273e-56 },
		/* Impossible, and certain. */
		{ 60, 100, 50, 1000, 0 },
		{ 101, 100, 500, 1000, 0 },
		{ 1, 10, 0, 1000, 0 },
		{ 0, 10, 5, 1000, 1 },
		{ 8, 10, 998, 1000, 1 },
		/* No more than is expected. */
		{ 1, 10, 5, 1000, 1 },
		{ 10, 1000, 10, 1000, 1 },
	};
	double chance;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		chance = sample_chance(rows[i].hits, rows[i].read, rows[i].some,
		    rows[i].total);
		if (fabs(chance - rows[i].chance) > 1e-7 * rows[i].chance)
			fail_msg("row %zu: %.9g", i, chance);
	}
	/* exp(5 - 2 - 5 * log(2.5)) */
	assert_float_equal(sample_chance_summed(50, 10, 20), 0.205675, 1e-6);
	assert_float_equal(sample_chance_summed(29, 10, 20), 1, 0);
	assert_float_equal(sample_chance_summed(10, 10, 0), 0, 0);
}

/* What was counted needs no proof; what was drawn does. */
static const struct {
	struct sample_estimate e;
	double limit;
	bool proven;
} proofs[] = {
	{ { .value = 100 }, 100, false },
	{ { .value = 100 }, 100.5, false },
	{ { .value = 101 }, 100.5, true },
	{ { .value = 0 }, 0, false },
	/* One hit is one. */
	{ { .value = 75,
	      .drawn = 75,
	      .weight = 75,
	      .read = 4096,
	      .population = 300000 },
	    0, true },
	{ { .value = 75, .drawn = 75, .weight = 75, .population = 300000 }, 0,
	    true },
	/* 600 of 3000 read, of 30000: 20%. */
	{ { .value = 6000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000 },
	    5400, true },
	{ { .value = 6000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000 },
	    5500, false },
	{ { .value = 6000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000,
	      .keys = 64 },
	    5400, false },
	/* The same of several samples: Chernoff's bound is wider. */
	{ { .value = 6000, .drawn = 6000, .weight = 10, .population = 30000 },
	    5300, false },
	{ { .value = 6000, .drawn = 6000, .weight = 10, .population = 30000 },
	    5200, true },
	/* 1000 more were counted. */
	{ { .value = 7000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000 },
	    6400, true },
	{ { .value = 7000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000 },
	    6500, false },
	{ { .value = 7000,
	      .drawn = 6000,
	      .weight = 10,
	      .read = 3000,
	      .population = 30000 },
	    999, true },
};

static void
test_proves(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(proofs); i++)
		if (sample_proves(&proofs[i].e, proofs[i].limit) !=
		    proofs[i].proven)
			fail_msg("row %zu", i);
}

#define QUEUES 200
#define SIZE   20000

/* The name of message i: old ones come first, as on many file systems. */
static void
make_entry(struct lister_entry *e, unsigned int i, uint64_t seed)
{
	snprintf(e->name, sizeof(e->name), "qf6AMJ%c%c%08u",
	    'a' + (int)(i / 1000 % 26), 'A' + (int)(i / 26000 % 26), i);
	e->hash = hash_bytes(e->name + 2, strlen(e->name + 2), seed);
}

/*
 * One queue in which the flooder's messages are the last tenth, of which as
 * many names are read as there was time for.  Does the interval hold them?
 */
static bool
is_held(uint64_t seed)
{
	const unsigned int first = SIZE - SIZE / 10;
	struct lister_entry e = { .state = MTA_QUEUED };
	struct sample_estimate estimate;
	unsigned int i, number;
	uint64_t hits = 0, read = 300 + seed % 50 * 70;
	const char *s;
	struct draw d;

	assert_int_equal(draw_init(&d), 0);
	for (i = 0; i < SIZE; i++) {
		make_entry(&e, i, seed);
		draw_offer(&d, NULL, &e);
	}
	draw_sort(&d);
	assert_int_equal(d.n, DRAW_MAX);
	for (i = 0; i < read; i++) {
		assert_true(i == 0 ||
		    d.v[i - 1].entry.hash < d.v[i].entry.hash);
		number = 0;
		for (s = d.v[i].entry.name + 8; *s != '\0'; s++)
			number = number * 10 + (unsigned int)(*s - '0');
		hits += number >= first;
	}
	draw_free(&d);
	estimate = sample_scale(hits, read, SIZE);
	return estimate.low <= SIZE / 10.0 && estimate.high >= SIZE / 10.0;
}

/* 95% of 200 are 190; under 180 would be a wonder, or a fault. */
static void
test_coverage(void **state)
{
	unsigned int held = 0;
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < QUEUES; seed++)
		held += is_held(seed);
	assert_in_range(held, QUEUES * 90 / 100, QUEUES);
	/* An interval that always holds the truth is too wide. */
	assert_in_range(held, 0, QUEUES - 1);
}

static void
test_draw_few(void **state)
{
	struct lister_entry e = { .state = MTA_QUEUED };
	struct draw d;
	unsigned int i;

	(void)state;
	assert_int_equal(draw_init(&d), 0);
	draw_sort(&d);
	for (i = 0; i < 3; i++) {
		e.hash = 10 - i;
		draw_offer(&d, NULL, &e);
	}
	draw_sort(&d);
	assert_int_equal(d.n, 3);
	assert_int_equal(d.v[0].entry.hash, 8);
	assert_int_equal(d.v[2].entry.hash, 10);
	draw_free(&d);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scale),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_proves),
		cmocka_unit_test(test_draw_few),
		cmocka_unit_test(test_coverage),
	};

	return UNIT_RUN(tests);
}
