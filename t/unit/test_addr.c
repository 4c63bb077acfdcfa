/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_addr.c - IPv4 and IPv6 addresses and prefixes */
#include "unit.h"

#include "base/addr.h"

static struct addr
parse(const char *text)
{
	struct addr a;

	if (addr_parse(&a, text, strlen(text)) != 0)
		fail_msg("'%s' is no address", text);
	return a;
}

static struct addr_prefix
parse_prefix(const char *text)
{
	struct addr_prefix p;
	const char *why = "";

	if (addr_parse_prefix(&p, text, &why) != 0)
		fail_msg("'%s': %s", text, why);
	return p;
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text, *printed;
		bool v4, loopback;
	} rows[] = {
		{ "192.0.2.10", "192.0.2.10", true, false },
		{ "0.0.0.0", "0.0.0.0", true, false },
		{ "255.255.255.255", "255.255.255.255", true, false },
		{ "126.255.255.255", "126.255.255.255", true, false },
		{ "127.0.0.1", "127.0.0.1", true, true },
		{ "127.255.0.9", "127.255.0.9", true, true },
		{ "128.0.0.1", "128.0.0.1", true, false },
		{ "::1", "::1", false, true },
		{ "0:0:0:0:0:0:0:1", "::1", false, true },
		{ "::", "::", false, false },
		{ "::2", "::2", false, false },
		{ "1::1", "1::1", false, false },
		{ "7f00::1", "7f00::1", false, false },
		{ "2001:db8:0:0:0:0:0:10", "2001:db8::10", false, false },
		{ "2001:DB8::A", "2001:db8::a", false, false },
		{ "2001:0db8:0001:0002:0003:0004:0005:0006",
		    "2001:db8:1:2:3:4:5:6", false, false },
		/* RFC 5952: the longest run of zeros, the first of two. */
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", false, false },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", false, false },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", false,
		    false },
		{ "::ffff:192.0.2.10", "192.0.2.10", true, false },
		{ "::FFFF:c000:20a", "192.0.2.10", true, false },
		{ "0:0:0:0:0:ffff:127.0.0.1", "127.0.0.1", true, true },
		{ "::fffe:192.0.2.10", "::fffe:c000:20a", false, false },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221", false, false },
	};
	struct buf b = BUF_INIT;
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		a = parse(rows[i].text);
		buf_truncate(&b, 0);
		addr_add(&b, &a);
		unit_assert_text(buf_str(&b), rows[i].printed, rows[i].text);
		if (addr_is_v4(&a) != rows[i].v4 ||
		    addr_is_loopback(&a) != rows[i].loopback)
			fail_msg("'%s'", rows[i].text);
	}
	buf_free(&b);
}

static void
test_bytes(void **state)
{
	static const uint8_t v4[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
		0xff, 192, 0, 2, 10 };
	static const uint8_t v6[16] = {
		/* clang-format off */
		0x20, 0x01, 0x0d, 0xb8, [14] = 0x12, [15] = 0x34
		/* clang-format on */
	};
	struct addr a;

	(void)state;
	a = parse("192.0.2.10");
	assert_memory_equal(a.b, v4, sizeof(v4));
	a = parse("2001:db8::1234");
	assert_memory_equal(a.b, v6, sizeof(v6));
	/* The length counts, not a NUL. */
	assert_int_equal(addr_parse(&a, "192.0.2.10]x", 10), 0);
	assert_memory_equal(a.b, v4, sizeof(v4));
}

