/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_flood_answers.c - how many answers from samples claim what is not so
 *
 * Whole queues are made up, of which a sample is drawn again and again.  An
 * answer is wrong if it says of one relay, whichever, what is not so.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "unit.h"

#include "count/flood.h"

#define READ    4096
#define ANSWERS 400
#define ALLOWED 10 /* 2.5% of them */

/* A queue: groups of the same size, and all others have a group each. */
static const struct shape {
	const char *what;
	size_t groups, size, total;
	struct flood_rule warning, critical;
	unsigned int wrong; /* answers, with this seed */
} shapes[] = {
	{ "one at the limit", 1, 1000, 10000, FLOOD_WARNING, FLOOD_CRITICAL,
	    0 },
	{ "9 of 9.95%", 9, 9950, 100000, FLOOD_WARNING, FLOOD_CRITICAL, 6 },
	{ "3 at the critical limit", 3, 6000, 20000, FLOOD_WARNING,
	    FLOOD_CRITICAL, 5 },
	{ "2000 of 90", 2000, 90, 180000, { 100, 0 }, FLOOD_CRITICAL, 1 },
	{ "5000 of 60", 5000, 60, 300000, { 100, 0 }, FLOOD_CRITICAL, 0 },
	{ "20000 of 20", 20000, 20, 400000, { 100, 0 }, FLOOD_CRITICAL, 0 },
	{ "two limits", 2000, 100, 200000, { 100, 0 }, { 101, 0 }, 5 },
};

/* SplitMix64; below n. */
static size_t
draw(uint64_t *state, size_t n)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (size_t)(((z ^ z >> 31) >> 32) * n >> 32);
}

/* Moves READ messages, drawn at random, to the front. */
static void
shuffle(uint32_t *queue, size_t n, uint64_t *state)
{
	uint32_t t;
	size_t i, k;

	for (i = 0; i < READ; i++) {
		k = i + draw(state, n - i);
		t = queue[i];
		queue[i] = queue[k];
		queue[k] = t;
	}
}

/* 0, 1, 2: what is claimed of a group. */
static int
claimed(const struct shape *s, const struct sample_estimate *e, uint64_t total)
{
	if (flood_judge(&s->critical, e, total) == FLOOD_YES)
		return 2;
	return flood_judge(&s->warning, e, total) == FLOOD_YES;
}

/* What there is to claim, had all been read. */
static int
truth(const struct shape *s, uint64_t total)
{
	struct sample_estimate e = sample_scale(s->size, s->total, s->total);

	return claimed(s, &e, total);
}

/* Which group each message is of. */
static uint32_t *
make_queue(const struct shape *s)
{
	uint32_t *queue = calloc(s->total, sizeof(*queue));
	size_t i;

	assert_non_null(queue);
	for (i = 0; i < s->total; i++)
		queue[i] = (uint32_t)(i < s->groups * s->size ? i / s->size :
								s->groups);
	return queue;
}

static void
count_hits(const uint32_t *queue, uint64_t *hits, size_t groups)
{
	size_t i;

	for (i = 0; i <= groups; i++)
		hits[i] = 0;
	for (i = 0; i < READ; i++)
		hits[queue[i]]++;
}

static bool
answer_is_wrong(const struct shape *s, const uint32_t *queue, uint64_t *hits)
{
	struct sample_estimate e;
	size_t i;

	count_hits(queue, hits, s->groups);
	for (i = 0; i < s->groups; i++) {
		if (hits[i] == 0)
			continue;
		e = sample_scale(hits[i], READ, s->total);
		if (claimed(s, &e, s->total) > truth(s, s->total))
			return true;
	}
	return false;
}

static void
test_wrong_answers(void **state)
{
	uint64_t seed = 2026, *hits;
	uint32_t *queue;
	unsigned int i, k, wrong;

	(void)state;
	for (i = 0; i < ROWS(shapes); i++) {
		queue = make_queue(&shapes[i]);
		hits = calloc(shapes[i].groups + 1, sizeof(*hits));
		assert_non_null(hits);
		for (k = wrong = 0; k < ANSWERS; k++) {
			shuffle(queue, shapes[i].total, &seed);
			wrong += answer_is_wrong(&shapes[i], queue, hits);
		}
		if (wrong > ALLOWED || wrong != shapes[i].wrong)
			fail_msg("%s: %u of %d answers are wrong",
			    shapes[i].what, wrong, ANSWERS);
		free(queue);
		free(hits);
	}
}

