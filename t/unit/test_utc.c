/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_utc.c - dates in UTC, to seconds since 1970 and back */
#include <inttypes.h>

#include "unit.h"

#include "base/utc.h"

static const struct utc_row {
	const char *text;
	int64_t t;
} rows[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-11-24T09:41:00Z", 1795513260 },
	{ "2000-02-29T23:59:59Z", 951868799 },
	{ "2000-03-01T00:00:00Z", 951868800 },
	{ "2100-02-28T00:00:00Z", 4107456000 },
	{ "2100-03-01T00:00:00Z", 4107542400 },
	{ "2027-02-01T00:00:00Z", 1801440000 },
	{ "2027-03-01T00:00:00Z", 1803859200 },
	{ "2027-04-01T00:00:00Z", 1806537600 },
	{ "2027-05-01T00:00:00Z", 1809129600 },
	{ "2027-06-01T00:00:00Z", 1811808000 },
	{ "2027-07-01T00:00:00Z", 1814400000 },
	{ "2027-08-01T00:00:00Z", 1817078400 },
	{ "2027-09-01T00:00:00Z", 1819756800 },
	{ "2027-10-01T00:00:00Z", 1822348800 },
	{ "2027-11-01T00:00:00Z", 1825027200 },
	{ "2027-12-01T00:00:00Z", 1827619200 },
	{ "2400-01-01T00:00:00Z", 13569465600 },
	{ "2401-01-01T00:00:00Z", 13601088000 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
};

static void
test_both_ways(void **state)
{
	size_t i;
	int64_t t;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct buf b = BUF_INIT;

		utc_add(&b, rows[i].t);
		unit_assert_text(buf_str(&b), rows[i].text, "utc_add");
		assert_int_equal(b.len, UTC_TEXT);
		assert_int_equal(utc_parse(rows[i].text, UTC_TEXT, &t), 0);
		if (t != rows[i].t)
			fail_msg("'%s' is %" PRId64, rows[i].text, t);
		buf_free(&b);
	}
}

/* Each day of 500 years, in the order in which days are. */
static void
test_days(void **state)
{
	struct buf b = BUF_INIT;
	char last[UTC_TEXT + 1] = "";
	int64_t day, t;

	(void)state;
	for (day = 0; day < 500 * INT64_C(365); day++) {
		buf_truncate(&b, 0);
		utc_add(&b, day * 86400 + day % 86400);
		assert_true(strcmp(last, buf_str(&b)) < 0);
		assert_int_equal(utc_parse(b.data, b.len, &t), 0);
		assert_true(t == day * 86400 + day % 86400);
		memcpy(last, buf_str(&b), sizeof(last));
	}
	buf_free(&b);
}

static void
test_no_date(void **state)
{
	static const char *const texts[] = {
		/* clang-format off */
		"", "2026-11-24", "2026-11-24T09:41:00", "2026-11-24 09:41:00Z",
		"2026-11-24T09:41:00z", "2026-11-24T09:41:00ZZ",
		"2026-11-31T00:00:00Z", "2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
		"1969-12-31T23:59:59Z", "2100-02-29T00:00:00Z",
		"+026-01-01T00:00:00Z", "2026-1a-01T00:00:00Z",
		/* clang-format on */
	};
	int64_t t = 42;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(texts); i++) {
		if (utc_parse(texts[i], strlen(texts[i]), &t) != -1)
			fail_msg("'%s' is a date", texts[i]);
		assert_int_equal(t, 42);
	}
}

static void
test_out_of_range(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	utc_add(&b, -1);
	buf_addc(&b, ' ');
	utc_add(&b, 253402300800);
	assert_string_equal(buf_str(&b), "-1 253402300800");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_no_date),
		cmocka_unit_test(test_out_of_range),
	};

	return UNIT_RUN(tests);
}
