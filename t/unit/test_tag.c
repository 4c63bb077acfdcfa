/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tag.c - the comment that marks a block as ours */
#include "unit.h"

#include "block/tag.h"

#define BEGIN "# qblock 192.0.2.66 added 2026-11-24T09:41:00Z"
#define ADDED 1795513260 /* 2026-11-24T09:41:00Z */

static struct span
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static struct tag
tag(const char *client, int64_t until, const char *by, const char *reason)
{
	struct tag t = {
		.added = ADDED,
		.until = until,
		.by = span_of(by),
		.reason = span_of(reason),
	};
	const char *why;

	assert_int_equal(client_parse(&t.key, client, &why), 0);
	return t;
}

static void
test_written(void **state)
{
	const struct {
		struct tag tag;
		const char *want;
	} rows[] = {
		{ tag("192.0.2.66", ADDED + 86400, "root", "a flood"),
		    "# qblock 192.0.2.66 added 2026-11-24T09:41:00Z until"
		    " 2026-11-25T09:41:00Z by root: a flood\n" },
		{ tag("2001:db8::/32", TAG_NEVER, "j.doe-2", ""),
		    "# qblock 2001:db8::/32 added 2026-11-24T09:41:00Z until"
		    " never by j.doe-2\n" },
		{ tag("Bad.Example", TAG_NEVER, "", "x"),
		    "# qblock bad.example added 2026-11-24T09:41:00Z until"
		    " never by unknown: x\n" },
		/* What others chose can't end the line, or begin another. */
		{ tag("192.0.2.66", TAG_NEVER, "a b:\n", "x\nOK\t|\xff"),
		    "# qblock 192.0.2.66 added 2026-11-24T09:41:00Z until never"
		    " by a_b__: x?OK?_?\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct buf b = BUF_INIT;
		struct tag t;

		tag_add(&b, &rows[i].tag);
		assert_string_equal(buf_str(&b), rows[i].want);
		assert_true(tag_parse(&t, (struct span){ b.data, b.len - 1 }));
		assert_true(client_equal(&t.key, &rows[i].tag.key));
		assert_int_equal(t.added, ADDED);
		assert_int_equal(t.until, rows[i].tag.until);
		buf_free(&b);
	}
}

static void
test_long(void **state)
{
	char text[2000];
	struct buf b = BUF_INIT;
	struct tag t;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	t = tag("192.0.2.66", TAG_NEVER, text, text);
	tag_add(&b, &t);
	/* makemap takes no line of more than 1023 bytes. */
	assert_in_range(b.len, 200, 400);
	assert_true(tag_parse(&t, (struct span){ b.data, b.len - 1 }));
	assert_int_equal(t.by.n, TAG_BY);
	assert_int_equal(t.reason.n, TAG_REASON);
	buf_free(&b);
}

static void
test_not_ours(void **state)
{
	static const char *const lines[] = {
		"",
		"#",
		"# qblock",
		"# qblock ",
		"# qblock 192.0.2.66",
		BEGIN,
		BEGIN " until never",
		BEGIN " until never by",
		BEGIN " until never by ",
		BEGIN " until ever by x",
		"# qblock 192.0.2.66 added 2026-11-24 until never by x",
		"# qblock 192.0.2 added 2026-11-24T09:41:00Z until never by x",
		"#qblock 192.0.2.66 added 2026-11-24T09:41:00Z until never"
		" by x",
		" " BEGIN " until never by x",
		"# qblock 192.0.2.66  added 2026-11-24T09:41:00Z until never"
		" by x",
		BEGIN " until never by x y",
		BEGIN " until never by x:",
		BEGIN " until never by x:y",
		BEGIN " until never by x: ",
		BEGIN " until never by :x",
	};
	static const char nul[] =
	    "# qblock 192.0.2.66\0 added 2026-11-24T09:41:00Z until never by x";
	struct tag t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(lines); i++)
		if (tag_parse(&t, span_of(lines[i])))
			fail_msg("'%s' is a tag", lines[i]);
	assert_false(tag_parse(&t, (struct span){ nul, sizeof(nul) - 1 }));
}

static void
test_expired(void **state)
{
	struct tag t = tag("192.0.2.66", 100, "x", "");

	(void)state;
	assert_false(tag_expired(&t, 99));
	assert_true(tag_expired(&t, 100));
	t.until = TAG_NEVER;
	assert_false(tag_expired(&t, INT64_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_expired),
	};

	return UNIT_RUN(tests);
}
