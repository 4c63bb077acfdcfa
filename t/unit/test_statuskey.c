/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_statuskey.c - the reason in a reply, without what differs each time */
#include <string.h>

#include "unit.h"

#include "mail/statuskey.h"

static struct span
span(const char *s)
{
	return (struct span){ s, strlen(s) };
}

static void
check(struct span text, const char *want)
{
	char room[STATUSKEY_MAX], again[STATUSKEY_MAX];
	struct span key = statuskey_fold(text, room), same;

	if (key.n != strlen(want) || memcmp(key.p, want, key.n) != 0)
		fail_msg("'%.*s': '%.*s', not '%s'", (int)text.n, text.p,
		    (int)key.n, key.p, want);
	same = statuskey_fold(key, again);
	if (same.n != key.n || memcmp(same.p, key.p, key.n) != 0)
		fail_msg("'%.*s' becomes '%.*s'", (int)key.n, key.p,
		    (int)same.n, same.p);
}

/* Replies as servers give them; names and addresses are made up. */
static const struct {
	const char *reply, *want;
} replies[] = {
	/* clang-format off */
	/* Gmail. */
	{ "Deferred: 421-4.7.28 [198.51.100.9] Our system has detected"
	  " an unusual rate of mail. 00deadbeef-002a.17 - gsmtp",
	  "Deferred: 421 4.7.28 [*] Our system has detected"
	  " an unusual rate of mail. * - gsmtp" },
	{ "Deferred: 421-4.7.0 [2001:db8::9      15] Our system has"
	  " detected that this message is suspicious due to the nature"
	  " of the content. a1b2c3d4e5f6-7890abcdef1si1234567edb.123 -"
	  " gsmtp",
	  "Deferred: 421 4.7.0 [*] Our system has"
	  " detected that this message is suspicious due to the nature"
	  " of the content. * - gsmtp" },
	{ "Deferred: 452 4.2.2 The recipient's inbox is out of storage"
	  " space. Please direct the recipient to"
	  " https://support.google.com/mail/?p=OverQuotaTemp"
	  " 5b1f17b1804b1-4327c0c1b2si12345e9.100 - gsmtp",
	  "Deferred: 452 4.2.2 The recipient's inbox is out of storage"
	  " space. Please direct the recipient to * - gsmtp" },
	/* Outlook. */
	{ "Deferred: 451 4.7.500 Server busy. Please try again later"
	  " from [192.0.2.1]. (S77719)"
	  " [AM0EUR02FT012.eop-EUR02.prod.protection.outlook.com"
	  " 2026-11-29T20:13:31.123Z 08DE2F0123456789]",
	  "Deferred: 451 4.7.500 Server busy. Please try again later"
	  " from [*]. (S77719) [*]" },
	{ "Deferred: 421 4.3.2 Service not available, closing"
	  " transmission channel (AS780090)"
	  " [DB5EUR01FT099.eop-EUR01.prod.protection.outlook.com]",
	  "Deferred: 421 4.3.2 Service not available, closing"
	  " transmission channel (*) [*]" },
	{ "550-5.7.1 Unfortunately, messages from [192.0.2.1] weren't"
	  " sent. (S3150)",
	  "550 5.7.1 Unfortunately, messages from [*] weren't"
	  " sent. (S3150)" },
	/* Six digits number messages; a site's own code has fewer. */
	{ "Deferred: 421 4.3.2 Service not available (A12345) (A123456)",
	  "Deferred: 421 4.3.2 Service not available (A12345) (*)" },
	/* Yahoo. */
	{ "Deferred: 421 4.7.0 [TSS04] Messages from 192.0.2.1"
	  " temporarily deferred due to unexpected volume or user"
	  " complaints - 4.16.55.1; see"
	  " https://postmaster.yahooinc.com/error-codes",
	  "Deferred: 421 4.7.0 [TSS04] Messages from *"
	  " temporarily deferred due to unexpected volume or user"
	  " complaints - *; see *" },
	/* Postfix. */
	{ "Deferred: 450 4.1.8 <win@spam.example>: Sender address"
	  " rejected: Domain not found",
	  "Deferred: 450 4.1.8 <*>: Sender address"
	  " rejected: Domain not found" },
	{ "Deferred: 450 4.7.25 Client host rejected: cannot find your"
	  " hostname, [192.0.2.1]",
	  "Deferred: 450 4.7.25 Client host rejected: cannot find your"
	  " hostname, [*]" },
	{ "Deferred: 451 4.3.0 <u@home.example>: Temporary lookup"
	  " failure",
	  "Deferred: 451 4.3.0 <*>: Temporary lookup failure" },
	{ "host mx.home.example[192.0.2.25] said: 452 4.3.1"
	  " Insufficient system storage (in reply to MAIL FROM"
	  " command)",
	  "host * said: 452 4.3.1"
	  " Insufficient system storage (in reply to MAIL FROM"
	  " command)" },
	/* Exim. */
	{ "Deferred: 451 Temporary local problem - please try later",
	  "Deferred: 451 Temporary local problem - please try later" },
	{ "Deferred: 421 mx.home.example: SMTP command timeout -"
	  " closing connection",
	  "Deferred: 421 *: SMTP command timeout -"
	  " closing connection" },
	{ "Deferred: 451-Could not complete sender verify callout for"
	  " <a@b.example>.",
	  "Deferred: 451 Could not complete sender verify callout for"
	  " <*>." },
	/* sendmail. */
	{ "Deferred: Connection timed out with mx.dead.example.",
	  "Deferred: Connection timed out with *." },
	{ "Deferred: Connection refused by mx.dead.example.",
	  "Deferred: Connection refused by *." },
	{ "Deferred: Connection reset by mx1.dead.example.",
	  "Deferred: Connection reset by *." },
	{ "Deferred: mx.dead.example.: No route to host",
	  "Deferred: *.: No route to host" },
	{ "Deferred: Name server: mx.dead.example.: host name lookup"
	  " failure",
	  "Deferred: Name server: *.: host name lookup failure" },
	{ "host map: lookup (dead.example): deferred",
	  "host map: lookup (*): deferred" },
	{ "Deferred: local mailer (/usr/bin/procmail) exited with"
	  " EX_TEMPFAIL",
	  "Deferred: local mailer (/usr/bin/procmail) exited with"
	  " EX_TEMPFAIL" },
	{ "Deferred", "Deferred" },
	{ "Deferred: 451 4.4.1 timeout waiting for input during"
	  " message collect",
	  "Deferred: 451 4.4.1 timeout waiting for input during"
	  " message collect" },
	{ "Deferred: 452 4.4.5 Insufficient disk space; try again"
	  " later", "Deferred: 452 4.4.5 Insufficient disk space; try"
	  " again later" },
	{ "Deferred: 421 4.3.2 Too many open connections. (id"
	  " 6AMJvmCO015886)",
	  "Deferred: 421 4.3.2 Too many open connections. (id *)" },
	/* Greylisting. */
	{ "Deferred: 451 4.7.1 Greylisted, please try again in 60"
	  " seconds",
	  "Deferred: 451 4.7.1 Greylisted, please try again in *"
	  " seconds" },
	{ "Deferred: 450 4.2.0 <u@home.example>: Recipient address"
	  " rejected: Greylisted, see http://postgrey.schweikert.ch/"
	  "help/home.example.html",
	  "Deferred: 450 4.2.0 <*>: Recipient address"
	  " rejected: Greylisted, see *" },
	{ "Deferred: 450 Greylisted until Sun, 29 Nov 2026 20:18:31"
	  " +0000",
	  "Deferred: 450 Greylisted until *" },
	{ "Deferred: 451 GL: wait 04:59 minutes (10:03 PM UTC)",
	  "Deferred: 451 GL: wait * minutes (* UTC)" },
	/* Qmail, and others. */
	{ "Deferred: 451 qq temporary problem (#4.3.0)",
	  "Deferred: 451 qq temporary problem (#4.3.0)" },
	{ "Deferred: 421 too many messages from 192.0.2.1, ref=Zk3x9",
	  "Deferred: 421 too many messages from *, ref=*" },
	{ "Deferred: 450 try later key=<a1b2>, thanks",
	  "Deferred: 450 try later key=*, thanks" },
	{ "Deferred: 451 Try later. c2VydmVyIGJ1c3k",
	  "Deferred: 451 Try later. *" },
	{ "Deferred: 451 busy abCdEfGh deadbeef cafebabe",
	  "Deferred: 451 busy *" },
	/* clang-format on */
};

