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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_alerts),
	};

	return UNIT_RUN(tests);
}
