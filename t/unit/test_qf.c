/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qf.c - sendmail's control file: bytes to envelope */
#include "envelopes.h"
#include "unit.h"

#include "base/buf.h"
#include "mta/sendmail/qf.h"

#define HEAD 4096

static void
test_end(void **state)
{
	static const struct {
		const char *text;
		bool at_end;
		enum envelope_end end;
	} rows[] = {
		{ TOP "S<>\n.\n", true, ENVELOPE_WHOLE },
		{ TOP "S<>\n.\r\n", true, ENVELOPE_WHOLE },
		{ TOP "S<>\n.", true, ENVELOPE_WHOLE },
		{ TOP "S<>\n.\nX\n", true, ENVELOPE_WHOLE },
		{ TOP "S<>\n.x\n", true, ENVELOPE_WHOLE },
		{ TOP "S<>\n.\n", false, ENVELOPE_WHOLE },
		{ TOP "S<>\n", true, ENVELOPE_CUT },
		{ TOP "S<>\n", false, ENVELOPE_MORE },
		{ TOP "S<>\nH??A: b\n .\n", true, ENVELOPE_CUT },
		{ TOP "S<>\nH??A: .\nM.\n", true, ENVELOPE_CUT },
		{ "", true, ENVELOPE_CUT },
		{ "", false, ENVELOPE_MORE },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse(rows[i].text, strlen(rows[i].text), rows[i].at_end);
		if (e.end != rows[i].end)
			fail_msg("%d in\n%s", (int)e.end, rows[i].text);
	}
	e = parse(NULL, 0, true);
	assert_int_equal(e.end, ENVELOPE_CUT);
}

/* Every code that sendmail writes. */
static void
test_codes(void **state)
{
	static const char text[] =
	    "V8\nT1795342518\nK1795349700\nN2\nP210021\ndhg/h1\n"
	    "I254/1/787353\nB8BITMIME\nqheld by ops: <b>phish</b> | 4711\n"
	    "MDeferred\nF8bdnsw\n$_lists.example [198.51.100.25]\n$rESMTPS\n"
	    "$slists.example\n${daemon_flags}\n${if_addr}192.0.2.1\n"
	    "S<owner-news@lists.example>\nZQQ+2B314159\nA<>\n!\x02 3600\n"
	    "MDeferred: 452 4.2.2 Mailbox full\n"
	    "Qrfc822;orig+2Ba@dest.example\nrRFC822; a@dest.example\n"
	    "RPNSD:<a@dest.example>\nCstaff:1001:1001:staff\n"
	    "RFDA:|/usr/bin/vacation carol\nC\nRPFDB:<d@dest2.example>\n"
	    "H?P?Return-Path: <\x81g>\nH??Subject: x\n.\n";
	struct envelope e = parse_file(text);

	(void)state;
	assert_int_equal(e.version, 8);
	assert_int_equal(e.arrival, 1795342518);
	assert_int_equal(e.last_try, 1795349700);
	assert_int_equal(e.tries, 2);
	assert_int_equal(e.relay.class, RELAY_SMTP);
	assert_span(e.relay.host, "lists.example", text);
	assert_span(e.protocol, "ESMTPS", text);
	assert_span(e.helo, "lists.example", text);
	assert_span(e.sender, "owner-news@lists.example", text);
	assert_true(e.has_sender);
	assert_int_equal(e.recipients, 3);
	assert_false(e.recipients_more);
	assert_span(e.hold_reason, "held by ops: <b>phish</b> | 4711", text);
	assert_span(e.status, "Deferred", text);
	assert_span(e.body_dir, "hg/h1", text);
	assert_int_equal(e.end, ENVELOPE_WHOLE);
}

/* Nothing else is said. */
static void
test_little(void **state)
{
	struct envelope e = parse_file("P1\nN1\n!x\n.\n");

	(void)state;
	assert_int_equal(e.version, 0);
	assert_int_equal(e.arrival, -1);
	assert_int_equal(e.last_try, -1);
	assert_int_equal(e.tries, 1);
	assert_int_equal(e.protocol.n, 0);
	assert_int_equal(e.helo.n, 0);
	assert_int_equal(e.sender.n, 0);
	assert_false(e.has_sender);
	assert_int_equal(e.recipients, 0);
	assert_false(e.recipients_more);
	assert_int_equal(e.hold_reason.n, 0);
	assert_int_equal(e.status.n, 0);
	assert_int_equal(e.body_dir.n, 0);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		int version;
		int64_t arrival, last_try, tries;
	} rows[] = {
		{ "V1\nT0\nK0\nN0\n.\n", 1, 0, 0, 0 },
		{ "V2147483647\nT9223372036854775807\n.\n", 2147483647,
		    INT64_MAX, -1, -1 },
		{ "V2147483648\nT9223372036854775808\n.\n", 0, -1, -1, -1 },
		{ "V8x\nT1 2\nK-1\nN \n.\n", 0, -1, -1, -1 },
		{ "V\nT\nK\nN\n.\n", 0, -1, -1, -1 },
		{ "V8\nT17953\n 42500\nK1\nN1\n.\n", 8, -1, 1, 1 },
		{ "V-8\nT99999999999999999999999999\n.\n", 0, -1, -1, -1 },
		/* A cut number is another number. */
		{ "V8\nT1795342500\nK17953", 8, 1795342500, -1, -1 },
		{ "V8\r\nT1795342500\r\nN3\r\n.\r\n", 8, 1795342500, -1, 3 },
		/* Each by itself; of two the last, as sendmail has it. */
		{ "V8\n.\n", 8, -1, -1, -1 },
		{ "T5\n.\n", 0, 5, -1, -1 },
		{ "K6\n.\n", 0, -1, 6, -1 },
		{ "N7\n.\n", 0, -1, -1, 7 },
		{ "T5\nT6\nK7\nK8\nN9\nN10\n.\n", 0, 6, 8, 10 },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse_file(rows[i].text);
		if (e.version != rows[i].version ||
		    e.arrival != rows[i].arrival ||
		    e.last_try != rows[i].last_try || e.tries != rows[i].tries)
			fail_msg("%s", rows[i].text);
	}
}

