/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_selector.c - which messages an operator means */
#include <stdio.h>

#include "envelopes.h"
#include "unit.h"

#include "mail/selector.h"

#define NOW INT64_C(1795342500)

static const char smtp[] =
    "V8\nT1795338900\n" /* an hour ago */
    "$_mx.Spam.example [192.0.2.66]\n$sfriend\n"
    "S<Win@Mail.Spam.example>\nRPF:<a@dest.example>\n.\n";
static const char six[] =
    "V8\nT1795342500\n$_[IPv6:2001:db8:0:0:0:0:0:10]\n$ssix\nS<>\n.\n";
static const char forged[] =
    "V8\nT1795342500\n$_mx.spam.example [192.0.2.67] (may be forged)\n"
    "S<a@b.example>\n.\n";
static const char loopback[] =
    "V8\nT1795342500\n$_localhost [127.0.0.1]\n$smx1\nS<a@b.example>\n.\n";
static const char local[] =
    "V8\nT1795342500\n$_root@localhost\nSroot@lab.example\n.\n";
static const char bounce[] =
    "V8\nT1795342500\n$_localhost\n$r\n$slocalhost\nSMAILER-DAEMON\n.\n";
static const char future[] =
    "V8\nT1795342600\n$_a.example [192.0.2.1]\nS<a@b.example>\n.\n";
static const char bare[] = "V8\n";

static void
must_parse(struct selector *s, const char *text)
{
	struct buf why = BUF_INIT;

	if (selector_parse(s, text, &why) != 0)
		fail_msg("%s", buf_str(&why));
	assert_int_equal(why.len, 0);
	buf_free(&why);
}

/* A message's recipients, and who asks. */
struct told {
	const struct selector *selector;
	struct selector_recipients to;
};

static void
tell(void *arg, struct span address)
{
	struct told *t = arg;

	selector_tell(t->selector, &t->to, address);
}

static bool
is_selected(const struct selector *s, const char *file, size_t n,
    bool also_loopback)
{
	struct told t = { .selector = s };
	struct envelope e;

	qf_parse(&e, file, n, true, tell, &t);
	return selector_matches(s, &e, &t.to, NOW, also_loopback);
}

static bool
matches(const char *text, const char *file, bool also_loopback)
{
	struct selector s = SELECTOR_INIT;
	bool result;

	must_parse(&s, text);
	result = is_selected(&s, file, strlen(file), also_loopback);
	selector_free(&s);
	return result;
}

struct row {
	const char *text, *file;
	bool matches;
};

static void
check(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (matches(rows[i].text, rows[i].file, false) !=
		    rows[i].matches)
			fail_msg("'%s' on\n%s", rows[i].text, rows[i].file);
}

