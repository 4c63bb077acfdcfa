/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relay.c - who handed a message to this server */
#include "envelopes.h"
#include "unit.h"

#include "mail/relay.h"

struct row {
	const char *value;
	size_t n;
	enum relay_class class;
	const char *addr; /* "": none */
	const char *host; /* "": none */
	const char *ident;
	bool forged;
};

static void
check(const struct row *rows, size_t n)
{
	static const struct addr none;
	struct buf addr = BUF_INIT;
	struct relay r;
	size_t i;

	for (i = 0; i < n; i++) {
		memset(&r, 0xff, sizeof(r));
		relay_parse(&r, rows[i].value, rows[i].n);
		if (r.class != rows[i].class)
			fail_msg("'%s' is %s", rows[i].value,
			    relay_class_name(r.class));
		buf_truncate(&addr, 0);
		if (!addr_equal(&r.addr, &none))
			addr_add(&addr, &r.addr);
		unit_assert_text(buf_str(&addr), rows[i].addr, rows[i].value);
		assert_span(r.host, rows[i].host, rows[i].value);
		assert_span(r.ident, rows[i].ident, rows[i].value);
		if (r.forged != rows[i].forged)
			fail_msg("'%s': forged %d", rows[i].value, r.forged);
	}
	buf_free(&addr);
}