/* The fewest hits that are a proof. */
static uint64_t
needed(uint64_t read, uint64_t total, double limit, unsigned int keys)
{
	struct sample_estimate e;
	uint64_t hits;

	for (hits = 1; hits <= read; hits++) {
		e = sample_scale(hits, read, total);
		e.keys = keys;
		if (sample_proves(&e, limit))
			return hits;
	}
	return 0;
}

/* The same by arithmetic: a queue full of groups of any one size. */
static void
test_every_size(void **state)
{
	static const struct {
		uint64_t read, total, limit;
		unsigned int keys;
	} rows[] = {
		{ 4096, 300000, 100, 1 },
		{ 4096, 300000, 30000, 1 },
		{ 4096, 10000, 1000, 1 },
		{ 10, 5000, 500, 1 },
		{ 300, 5000, 1, 1 },
		{ 4096, 300000, 30000, 64 },
	};
	uint64_t hits, size;
	double wrong;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		hits = needed(rows[i].read, rows[i].total,
		    (double)rows[i].limit, rows[i].keys);
		assert_int_not_equal(hits, 0);
		for (size = 1; size <= rows[i].limit; size += size / 20 + 1) {
			wrong = sample_chance((double)hits,
				    (double)rows[i].read, (double)size,
				    (double)rows[i].total) *
			    (double)rows[i].total * rows[i].keys / (double)size;
			if (wrong > 0.025)
				fail_msg("row %zu: %.3g of the answers with"
					 " groups of %" PRIu64 " are wrong",
				    i, wrong, size);
		}
	}
}

/* How often a flood of this share is missed, with 4096 of 300000 read. */
static double
missed(const struct flood_rule *rule, double share)
{
	const double total = 300000;
	uint64_t hits = needed(READ, (uint64_t)total,
	    flood_limit(rule, (uint64_t)total), 1);

	return sample_chance((double)(READ - hits + 1), READ,
	    total - share * total, total);
}

/* What check_relayflood(8) says of it: SAMPLES. */
static void
test_power(void **state)
{
	static const struct flood_rule warning = FLOOD_WARNING;
	static const struct flood_rule critical = FLOOD_CRITICAL;

	(void)state;
	assert_int_equal(needed(READ, 300000, 30000, 1), 465);
	assert_int_equal(needed(READ, 300000, 90000, 1), 1301);
	/* 30% is a warning, and never missed. */
	assert_true(missed(&warning, 0.30) < 1e-100);
	assert_float_equal(missed(&warning, 0.12), 0.0947, 0.0001);
	assert_float_equal(missed(&warning, 0.125), 0.0112, 0.0001);
	assert_float_equal(missed(&critical, 0.33), 0.0431, 0.0001);
	assert_float_equal(missed(&critical, 0.34), 0.00105, 0.00001);
}

/* Two servers of which samples were drawn, of different weight. */
static void
test_summed(void **state)
{
	static const struct shape here = { "", 5000, 60, 300000, { 100, 0 },
		FLOOD_CRITICAL, 0 };
	static const struct shape there = { "", 5000, 20, 100000, { 100, 0 },
		FLOOD_CRITICAL, 0 };
	uint32_t *one = make_queue(&here), *two = make_queue(&there);
	uint64_t hits[2][5001], seed = 7;
	const double heavy = 300000.0 / READ, light = 100000.0 / READ;
	struct sample_estimate e = { .value = 0 };
	unsigned int i, k, wrong = 0;
	int worst;

	(void)state;
	for (k = 0; k < ANSWERS / 2; k++) {
		shuffle(one, here.total, &seed);
		shuffle(two, there.total, &seed);
		count_hits(one, hits[0], here.groups);
		count_hits(two, hits[1], there.groups);
		for (i = 0, worst = 0; i < here.groups; i++) {
			e.drawn = e.value = (double)hits[0][i] * heavy +
			    (double)hits[1][i] * light;
			e.low = e.high = e.value;
			e.weight = heavy;
			e.population = 400000;
			if (claimed(&here, &e, 400000) > worst)
				worst = claimed(&here, &e, 400000);
		}
		wrong += worst != 0;
	}
	assert_int_equal(wrong, 0);
	free(one);
	free(two);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_answers),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_summed),
	};

	return UNIT_RUN(tests);
}
