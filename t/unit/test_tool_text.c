/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tool_text.c - numbers, times and names as people read them */
#include <stdlib.h>
#include <time.h>

#include "unit.h"

#include "tools/common/text.h"

#define NOW INT64_C(1795342500) /* 2026-11-22 10:15:00 UTC */

static void
expect(struct buf *b, const char *want)
{
	assert_string_equal(buf_str(b), want);
	buf_free(b);
}

static void
test_share(void **state)
{
	static const struct {
		double share;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ 0, "0%" }, { 0.0001, "<1%" }, { 0.00499, "<1%" },
		{ 0.005, "1%" }, { 0.1, "10%" }, { 0.925, "93%" },
		{ 0.99, "99%" }, { 0.996, ">99%" }, { 0.99999, ">99%" },
		{ 1, "100%" }, { 1.5, "100%" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tool_text_share(&b, rows[i].share);
		expect(&b, rows[i].want);
	}
}

static void
test_rate(void **state)
{
	static const struct {
		double rate;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ 0, "<0.1" }, { 0.04, "<0.1" }, { 0.05, "0.1" },
		{ 4.06, "4.1" }, { 7, "7" }, { 9.94, "9.9" },
		{ 9.96, "10" }, { 410.4, "410" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tool_text_rate(&b, rows[i].rate);
		expect(&b, rows[i].want);
	}
}

static void
test_size(void **state)
{
	static const struct {
		int64_t bytes;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ 0, "0" }, { 999, "999" }, { 1000, "1.0k" },
		{ 1536, "1.5k" }, { 10 * 1024, "10k" },
		{ 1023 * 1024, "1.0M" }, { 20 * 1024 * 1024, "20M" },
		{ INT64_C(3) << 30, "3.0G" }, { INT64_MAX, "8388608T" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tool_text_size(&b, rows[i].bytes);
		expect(&b, rows[i].want);
	}
}

static void
test_about(void **state)
{
	static const struct {
		uint64_t n;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ 1, "~1" }, { 65, "~65" }, { 99, "~99" }, { 104, "~100" },
		{ 105, "~110" }, { 1249, "~1200" }, { 9950, "~10000" },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tool_text_about(&b, rows[i].n);
		expect(&b, rows[i].want);
	}
}

static void
test_time(void **state)
{
	static const struct {
		const char *zone;
		int64_t ago;
		const char *want;
	} rows[] = {
		{ "UTC", 0, "10:15" },
		{ "UTC", 36899, "00:00" },
		{ "UTC", 36901, "Nov 21 23:59" },
		{ "UTC", 20 * 86400, "Nov  2 10:15" },
		{ "UTC", INT64_C(365) * 86400, "Nov 22 10:15" },
		{ "LAB-3", 0, "13:15" },
		{ "LAB-3", 36900, "03:00" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		setenv("TZ", rows[i].zone, 1);
		tzset();
		tool_text_time(&b, NOW - rows[i].ago, NOW);
		expect(&b, rows[i].want);
	}
}

static void
test_wrap(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		const char *want;
	} rows[] = {
		{ "", 10, "\n" },
		{ "one two three", 80, "one two three\n" },
		{ "one two three", 13, "one two three\n" },
		{ "one two three", 12, "one two\n  three\n" },
		{ "one two three", 3, "one\n  two\n  three\n" },
		{ "averylongword b", 5, "averylongword\n  b\n" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tool_text_wrap(&b, rows[i].text, 2, rows[i].width);
		expect(&b, rows[i].want);
	}
}

static void
test_hostile(void **state)
{
	static const char bytes[] = "a|b<script>$(id)`;\033[2J\r\n\t\xff\xc3";
	char many[10000];
	struct buf b = BUF_INIT;

	(void)state;
	tool_text_address(&b, (struct span){ NULL, 0 });
	expect(&b, "<>");
	tool_text_address(&b, (struct span){ bytes, sizeof(bytes) });
	expect(&b, "a_b_script__(id)__?[2J??????");
	memset(many, 'x', sizeof(many));
	tool_text_clean(&b, (struct span){ many, sizeof(many) });
	assert_int_equal(b.len, TOOL_TEXT_MAX);
	assert_string_equal(b.data + b.len - 4, "x...");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_about),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_hostile),
	};

	return UNIT_RUN(tests);
}
