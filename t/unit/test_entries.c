/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_entries.c - the text of an access map, and our blocks in it */
#include <stdlib.h>

#include "unit.h"

#include "block/entries.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/key.h"

#define TAG(client) \
	"# qblock " client " added 2026-11-24T09:41:00Z until never by root\n"

static struct entries
parsed(const char *text)
{
	struct entries m = ENTRIES_INIT;

	assert_int_equal(entries_parse(&m, &sendmail_block, text, strlen(text)),
	    0);
	return m;
}

static void
test_lines(void **state)
{
	static const struct {
		const char *text, *key, *value;
	} rows[] = {
		/* clang-format off */
		{ "Connect:192.0.2.66\tREJECT\n", "Connect:192.0.2.66",
		  "REJECT" },
		{ "a  \t b c \r\n", "a", "b c \r" }, { "a\vb", "a", "b" },
		{ "a b", "a", "b" }, { "# a b\n", "", NULL },
		{ "#", "", NULL }, { "\n", "", NULL }, { " a b\n", "", NULL },
		{ "\ta b\n", "", NULL }, { "a\n", "", NULL },
		{ "a \n", "", NULL }, { "a", "", NULL },
		/* clang-format on */
	};
	struct entries m;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		m = parsed(rows[i].text);
		assert_int_equal(m.nlines, 1);
		if (m.line[0].key.n != strlen(rows[i].key) ||
		    memcmp(m.line[0].key.p, rows[i].key, m.line[0].key.n) != 0)
			fail_msg("'%s'", rows[i].text);
		if (rows[i].value != NULL &&
		    (m.line[0].value.n != strlen(rows[i].value) ||
			memcmp(m.line[0].value.p, rows[i].value,
			    m.line[0].value.n) != 0))
			fail_msg("value of '%s'", rows[i].text);
		assert_int_equal(m.line[0].text.n, strlen(rows[i].text));
		entries_free(&m);
	}
}

/* How many entries below each tag are ours. */
static void
test_blocks(void **state)
{
	static const struct {
		const char *text;
		size_t blocks, first, n;
	} rows[] = {
		/* clang-format off */
		{ "a b\n", 0, 0, 0 },
		{ TAG("192.0.2.66") "Connect:192.0.2.66\tREJECT\n", 1, 0, 1 },
		{ "# x\n" TAG("192.0.2.66")
		  "Connect:192.0.2.66 ERROR:4.7.1:\"450 x\"", 1, 1, 1 },
		{ TAG("192.0.2.66"), 1, 0, 0 },
		{ TAG("192.0.2.66") "a b\nConnect:192.0.2.66\tREJECT\n",
		  1, 0, 0 },
		{ TAG("192.0.2.66") "Connect:192.0.2.67\tREJECT\n", 1, 0, 0 },
		{ TAG("192.0.2.66") "connect:192.0.2.66\tREJECT\n", 1, 0, 0 },
		{ TAG("192.0.2.66") "192.0.2.66\tREJECT\n", 1, 0, 0 },
		/* Somebody let it in below our tag: that line is theirs. */
		{ TAG("192.0.2.66") "Connect:192.0.2.66\tRELAY\n", 1, 0, 0 },
		{ TAG("192.0.2.66") "Connect:192.0.2.66\tSKIP\n", 1, 0, 0 },
		{ TAG("192.0.2.0/24") "Connect:192.0.2.66\tREJECT\n", 1, 0,
		  0 },
		{ TAG("192.0.2.0/30") "Connect:192.0.2.0\tREJECT\n"
		  "Connect:192.0.2.1\tREJECT\nConnect:192.0.2.2\tREJECT\n"
		  "Connect:192.0.2.3\tREJECT\nConnect:192.0.2.4\tREJECT\n",
		  1, 0, 4 },
		{ TAG("2001:db8::1") "Connect:IPv6:2001:db8::1\tREJECT\n", 1,
		  0, 1 },
		{ TAG("192.0.2.66") TAG("192.0.2.67")
		  "Connect:192.0.2.66\tREJECT\n", 2, 0, 0 },
		/* clang-format on */
	};
	struct entries m;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		m = parsed(rows[i].text);
		if (m.nblocks != rows[i].blocks ||
		    (m.nblocks != 0 &&
			(m.block[0].first != rows[i].first ||
			    m.block[0].n != rows[i].n)))
			fail_msg("row %zu: %zu blocks, %zu entries", i,
			    m.nblocks, m.nblocks ? m.block[0].n : 0);
		entries_free(&m);
	}
}