static void
test_smtp(void **state)
{
	static const struct row rows[] = {
		{ BYTES("mail.good.example [192.0.2.10]"), RELAY_SMTP,
		    "192.0.2.10", "mail.good.example", "", false },
		{ BYTES("forged.bad.example [192.0.2.66] (may be forged)"),
		    RELAY_SMTP, "192.0.2.66", "forged.bad.example", "", true },
		{ BYTES("[203.0.113.77]"), RELAY_SMTP, "203.0.113.77", "", "",
		    false },
		{ BYTES("[203.0.113.77] (may be forged)"), RELAY_SMTP,
		    "203.0.113.77", "", "", true },
		{ BYTES("MiXeD.CaSe_x.Example [192.0.2.1]"), RELAY_SMTP,
		    "192.0.2.1", "MiXeD.CaSe_x.Example", "", false },
		{ BYTES("six.example [IPv6:2001:db8:0:0:0:0:0:10]"), RELAY_SMTP,
		    "2001:db8::10", "six.example", "", false },
		{ BYTES("six.example [IPv6:2001:db8::10]"), RELAY_SMTP,
		    "2001:db8::10", "six.example", "", false },
		{ BYTES("six.example [2001:db8::10]"), RELAY_SMTP,
		    "2001:db8::10", "six.example", "", false },
		{ BYTES("[IPv6:2001:db8::99] (may be forged)"), RELAY_SMTP,
		    "2001:db8::99", "", "", true },
		{ BYTES("old.example [IPv6:::ffff:192.0.2.9]"), RELAY_SMTP,
		    "192.0.2.9", "old.example", "", false },
		{ BYTES("[IPv6:0:0:0:0:0:ffff:c000:209]"), RELAY_SMTP,
		    "192.0.2.9", "", "", false },
		/* Chosen by the client, and worth nothing. */
		{ BYTES("localhost [192.0.2.78] (may be forged)"), RELAY_SMTP,
		    "192.0.2.78", "localhost", "", true },
		{ BYTES("localhost [192.0.2.78]"), RELAY_SMTP, "192.0.2.78",
		    "localhost", "", false },
		{ BYTES("root@localhost [192.0.2.78]"), RELAY_SMTP,
		    "192.0.2.78", "localhost", "root", false },
		{ BYTES("[127.0.0.1] [192.0.2.78]"), RELAY_SMTP, "192.0.2.78",
		    "[127.0.0.1]", "", false },
		{ BYTES("x [1.1.1.1] (may be forged) [192.0.2.78]"), RELAY_SMTP,
		    "192.0.2.78", "x [1.1.1.1] (may be forged)", "", false },
		{ BYTES("a [[UNIX: b]] [192.0.2.78]"), RELAY_SMTP, "192.0.2.78",
		    "a [[UNIX: b]]", "", false },
		{ BYTES("two  [192.0.2.78]"), RELAY_SMTP, "192.0.2.78", "two ",
		    "", false },
		{ BYTES("\x1b[2J\xff [192.0.2.69]"), RELAY_SMTP, "192.0.2.69",
		    "\x1b[2J\xff", "", false },
		{ BYTES("cr\r [192.0.2.69]"), RELAY_SMTP, "192.0.2.69", "cr\r",
		    "", false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_nul(void **state)
{
	static const char value[] = "a\0b@c\0d [192.0.2.91]";
	struct relay r;

	(void)state;
	relay_parse(&r, BYTES(value));
	assert_int_equal(r.class, RELAY_SMTP);
	assert_int_equal(r.addr.b[15], 91);
	/* No ident has a NUL, so the '@' is the host name's. */
	assert_int_equal(r.ident.n, 0);
	assert_int_equal(r.host.n, 7);
	assert_ptr_equal(r.host.p, value);
}

static void
test_loopback(void **state)
{
	static const struct row rows[] = {
		{ BYTES("localhost [127.0.0.1]"), RELAY_LOOPBACK, "127.0.0.1",
		    "localhost", "", false },
		{ BYTES("www-data@localhost [127.0.0.1]"), RELAY_LOOPBACK,
		    "127.0.0.1", "localhost", "www-data", false },
		{ BYTES("[127.255.255.254]"), RELAY_LOOPBACK, "127.255.255.254",
		    "", "", false },
		{ BYTES("localhost [IPv6:0:0:0:0:0:0:0:1]"), RELAY_LOOPBACK,
		    "::1", "localhost", "", false },
		{ BYTES("x.example [127.0.0.2] (may be forged)"),
		    RELAY_LOOPBACK, "127.0.0.2", "x.example", "", true },
		{ BYTES("[IPv6:::ffff:127.0.0.1]"), RELAY_LOOPBACK, "127.0.0.1",
		    "", "", false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_ident(void **state)
{
#define N98                                                 \
	"1234567890123456789012345678901234567890123456789" \
	"1234567890123456789012345678901234567890123456789"
	static const struct row rows[] = {
		{ BYTES("alice@shell.example [198.51.100.8]"), RELAY_SMTP,
		    "198.51.100.8", "shell.example", "alice", false },
		{ BYTES("IDENT:bob@[198.51.100.9]"), RELAY_SMTP, "198.51.100.9",
		    "", "IDENT:bob", false },
		{ BYTES("IDENT:bob@h.example [198.51.100.9] (may be forged)"),
		    RELAY_SMTP, "198.51.100.9", "h.example", "IDENT:bob",
		    true },
		{ BYTES("IDENT:@[198.51.100.9]"), RELAY_SMTP, "198.51.100.9",
		    "", "IDENT:", false },
		{ BYTES("@[198.51.100.9]"), RELAY_SMTP, "198.51.100.9", "", "",
		    false },
		{ BYTES("@h.example [198.51.100.9]"), RELAY_SMTP,
		    "198.51.100.9", "h.example", "", false },
		{ BYTES("a|b`id`$x{i}&'q'../etc#~^*+!%_-9@[192.0.2.22]"),
		    RELAY_SMTP, "192.0.2.22", "",
		    "a|b`id`$x{i}&'q'../etc#~^*+!%_-9", false },
		{ BYTES(N98 "x@[192.0.2.22]"), RELAY_SMTP, "192.0.2.22", "",
		    N98 "x", false },
		{ BYTES("IDENT:" N98 "x@[192.0.2.22]"), RELAY_SMTP,
		    "192.0.2.22", "", "IDENT:" N98 "x", false },
		/* What no ident has belongs to the host name. */
		{ BYTES(N98 "xy@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22",
		    N98 "xy@h", "", false },
		{ BYTES("a:b@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22",
		    "a:b@h", "", false },
		{ BYTES("a b@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22",
		    "a b@h", "", false },
		{ BYTES(" b@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22", " b@h",
		    "", false },
		{ BYTES("a ]@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22",
		    "a ]@h", "", false },
		{ BYTES("AZaz09@h [192.0.2.22]"), RELAY_SMTP, "192.0.2.22", "h",
		    "AZaz09", false },
		{ BYTES("a@b@c [192.0.2.22]"), RELAY_SMTP, "192.0.2.22", "b@c",
		    "a", false },
		{ BYTES("a b@[192.0.2.22]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES(N98 "xy@[192.0.2.22]"), RELAY_UNKNOWN, "", "", "",
		    false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_local(void **state)
{
	static const struct row rows[] = {
		{ BYTES("localhost"), RELAY_BOUNCE, "", "localhost", "",
		    false },
		{ BYTES("root@localhost"), RELAY_LOCAL, "", "localhost", "root",
		    false },
		{ BYTES("Unknown UID 4711@localhost"), RELAY_LOCAL, "",
		    "localhost", "Unknown UID 4711", false },
		{ BYTES("u@REALM.EXAMPLE@localhost"), RELAY_LOCAL, "",
		    "localhost", "u@REALM.EXAMPLE", false },
		{ BYTES("a [1.2.3.4]@localhost"), RELAY_LOCAL, "", "localhost",
		    "a [1.2.3.4]", false },
		{ BYTES("localhost [[UNIX: localhost]]"), RELAY_LOCAL, "",
		    "localhost", "", false },
		{ BYTES("[[UNIX: /run/mail [1.2.3.4] x]]"), RELAY_LOCAL, "", "",
		    "", false },
		{ BYTES("[[UNIX: ]]"), RELAY_LOCAL, "", "", "", false },
		{ BYTES(""), RELAY_NONE, "", "", "", false },
	};
	struct relay r;

	(void)state;
	check(rows, ROWS(rows));
	relay_parse(&r, NULL, 0);
	assert_int_equal(r.class, RELAY_NONE);
}

static void
test_unknown(void **state)
{
	static const struct row rows[] = {
		{ BYTES("x.example [999.1.2.3]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("x.example [999.1.2.3] (may be forged)"), RELAY_UNKNOWN,
		    "", "x.example", "", true },
		{ BYTES("x.example []"), RELAY_UNKNOWN, "", "x.example", "",
		    false },
		{ BYTES("x.example [IPv6:]"), RELAY_UNKNOWN, "", "x.example",
		    "", false },
		{ BYTES("x.example [IPv6:192.0.2.1]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("x.example [ipv6:::1]"), RELAY_UNKNOWN, "", "x.example",
		    "", false },
		{ BYTES("x.example [IPv6:fe80::1%eth0]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("x.example [192.0.2.1 ]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("x.example [192.0.2.1]:25"), RELAY_UNKNOWN, "", "", "",
		    false },
		/* Exactly one way to write it. */
		{ BYTES("x.example[192.0.2.1]"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("x.example\t[192.0.2.1]"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES(" [192.0.2.1]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("a@ [192.0.2.1]"), RELAY_UNKNOWN, "", "", "a", false },
		{ BYTES("x.example [192.0.2.1]]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("x.example [192.0.2.1"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("192.0.2.1]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("["), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("x.example [192.0.2.1] "), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("x.example [192.0.2.1]\r"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("x [192.0.2.1](may be forged)"), RELAY_UNKNOWN, "", "",
		    "", false },
		{ BYTES("x [192.0.2.1] (may be forged) (may be forged)"),
		    RELAY_UNKNOWN, "", "", "", true },
		{ BYTES("x.example"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES(" "), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES(" (may be forged)"), RELAY_UNKNOWN, "", "", "", true },
	};

	(void)state;
	check(rows, ROWS(rows));
}

/* Nearly a bounce, nearly local; and what sendmail builds may write. */
static void
test_not_told(void **state)
{
	static const struct row rows[] = {
		{ BYTES("localhost "), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("LOCALHOST"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("xlocalhost"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("localhost (may be forged)"), RELAY_UNKNOWN, "", "", "",
		    true },
		{ BYTES("a@localhost (may be forged)"), RELAY_UNKNOWN, "", "",
		    "", true },
		{ BYTES("@localhost"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("root@localhost.example"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("x.example [[UNIX: a]]"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("[[UNIX: a]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("[[UNIX:a]]"), RELAY_UNKNOWN, "", "", "", false },
		{ BYTES("localhost [[UNIX: a]] (may be forged)"), RELAY_UNKNOWN,
		    "", "", "", true },
		/* The route is the client's own invention. */
		{ BYTES("x.example [@192.0.2.1:192.0.2.2]"), RELAY_UNKNOWN, "",
		    "x.example", "", false },
		{ BYTES("[192.0.2.3] [!@192.0.2.1@192.0.2.4:192.0.2.2]"),
		    RELAY_UNKNOWN, "", "[192.0.2.3]", "", false },
		{ BYTES("bob@x.example [!@192.0.2.1:192.0.2.2]"), RELAY_UNKNOWN,
		    "", "x.example", "bob", false },
		/* Folded. */
		{ BYTES("x.example\n [192.0.2.1]"), RELAY_UNKNOWN, "", "", "",
		    false },
		{ BYTES("x.example [192.0.2.1]\n\t[192.0.2.2]"), RELAY_UNKNOWN,
		    "", "", "", false },
		{ BYTES("\nlocalhost"), RELAY_UNKNOWN, "", "", "", false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_names(void **state)
{
	static const char *const names[] = { "smtp", "loopback", "local",
		"bounce", "none", "unknown", "incomplete" };
	int i;

	(void)state;
	assert_int_equal(ROWS(names), RELAY_CLASSES);
	for (i = 0; i < RELAY_CLASSES; i++)
		assert_string_equal(relay_class_name((enum relay_class)i),
		    names[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smtp),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_ident),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_not_told),
		cmocka_unit_test(test_names),
	};

	return UNIT_RUN(tests);
}