static void
test_refuse(void **state)
{
#define ROW(text)                      \
	{                              \
		text, sizeof(text) - 1 \
	}
	static const struct {
		const char *text;
		size_t n;
	} rows[] = {
		/* clang-format off */
		ROW(""), ROW("1"), ROW("1.2.3"), ROW("999.1.2.3"),
		ROW("256.1.1.1"), ROW("1.2.3.4."), ROW("1.2.3.4.5"),
		ROW(" 1.2.3.4"), ROW("1.2.3.4 "), ROW("1.2.3.4\n"),
		ROW("0x7f.0.0.1"), ROW("-1.2.3.4"), ROW("1..2.3"),
		ROW("IPv6:::1"), ROW("[::1]"), ROW("fe80::1%eth0"),
		ROW(":::"), ROW(":"), ROW("1:2:3:4:5:6:7:8:9"), ROW("12345::"),
		ROW("::1::"), ROW("g::"), ROW("::ffff:999.0.0.1"),
		ROW("1.2.3.4\0"), ROW("1.2\0.3.4"), ROW("::1\0"),
		ROW("localhost"), ROW("1.2.3.4/32"),
		ROW("0000:0000:0000:0000:0000:ffff:255.255.255.2550"),
		ROW("0000000000000000000000000000000000000000000001.2.3.4"),
		/* clang-format on */
	};
#undef ROW
	struct addr a = { { 1, 2, 3 } };
	const struct addr before = a;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (addr_parse(&a, rows[i].text, rows[i].n) != -1)
			fail_msg("'%s' was taken", rows[i].text);
	assert_true(addr_equal(&a, &before));
	assert_int_equal(addr_parse(&a, NULL, 0), -1);
}

/* The longest there is: 45 characters. */
static void
test_longest(void **state)
{
	static const char v6[] = "2001:0db8:1111:2222:3333:4444:"
				 "255.255.255.255";
	struct buf b = BUF_INIT;
	struct addr a = parse(v6);

	(void)state;
	assert_int_equal(sizeof(v6), ADDR_TEXT);
	addr_add(&b, &a);
	assert_string_equal(buf_str(&b),
	    "2001:db8:1111:2222:3333:4444:ffff:ffff");
	buf_free(&b);
}

static void
test_prefix(void **state)
{
	static const struct {
		const char *text;
		unsigned int bits;
		const char *printed;
	} rows[] = {
		{ "192.0.2.0/24", 120, "192.0.2.0/24" },
		{ "192.0.2.66", 128, "192.0.2.66" },
		{ "192.0.2.66/32", 128, "192.0.2.66" },
		{ "192.0.2.66/31", 127, "192.0.2.66/31" },
		{ "0.0.0.0/0", 96, "0.0.0.0/0" },
		{ "128.0.0.0/1", 97, "128.0.0.0/1" },
		{ "192.0.2.0/024", 120, "192.0.2.0/24" },
		{ "2001:db8::/32", 32, "2001:db8::/32" },
		{ "2001:db8:0:0:0:0:0:10", 128, "2001:db8::10" },
		{ "::/0", 0, "::/0" },
		{ "::1/128", 128, "::1" },
		{ "fe00::/7", 7, "fe00::/7" },
		{ "::ffff:192.0.2.0/120", 120, "192.0.2.0/24" },
		{ "::ffff:0:0/96", 96, "0.0.0.0/0" },
	};
	struct buf b = BUF_INIT;
	struct addr_prefix p;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		p = parse_prefix(rows[i].text);
		if (p.bits != rows[i].bits)
			fail_msg("'%s': %u bits", rows[i].text, p.bits);
		buf_truncate(&b, 0);
		addr_add_prefix(&b, &p);
		unit_assert_text(buf_str(&b), rows[i].printed, rows[i].text);
	}
	buf_free(&b);
}

