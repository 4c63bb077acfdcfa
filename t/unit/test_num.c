/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_num.c - strict numbers: the whole string, or an error text */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/num.h"

#define TEN_YEARS (INT64_C(3653) * 86400)

/* num_duration() is one; num_int64() is with all numbers allowed. */
typedef int parse_fn(const char *, int64_t *, const char **);

static int
any_int64(const char *s, int64_t *out, const char **why)
{
	return num_int64(s, INT64_MIN, INT64_MAX, out, why);
}

struct int_row {
	const char *text;
	int64_t value;
};

static void
accept_ints(parse_fn *parse, const struct int_row *rows, size_t n)
{
	const char *why = NULL;
	int64_t v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = 4711;
		if (parse(rows[i].text, &v, &why) != 0)
			fail_msg("'%s' was refused: %s", rows[i].text, why);
		if (v != rows[i].value)
			fail_msg("'%s' became %" PRId64, rows[i].text, v);
	}
}

static void
refuse_ints(parse_fn *parse, const char *const *rows, size_t n)
{
	int64_t v = 4711;
	const char *why;
	size_t i;

	for (i = 0; i < n; i++) {
		why = NULL;
		if (parse(rows[i], &v, &why) != -1)
			fail_msg("'%s' was taken", rows[i]);
		assert_non_null(why);
		assert_true(v == 4711);
	}
}

static void
refuse_decimals(const char *const *rows, size_t n)
{
	const char *why;
	double v = 4711;
	size_t i;

	for (i = 0; i < n; i++) {
		why = NULL;
		if (num_decimal(rows[i], strlen(rows[i]), &v, &why) != -1)
			fail_msg("'%s' was taken for a number", rows[i]);
		assert_non_null(why);
		assert_true(v == 4711);
	}
}

static void
test_int64(void **state)
{
	static const struct int_row rows[] = {
		/* clang-format off */
		{ "0", 0 }, { "7", 7 }, { "+7", 7 }, { "-7", -7 },
		{ "-0", 0 }, { "+0", 0 }, { "010", 10 }, { "0000", 0 },
		{ "00000000000000000000000000012", 12 },
		{ "9223372036854775806", INT64_MAX - 1 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775807", INT64_MIN + 1 },
		{ "-9223372036854775808", INT64_MIN },
		/* clang-format on */
	};

	(void)state;
	accept_ints(any_int64, rows, ROWS(rows));
}

static void
test_int64_refuse(void **state)
{
	static const char *const rows[] = { "", "-", "+", "--1", " 1", "1 ",
		"1x", "x1", "1.0", "1e3", "0x10", "1,000", "1\n", "\t1", "- 1",
		"9223372036854775808", "-9223372036854775809",
		"18446744073709551615", "18446744073709551616",
		"18446744073709551617", "99999999999999999999999999",
		"36893488147419103233" };

	(void)state;
	refuse_ints(any_int64, rows, ROWS(rows));
}

static void
test_int64_limits(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		int rc;
	} rows[] = {
		/* clang-format off */
		{ "1", 1, 60, 0 }, { "60", 1, 60, 0 }, { "0", 1, 60, -1 },
		{ "61", 1, 60, -1 }, { "-1", 1, 60, -1 },
		{ "-5", -5, -3, 0 }, { "-3", -5, -3, 0 }, { "-2", -5, -3, -1 },
		{ "-6", -5, -3, -1 }, { "4", 4, 4, 0 },
		{ "9223372036854775807", 0, INT64_MAX - 1, -1 },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		const char *why = NULL;
		int64_t v = 4711;

		if (num_int64(rows[i].text, rows[i].min, rows[i].max, &v,
			&why) != rows[i].rc)
			fail_msg("'%s'", rows[i].text);
		assert_true((v == 4711) == (rows[i].rc != 0));
		assert_true((why == NULL) == (rows[i].rc == 0));
	}
}

