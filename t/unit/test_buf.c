/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_buf.c - growable bytes with a sticky out-of-memory flag */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"

static void
test_empty(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(b.len, 0);
	buf_truncate(&b, 0);
	assert_string_equal(buf_str(&b), "");
	buf_add(&b, "", 0);
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(b.len, 0);
	buf_free(&b);
	/* Once more: there is nothing left to free. */
	buf_free(&b);
}

static void
test_add(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_adds(&b, "one");
	buf_addc(&b, ' ');
	buf_add(&b, "twothree", 3);
	buf_addf(&b, " %d-%s", 3, "x");
	assert_string_equal(buf_str(&b), "one two 3-x");
	assert_int_equal(b.len, 11);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 14);
	assert_memory_equal(b.data, "one two 3-xa\0b", 15);
	assert_false(b.oom);
	buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

/* Every length around the steps of growth, byte by byte and in one piece. */
static void
test_growth(void **state)
{
	char want[2000];
	struct buf slow = BUF_INIT, quick, format;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(want); n++)
		want[n] = (char)('a' + n % 26);
	for (n = 1; n < sizeof(want); n++) {
		buf_addc(&slow, want[n - 1]);
		assert_int_equal(slow.len, n);
		assert_true(slow.size > slow.len);
		assert_memory_equal(slow.data, want, n);
		assert_int_equal(slow.data[n], '\0');

		quick = (struct buf)BUF_INIT;
		buf_add(&quick, want, n);
		assert_string_equal(buf_str(&quick), buf_str(&slow));

		format = (struct buf)BUF_INIT;
		buf_addf(&format, "%.*s", (int)n, want);
		assert_int_equal(format.len, n);
		assert_string_equal(buf_str(&format), buf_str(&slow));
		buf_free(&quick);
		buf_free(&format);
	}
	buf_free(&slow);
}

static void
test_oom_is_sticky(void **state)
{
	static const size_t rows[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 3,
		SIZE_MAX - 4, SIZE_MAX / 2, SIZE_MAX / 2 - 3 };
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		b = (struct buf)BUF_INIT;
		buf_adds(&b, "abc");
		buf_add(&b, "", rows[i]);
		assert_true(b.oom);
		assert_null(buf_str(&b));
		buf_adds(&b, "more");
		buf_addc(&b, 'x');
		buf_addf(&b, "%d", 7);
		assert_true(b.oom);
		assert_int_equal(b.len, 3);
		assert_null(buf_str(&b));
		assert_null(buf_take(&b));
		/* Handing over leaves an empty buffer that works again. */
		assert_false(b.oom);
		buf_adds(&b, "new");
		assert_string_equal(buf_str(&b), "new");
		buf_free(&b);
	}
}

static void
test_free_ends_oom(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_add(&b, "", SIZE_MAX);
	assert_true(b.oom);
	assert_null(b.data);
	buf_free(&b);
	assert_false(b.oom);
	assert_string_equal(buf_str(&b), "");
}

static void
test_take(void **state)
{
	struct buf b = BUF_INIT;
	char *s;

	(void)state;
	buf_adds(&b, "mine");
	s = buf_take(&b);
	assert_string_equal(s, "mine");
	free(s);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.size, 0);

	/* Of an empty buffer: an empty string, to be freed as well. */
	s = buf_take(&b);
	assert_non_null(s);
	assert_string_equal(s, "");
	free(s);
}

static void
test_truncate(void **state)
{
	static const struct {
		size_t len;
		const char *left;
	} rows[] = { { 99, "abcdef" }, { 7, "abcdef" }, { 6, "abcdef" },
		{ 5, "abcde" }, { 5, "abcde" }, { 1, "a" }, { 3, "a" },
		{ 0, "" } };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	buf_adds(&b, "abcdef");
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, rows[i].len);
		assert_string_equal(buf_str(&b), rows[i].left);
		assert_int_equal(b.len, strlen(rows[i].left));
	}
	buf_adds(&b, "again");
	assert_string_equal(buf_str(&b), "again");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_oom_is_sticky),
		cmocka_unit_test(test_free_ends_oom),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_truncate),
	};

	return UNIT_RUN(tests);
}
