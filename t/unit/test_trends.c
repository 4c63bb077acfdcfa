/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_trends.c - the histories of many things in one text */
#include <string.h>

#include "unit.h"

#include "plug/trends.h"

#define ROOM 100000

static struct trend
history(size_t n, int64_t value)
{
	struct trend t = { .n = n };
	size_t i;

	for (i = 0; i < n; i++)
		t.v[i] = (struct trend_sample){ 1700000000 + (int64_t)i,
			(int64_t)i * 1000, value };
	return t;
}

static void
test_round_trip(void **state)
{
	static const char *const names[] = { "mqueue.in", "a b%c\n\xff", "x" };
	struct trends t;
	struct trend trend;
	struct buf text = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(names); i++) {
		trend = history(i + 1, (int64_t)i);
		trends_add(&text, names[i], &trend, ROOM);
	}
	trend = history(0, 0);
	trends_add(&text, "empty", &trend, ROOM);
	assert_string_equal(buf_str(&text),
	    "thing mqueue.in\n1700000000 0 0\n"
	    "thing a%20b%25c%0A%FF\n1700000000 0 1\n1700000001 1000 1\n"
	    "thing x\n1700000000 0 2\n1700000001 1000 2\n"
	    "1700000002 2000 2\n");
	assert_int_equal(trends_parse(&t, text.data, text.len), 0);
	assert_int_equal(t.n, 3);
	/* In any order. */
	for (i = ROWS(names); i-- != 0;) {
		trends_get(&t, names[i], &trend);
		assert_int_equal(trend.n, i + 1);
		assert_int_equal(trend.v[i].value, i);
	}
	for (i = 0; i < ROWS(names); i++) {
		trends_get(&t, names[i], &trend);
		assert_int_equal(trend.n, i + 1);
	}
	trends_get(&t, "none", &trend);
	assert_int_equal(trend.n, 0);
	trends_free(&t);
	assert_int_equal(trends_parse(&t, "", 0), 0);
	trends_get(&t, "none", &trend);
	assert_int_equal(trend.n, 0);
	buf_free(&text);
}

/* What is no line of ours is skipped. */
static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		size_t things, samples; /* of "a" */
	} rows[] = {
		/* clang-format off */
		{ "1 2 3\nthing a\n4 5 6\n", 1, 1 },
		{ "thing a\njunk\n4 5 6\n7 8 9", 1, 1 },
		{ "thing a", 0, 0 },
		{ "thing \nthing a\n1 2 3\n", 1, 1 },
		{ "things a\n1 2 3\n", 0, 0 },
		{ "thing a%\n1 2 3\nthing a\n4 5 6\n7 8 9\n", 1, 2 },
		{ "thing b\n1 2 3\nthing a\n", 2, 0 },
		{ " thing a\n1 2 3\n", 0, 0 },
		/* clang-format on */
	};
	struct trend trend;
	struct trends t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(trends_parse(&t, rows[i].text,
				     strlen(rows[i].text)),
		    0);
		trends_get(&t, "a", &trend);
		if (t.n != rows[i].things || trend.n != rows[i].samples)
			fail_msg("%zu things, %zu samples: %s", t.n, trend.n,
			    rows[i].text);
		trends_free(&t);
	}
}

/* In little room are the newest samples; in less than for two, none. */
static void
test_room(void **state)
{
	const struct trend three = history(3, 7), one = history(1, 7);
	static const char first[] = "thing q\n1700000000 0 7\n"
				    "1700000001 1000 7\n1700000002 2000 7\n";
	static const char later[] =
	    "thing q\n1700000001 1000 7\n1700000002 2000 7\n";
	struct buf text = BUF_INIT;

	(void)state;
	trends_add(&text, "q", &three, sizeof(first) - 1);
	assert_string_equal(buf_str(&text), first);
	buf_truncate(&text, 0);
	trends_add(&text, "q", &three, sizeof(first) - 2);
	assert_string_equal(buf_str(&text), later);
	buf_truncate(&text, 0);
	trends_add(&text, "q", &three, sizeof(later) - 1);
	assert_string_equal(buf_str(&text), later);
	buf_truncate(&text, 0);
	trends_add(&text, "q", &three, sizeof(later) - 2);
	assert_int_equal(text.len, 0);
	/* The first one of a new history. */
	trends_add(&text, "q", &one, ROOM);
	assert_string_equal(buf_str(&text), "thing q\n1700000000 0 7\n");
	trends_add(&text, "q", &one, 10);
	assert_string_equal(buf_str(&text), "thing q\n1700000000 0 7\n");
	buf_free(&text);
}

static void
test_many(void **state)
{
	struct buf text = BUF_INIT;
	struct trends t;
	struct trend trend;
	int i;

	(void)state;
	for (i = 0; i <= TRENDS_MAX; i++)
		buf_addf(&text, "thing q%d\n1 2 %d\n", i, i);
	assert_int_equal(trends_parse(&t, text.data, text.len), 0);
	assert_int_equal(t.n, TRENDS_MAX);
	trends_get(&t, "q999", &trend);
	assert_int_equal(trend.n, 1);
	assert_int_equal(trend.v[0].value, 999);
	trends_get(&t, "q1000", &trend);
	assert_int_equal(trend.n, 0);
	trends_free(&t);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_many),
	};

	return UNIT_RUN(tests);
}