/* Only n bytes count, and there need be no NUL after them. */
static void
test_int64_of(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		int64_t value; /* 4711: refused */
	} rows[] = {
		/* clang-format off */
		{ "1234", 3, 123 }, { "12x", 2, 12 }, { "-1x", 2, -1 },
		{ "", 0, 4711 }, { "1", 0, 4711 }, { "-1", 1, 4711 },
		{ "1\0002", 3, 4711 }, { "1\0", 2, 4711 }, { "12 ", 3, 4711 },
		/* clang-format on */
	};
	const char *why;
	int64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		v = 4711;
		if (num_int64_of(rows[i].text, rows[i].n, -99, 999, &v, &why) !=
			(rows[i].value == 4711 ? -1 : 0) ||
		    v != rows[i].value)
			fail_msg("'%s'", rows[i].text);
	}
}

static void
test_decimal(void **state)
{
	static const struct {
		const char *text;
		double value;
	} rows[] = {
		/* clang-format off */
		{ "0", 0 }, { "10", 10 }, { "-10", -10 }, { "+10", 10 },
		{ "010", 10 }, { "0.5", 0.5 }, { "-0.5", -0.5 },
		{ "1.25", 1.25 }, { "0.1", 0.1 }, { "0.000001", 0.000001 },
		{ "10.000000", 10 }, { "123.456789", 123.456789 },
		{ "999999999", 999999999 }, { "-999999999", -999999999 },
		{ "999999998.999999", 999999998.999999 },
		{ "999999999.000000", 999999999 },
		{ "0000000000000000000000001.5", 1.5 },
		/* clang-format on */
	};
	const char *why = NULL;
	size_t i;
	double v;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		v = 4711;
		if (num_decimal(rows[i].text, strlen(rows[i].text), &v, &why) !=
		    0)
			fail_msg("'%s' was refused: %s", rows[i].text, why);
		if (v != rows[i].value)
			fail_msg("'%s' became %.9g", rows[i].text, v);
	}
	/* Only len bytes count, and there need be no NUL after them. */
	assert_int_equal(num_decimal("12:34", 2, &v, &why), 0);
	assert_true(v == 12);
	assert_int_equal(num_decimal("1234", 3, &v, &why), 0);
	assert_true(v == 123);
}

static void
test_decimal_refuse(void **state)
{
	static const char *const rows[] = { "", "-", "+", ".", "-.", "1..2",
		"1.2.3", "1e3", "0x1", "nan", "inf", "-inf", "infinity", " 1",
		"1 ", "1,5", "--1", "+-1", "1.0000001", "0.0000000",
		"1000000000", "999999999.000001", "-999999999.5", "-1000000000",
		"99999999999999999999", "18446744073709551617", "10k", "50%",
		"1\n" };
	const char *why;
	double v;

	(void)state;
	refuse_decimals(rows, ROWS(rows));
	assert_int_equal(num_decimal("1\0002", 3, &v, &why), -1);
}

/* num.h: digits[.digits], so there are digits on both sides of a point. */
static void
test_decimal_half_point(void **state)
{
	static const char *const rows[] = { "5.", ".5", "-5.", "+.5", "0." };

	(void)state;
	refuse_decimals(rows, ROWS(rows));
}

static void
test_duration(void **state)
{
	static const struct int_row rows[] = {
		/* clang-format off */
		{ "0", 0 }, { "90", 90 }, { "90s", 90 }, { "0s", 0 },
		{ "15m", 900 }, { "2h", 7200 }, { "1d", 86400 },
		{ "1h30m", 5400 }, { "1d2h3m4s", 93784 }, { "1d4s", 86404 },
		{ "1m1s", 61 }, { "0d0h0m5s", 5 }, { "90m", 5400 },
		{ "1h90m", 9000 }, { "007m", 420 },
		{ "3653d", TEN_YEARS }, { "315619200", TEN_YEARS },
		{ "3652d24h", TEN_YEARS },
		/* clang-format on */
	};

	(void)state;
	accept_ints(num_duration, rows, ROWS(rows));
}

static void
test_duration_refuse(void **state)
{
	static const char *const rows[] = { "", "s", "m", "5x", "5w", "5y",
		"5M", "5H", "-5", "+5", "-5m", "1.5h", " 5m", "5m ", "5 m",
		"30m1h", "1s1m", "1h1h", "5mm", "1h30", "1d5", "5s5", "1e3",
		"0x5", "5ms", "5m\n", "3654d", "3653d1s", "315619201", "87673h",
		"5259000000m", "18446744073709551616", "18446744073709551621s",
		"213503982334601d", "99999999999999999999999d" };

	(void)state;
	refuse_ints(num_duration, rows, ROWS(rows));
}

