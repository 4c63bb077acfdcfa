/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_clean.c - untrusted bytes to one printable line */
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/clean.h"

static const char forbidden[] = "|<>&$`'\";\\";

static void
test_text(void **state)
{
	static const struct {
		const char *in, *out, *line;
	} rows[] = {
		{ "", "", "" },
		{ "mail.good.example [192.0.2.10]",
		    "mail.good.example [192.0.2.10]",
		    "mail.good.example [192.0.2.10]" },
		{ "a|b", "a_b", "a_b" },
		{ "$(id)`id`", "_(id)_id_", "$(id)`id`" },
		{ "<b>&amp;</b>", "_b__amp__/b_", "<b>&amp;</b>" },
		{ "it's \"x\"", "it_s _x_", "it's \"x\"" },
		{ "a\nb\rc\td", "a?b?c?d", "a?b?c?d" },
		{ "\x1b[31mred\x7f", "?[31mred?", "?[31mred?" },
		{ "caf\xc3\xa9 \xff\x80", "caf?? ??", "caf?? ??" },
		{ "~!@#%^*()_+=-{}[]:,./?", "~!@#%^*()_+=-{}[]:,./?",
		    "~!@#%^*()_+=-{}[]:,./?" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		clean_adds(&b, rows[i].in, 100);
		assert_string_equal(buf_str(&b), rows[i].out);
		buf_truncate(&b, 0);
		clean_add(&b, rows[i].in, strlen(rows[i].in), 100);
		assert_string_equal(buf_str(&b), rows[i].out);
		buf_truncate(&b, 0);
		clean_add_line(&b, rows[i].in, strlen(rows[i].in));
		assert_string_equal(buf_str(&b), rows[i].line);
	}
	buf_free(&b);
}

/* The body of a status: as the first, but ';' and tabs are for people. */
static void
test_bb(void **state)
{
	static const struct {
		const char *in, *out;
		size_t max;
	} rows[] = {
		{ "a 1; b\t2", "a 1, b 2", 100 },
		{ "<script>&red|x|>`$(id)\\'\"", "_script__red_x____(id)___",
		    100 },
		{ "@@\nstatus\r\x1b[m\xc3\xa9", "@@?status??[m??", 100 },
		{ "a;b;c;d", "a,...", 5 },
		{ "", "", 100 },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		clean_add_bb(&b, rows[i].in, strlen(rows[i].in), rows[i].max);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
	buf_free(&b);
}

/* What a single byte has to become. */
static int
expected(int c, const char *bad)
{
	if (c < 0x20 || c > 0x7e)
		return '?';
	return strchr(bad, c) != NULL ? '_' : c;
}

static void
test_every_byte(void **state)
{
	struct buf b = BUF_INIT;
	int c, want;
	char byte;

	(void)state;
	for (c = 0; c < 256; c++) {
		byte = (char)(unsigned char)c;
		buf_truncate(&b, 0);
		clean_add(&b, &byte, 1, 10);
		want = expected(c, forbidden);
		assert_int_equal(b.len, 1);
		if (b.data[0] != want)
			fail_msg("byte 0x%02x became %c, not %c",
			    (unsigned int)c, b.data[0], want);
		buf_truncate(&b, 0);
		clean_add_bb(&b, &byte, 1, 10);
		if (c != '\t' && c != ';')
			assert_int_equal(b.data[0], want);
		buf_truncate(&b, 0);
		clean_add_line(&b, &byte, 1);
		want = expected(c, "|");
		assert_int_equal(b.len, 1);
		if (b.data[0] != want)
			fail_msg("byte 0x%02x of a line became %c, not %c",
			    (unsigned int)c, b.data[0], want);
	}
	buf_free(&b);
}

static void
test_cut(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} rows[] = {
		{ "abcdefgh", 100, "abcdefgh" },
		{ "abcdefgh", 9, "abcdefgh" },
		{ "abcdefgh", 8, "abcdefgh" },
		{ "abcdefgh", 7, "abcd..." },
		{ "abcdefgh", 6, "abc..." },
		{ "abcdefgh", 4, "a..." },
		{ "<b>|;'\"", 6, "_b_..." },
		{ "\n\n\n\n\n\n", 5, "??..." },
		{ "", 0, "" },
		{ "abc", 0, "" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&b, 0);
		clean_adds(&b, rows[i].in, rows[i].max);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
	/* Whatever the lengths, never more than max. */
	for (i = 0; i < 12; i++) {
		buf_truncate(&b, 0);
		clean_adds(&b, "abcdefgh", i);
		assert_true(b.len <= i);
	}
	buf_free(&b);
}

/* A length, not a NUL, ends the text; and text is added, not replaced. */
static void
test_length(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	clean_add(&b, "a\0b|cXXXX", 5, 10);
	clean_add(&b, "", 0, 10);
	assert_string_equal(buf_str(&b), "a?b_c");
	clean_add_line(&b, "\0|<XX", 3);
	assert_string_equal(buf_str(&b), "a?b_c?_<");
	clean_add(&b, "a\0bcdefgh", 9, 5);
	assert_string_equal(buf_str(&b), "a?b_c?_<a?...");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bb),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_length),
	};

	return UNIT_RUN(tests);
}