static void
test_find(void **state)
{
	static const char text[] = "a b\n" TAG(
	    "192.0.2.66") "Connect:192.0.2.66\tREJECT\nConnect:A.example OK\n";
	struct entries m = parsed(text);
	struct client k;
	const char *why;

	(void)state;
	assert_ptr_equal(entries_find(&m, "CONNECT:192.0.2.66"), m.line + 2);
	assert_ptr_equal(entries_find(&m, "connect:a.example"), m.line + 3);
	assert_null(entries_find(&m, "Connect:192.0.2.6"));
	assert_null(entries_find(&m, ""));
	assert_ptr_equal(entries_owner(&m, m.line + 2), m.block);
	assert_null(entries_owner(&m, m.line + 1));
	assert_null(entries_owner(&m, m.line + 3));
	assert_int_equal(client_parse(&k, "192.0.2.66", &why), 0);
	assert_ptr_equal(entries_block_of(&m, &k), m.block);
	assert_int_equal(client_parse(&k, "192.0.2.0/24", &why), 0);
	assert_null(entries_block_of(&m, &k));
	entries_free(&m);
}

static void
written(const char *text, const char *instead, const char *append,
    const char *want)
{
	struct entries m = parsed(text);
	const char *v[4] = { instead, NULL, NULL, NULL };
	struct buf b = BUF_INIT;

	entries_write(&b, &m, v, append);
	unit_assert_text(buf_str(&b), want, text);
	entries_free(&m);
	buf_free(&b);
}

static void
test_write(void **state)
{
	static const char block[] =
	    TAG("192.0.2.66") "Connect:192.0.2.66\tREJECT\n";
	static const char all[] =
	    "a b\n\n#\r\n" TAG("192.0.2.66") "Connect:192.0.2.66\tREJECT\nz\n";

	(void)state;
	written(all, NULL, "", all);
	written(all, "", "", "a b\n\n#\r\nz\n");
	written(all, "new\n", "", "a b\n\n#\r\nnew\nz\n");
	written("a b\n", NULL, "x y\n", "a b\nx y\n");
	written("", NULL, "x y\n", "x y\n");
	/* A last line without an end stays one. */
	written("a b", NULL, "x y\n", "x y\na b");
	written("a b", NULL, "", "a b");
	written(block, "", "", "");
	written(TAG("192.0.2.66") TAG("192.0.2.67"), "", "x\n",
	    TAG("192.0.2.67") "x\n");
}

static void
test_add_block(void **state)
{
	struct tag tag = { .added = 0, .until = TAG_NEVER, .by = { "x", 1 } };
	struct block_keys keys;
	struct buf b = BUF_INIT;
	const char *why;

	(void)state;
	assert_int_equal(client_parse(&tag.key, "192.0.2.2/31", &why), 0);
	assert_int_equal(sendmail_access_key_list(&tag.key, false, &keys, &why),
	    0);
	entries_add_block(&b, &sendmail_block, &tag, &keys, "REJECT");
	assert_string_equal(buf_str(&b),
	    "# qblock 192.0.2.2/31 added"
	    " 1970-01-01T00:00:00Z until never by x\n"
	    "Connect:192.0.2.2\tREJECT\nConnect:192.0.2.3\tREJECT\n");
	buf_free(&b);
}

/* Whatever is in the file comes out as it went in. */
static void
test_hostile(void **state)
{
	static const char tag[] = TAG("192.0.2.66");
	static const char *const pieces[] = { "Connect:", "192.0.2.66",
		"\tREJECT", "\n", "\n", tag, "# qblock ", "\0x", " ", "RELAY",
		"#", "\r" };
	const char *none[4000] = { NULL };
	uint32_t random = 1;
	int round, i;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct entries m = ENTRIES_INIT;
		struct buf in = BUF_INIT, out = BUF_INIT;

		for (i = 0; i < 60; i++) {
			random = random * 1664525u + 1013904223u;
			buf_adds(&in, pieces[(random >> 16) % ROWS(pieces)]);
			if (random >> 28 == 0)
				buf_addc(&in, (char)(random >> 8));
		}
		assert_non_null(buf_str(&in));
		assert_int_equal(entries_parse(&m, &sendmail_block, in.data,
				     in.len),
		    0);
		assert_in_range(m.nblocks, 0, ROWS(none) - 1);
		entries_write(&out, &m, none, "");
		assert_int_equal(out.len, in.len);
		assert_memory_equal(out.data, in.data, in.len);
		entries_free(&m);
		buf_free(&in);
		buf_free(&out);
	}
}

static void
test_large(void **state)
{
	struct entries m = ENTRIES_INIT;
	struct buf in = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 50000; i++)
		buf_addf(&in, "Connect:h%zu.example\tREJECT\n", i);
	assert_int_equal(entries_parse(&m, &sendmail_block, buf_str(&in),
			     in.len),
	    0);
	assert_int_equal(m.nlines, 50000);
	assert_ptr_equal(entries_find(&m, "connect:H49999.example"),
	    m.line + 49999);
	entries_free(&m);
	buf_free(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_add_block),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_large),
	};

	return UNIT_RUN(tests);
}