static void
test_senders(void **state)
{
	static const struct {
		const char *text, *sender, *domain;
	} rows[] = {
		{ "S<a@b.example>\n.\n", "a@b.example", "b.example" },
		{ "S<>\n.\n", "", "" },
		{ "S\n.\n", "", "" },
		{ "SMAILER-DAEMON\n.\n", "MAILER-DAEMON", "MAILER-DAEMON" },
		{ "Sroot@lab.example\r\n.\n", "root@lab.example",
		    "lab.example" },
		{ "S<a@b>x\n.\n", "<a@b>x", "b>x" },
		{ "S<\n.\n", "<", "<" },
		{ "S<@hop.example:a@b.example>\n.\n",
		    "@hop.example:a@b.example", "b.example" },
		{ "S<\"x@y\"@b.example>\n.\n", "\"x@y\"@b.example",
		    "b.example" },
		{ "S<a@>\n.\n", "a@", "" },
		{ "S@b\n.\n", "@b", "b" },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse_file(rows[i].text);
		assert_true(e.has_sender);
		assert_span(e.sender, rows[i].sender, rows[i].text);
		assert_span(envelope_domain(e.sender), rows[i].domain,
		    rows[i].text);
	}
	e = parse_file("V8\nS<a@b.exa");
	assert_false(e.has_sender);
	assert_int_equal(e.sender.n, 0);
	assert_int_equal(envelope_domain((struct span){ NULL, 0 }).n, 0);
}

/* Adds each address and a blank. */
static void
collect(void *arg, struct span address)
{
	buf_add(arg, address.p, address.n);
	buf_addc(arg, ' ');
}

static void
test_recipients(void **state)
{
	static const struct {
		const char *text;
		bool at_end;
		uint64_t recipients;
		bool more;
		const char *addresses;
	} rows[] = {
		{ "V8\nS<>\nRPFD:<a@b>\nRP:<c@d>\nRFDA:e@f\nH??X: y\n.\n", true,
		    3, false, "a@b c@d e@f " },
		{ "V2\nS<>\nRPFD:<a@b>\n.\n", true, 1, false, "a@b " },
		{ "V1\nS<>\nR:<a@b>\n.\n", true, 1, false, "a@b " },
		/* Before version 1: no flags, and a colon is the address's. */
		{ "V0\nS<>\nRa@b\nR<@h:c@d>\n.\n", true, 2, false,
		    "a@b @h:c@d " },
		{ "S<>\nRa@b\n.\n", true, 1, false, "a@b " },
		{ "V8\nRPFD:|/bin/x <y>\nRP:<u@[IPv6:::1]>\n.\n", true, 2,
		    false, "|/bin/x <y> u@[IPv6:::1] " },
		{ "V8\nRPFD\nRP:\nR\n.\n", true, 3, false, "   " },
		{ "V8\r\nRPFD:<a@b>\r\n.\r\n", true, 1, false, "a@b " },
		{ "V8\nMx\nQy\nrRFC822; no@b\nCno:1:2:no\nRP:<a@b>\nC\n.\n",
		    true, 1, false, "a@b " },
		{ "V8\nRP:<a@b>\n.\nRP:<no@b>\n", true, 1, false, "a@b " },
		{ "V8\nHX: y\n RP:<no@b>\nRP:<a@b>\n.\n", true, 1, false,
		    "a@b " },
		/* Cut in a recipient: it is not counted. */
		{ "V8\nRP:<a@b>\nRP:<c@", true, 1, true, "a@b " },
		{ "V8\nRP:<a@b>\nRP:<c@d>\n", false, 1, true, "a@b " },
		{ "V8\nRP:<a@b>\nRP:<c@d>\nr", false, 2, true, "a@b c@d " },
		{ "V8\nS<>\n", true, 0, true, "" },
		{ "V8\nS<>\nr", false, 0, true, "" },
		/* Behind headers is none, whether the end is seen or not. */
		{ "V8\nRP:<a@b>\nH??X: y\nRP:<no@b>\n.\n", true, 1, false,
		    "a@b " },
		{ "V8\nRP:<a@b>\nH??X: y\nRP:<no@b>\nH", true, 1, false,
		    "a@b " },
		{ "V8\nRP:<a@b>\nH??X: y\nRP:<no@b>\nH", false, 1, false,
		    "a@b " },
		/* Headers are written last, but by MailScanner also first. */
		{ "V8\nRP:<a@b>\nH??X: y\nH", false, 1, false, "a@b " },
		{ "V8\nRP:<a@b>\nH??X: y\n z", true, 1, true, "a@b " },
		{ "HX: y\nV8\nRP:<a@b>\nr", false, 1, true, "a@b " },
		{ "HX: y\nV8\nRP:<a@b>\nHX: z\nH", false, 1, false, "a@b " },
	};
	struct buf all = BUF_INIT;
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&all, 0);
		qf_parse(&e, rows[i].text, strlen(rows[i].text), rows[i].at_end,
		    collect, &all);
		if (e.recipients != rows[i].recipients ||
		    e.recipients_more != rows[i].more)
			fail_msg("%s", rows[i].text);
		unit_assert_text(buf_str(&all), rows[i].addresses,
		    rows[i].text);
	}
	buf_free(&all);
}