static void
test_relay(void **state)
{
	static const struct row rows[] = {
		{ "192.0.2.66", smtp, true },
		{ "::ffff:192.0.2.66", smtp, true },
		{ "192.0.2.67", smtp, false },
		{ "192.0.2.0/24", smtp, true },
		{ "192.0.3.0/24", smtp, false },
		{ "0.0.0.0/0", smtp, true },
		{ "::/0", smtp, false },
		{ "2001:db8::/32", six, true },
		{ "2001:db8::10", six, true },
		{ "2001:DB8:0:0::10", six, true },
		{ "2001:db8::11", six, false },
		{ "192.0.2.67", forged, true },
		{ "192.0.2.1 192.0.2.66", smtp, true },
		{ "192.0.2.66 192.0.2.1", smtp, true },
		/* No relay, no match: not even the zero address. */
		{ "0.0.0.0/0", local, false },
		{ "::/0", local, false },
		{ "::/0", bounce, false },
		{ "::", bare, false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_name(void **state)
{
	static const struct row rows[] = {
		{ "name:spam.example", smtp, true },
		{ "name:SPAM.example", smtp, true },
		{ "name:mx.spam.example", smtp, true },
		{ "name:example", smtp, true },
		{ "name:am.example", smtp, false },
		{ "name:x.mx.spam.example", smtp, false },
		{ "name:mx.spam", smtp, false },
		{ "name:mx", smtp, false },
		{ "name:spam.example", six, false },
		{ "name:spam.example", forged, false },
		{ "name:localhost", local, false },
		{ "name:localhost", bounce, false },
		{ "name:example", bare, false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_loopback(void **state)
{
	(void)state;
	assert_false(matches("127.0.0.1", loopback, false));
	assert_true(matches("127.0.0.1", loopback, true));
	assert_false(matches("127.0.0.2", loopback, true));
	assert_false(matches("name:localhost", loopback, false));
	assert_true(matches("name:localhost", loopback, true));
	assert_true(matches("192.0.2.66", smtp, true));
	assert_false(matches("0.0.0.0/0", local, true));
	assert_false(matches("name:localhost", bounce, true));
}

static void
test_texts(void **state)
{
	static const struct row rows[] = {
		{ "helo:friend", smtp, true },
		{ "helo:FRIEND", smtp, true },
		{ "helo:frien", smtp, false },
		{ "helo:friends", smtp, false },
		{ "helo:mx1", loopback, true },
		{ "helo:friend", local, false },
		{ "sender:win@mail.spam.example", smtp, true },
		{ "sender:<WIN@mail.spam.example>", smtp, true },
		{ "sender:in@mail.spam.example", smtp, false },
		{ "sender:xwin@mail.spam.example>", smtp, false },
		{ "sender:<>", smtp, false },
		{ "sender:<>", six, true },
		{ "sender:<>", bounce, false },
		{ "sender:MAILER-DAEMON", bounce, true },
		/* No sender line is not the null sender. */
		{ "sender:<>", bare, false },
		{ "sender-domain:mail.spam.example", smtp, true },
		{ "sender-domain:MAIL.spam.example", smtp, true },
		{ "sender-domain:spam.example", smtp, false },
		{ "sender-domain:example", six, false },
		{ "sender-domain:<>", six, true },
		{ "sender-domain:<>", smtp, false },
		{ "sender-domain:<>", bare, false },
		{ "sender-domain:lab.example", local, true },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static const char many[] =
    "V8\nT1795342500\n$_mx.spam.example [192.0.2.66]\n"
    "MDeferred: 421-4.7.28 [192.0.2.9] Unusual rate. 0f1a-03.7 - gsmtp\n"
    "S<a@b.example>\nRPF:<Ann@One.example>\nRPF:<bob@two.example>\n"
    "RPF:root\n.\n";

static void
test_recipients(void **state)
{
	static const struct row rows[] = {
		{ "recipient:ann@one.example", many, true },
		{ "recipient:<BOB@two.example>", many, true },
		{ "recipient:root", many, true },
		{ "recipient:nn@one.example", many, false },
		{ "recipient:ann@one.example", smtp, false },
		{ "recipient:x@y.example recipient:root", many, true },
		{ "recipient-domain:ONE.example", many, true },
		{ "recipient-domain:root", many, true },
		{ "recipient-domain:example", many, false },
		{ "recipient-domain:one.example", smtp, false },
		/* All kinds, but not of one recipient. */
		{ "recipient:root recipient-domain:one.example", many, true },
		{ "recipient:root recipient-domain:x.example", many, false },
		{ "recipient:root 192.0.2.67", many, false },
		{ "recipient:root", bare, false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

/* Who of the recipients is not meant. */
static void
test_other(void **state)
{
	static const struct {
		const char *text, *file;
		bool asks, other;
	} rows[] = {
		{ "recipient-domain:dest.example", smtp, true, false },
		{ "recipient:a@dest.example", smtp, true, false },
		{ "recipient:b@dest.example", smtp, true, true },
		{ "recipient:b@dest.example recipient-domain:dest.example",
		    smtp, true, false },
		/* The first of them, or the last. */
		{ "recipient:ann@one.example", many, true, true },
		{ "recipient:root", many, true, true },
		{ "192.0.2.66", smtp, false, true },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct selector s = SELECTOR_INIT;
		struct told t = { .selector = &s };

		must_parse(&s, rows[i].text);
		assert_int_equal(selector_asks_recipients(&s), rows[i].asks);
		qf_parse(&e, rows[i].file, strlen(rows[i].file), true, tell,
		    &t);
		if (t.to.other != rows[i].other)
			fail_msg("'%s'", rows[i].text);
		selector_free(&s);
	}
}

static void
test_status_and_class(void **state)
{
	static const struct row rows[] = {
		/* The reason, or any reply that has it. */
		{ "status:Deferred: 421 4.7.28 [*] Unusual rate. * - gsmtp",
		    many, true },
		{ "status:Deferred: 421-4.7.28 [192.0.2.8] Unusual rate."
		  " 77aa-1b.2 - gsmtp",
		    many, true },
		{ "192.0.2.66 \t status:Deferred: 421-4.7.28 [192.0.2.8]"
		  " Unusual rate. 77aa-1b.2 - gsmtp \n",
		    many, true },
		{ "status:Deferred:%20421%204.7.28%20[*] Unusual rate. * -"
		  " gsmtp",
		    many, true },
		{ "status:Deferred: 421 4.7.28 [*] unusual rate. * - gsmtp",
		    many, false },
		{ "status:Deferred: 421 4.7.28 [*] Unusual rate.", many,
		    false },
		{ "status:Deferred", many, false },
		{ "status:Deferred", smtp, false },
		{ "class:smtp", smtp, true },
		{ "class:local", smtp, false },
		{ "class:loopback", loopback, true },
		{ "class:local", local, true },
		{ "class:bounce", bounce, true },
		{ "class:none", bare, false },
		{ "class:incomplete", bare, true },
		{ "class:local class:bounce", bounce, true },
		{ "class:local 0.0.0.0/0", smtp, false },
		{ "relay:192.0.2.66", smtp, true },
		{ "network:192.0.2.0/24", smtp, true },
		{ "relay:192.0.2.67 network:192.0.3.0/24", smtp, false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

/* A byte that no word can hold is written with two hex digits. */
static void
test_bytes(void **state)
{
	static const char odd[] =
	    "V8\nT1\n$_[192.0.2.1]\n$sa\0b\nS<50%@x'y z\xe4.example>\n.\n";
	static const struct {
		const char *text;
		bool matches;
	} rows[] = {
		{ "helo:a%00b", true },
		{ "helo:a%00c", false },
		{ "helo:a", false },
		{ "sender:50%25@x%27y%20z%E4.example", true },
		{ "sender:50%@x'y%20z%e4.example", true },
		{ "sender:50%@x'y%20z%c4.example", false },
		{ "sender:50%4%20", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct selector s = SELECTOR_INIT;

		must_parse(&s, rows[i].text);
		if (is_selected(&s, BYTES(odd), false) != rows[i].matches)
			fail_msg("'%s'", rows[i].text);
		selector_free(&s);
	}
}

/* What is longer than a key is the same as far as the key goes. */
static void
test_keys(void **state)
{
	char file[1000], text[1000], x[300];

	(void)state;
	memset(x, 'x', sizeof(x) - 1);
	x[sizeof(x) - 1] = '\0';
	snprintf(file, sizeof(file), "V8\n$_[192.0.2.1]\nS<%s>\n.\n", x);
	snprintf(text, sizeof(text), "sender:%.256s", x);
	assert_true(matches(text, file, false));
	snprintf(text, sizeof(text), "sender:%.255s", x);
	assert_false(matches(text, file, false));
}

/* Words are written so that they are read the same. */
static void
test_add(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "relay:192.0.2.66", "192.0.2.66" },
		{ "network:2001:DB8::/32", "2001:db8::/32" },
		{ "name:Spam.example", "name:Spam.example" },
		{ "helo:a*b", "helo:a*b" },
		{ "helo:a%", "helo:a%25" },
		{ "sender:<a@b.example>", "sender:a@b.example" },
		{ "sender:<>", "sender:<>" },
		{ "sender:%3c%3e", "sender:%3c%3e" },
		{ "sender-domain:<>", "sender-domain:<>" },
		{ "recipient:a'$(id)|`\\\"@b",
		    "recipient:a%27%24(id)%7c%60%5c%22@b" },
		{ "recipient-domain:b\xff", "recipient-domain:b%ff" },
		{ "status:Deferred: can't <x> 5%",
		    "status:Deferred: can%27t %3cx%3e *" },
		{ "class:local", "class:local" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct selector s = SELECTOR_INIT;
		struct buf b = BUF_INIT;

		must_parse(&s, rows[i].text);
		assert_int_equal(s.nwords, 1);
		selector_add(&b, s.words);
		unit_assert_text(buf_str(&b), rows[i].want, rows[i].text);
		selector_free(&s);
		must_parse(&s, buf_str(&b));
		buf_truncate(&b, 0);
		selector_add(&b, s.words);
		unit_assert_text(buf_str(&b), rows[i].want, rows[i].text);
		selector_free(&s);
		buf_free(&b);
	}
}

/* Alternatives of a kind, and all kinds. */
static void
test_both(void **state)
{
	static const struct row rows[] = {
		{ "helo:friend 192.0.2.66", smtp, true },
		{ "helo:foe 192.0.2.66", smtp, false },
		{ "helo:friend 192.0.2.67", smtp, false },
		{ "helo:foe helo:friend 192.0.2.67 192.0.2.0/24", smtp, true },
		{ " \t192.0.2.66\n older:30m ", smtp, true },
		{ "192.0.2.66 older:2h", smtp, false },
		{ "192.0.2.67 older:30m", smtp, false },
		{ "192.0.2.66 name:spam.example helo:friend"
		  " sender:win@mail.spam.example"
		  " sender-domain:mail.spam.example older:59m newer:61m",
		    smtp, true },
	};
	struct selector s = SELECTOR_INIT;

	(void)state;
	check(rows, ROWS(rows));
	/* The same from several texts. */
	must_parse(&s, "helo:foe");
	assert_false(is_selected(&s, smtp, sizeof(smtp) - 1, false));
	must_parse(&s, "helo:friend");
	assert_true(is_selected(&s, smtp, sizeof(smtp) - 1, false));
	assert_int_equal(s.nwords, 2);
	selector_free(&s);
	assert_true(selector_is_empty(&s));
}

static void
test_age(void **state)
{
	static const struct row rows[] = {
		{ "older:3599", smtp, true },
		{ "older:3600", smtp, false },
		{ "older:1h", smtp, false },
		{ "newer:3599", smtp, false },
		{ "newer:3600", smtp, true },
		{ "older:30m newer:90m", smtp, true },
		{ "older:10m newer:20m", smtp, false },
		{ "older:0s", six, false },
		{ "newer:0s", six, true },
		{ "older:0s", future, false },
		{ "newer:0s", future, true },
		/* Without a time it is neither. */
		{ "older:0s", bare, false },
		{ "newer:3650d", bare, false },
	};

	(void)state;
	check(rows, ROWS(rows));
}

static void
test_empty(void **state)
{
	struct selector s = SELECTOR_INIT;

	(void)state;
	assert_true(selector_is_empty(&s));
	assert_false(is_selected(&s, smtp, sizeof(smtp) - 1, true));
	must_parse(&s, "newer:2h");
	assert_false(selector_is_empty(&s));
	assert_true(is_selected(&s, smtp, sizeof(smtp) - 1, false));
	selector_free(&s);
	must_parse(&s, "192.0.2.66");
	assert_false(selector_is_empty(&s));
	selector_free(&s);
	must_parse(&s, "older:2h");
	assert_false(selector_is_empty(&s));
	selector_free(&s);
}

#define WORDS                                              \
	"expected an address, a prefix like 192.0.2.0/24," \
	" name:SUFFIX, helo:NAME, sender:ADDRESS,"         \
	" sender-domain:DOMAIN, recipient:ADDRESS,"        \
	" recipient-domain:DOMAIN, status:REASON,"         \
	" class:CLASS, older:DURATION or newer:DURATION"
#define NAME    "expected the end of a host name, like name:spam.example"
#define DOMAIN  "expected a domain, like sender-domain:spam.example"
#define AGE     "expected a duration like 90s, 15m, 2h or 1d"
#define TO      "expected an address, like recipient:info@lab.example"
#define TOWARDS "expected a domain, like recipient-domain:lab.example"
#define REASON                                                            \
	"expected a reason or a reply, like 'status:Deferred: Connection" \
	" refused'"
#define CLASS                                                      \
	"expected class: and smtp, loopback, local, bounce, none," \
	" unknown or incomplete"

static const struct {
	const char *text, *why;
} refused[] = {
	{ "", "'': " WORDS },
	{ " \t\n", "'': " WORDS },
	{ "spam.example", "'spam.example': " WORDS },
	{ "192.0.2.66 x", "'x': " WORDS },
	{ "192.0.2", "'192.0.2': " WORDS },
	{ "192.0.2.66,192.0.2.67", "'192.0.2.66,192.0.2.67': " WORDS },
	{ "from:a@b", "'from:a@b': " WORDS },
	{ "NAME:a.example", "'NAME:a.example': " WORDS },
	{ "older", "'older': " WORDS },
	{ "a|b<c>\x1b\xff$(id)", "'a_b_c_??_(id)': " WORDS },
	{ "192.0.2.0/33", "'192.0.2.0/33': expected 0 to 32 after the /" },
	{ "192.0.2.1/24",
	    "'192.0.2.1/24': the address has bits set behind the"
	    " prefix" },
	{ "2001:db8::/x", "'2001:db8::/x': expected 0 to 128 after the /" },
	{ "name:", "'name:': " NAME },
	{ "name:.example", "'name:.example': " NAME },
	{ "name:example.", "'name:example.': " NAME },
	{ "name:a..example", "'name:a..example': " NAME },
	{ "name:a@b.example", "'name:a@b.example': " NAME },
	{ "name:192.0.2.66", "'name:192.0.2.66': " NAME },
	{ "helo:",
	    "'helo:': expected what a client says of itself,"
	    " like helo:friend" },
	{ "sender:",
	    "'sender:': expected an address, like"
	    " sender:win@spam.example, or sender:<> for the null"
	    " sender" },
	{ "sender-domain:", "'sender-domain:': " DOMAIN },
	{ "sender-domain:a@b.example", "'sender-domain:a@b.example': " DOMAIN },
	{ "relay:",
	    "'relay:': expected an address, or a prefix like"
	    " 192.0.2.0/24" },
	{ "network:a.example",
	    "'network:a.example': expected an address, or"
	    " a prefix like 192.0.2.0/24" },
	{ "relay:192.0.2.0/33",
	    "'relay:192.0.2.0/33': expected 0 to 32 after the /" },
	{ "recipient:", "'recipient:': " TO },
	{ "recipient:<>", "'recipient:__': " TO },
	{ "recipient-domain:", "'recipient-domain:': " TOWARDS },
	{ "recipient-domain:<>", "'recipient-domain:__': " TOWARDS },
	{ "recipient-domain:a@b.example",
	    "'recipient-domain:a@b.example': " TOWARDS },
	{ "status:", "'status:': " REASON },
	{ "status: \t", "'status: ?': " REASON },
	{ "class:", "'class:': " CLASS },
	{ "class:LOCAL", "'class:LOCAL': " CLASS },
	{ "class:smtp,local", "'class:smtp,local': " CLASS },
	/* Behind status: there is no other word. */
	{ "status:x class:y older:", "" },
	{ "helo:%", "" },
	{ "older:", "'older:': " AGE },
	{ "older:1x", "'older:1x': " AGE },
	{ "newer:-1h", "'newer:-1h': " AGE },
	{ "newer:99999d",
	    "'newer:99999d': a duration is at most ten"
	    " years" },
	{ "older:1h older:2h", "'older:2h': this was said before" },
	{ "newer:1h newer:1h", "'newer:1h': this was said before" },
	{ "older:2h newer:1h",
	    "'newer:1h': expected newer: to be"
	    " longer than older:, because no message is both" },
	{ "newer:2h older:2h",
	    "'older:2h': expected newer: to be"
	    " longer than older:, because no message is both" },
};

static void
test_refuse(void **state)
{
	struct selector s = SELECTOR_INIT;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(refused); i++) {
		if (selector_parse(&s, refused[i].text, &why) !=
		    (*refused[i].why != '\0' ? -1 : 0))
			fail_msg("'%s' was taken", refused[i].text);
		unit_assert_text(buf_str(&why), refused[i].why,
		    refused[i].text);
		buf_truncate(&why, 0);
		selector_free(&s);
	}
	buf_free(&why);
}

/* However long the word is, the line is not. */
static void
test_long(void **state)
{
	struct selector s = SELECTOR_INIT;
	struct buf why = BUF_INIT;
	char text[10001];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(selector_parse(&s, text, &why), -1);
	assert_in_range(why.len, 80, 300);
	assert_non_null(strstr(buf_str(&why), "xxx...': expected"));
	buf_free(&why);
	selector_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relay),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_status_and_class),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_long),
	};

	return UNIT_RUN(tests);
}
