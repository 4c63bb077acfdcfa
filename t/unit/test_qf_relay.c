/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qf_relay.c - the relay in a control file, whole, cut, and unread */
#include "envelopes.h"
#include "unit.h"

#include "base/buf.h"
#include "mta/sendmail/qf.h"

#define HEAD 4096

struct relay_row {
	const char *text;
	size_t n;
	enum relay_class class;
	const char *host;
};

static void
check_relays(const struct relay_row *rows, size_t n, bool at_end)
{
	struct envelope e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = parse(rows[i].text, rows[i].n, at_end);
		if (e.relay.class != rows[i].class)
			fail_msg("%s in\n%s", relay_class_name(e.relay.class),
			    rows[i].text);
		assert_span(e.relay.host, rows[i].host, rows[i].text);
	}
}

static void
test_relay_lines(void **state)
{
	static const struct relay_row rows[] = {
		{ BYTES(TOP GOOD "\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP "$rSMTP\n$sx\n" GOOD "\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP "${_}mail.good.example [192.0.2.10]\nS<>\n.\n"),
		    RELAY_SMTP, "mail.good.example" },
		{ BYTES(GOOD "\nV8\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP GOOD "\n.\n"), RELAY_SMTP, "mail.good.example" },
		{ BYTES(TOP "$_\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "S<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(".\n"), RELAY_NONE, "" },
		/* Other macros. */
		{ BYTES(TOP "${client_addr}192.0.2.9\nS<>\n.\n"), RELAY_NONE,
		    "" },
		{ BYTES(TOP "${_x}a [192.0.2.9]\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "${}_a [192.0.2.9]\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "$ _a [192.0.2.9]\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "$\n$\n${\n${_\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "${_}\n"
			    "S<>\n.\n"),
		    RELAY_NONE, "" },
		/* Two are none that can be told, be they alike. */
		{ BYTES(TOP GOOD "\n" BAIT "\nS<>\n.\n"), RELAY_UNKNOWN, "" },
		{ BYTES(TOP GOOD "\n" GOOD "\nS<>\n.\n"), RELAY_UNKNOWN, "" },
		{ BYTES(TOP GOOD "\n$_\nS<>\n.\n"), RELAY_UNKNOWN, "" },
		{ BYTES(TOP "$_\n" GOOD "\nS<>\n.\n"), RELAY_UNKNOWN, "" },
		{ BYTES(TOP "${_}\n" GOOD "\nS<>\n.\n"), RELAY_UNKNOWN, "" },
		{ BYTES(TOP GOOD "\n${_}x [192.0.2.9]\nS<>\n.\n"),
		    RELAY_UNKNOWN, "" },
		/* What follows the sender or a recipient is ignored. */
		{ BYTES(TOP GOOD "\nS<>\n" BAIT "\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP GOOD "\nRPFD:<a@b>\n" BAIT "\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP "S<>\n" BAIT "\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "RPFD:<a@b>\n" BAIT "\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "S<>\n.\n" BAIT "\n"), RELAY_NONE, "" },
		{ BYTES(TOP ".\n" BAIT "\nS<>\n.\n"), RELAY_NONE, "" },
	};

	(void)state;
	check_relays(rows, ROWS(rows), true);
}

/* What begins a line, and what does not. */
static void
test_lines(void **state)
{
	static const struct relay_row rows[] = {
		/* Folded. */
		{ BYTES(TOP "$_mail.good.example\n [192.0.2.10]\nS<>\n.\n"),
		    RELAY_UNKNOWN, "" },
		{ BYTES(TOP GOOD "\n\t[192.0.2.99]\nS<>\n.\n"), RELAY_UNKNOWN,
		    "" },
		{ BYTES(TOP "H??X: y\n " BAIT "\n\t" BAIT "\n" GOOD
			    "\nS<>\n.\n"),
		    RELAY_SMTP, "mail.good.example" },
		{ BYTES(" " BAIT "\n" GOOD "\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(TOP "Mx\n\n " BAIT "\nS<>\n.\n"), RELAY_NONE, "" },
		/* Any other code, or none. */
		{ BYTES(TOP
		      "q_a [192.0.2.9]\nM_a [192.0.2.9]\nF_a [192.0.2.9]"
		      "\nd_a [192.0.2.9]\nA_a [192.0.2.9]\n_a [192.0.2.9]\n"
		      "S_a [192.0.2.9]\n.\n"),
		    RELAY_NONE, "" },
		/* In the middle of a line, and after a lone CR. */
		{ BYTES(TOP "M" BAIT "\n\rx\rM\r" BAIT "\nS<>\n.\n"),
		    RELAY_NONE, "" },
		{ BYTES(TOP "Mx\r" BAIT "\r\nS<>\r\n.\r\n"), RELAY_NONE, "" },
		{ BYTES(TOP "Mx\0" BAIT "\nS<>\n.\n"), RELAY_NONE, "" },
		{ BYTES(TOP "Mx\0\n" GOOD "\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		/* Line ends of Windows; an empty line is nothing. */
		{ BYTES("V8\r\n" GOOD "\r\nS<>\r\n.\r\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES("\n\r\n" GOOD "\nS<>\n.\n"), RELAY_SMTP,
		    "mail.good.example" },
		{ BYTES(GOOD "\r\r\nS<>\n.\n"), RELAY_UNKNOWN, "" },
	};

	(void)state;
	check_relays(rows, ROWS(rows), true);
}

/* Files that end too early, as a new one may when it is looked at. */
static void
test_cut_files(void **state)
{
	static const struct relay_row rows[] = {
		{ BYTES(""), RELAY_INCOMPLETE, "" },
		{ BYTES("V"), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP "$"), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP "$_"), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP "$_mail.good.exa"), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP GOOD), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP GOOD "\r"), RELAY_INCOMPLETE, "" },
		{ BYTES(TOP GOOD "\n"), RELAY_SMTP, "mail.good.example" },
		{ BYTES(TOP GOOD "\nS"), RELAY_SMTP, "mail.good.example" },
		{ BYTES(TOP GOOD "\n$sx\nS<win@sp"), RELAY_SMTP,
		    "mail.good.example" },
		/* No relay line can come behind the start of a sender. */
		{ BYTES(TOP "S"), RELAY_NONE, "" },
		{ BYTES(TOP "R"), RELAY_NONE, "" },
		{ BYTES(TOP "S<>\nRPF"), RELAY_NONE, "" },
		{ BYTES(TOP GOOD "\n" BAIT "\n"), RELAY_UNKNOWN, "" },
		/* Headers of MailScanner come first, and tell nothing. */
		{ BYTES("HX-A: b\n"), RELAY_INCOMPLETE, "" },
	};

	(void)state;
	check_relays(rows, ROWS(rows), true);
}

/* The same bytes, and the file goes on. */
static void
test_more(void **state)
{
	static const struct {
		const char *text;
		enum relay_class class;
		bool wants_more;
	} rows[] = {
		{ "", RELAY_UNKNOWN, true },
		{ TOP, RELAY_UNKNOWN, true },
		{ TOP "$_mail.go", RELAY_UNKNOWN, true },
		{ TOP GOOD, RELAY_UNKNOWN, true },
		/* It may be folded. */
		{ TOP GOOD "\n", RELAY_UNKNOWN, true },
		{ TOP GOOD "\n$", RELAY_SMTP, true },
		{ TOP GOOD "\nS<win@sp", RELAY_SMTP, true },
		{ TOP GOOD "\nS<win@spam.example>\n", RELAY_SMTP, true },
		{ TOP GOOD "\nS<win@spam.example>\nr", RELAY_SMTP, false },
		{ TOP GOOD "\nRPF:<a@b>\nr", RELAY_SMTP, false },
		{ TOP "S<>\nr", RELAY_NONE, false },
		{ TOP "S<", RELAY_NONE, true },
		{ "HX-A: b\n c\nH", RELAY_UNKNOWN, true },
		{ TOP GOOD "\n" BAIT "\nS<>\nr", RELAY_UNKNOWN, false },
		/* The end is the end, whatever follows. */
		{ TOP GOOD "\nS<>\n.\n", RELAY_SMTP, false },
		{ TOP ".\nS<>", RELAY_NONE, false },
		{ TOP GOOD "\n.", RELAY_SMTP, false },
	};
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		e = parse(rows[i].text, strlen(rows[i].text), false);
		if (e.relay.class != rows[i].class ||
		    qf_wants_more(&e) != rows[i].wants_more)
			fail_msg("%s in\n%s", relay_class_name(e.relay.class),
			    rows[i].text);
	}
	/* A file that has no more gives no more. */
	e = parse_file(TOP);
	assert_false(qf_wants_more(&e));
}

/* MailScanner's headers in front of all, so that V is behind the head. */
static void
test_headers_first(void **state)
{
	static const char line[] = "HX-MailScanner-" BAIT ": clean\n " BAIT
				   "\n";
	static const char rest[] = TOP GOOD "\nS<a@b>\nRP:<c@d>\n"
					    "H??X: y\n.\n";
	struct buf b = BUF_INIT;
	struct envelope e;
	size_t n;

	(void)state;
	while (b.len < HEAD)
		buf_adds(&b, line);
	buf_adds(&b, rest);
	assert_false(b.oom);
	/* Of each part the same, as long as there is no sender in it. */
	for (n = HEAD; n < b.len; n++) {
		e = parse(b.data, n, false);
		if (!qf_wants_more(&e))
			break;
		assert_int_equal(e.recipients, 0);
		assert_true(e.relay.class == RELAY_UNKNOWN ||
		    e.relay.class == RELAY_SMTP);
	}
	assert_int_equal(b.len - n, strlen("P:<c@d>\nH??X: y\n.\n"));
	e = parse(b.data, b.len, true);
	assert_int_equal(e.version, 8);
	assert_int_equal(e.relay.class, RELAY_SMTP);
	assert_span(e.relay.host, "mail.good.example", "all");
	assert_span(e.sender, "a@b", "all");
	assert_int_equal(e.recipients, 1);
	assert_int_equal(e.end, ENVELOPE_WHOLE);
	/* Nothing but headers up to the cap is not attributed. */
	e = parse(b.data, HEAD, false);
	assert_int_equal(e.relay.class, RELAY_UNKNOWN);
	e = parse(b.data, HEAD, true);
	assert_int_equal(e.relay.class, RELAY_INCOMPLETE);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relay_lines),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cut_files),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_headers_first),
	};

	return UNIT_RUN(tests);
}