static void
test_replies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(replies); i++)
		check(span(replies[i].reply), replies[i].want);
}

/* Each rule, and what is next to it. */
static const struct {
	const char *reply, *want;
} rules[] = {
	{ "", "" },
	{ "  \t\r\n", "" },
	{ " a \n\tb\x7f\x01 c ", "a b c" },
	/* A code is one only where a reply begins. */
	{ "421", "421" },
	{ "421-", "421" },
	{ "321 a", "* a" },
	{ "4211 a", "* a" },
	{ "a 421 b", "a * b" },
	{ "a: 421 b 450 c", "a: 421 b * c" },
	{ "421x a", "* a" },
	{ "550-5.7.1 a", "550 5.7.1 a" },
	{ "550-Message a", "550 Message a" },
	/* Enhanced codes. */
	{ "a 4.7.28 b 5.999.1", "a 4.7.28 b 5.999.1" },
	{ "1.2.3 4.7 4.7.28.1 4.1000.1 4.1.1000 4..1 4.1.", "*." },
	{ "4.1.a", "*" },
	{ "4x1.2 4-1.2 4..12", "*" },
	/* Notes. */
	{ "[TSS04] (S3150) AB12 [AB12C] [12] [AB 12] [ABCD1234]",
	    "[TSS04] (S3150) * [*] [*] [AB *] [*]" },
	{ "[TSS04.] (S1)", "[*.] (S1)" },
	{ "<S31> S31) (S31", "<*> *) (*" },
	{ "\"S31)", "\"*)" },
	/* Hosts and words with dots. */
	{ "a.example. e.g. i.e. x..y .ab", "*. e.g. i.e. x..y .ab" },
	{ "by localhost.", "by localhost." },
	{ "/etc/mail.cf a:b c::d", "/etc/mail.cf a:b c::d" },
	{ "a-b_c.example", "*" },
	{ "file:///a/b and/or http: a/b:", "* and/or http: a/b:" },
	/* Hexadecimal and mixed words. */
	{ "deadbeef deadbee facade DEADBEEF", "* deadbee facade *" },
	{ "JavaScript abCdEfg abCdEfgh aBcDef", "JavaScript abCdEfg * aBcDef" },
	{ "abcdefghijabcdefghijabcdefghijabcdefghij"
	  " abcdefghijabcdefghijabcdefghijabcdefghijx",
	    "abcdefghijabcdefghijabcdefghijabcdefghij *" },
	/* Values. */
	{ "id=x =x x= a-b=c 1=2", "id=* =x x= a-b=* *" },
	{ "a abcdefghijabcdefghijabcdefghijabcdefghijx=1", "a *" },
	/* Dates. */
	{ "Sun Nov 29", "*" },
	{ "on Mon at noon", "on Mon at noon" },
	{ "May I AM Sat", "May I AM Sat" },
	{ "29 Nov", "*" },
	{ "Nov 29", "*" },
	{ "Mon, Nov", "*" },
	{ "12:00 am", "*" },
	{ "12:00 Sun now", "* now" },
	{ "Mo Novem 1", "Mo Novem *" },
	/* What is in a row is one; a bracket parts. */
	{ "1, 2; 3. a", "*. a" },
	{ "(1) 2 [3] (4 5) 6", "(*) * [*] (*) *" },
	{ "a@b c@d", "*" },
	{ "mx[192.0.2.1]. x(1)", "*" },
	{ "* ** a*", "* ** a*" },
	{ "1 * 2", "*" },
	{ "* Nov", "*" },
};