static void
test_prefix_refuse(void **state)
{
	static const char what[] = "expected an address or a prefix like"
				   " 192.0.2.0/24 or 2001:db8::/32";
	static const char v4[] = "expected 0 to 32 after the /";
	static const char v6[] = "expected 0 to 128 after the /";
	static const char set[] = "the address has bits set behind the prefix";
	static const struct {
		const char *text, *why;
	} rows[] = {
		/* clang-format off */
		{ "", what }, { "/24", what }, { "192.0.2/24", what },
		{ "mail.example", what }, { "192.0.2.0-192.0.2.9", what },
		{ "192.0.2.*", what }, { " 192.0.2.0/24", what },
		{ "[192.0.2.66]", what },
		{ "192.0.2.0/", v4 }, { "192.0.2.0/33", v4 },
		{ "192.0.2.0/+24", v4 }, { "192.0.2.0/-0", v4 },
		{ "192.0.2.0/24/24", v4 }, { "192.0.2.0/24 ", v4 },
		{ "192.0.2.0/255.255.255.0", v4 },
		{ "192.0.2.0/99999999999999999999", v4 },
		{ "2001:db8::/129", v6 }, { "2001:db8::/x", v6 },
		{ "192.0.2.1/24", set }, { "192.0.2.1/31", set },
		{ "0.0.0.1/0", set }, { "2001:db8::1/64", set },
		{ "2001:db9::/31", set }, { "8000::/0", set },
		/* clang-format on */
	};
	struct addr_prefix p = { .bits = 77 };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		why = NULL;
		if (addr_parse_prefix(&p, rows[i].text, &why) != -1)
			fail_msg("'%s' was taken", rows[i].text);
		unit_assert_text(why, rows[i].why, rows[i].text);
	}
	assert_int_equal(p.bits, 77);
}

static void
test_in(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool in;
	} rows[] = {
		{ "192.0.2.0/24", "192.0.2.0", true },
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.0/24", "192.0.1.255", false },
		{ "192.0.2.0/24", "::ffff:192.0.2.9", true },
		{ "192.0.2.64/26", "192.0.2.127", true },
		{ "192.0.2.64/26", "192.0.2.128", false },
		{ "192.0.2.64/26", "192.0.2.63", false },
		{ "192.0.2.66", "192.0.2.66", true },
		{ "192.0.2.66", "192.0.2.67", false },
		{ "0.0.0.0/0", "255.1.2.3", true },
		{ "2001:db8::/32", "2001:db8:ffff::1", true },
		{ "2001:db8::/32", "2001:db9::1", false },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		/* Families don't mix. */
		{ "0.0.0.0/0", "::1", false },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "::1", true },
		{ "::/0", "192.0.2.66", false },
		{ "::/64", "192.0.2.66", false },
	};
	struct addr_prefix p;
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		p = parse_prefix(rows[i].prefix);
		a = parse(rows[i].addr);
		if (addr_in(&p, &a) != rows[i].in)
			fail_msg("%s in %s", rows[i].addr, rows[i].prefix);
	}
}

static void
test_network(void **state)
{
	static const struct {
		const char *addr;
		unsigned int v4bits, v6bits;
		const char *network;
	} rows[] = {
		{ "192.0.2.66", 24, 64, "192.0.2.0/24" },
		{ "192.0.2.66", 32, 64, "192.0.2.66" },
		{ "192.0.2.66", 26, 64, "192.0.2.64/26" },
		{ "192.0.2.66", 0, 64, "0.0.0.0/0" },
		{ "2001:db8:1:2:3:4:5:6", 24, 64, "2001:db8:1:2::/64" },
		{ "2001:db8:1:2:3:4:5:6", 24, 128, "2001:db8:1:2:3:4:5:6" },
		{ "2001:db8:1:2:3:4:5:6", 24, 0, "::/0" },
		{ "2001:db8:1:ffff::", 24, 50, "2001:db8:1:c000::/50" },
	};
	struct buf b = BUF_INIT;
	struct addr_prefix p;
	struct addr a;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		a = parse(rows[i].addr);
		p = addr_network(&a, rows[i].v4bits, rows[i].v6bits);
		assert_true(addr_in(&p, &a));
		buf_truncate(&b, 0);
		addr_add_prefix(&b, &p);
		unit_assert_text(buf_str(&b), rows[i].network, rows[i].addr);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_prefix_refuse),
		cmocka_unit_test(test_in),
		cmocka_unit_test(test_network),
	};

	return UNIT_RUN(tests);
}
