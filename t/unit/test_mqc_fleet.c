/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_fleet.c - hosts that answer, fail, age, return, and grow */
#include "fleets.h"

static const char *const names[] = { "mx1", "mx2" };

static struct mqc_column_set columns;

/* A number that nobody confirms ages, and is gone in the end; never 0. */
static void
test_ageing(void **state)
{
	static const struct {
		int64_t at;
		enum mqc_fleet_age age_class;
	} rows[] = {
		{ 30, MQC_FLEET_AGED },
		{ 300, MQC_FLEET_AGED },
		{ 301, MQC_FLEET_GONE },
		{ 9000, MQC_FLEET_GONE },
	};
	struct mqc_fleet_host *h;
	struct mqc_fleet f;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 2);
	mqc_fleet_begin(&f, FLEETS_AT(0));
	fleets_take(&f, 0, 39, 726, FLEETS_AT(0));
	mqc_fleet_fail(&f, 1, MQC_FLEET_TIMEOUT, "no report", FLEETS_AT(9));
	mqc_fleet_end(&f, FLEETS_AT(9));
	h = f.hosts;
	assert_int_equal(h[0].age_class, MQC_FLEET_FRESH);
	assert_int_equal(h[0].age, 9);
	assert_int_equal(h[1].age_class, MQC_FLEET_GONE);
	assert_int_equal(h[1].age, -1);
	assert_int_equal(h[1].delay, 9000);
	assert_int_equal(mqc_fleet_fresh(&f), 1);
	for (i = 0; i < ROWS(rows); i++) {
		mqc_fleet_begin(&f, FLEETS_AT(rows[i].at));
		mqc_fleet_fail(&f, 0, MQC_FLEET_NO_CONNECTION, "refused",
		    FLEETS_AT(rows[i].at));
		mqc_fleet_end(&f, FLEETS_AT(rows[i].at));
		assert_int_equal(h[0].age_class, rows[i].age_class);
		assert_int_equal(h[0].age, rows[i].at);
		assert_int_equal(h[0].cells[1].value.n, 726);
		/* What was not asked has not answered. */
		assert_int_equal(h[1].age_class, MQC_FLEET_GONE);
	}
	mqc_fleet_free(&f);
}

/* The scan's age counts, not that of the answer: it may be a cache's. */
static void
test_cached(void **state)
{
	struct mqc_fleet f;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	mqc_fleet_begin(&f, FLEETS_AT(91));
	mqc_fleet_take(&f, 0, "x", 1, FLEETS_AT(91));
	assert_int_equal(f.hosts[0].answer, REPORT_CUT);
	assert_int_equal(f.hosts[0].news, MQC_FLEET_FAILS);
	/* 30 s of the interval, and a minute for clocks that differ. */
	fleets_take(&f, 0, 1, 2, FLEETS_AT(1));
	mqc_fleet_end(&f, FLEETS_AT(91));
	assert_int_equal(f.hosts[0].age_class, MQC_FLEET_FRESH);
	mqc_fleet_end(&f, FLEETS_AT(92));
	assert_int_equal(f.hosts[0].age_class, MQC_FLEET_AGED);
	mqc_fleet_free(&f);
}

/* Old, future and failed reports change no number. */
static void
test_faults(void **state)
{
	static const struct {
		const char *text;
		int answer;
	} rows[] = {
		{ "", REPORT_REFUSED },
		{ "220 smtp\n", REPORT_GARBAGE },
		{ "mqreport 1\nhost h\ntime 1\ntook 1\nqueue a role=in"
		  " count=unreadable\nend\n",
		    REPORT_STALE_DATA },
		{ "mqreport 1\nhost h\ntime 9999999999\ntook 1\nqueue a"
		  " role=in count=unreadable\nend\n",
		    REPORT_FUTURE },
		{ "mqreport 1\nhost h\ntime 1\nerror none\nend\n",
		    REPORT_FAILED },
	};
	struct mqc_fleet f;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	fleets_take(&f, 0, 39, 726, FLEETS_AT(0));
	for (i = 0; i < ROWS(rows); i++) {
		mqc_fleet_begin(&f, FLEETS_AT(30));
		assert_false(mqc_fleet_take(&f, 0, rows[i].text,
		    strlen(rows[i].text), FLEETS_AT(30)));
		mqc_fleet_end(&f, FLEETS_AT(30));
		assert_int_equal(f.hosts[0].answer, rows[i].answer);
		assert_int_equal(f.hosts[0].news, MQC_FLEET_FAILS);
		assert_int_equal(f.hosts[0].age_class, MQC_FLEET_AGED);
		assert_int_equal(f.hosts[0].cells[0].value.n, 39);
	}
	mqc_fleet_free(&f);
}

