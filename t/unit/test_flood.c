/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_flood.c - the rule by which one relay holds too much of a queue */
#include "unit.h"

#include "count/flood.h"

#define EXPECTED "expected COUNT,SHARE% like 100,10%, or one of them"

static void
test_parse(void **state)
{
	static const struct {
		const char *text, *shown, *why;
	} rows[] = {
		{ "100,10%", "100,10%", NULL },
		{ "0,0%", "0,0%", NULL },
		{ "300", "300,0%", NULL },
		{ "30%", "0,30%", NULL },
		{ "5,0.5%", "5,0.5%", NULL },
		{ "5,100%", "5,100%", NULL },
		{ "", NULL, EXPECTED },
		{ "%", NULL, EXPECTED },
		{ "100,", NULL, EXPECTED },
		{ ",10%", NULL, EXPECTED },
		{ "100,10", NULL, EXPECTED },
		{ "100,%", NULL, EXPECTED },
		{ "100 ,10%", NULL, EXPECTED },
		{ "100,10%%", NULL, EXPECTED },
		{ "100,10%,5", NULL, EXPECTED },
		{ "-1", NULL, EXPECTED },
		{ "1.5", NULL, EXPECTED },
		{ "1,101%", NULL, "a share is from 0% to 100%" },
		{ "1,-1%", NULL, "a share is from 0% to 100%" },
	};
	struct flood_rule rule;
	struct buf shown = BUF_INIT;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		rule = (struct flood_rule){ 77, 0.77 };
		why = NULL;
		buf_truncate(&shown, 0);
		if (flood_parse(&rule, rows[i].text, &why) == 0)
			flood_add_rule(&shown, &rule);
		else
			assert_true(rule.count == 77 && why != NULL);
		assert_int_equal(shown.len == 0, rows[i].why != NULL);
		unit_assert_text(why, rows[i].why, rows[i].text);
		unit_assert_text(why == NULL ? buf_str(&shown) : NULL,
		    rows[i].shown, rows[i].text);
	}
	buf_free(&shown);
}

/* More than 100, or more than 10% once the total is over 1000. */
static void
test_edges(void **state)
{
	static const struct {
		uint64_t total, count;
		enum flood_verdict verdict;
	} rows[] = {
		/* clang-format off */
		{ 100, 100, FLOOD_NO }, { 101, 101, FLOOD_YES },
		{ 1000, 100, FLOOD_NO }, { 1000, 101, FLOOD_YES },
		/* 10% of 1001 is 100.1. */
		{ 1001, 100, FLOOD_NO }, { 1001, 101, FLOOD_YES },
		{ 1010, 101, FLOOD_NO }, { 1010, 102, FLOOD_YES },
		{ 5000, 500, FLOOD_NO }, { 5000, 501, FLOOD_YES },
		{ 500000, 50000, FLOOD_NO }, { 500000, 50001, FLOOD_YES },
		{ 0, 0, FLOOD_NO },
		/* clang-format on */
	};
	static const struct flood_rule rule = FLOOD_WARNING;
	struct sample_estimate e = { .value = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e.value = e.low = e.high = (double)rows[i].count;
		assert_int_equal(flood_judge(&rule, &e, rows[i].total),
		    rows[i].verdict);
	}
}

/* Is there a queue in which a flood is a WARNING? */
static void
test_shadowed(void **state)
{
	static const struct {
		const char *warning, *critical;
		bool want;
	} rows[] = {
		{ "100,10%", "300,30%", false },
		{ "300,30%", "100,10%", true },
		{ "100,30%", "100,10%", true },
		{ "300,10%", "100,10%", true },
		/* In a large one, or in a small one. */
		{ "300,10%", "100,30%", false },
		{ "100,30%", "300,10%", false },
		{ "100,10%", "100,10%", false },
	};
	struct flood_rule warning, critical;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(flood_parse(&warning, rows[i].warning, &why),
		    0);
		assert_int_equal(flood_parse(&critical, rows[i].critical, &why),
		    0);
		assert_int_equal(flood_is_shadowed(&warning, &critical),
		    rows[i].want);
	}
}

/* A state is claimed only where it is proven, whatever the interval. */
static void
test_doubt(void **state)
{
	static const struct flood_rule rule = { 100, 0 };
	static const struct {
		uint64_t hits, read, total;
		enum flood_verdict verdict;
	} rows[] = {
		{ 0, 400, 500, FLOOD_NO },
		{ 70, 400, 500, FLOOD_NO },
		{ 80, 400, 500, FLOOD_DOUBT },
		{ 90, 400, 500, FLOOD_YES },
		{ 101, 400, 500, FLOOD_YES },
		/* The interval begins at 138. */
		{ 6, 4096, 300000, FLOOD_DOUBT },
		{ 9, 4096, 300000, FLOOD_DOUBT },
		{ 10, 4096, 300000, FLOOD_YES },
		{ 0, 0, 500, FLOOD_DOUBT },
		{ 0, 0, 100, FLOOD_NO },
	};
	struct sample_estimate e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = sample_scale(rows[i].hits, rows[i].read, rows[i].total);
		if (flood_judge(&rule, &e, rows[i].total) != rows[i].verdict)
			fail_msg("row %zu: between %.0f and %.0f", i, e.low,
			    e.high);
	}
}

/* What two rules say together, and which of them is open. */
static void
test_level(void **state)
{
	static const struct flood_rule warning = FLOOD_WARNING;
	static const struct flood_rule critical = FLOOD_CRITICAL;
	static const struct {
		uint64_t hits, read, total;
		enum flood_level level;
		const struct flood_rule *doubt;
	} rows[] = {
		{ 100, 500, 500, FLOOD_LEVEL_OK, NULL },
		{ 101, 500, 500, FLOOD_LEVEL_WARNING, NULL },
		{ 300, 500, 500, FLOOD_LEVEL_WARNING, NULL },
		{ 301, 500, 500, FLOOD_LEVEL_CRITICAL, NULL },
		{ 0, 0, 0, FLOOD_LEVEL_OK, NULL },
		{ 105, 1000, 10000, FLOOD_LEVEL_OK, &warning },
		{ 310, 1000, 10000, FLOOD_LEVEL_WARNING, &critical },
		{ 600, 1000, 10000, FLOOD_LEVEL_CRITICAL, NULL },
		{ 200, 1000, 10000, FLOOD_LEVEL_WARNING, NULL },
		{ 20, 1000, 10000, FLOOD_LEVEL_OK, NULL },
		/* Both are open: the worse is told. */
		{ 2, 10, 10000, FLOOD_LEVEL_OK, &critical },
	};
	const struct flood_rule half = { 0, 0.5 }, ten = { 10, 0 };
	const struct flood_rule *doubt;
	struct sample_estimate e;
	enum flood_level level;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = sample_scale(rows[i].hits, rows[i].read, rows[i].total);
		level = flood_level(&warning, &critical, &e, rows[i].total,
		    &doubt);
		if (level != rows[i].level || doubt != rows[i].doubt)
			fail_msg("row %zu: %d", i, (int)level);
	}
	/* What is claimed leaves nothing open, whatever the milder rule is. */
	e = sample_scale(500, 1000, 10000);
	assert_int_equal(flood_level(&half, &ten, &e, 10000, &doubt),
	    FLOOD_LEVEL_CRITICAL);
	assert_null(doubt);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_shadowed),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_level),
	};

	return UNIT_RUN(tests);
}
