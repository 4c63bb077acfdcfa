/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_dated.c - can the time at which a message came be true? */
#include "unit.h"

#include "mail/dated.h"

#define NOW INT64_C(1795342500)

static void
test_judge(void **state)
{
	static const struct {
		int64_t when;
		enum dated dated;
	} rows[] = {
		{ NOW, DATED_FINE },
		{ NOW + 60, DATED_FINE },
		{ NOW + 61, DATED_FUTURE },
		{ INT64_MAX, DATED_FUTURE },
		{ NOW - 5 * 365 * 86400, DATED_FINE },
		{ NOW - DATED_LONGEST, DATED_FINE },
		{ NOW - DATED_LONGEST - 1, DATED_NEVER },
		{ 0, DATED_NEVER },
		/* What is not said can't be wrong. */
		{ -1, DATED_FINE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (dated_judge(rows[i].when, NOW) != rows[i].dated)
			fail_msg("row %zu", i);
	/* A clock that stands at 1970 knows no mail that is too old. */
	assert_int_equal(dated_judge(0, 5), DATED_FINE);
}

static void
test_add(void **state)
{
	static const struct {
		uint64_t future, undated;
		const char *want;
	} rows[] = {
		{ 0, 0, "" },
		{ 3, 0, "; 3 dated in the future" },
		{ 0, 1, "; 1 with an impossible date" },
		{ 3, 1, "; 3 dated in the future, 1 with an impossible date" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		dated_add(&b, "; ", rows[i].future, rows[i].undated);
		assert_string_equal(buf_str(&b), rows[i].want);
	}
	buf_free(&b);
	assert_string_equal(dated_name(DATED_FINE), "");
	assert_string_equal(dated_name(DATED_FUTURE), "future");
	assert_string_equal(dated_name(DATED_NEVER), "undated");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_add),
	};

	return UNIT_RUN(tests);
}