/* A failure is told once, its end once, and how long it was. */
static void
test_news(void **state)
{
	struct mqc_fleet_host *h;
	struct mqc_fleet f;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	h = f.hosts;
	mqc_fleet_begin(&f, FLEETS_AT(0));
	mqc_fleet_fail(&f, 0, MQC_FLEET_TIMEOUT, "a\x1b[2Jb|c", FLEETS_AT(0));
	assert_int_equal(h->news, MQC_FLEET_FAILS);
	assert_string_equal(h->why, "a?[2Jb_c");
	mqc_fleet_begin(&f, FLEETS_AT(30));
	mqc_fleet_fail(&f, 0, MQC_FLEET_TIMEOUT, "later", FLEETS_AT(30));
	assert_int_equal(h->news, MQC_FLEET_NOTHING);
	mqc_fleet_begin(&f, FLEETS_AT(60));
	mqc_fleet_fail(&f, 0, MQC_FLEET_COMMAND, "other", FLEETS_AT(60));
	assert_int_equal(h->news, MQC_FLEET_FAILS);
	mqc_fleet_begin(&f, FLEETS_AT(90));
	fleets_take(&f, 0, 1, 2, FLEETS_AT(90));
	assert_int_equal(h->news, MQC_FLEET_RETURNS);
	assert_int_equal(h->failed_for, 90000);
	assert_string_equal(h->why, "");
	mqc_fleet_begin(&f, FLEETS_AT(120));
	fleets_lines(&f, 0, "queue a role=in count=unreadable\n",
	    FLEETS_AT(120));
	assert_int_equal(h->news, MQC_FLEET_UNREADS);
	mqc_fleet_begin(&f, FLEETS_AT(150));
	fleets_lines(&f, 0, "queue a role=in count=unreadable\n",
	    FLEETS_AT(150));
	assert_int_equal(h->news, MQC_FLEET_NOTHING);
	mqc_fleet_free(&f);
}

/* Over a limit, upwards, and not at first sight. */
static void
test_crossing(void **state)
{
	static const struct {
		unsigned int m;
		bool crossed;
	} rows[] = {
		/* clang-format off */
		{ 5000, false }, { 5000, false }, { 1200, false },
		{ 1201, true }, { 1300, false }, { 3001, true }, { 9, false },
		{ 3001, true },
		/* clang-format on */
	};
	struct mqc_fleet f;
	int64_t at;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	for (i = 0; i < ROWS(rows); i++) {
		at = 30 * (int64_t)i;
		mqc_fleet_begin(&f, FLEETS_AT(at));
		fleets_take(&f, 0, 0, rows[i].m, FLEETS_AT(at));
		assert_int_equal(f.hosts[0].crossed, rows[i].crossed);
	}
	mqc_fleet_free(&f);
}

/* 1200 in 15 minutes is 80 a minute. */
static void
test_growth(void **state)
{
	static const struct {
		unsigned int per_round;
		bool fast;
	} rows[] = { { 39, false }, { 40, true }, { 0, false } };
	struct mqc_fleet f;
	unsigned int round;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		fleets_make(&f, &columns, names, 1);
		for (round = 0; round < 5; round++) {
			/* Out of a cache: nothing new. */
			fleets_take(&f, 0, 0, 10 + round * rows[i].per_round,
			    FLEETS_AT(30 * (int64_t)round));
			fleets_take(&f, 0, 0, 10 + round * rows[i].per_round,
			    FLEETS_AT(30 * (int64_t)round));
			if (round < 2)
				assert_false(f.hosts[0].cells[1].fast);
		}
		assert_int_equal(f.hosts[0].cells[1].fast, rows[i].fast);
		assert_false(f.hosts[0].cells[0].fast);
		mqc_fleet_free(&f);
	}
}

static void
test_names(void **state)
{
	struct mqc_fleet f;
	int i;

	(void)state;
	for (i = 0; i <= MQC_FLEET_NOT_ASKED; i++)
		assert_int_equal(
		    mqc_fleet_answer_parse(mqc_fleet_answer_name(i)), i);
	assert_int_equal(mqc_fleet_answer_parse("nonsense"), -1);
	fleets_make(&f, &columns, names, 2);
	for (i = -1; i < 2; i++) {
		assert_int_equal(mqc_fleet_find(&f, "mx1", i), 0);
		assert_int_equal(mqc_fleet_find(&f, "mx2", i), 1);
		assert_int_equal(mqc_fleet_find(&f, "mx3", i), -1);
	}
	mqc_fleet_set_interval(&f, 200);
	assert_int_equal(f.stale_after, 600);
	mqc_fleet_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ageing),
		cmocka_unit_test(test_cached),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_news),
		cmocka_unit_test(test_crossing),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_names),
	};

	return UNIT_RUN(tests);
}