static void
test_values(void **state)
{
	static const struct {
		const char *text, *status, *protocol, *helo;
	} rows[] = {
		/* The message's status is written before a recipient's. */
		{ "V8\nS<>\nRP:<a@b>\nMfull\nRP:<c@d>\nMdown\n.\n", "full", "",
		    "" },
		{ "V8\nMdown\nS<>\nMfull\nRP:<a@b>\n.\n", "down", "", "" },
		{ "V8\nM\nS<>\nMfull\nRP:<a@b>\n.\n", "full", "", "" },
		{ "V8\nMgone $_x [192.0.2.9]\n\tfor good\nS<>\n.\n",
		    "gone $_x [192.0.2.9]\n\tfor good", "", "" },
		/* A name of one letter may be in braces. */
		{ "V8\n${r}SMTP\n${s}x\nS<>\n.\n", "", "SMTP", "x" },
		{ "V8\n$r\n$slocalhost\n${rs}x\nS<>\n.\n", "", "",
		    "localhost" },
		/* A CR within a value is a part of it. */
		{ "V8\r\n$s\ra\rb\r\n.\r\n", "", "", "\ra\rb" },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse_file(rows[i].text);
		assert_span(e.status, rows[i].status, rows[i].text);
		assert_span(e.protocol, rows[i].protocol, rows[i].text);
		assert_span(e.helo, rows[i].helo, rows[i].text);
	}
}

static void
test_nul(void **state)
{
	static const char text[] = "V8\nT1\0\nMa\0b\nS<a\0@b>\nRP:<c\0@d>\n.\n";
	struct buf all = BUF_INIT;
	struct envelope e;

	(void)state;
	qf_parse(&e, text, sizeof(text) - 1, true, collect, &all);
	assert_int_equal(e.version, 8);
	assert_int_equal(e.arrival, -1);
	assert_int_equal(e.status.n, 3);
	assert_memory_equal(e.status.p, "a\0b", 3);
	assert_int_equal(e.sender.n, 4);
	assert_memory_equal(e.sender.p, "a\0@b", 4);
	assert_int_equal(all.len, 5);
	assert_memory_equal(all.data, "c\0@d ", 5);
	assert_int_equal(e.end, ENVELOPE_WHOLE);
	buf_free(&all);
}

/* A file as long as the head: what was read is all there is. */
static void
test_exact(void **state)
{
	struct buf b = BUF_INIT;
	struct envelope e;
	size_t cut;

	(void)state;
	/* The last newline, the dot and its newline at the very end. */
	for (cut = 0; cut <= 2; cut++) {
		buf_truncate(&b, 0);
		buf_adds(&b, TOP GOOD "\nS<a@b>\nRP:<c@d>\nH??X: ");
		while (b.len < HEAD + cut - 3)
			buf_addc(&b, 'x');
		buf_adds(&b, "\n.\n");
		buf_truncate(&b, HEAD);
		assert_int_equal(b.len, HEAD);
		e = parse(b.data, b.len, true);
		assert_int_equal(e.end,
		    cut < 2 ? ENVELOPE_WHOLE : ENVELOPE_CUT);
		assert_int_equal(e.relay.class, RELAY_SMTP);
		e = parse(b.data, b.len, false);
		assert_int_equal(e.end,
		    cut < 2 ? ENVELOPE_WHOLE : ENVELOPE_MORE);
		assert_false(qf_wants_more(&e));
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_exact),
	};

	return UNIT_RUN(tests);
}
