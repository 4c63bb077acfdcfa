/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_client.c - what an operator means by an address, a network or a name */
#include "clients.h"

static void
test_refused(void **state)
{
	static const char *const texts[] = {
		/* clang-format off */
		"", "10", "192.0.2", "192.0.2.", "192.0.2.256", "192.0.2.1.2",
		"192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2/24",
		"2001:db8", "2001:db8:::1", "2001:db8::1/32", "2001:db8::/129",
		"[192.0.2.66", "192.0.2.66]", "[]", "IPv6:", "a..b", ".a", "*",
		"*.bad.example", "bad example", "bad.example/24",
		"a@bad.example", "bad\x01.example", "a.1", "192.0.2.66\n",
		"fe80::1%eth0", "0x10.1.1.1", "REJECT\tx",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/8",
		/* clang-format on */
	};
	struct client k;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(texts); i++) {
		why = NULL;
		if (client_parse(&k, texts[i], &why) != -1)
			fail_msg("'%s' is taken", texts[i]);
		assert_non_null(why);
	}
}

static void
test_covers(void **state)
{
	static const struct {
		const char *a, *b;
		bool want;
	} pairs[] = {
		{ "192.0.2.66", "192.0.2.66", true },
		{ "192.0.2.0/24", "192.0.2.66", true },
		{ "192.0.2.0/24", "192.0.2.64/28", true },
		{ "192.0.2.64/28", "192.0.2.0/24", false },
		{ "192.0.2.0/24", "192.0.3.1", false },
		{ "::/1", "192.0.2.1", false },
		{ "2001:db8::/32", "2001:db8:1::/48", true },
		{ "2001:db8::/32", "2001:db9::1", false },
		{ "bad.example", "mx.bad.example", true },
		{ "bad.example", "bad.example", true },
		{ "bad.example", "notbad.example", false },
		{ "mx.bad.example", "bad.example", false },
		{ "example", "bad.example", true },
		{ "bad.example", "192.0.2.66", false },
		{ "192.0.2.0/24", "bad.example", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(pairs); i++) {
		struct client a = clients_parsed(pairs[i].a),
			      b = clients_parsed(pairs[i].b);

		if (client_covers(&a, &b) != pairs[i].want)
			fail_msg("%s covers %s", pairs[i].a, pairs[i].b);
		assert_int_equal(client_equal(&a, &b),
		    strcmp(pairs[i].a, pairs[i].b) == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_covers),
	};

	return UNIT_RUN(tests);
}