static void
test_rules(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rules); i++)
		check(span(rules[i].reply), rules[i].want);
}

/* The end is where a word ends, and never behind the room. */
static void
test_long(void **state)
{
	char text[4 * STATUSKEY_MAX], want[STATUSKEY_MAX + 1] = "";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 10 == 9 ? ' ' : 'x';
	/* 15 words of 9, 14 blanks between them; a 16th fits with 159. */
	memset(want, 'x', 159);
	for (i = 9; i < 159; i += 10)
		want[i] = ' ';
	check((struct span){ text, sizeof(text) }, want);
	text[158] = text[159] = 'y';
	text[160] = 'y';
	want[149] = '\0';
	check((struct span){ text, sizeof(text) }, want);
	/* Exactly as long as the room. */
	memset(text, '(', sizeof(text));
	memset(want, '(', STATUSKEY_MAX);
	check((struct span){ text, STATUSKEY_MAX }, want);
	/* With the blank it is not. */
	text[100] = ' ';
	want[100] = '\0';
	check((struct span){ text, STATUSKEY_MAX + 1 }, want);
	/* A "*" that another one joins, with what is behind that. */
	memset(text, ')', sizeof(text));
	memcpy(text, "1 2", 3);
	memset(want, ')', STATUSKEY_MAX);
	want[0] = '*';
	want[STATUSKEY_MAX] = '\0';
	check((struct span){ text, STATUSKEY_MAX + 2 }, want);
	check((struct span){ text, STATUSKEY_MAX + 3 }, "*");
	memset(text, '(', sizeof(text));
	/* One word that is too long is a reason, too. */
	check((struct span){ text, STATUSKEY_MAX + 1 }, "*");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_long),
	};

	return UNIT_RUN(tests);
}
