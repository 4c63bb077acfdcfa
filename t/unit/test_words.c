/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_words.c - text of lines, and lines of words */
#include <stdio.h>

#include "unit.h"

#include "base/words.h"

static void
test_add_and_decode(void **state)
{
	static const struct {
		const char *plain, *word;
	} rows[] = {
		{ "", "" },
		{ "mqueue.in", "mqueue.in" },
		{ "a b", "a%20b" },
		{ "100%", "100%25" },
		{ "a=b|c", "a=b|c" },
		{ "\x01\n\x7f\xff", "%01%0A%7F%FF" },
	};
	struct buf b = BUF_INIT;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		words_add(&b, rows[i].plain);
		assert_string_equal(buf_str(&b), rows[i].word);
		snprintf(text, sizeof(text), "%s", rows[i].word);
		assert_true(words_decode(text));
		assert_string_equal(text, rows[i].plain);
	}
	buf_free(&b);
}

static void
test_refuse(void **state)
{
	static const char *const rows[] = { "%", "%4", "%zz", "%00", "a%0",
		"%a0", "% 0" };
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(text, sizeof(text), "%s", rows[i]);
		if (words_decode(text))
			fail_msg("'%s' was decoded", rows[i]);
	}
}

static void
test_lines(void **state)
{
	char text[] = "one two\r\n\n  three  four\nrest";
	char *at = text, *end = text + sizeof(text) - 1, *line;
	bool bad = false;

	(void)state;
	line = words_line(&at, end, &bad);
	assert_string_equal(line, "one two");
	assert_string_equal(words_next(&line), "one");
	assert_string_equal(line, "two");
	assert_string_equal(words_next(&line), "two");
	assert_null(words_next(&line));
	assert_string_equal(words_line(&at, end, &bad), "");
	line = words_line(&at, end, &bad);
	assert_string_equal(words_next(&line), "three");
	assert_string_equal(words_next(&line), "four");
	assert_null(words_next(&line));
	/* Without a newline it is no line. */
	assert_null(words_line(&at, end, &bad));
	assert_false(bad);
	assert_string_equal(at, "rest");
}

static void
test_bad_bytes(void **state)
{
	static const char *const rows[] = { "a\tb\n", "\r", "a\rb\n",
		"\xc3\n" };
	char text[8], *at;
	size_t i;
	bool bad;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(text, sizeof(text), "%s", rows[i]);
		at = text;
		bad = false;
		assert_null(words_line(&at, text + strlen(text), &bad));
		assert_true(bad);
	}
	memcpy(text, "a\0b\n", 4);
	at = text;
	bad = false;
	assert_null(words_line(&at, text + 4, &bad));
	assert_true(bad);
}

static void
test_number(void **state)
{
	static const char *const refused[] = { NULL, "", "-1", "+1", "x", "1x",
		"101", "99999999999999999999" };
	int64_t n = -1;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(refused); i++)
		assert_false(words_number(refused[i], 100, &n));
	assert_int_equal(n, -1);
	assert_true(words_number("100", 100, &n));
	assert_int_equal(n, 100);
	assert_true(words_number("0", 100, &n));
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_and_decode),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_number),
	};

	return UNIT_RUN(tests);
}
