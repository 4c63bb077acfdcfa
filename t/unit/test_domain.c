/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_domain.c - the part of a host name that its owner registered */
#include "unit.h"

#include "mail/domain.h"

#define L50 "a2345678901234567890123456789012345678901234567890"
#define N253                                                         \
	L50 "." L50 "." L50 "." L50 ".b2345678901234567890123456789" \
	    "012345678901.example"

/* name: what it gives without libpsl. */
static const struct {
	const char *host, *domain, *name;
} rows[] = {
	{ "mail.good.example", "good.example", "mail.good.example" },
	{ "good.example", "good.example", "good.example" },
	{ "a.b.c.Good.Example", "good.example", "a.b.c.good.example" },
	{ "MX1.Spam.CO.UK", "spam.co.uk", "mx1.spam.co.uk" },
	{ "a.b.spam.co.uk", "spam.co.uk", "a.b.spam.co.uk" },
	{ "cpe-7_x.isp.com", "isp.com", "cpe-7_x.isp.com" },
	{ "mail.good.example.", "good.example", "mail.good.example" },
	{ "1.2.0.192.in-addr.arpa", "192.in-addr.arpa",
	    "1.2.0.192.in-addr.arpa" },
	{ "a.b.xn--p1ai", "b.xn--p1ai", "a.b.xn--p1ai" },
	/* Registrars' own, and no domain at all. */
	{ "co.uk", "co.uk", "co.uk" },
	{ "COM", "com", "com" },
	{ "localhost", "localhost", "localhost" },
	{ "x.a.github.io", "a.github.io", "x.a.github.io" },
	/* A wildcard of the list, and an exception from it. */
	{ "x.a.b.ck", "a.b.ck", "x.a.b.ck" },
	{ "x.www.ck", "www.ck", "x.www.ck" },
	{ "4.3.2.1a", "2.1a", "4.3.2.1a" },
	{ "AZ.az09-_.Example", "az09-_.example", "az.az09-_.example" },
};

static struct span
span(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static void
assert_domain(const char *host, const char *want)
{
	char room[DOMAIN_MAX + 1];
	struct span got = domain_registrable(span(host), room);

	if (got.n != strlen(want) || memcmp(got.p, want, got.n) != 0)
		fail_msg("'%s' gives '%.*s'", host, (int)got.n, got.p);
	/* It is the caller's room that holds it. */
	assert_true(got.p >= room && got.p + got.n <= room + sizeof(room));
}

static void
test_domain(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
#ifdef HAVE_LIBPSL
		assert_domain(rows[i].host, rows[i].domain);
#else
		assert_domain(rows[i].host, rows[i].name);
#endif
}

static void
test_none(void **state)
{
	static const char *const none[] = { "", ".", "..", ".example",
		"a..example", "mail.example..", "192.0.2.1", "999.1.2.3",
		"1.2.3", "42", "mail.42", "mail.0", "mail.9", "192.0.2.90",
		"[192.0.2.1]", "IPv6:2001:db8::1", "2001:db8::1",
		"hosts|file<b>$(id).example", "a b.example", "a.example ",
		"caf\xc3\xa9.example", "\x1b[2J.example", "a@b.example",
		"a/b.example", "a\n.example", "x" N253 };
	char room[DOMAIN_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(none); i++)
		if (domain_registrable(span(none[i]), room).n != 0)
			fail_msg("'%s' has one", none[i]);
	assert_int_equal(domain_registrable((struct span){ NULL, 0 }, room).n,
	    0);
	assert_int_equal(
	    domain_registrable((struct span){ "mail\0evil.example", 17 }, room)
		.n,
	    0);
	/* The length counts: there is no NUL to be found. */
	assert_int_equal(domain_registrable(
			     (struct span){ "a.example [192.0.2.1]", 9 }, room)
			     .n,
	    9);
}

/* 253 characters are a name, and a final dot is not one of them. */
static void
test_longest(void **state)
{
	char room[DOMAIN_MAX + 1];

	(void)state;
	assert_int_equal(strlen(N253), DOMAIN_MAX);
	assert_true(domain_registrable(span(N253), room).n != 0);
	assert_true(domain_registrable(span(N253 "."), room).n != 0);
}

static void
test_copy(void **state)
{
	char room[DOMAIN_MAX + 1];

	(void)state;
	assert_true(domain_copy(span("MX.Bad.Example."), room));
	assert_string_equal(room, "mx.bad.example");
	assert_false(domain_copy(span("a..b"), room));
	assert_false(domain_copy(span("192.0.2.66"), room));
	assert_false(domain_copy(span("*.example"), room));
}

static void
test_shared(void **state)
{
	static const struct {
		const char *name;
		bool want, without;
	} names[] = {
		{ "com", true, true },
		{ "co.uk", true, true },
		{ "bad.example", false, true },
		{ "bad.co.uk", false, false },
		{ "github.io", true, true },
		{ "mx.bad.example", false, false },
		{ "localhost", true, true },
		{ "b.ck", true, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(names); i++)
#ifdef HAVE_LIBPSL
		if (domain_is_shared(names[i].name) != names[i].want)
#else
		if (domain_is_shared(names[i].name) != names[i].without)
#endif
			fail_msg("'%s'", names[i].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_shared),
	};

	return UNIT_RUN(tests);
}
