/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_hold.c - the line of quarantine, and not a byte else */
#include "envelopes.h"
#include "unit.h"

#include "mta/sendmail/hold.h"

#define HEAD TOP GOOD "\n$rESMTP\n${daemon_flags}\n"
#define TAIL "S<a@b.example>\nRPFD:<c@d.example>\nH??Subject: Sq\n\tq\n.\n"

struct row {
	const char *text, *reason, *held;
};

static const struct row rows[] = {
	{ HEAD TAIL, "qflush: 192.0.2.66", HEAD "qqflush: 192.0.2.66\n" TAIL },
	{ "S<>\n.\n", "x", "qx\nS<>\n.\n" },
	/* MailScanner may have put the headers first. */
	{ "HX: S\n Sa\n\tSb\nV8\nS<>\n.\n", "x",
	    "HX: S\n Sa\n\tSb\nV8\nqx\nS<>\n.\n" },
	/* A blank at the start of a line makes it a part of the one before. */
	{ "V8\n S<bait>\nS<>\n.\n", "x", "V8\n S<bait>\nqx\nS<>\n.\n" },
	{ "V8\r\nS<>\r\n.\r\n", "x", "V8\r\nqx\nS<>\r\n.\r\n" },
	{ "V8\nS<>", "x", "V8\nqx\nS<>" },
	{ "V8\n\nS<>\n.\n", "x", "V8\n\nqx\nS<>\n.\n" },
	/* The reason stays in its line. */
	{ "V8\nS<>\n.\n", "a\nRPF:<evil>\x81", "V8\nqa?RPF:<evil>?\nS<>\n.\n" },
	/* No sender, or none before the end. */
	{ "V8\n.\n", "x", NULL },
	{ "V8\n.\nS<>\n", "x", NULL },
	{ "V8\n S<>\n.\n", "x", NULL },
	{ "", "x", NULL },
};

static void
test_add_and_remove(void **state)
{
	struct buf held = BUF_INIT, back = BUF_INIT;
	const struct row *r;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		r = &rows[i];
		if (hold_add(&held, r->text, strlen(r->text), r->reason) !=
		    (r->held != NULL ? 0 : -1))
			fail_msg("row %zu", i);
		unit_assert_text(held.len != 0 ? buf_str(&held) : NULL, r->held,
		    r->text);
		if (r->held != NULL) {
			hold_remove(&back, held.data, held.len);
			unit_assert_text(buf_str(&back), r->text, r->held);
		}
		buf_truncate(&held, 0);
		buf_truncate(&back, 0);
	}
	buf_free(&held);
	buf_free(&back);
}

/* What only others write: several lines, long ones, at other places. */
static void
test_remove(void **state)
{
	static const char *const texts[][2] = {
		{ "qa\nV8\nqb\n c\n\td\nS<>\nqe\n.\nqkept\n",
		    "V8\nS<>\n.\nqkept\n" },
		{ "V8\nS<>\nH??q: q\n q\n.\n", "V8\nS<>\nH??q: q\n q\n.\n" },
		{ "V8\nq", "V8\n" },
		{ "V8\nq\nS<>\n", "V8\nS<>\n" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(texts); i++) {
		hold_remove(&b, texts[i][0], strlen(texts[i][0]));
		unit_assert_text(buf_str(&b), texts[i][1], texts[i][0]);
		buf_truncate(&b, 0);
	}
	buf_free(&b);
}

/* Any byte may be in a control file. */
static void
test_bytes(void **state)
{
	static const char text[] = "V8\n$_a\0b [192.0.2.1]\nS<\xff\0>\n.\n";
	static const char want[] = "V8\n$_a\0b [192.0.2.1]\nqx\nS<\xff\0>\n.\n";
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(hold_add(&b, BYTES(text), "x"), 0);
	assert_int_equal(b.len, sizeof(want) - 1);
	assert_memory_equal(b.data, want, sizeof(want));
	buf_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_and_remove),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_bytes),
	};

	return UNIT_RUN(tests);
}
