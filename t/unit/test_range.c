/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_range.c - threshold ranges */
#include <math.h>
#include <stdio.h>

#include "unit.h"

#include "plug/range.h"

static struct range
parse(const char *text)
{
	const char *why;
	struct range r;

	assert_int_equal(range_parse(&r, text, &why), 0);
	return r;
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		double start, end;
		bool inside;
		const char *printed;
	} rows[] = {
		{ "10", 0, 10, false, "10" },
		{ "0", 0, 0, false, "0" },
		{ "10:", 10, INFINITY, false, "10:" },
		{ "0:", 0, INFINITY, false, "0:" },
		{ ":10", 0, 10, false, "10" },
		{ "~:10", -INFINITY, 10, false, "~:10" },
		{ "~:", -INFINITY, INFINITY, false, "~:" },
		{ "10:20", 10, 20, false, "10:20" },
		{ "@10:20", 10, 20, true, "@10:20" },
		{ "@10", 0, 10, true, "@10" },
		{ "5:5", 5, 5, false, "5:5" },
		{ "-10:-5", -10, -5, false, "-10:-5" },
		{ "0.5:1.25", 0.5, 1.25, false, "0.5:1.25" },
		{ "010", 0, 10, false, "10" },
		{ "~:-3", -INFINITY, -3, false, "~:-3" },
	};
	struct buf out = BUF_INIT;
	struct range r;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		r = parse(rows[i].text);
		assert_true(r.start == rows[i].start);
		assert_true(r.end == rows[i].end);
		assert_int_equal(r.inside, rows[i].inside);
		buf_truncate(&out, 0);
		range_add(&out, &r);
		assert_string_equal(buf_str(&out), rows[i].printed);
	}
	buf_free(&out);
}

static void
test_refuse(void **state)
{
	static const char *const rows[] = { "", "@", ":", "~", "@:", "abc",
		"10k", "1.5x", "20:10", "1e3", " 10", "10 ", "10:20:30", "0x10",
		"--5", "-5", "nan", "inf", "10:~", "~10", "@@10",
		"99999999999999999999", "1.2.3", ".", "x:", "1-:2", "@.:5" };
	struct range r = { 1, 2, true };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		why = NULL;
		if (range_parse(&r, rows[i], &why) != -1)
			fail_msg("'%s' was taken for a range", rows[i]);
		assert_non_null(why);
	}
	/* A refused text leaves the old range alone. */
	assert_true(r.start == 1 && r.end == 2 && r.inside);
}

static void
test_alerts(void **state)
{
	static const struct {
		const char *text;
		double value;
		bool alerts, from;
	} rows[] = {
		/* clang-format off */
		{ "10", 10, false, false }, { "10", 11, true, true },
		{ "10", -1, true, false }, { "10", 0, false, false },
		{ "10:", 9, true, false }, { "10:", 10, false, false },
		{ "~:10", 10, false, false }, { "~:10", -99, false, false },
		{ "~:10", 10.5, true, true },
		{ "10:20", 9, true, false }, { "10:20", 20, false, false },
		{ "10:20", 21, true, true },
		{ "@10:20", 9, false, false }, { "@10:20", 10, true, false },
		{ "@10:20", 20, true, false }, { "@10:20", 21, false, false },
		{ "@10:", 9, false, false }, { "@10:", 10, true, true },
		{ "~:", 1e9, false, false },
		/* clang-format on */
	};
	struct range r;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		r = parse(rows[i].text);
		if (range_alerts(&r, rows[i].value) != rows[i].alerts)
			fail_msg("%s at %g", rows[i].text, rows[i].value);
		if (range_alerts_from(&r, rows[i].value) != rows[i].from)
			fail_msg("%s from %g", rows[i].text, rows[i].value);
	}
}

static void
test_shadowed(void **state)
{
	static const struct {
		const char *warning, *critical;
		bool want;
	} rows[] = {
		{ "3000", "1200", true },
		{ "1200", "3000", false },
		{ "1200", "1200", false },
		{ "1200", "0:1200", false },
		/* What is below 0 plays no part. */
		{ "~:1200", "1200", false },
		{ "1200", "~:1200", false },
		{ "~:3000", "1200", true },
		{ "3000", "~:1200", true },
		{ "@~:-1", "1200", false },
		/* Below is worse. */
		{ "10:", "5:", false },
		{ "5:", "10:", true },
		{ "10:20", "5:30", false },
		{ "5:30", "10:20", true },
		{ "5:20", "10:30", false },
		{ "10:", "1200", false },
		{ "1200", "10:", false },
		{ "1200", "10:1200", true },
		/* No warning at all is customary. */
		{ "~:", "1200", false },
		{ "0:", "1200", false },
		{ "1200", "~:", false },
		/* Within. */
		{ "@10:20", "30", false },
		{ "@40:50", "30", true },
		{ "@30:50", "30", false },
		{ "@5:9", "10:", true },
		{ "@5:10", "10:", false },
		{ "@12:15", "@10:20", true },
		{ "@10:20", "@12:15", false },
		{ "@10:20", "@10:20", false },
		{ "@~:20", "@0:20", false },
		{ "10", "@0:", true },
		{ "10", "@11:", false },
		{ "10", "@5:20", false },
		{ "10:", "@0:20", true },
		{ "10:", "@0:5", false },
		{ "10:", "@2:20", false },
	};
	struct range warning, critical;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(range_parse(&warning, rows[i].warning, &why),
		    0);
		assert_int_equal(range_parse(&critical, rows[i].critical, &why),
		    0);
		if (range_is_shadowed(&warning, &critical) != rows[i].want)
			fail_msg("-w %s -c %s", rows[i].warning,
			    rows[i].critical);
	}
}

/* The same by trying every whole number. */
static void
test_shadowed_by_trying(void **state)
{
	static const char *const texts[] = { "0", "3", "7", "3:7",
		"3:", "7:", "~:5", "~:", "0:", "@3:7", "@4:6", "@0:3",
		"@3:", "@~:2", "@0:", "@~:", "5:5", "@5:5", "0:0" };
	struct range w, c;
	const char *why;
	size_t i, j;
	int v, only, both, more;

	(void)state;
	for (i = 0; i < ROWS(texts); i++)
		for (j = 0; j < ROWS(texts); j++) {
			range_parse(&w, texts[i], &why);
			range_parse(&c, texts[j], &why);
			only = both = more = 0;
			/* Halves: what lies between two ends counts, too. */
			for (v = 0; v < 40; v++) {
				bool warns = range_alerts(&w, v / 2.0);
				bool fails = range_alerts(&c, v / 2.0);

				only += warns && !fails;
				both += warns && fails;
				more += !warns && fails;
			}
			if (range_is_shadowed(&w, &c) !=
			    (only == 0 && both != 0 && more != 0))
				fail_msg("-w %s -c %s", texts[i], texts[j]);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_alerts),
		cmocka_unit_test(test_shadowed),
		cmocka_unit_test(test_shadowed_by_trying),
	};

	return UNIT_RUN(tests);
}