static void
test_add_decimal(void **state)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		/* clang-format off */
		{ 0, "0" }, { -0.0, "0" }, { 10, "10" }, { 100, "100" },
		{ 1000000, "1000000" }, { -3, "-3" }, { 0.5, "0.5" },
		{ 0.1, "0.1" }, { 0.25, "0.25" }, { -1.5, "-1.5" },
		{ 10.1, "10.1" }, { 0.000001, "0.000001" },
		{ 0.0000004, "0" }, { -0.0000004, "0" },
		{ 0.0000006, "0.000001" }, { 1.0000004, "1" },
		{ 0.9999996, "1" }, { 1.9999999, "2" },
		{ 1.0 / 3, "0.333333" }, { 2.0 / 3, "0.666667" },
		{ 999999999, "999999999" }, { 1e9, "1000000000" },
		{ 1e15, "1000000000000000" },
		{ 999999999999, "999999999999" }, /* of a report */
		{ 1000000000.5, "1000000000.5" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		num_add_decimal(&b, rows[i].value);
		assert_string_equal(buf_str(&b), rows[i].text);
	}
	/* Zeros that were there before are not ours to cut. */
	buf_truncate(&b, 0);
	buf_adds(&b, "w=1.00;");
	num_add_decimal(&b, 20);
	buf_adds(&b, "0");
	num_add_decimal(&b, 0);
	assert_string_equal(buf_str(&b), "w=1.00;2000");
	buf_free(&b);
}

/* A number of millionths, in its shortest form. */
static void
round_trip(uint64_t v)
{
	char text[64];
	struct buf b = BUF_INIT;
	const char *why;
	double value;
	size_t len;

	len = (size_t)snprintf(text, sizeof(text), "-%" PRIu64 ".%06" PRIu64,
	    v / 1000000, v % 1000000);
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	if (num_decimal(text, len, &value, &why) != 0)
		fail_msg("'%s' was refused: %s", text, why);
	num_add_decimal(&b, value);
	assert_string_equal(buf_str(&b), text);
	buf_free(&b);
}

static void
test_round_trip(void **state)
{
	static const uint64_t unit[] = { 1, 10, 100, 1000, 10000, 100000,
		1000000 };
	const uint64_t end = UINT64_C(999999999000000);
	uint64_t v, seed = 1;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(unit); i++)
		for (v = 1; v < 2000; v++) {
			round_trip(v * unit[i]);
			round_trip(end - v * unit[i]);
			/* xorshift: the same numbers at each run. */
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			round_trip(seed % (end / unit[i]) * unit[i] + unit[i]);
		}
	round_trip(end);
}

static void
test_add_duration(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		/* clang-format off */
		{ INT64_MIN, "0s" }, { -1, "0s" }, { 0, "0s" }, { 1, "1s" },
		{ 40, "40s" }, { 59, "59s" }, { 60, "1m" }, { 61, "1m" },
		{ 119, "1m" }, { 120, "2m" }, { 840, "14m" }, { 3599, "59m" },
		{ 3600, "1h" }, { 3659, "1h" }, { 3660, "1h1m" },
		{ 7500, "2h5m" }, { 86399, "23h59m" }, { 86400, "1d" },
		{ 89999, "1d" }, { 90000, "1d1h" }, { 273600, "3d4h" },
		{ 172799, "1d23h" }, { 172800, "2d" },
		{ TEN_YEARS, "3653d" }, { INT64_MAX, "106751991167300d15h" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		num_add_duration(&b, rows[i].seconds);
		assert_string_equal(buf_str(&b), rows[i].text);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int64),
		cmocka_unit_test(test_int64_refuse),
		cmocka_unit_test(test_int64_limits),
		cmocka_unit_test(test_int64_of),
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_decimal_refuse),
		cmocka_unit_test(test_decimal_half_point),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_duration_refuse),
		cmocka_unit_test(test_add_decimal),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_add_duration),
	};

	return UNIT_RUN(tests);
}
