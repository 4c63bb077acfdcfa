/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_dump.c - what is in a map, beside what its text says */
#include "unit.h"

#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/dump.h"

static struct sendmail_access_dump
dump(const char *text, bool keep_case)
{
	struct sendmail_access_dump d;

	assert_int_equal(sendmail_access_dump_parse(&d, keep_case, text,
			     strlen(text)),
	    0);
	return d;
}

static struct sendmail_access_dump
text(struct entries *m, const char *s, bool keep_case)
{
	struct sendmail_access_dump d;

	*m = (struct entries)ENTRIES_INIT;
	assert_int_equal(entries_parse(m, &sendmail_block, s, strlen(s)), 0);
	assert_int_equal(sendmail_access_dump_of_text(&d, keep_case, m), 0);
	return d;
}

static void
test_find(void **state)
{
	struct sendmail_access_dump d =
	    dump("connect:b\tREJECT\nc\t\na\tx\ty\n\tz\nd", false);

	(void)state;
	assert_int_equal(d.n, 4);
	assert_int_equal(sendmail_access_dump_find(&d, "a")->value.n, 3);
	assert_memory_equal(sendmail_access_dump_find(&d, "a")->value.p, "x\ty",
	    3);
	assert_int_equal(sendmail_access_dump_find(&d, "Connect:B")->value.n,
	    6);
	assert_int_equal(sendmail_access_dump_find(&d, "c")->value.n, 0);
	assert_int_equal(sendmail_access_dump_find(&d, "d")->value.n, 0);
	assert_null(sendmail_access_dump_find(&d, "connect:"));
	assert_null(sendmail_access_dump_find(&d, "connect:bb"));
	assert_null(sendmail_access_dump_find(&d, ""));
	sendmail_access_dump_free(&d);
	assert_int_equal(sendmail_access_dump_parse(&d, false, NULL, 0), 0);
	assert_null(sendmail_access_dump_find(&d, "a"));
	sendmail_access_dump_free(&d);
	d = dump("A\t1\nb\t2\n", true);
	assert_null(sendmail_access_dump_find(&d, "a"));
	assert_non_null(sendmail_access_dump_find(&d, "A"));
	sendmail_access_dump_free(&d);
}

static void
test_compare(void **state)
{
	static const struct {
		const char *text, *dump;
		bool keep_case;
		size_t n;
		const char *key;
	} rows[] = {
		{ "", "", false, 0, NULL },
		{ "# x\nA 1\nb\t 2\n", "b\t2\na\t1\n", false, 0, NULL },
		{ "A 1\n", "a\t1\n", true, 2, "a" },
		{ "A 1\nb 2\n", "b\t2\nA\t1\n", true, 0, NULL },
		{ "a 1\n", "a\t2\n", false, 1, "a" },
		{ "a 1\n", "a\t12\n", false, 1, "a" },
		{ "a 1\nb 2\n", "a\t1\n", false, 1, "b" },
		{ "a 1\n", "a\t1\nb\t2\n", false, 1, "b" },
		{ "a 1\nb 2\nc 3\n", "", false, 3, "c" },
		/* makemap complains of the second, and keeps the first. */
		{ "a 1\nA 2\n", "a\t1\n", false, 0, NULL },
		{ "a 1 \n", "a\t1 \n", false, 0, NULL },
	};
	struct block_difference diff;
	struct sendmail_access_dump want, got;
	struct entries m;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		want = text(&m, rows[i].text, rows[i].keep_case);
		got = dump(rows[i].dump, rows[i].keep_case);
		sendmail_access_dump_compare(&diff, &want, &got);
		if (diff.n != rows[i].n ||
		    (diff.n != 0 &&
			(diff.key.n != strlen(rows[i].key) ||
			    memcmp(diff.key.p, rows[i].key, diff.key.n) != 0)))
			fail_msg("row %zu: %zu differences, the last '%.*s'", i,
			    diff.n, (int)diff.key.n,
			    diff.n != 0 ? diff.key.p : "");
		sendmail_access_dump_free(&want);
		sendmail_access_dump_free(&got);
		entries_free(&m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_compare),
	};

	return UNIT_RUN(tests);
}
