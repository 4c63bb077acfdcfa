/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wanted.c - which messages may be changed at all */
#include "envelopes.h"
#include "unit.h"

#include "change/wanted.h"

#define NOW  INT64_C(1795342500)
#define REST "\nS<a@b.example>\n.\n"
#define Q    MTA_QUEUED
#define H    MTA_HELD

static const char smtp[] = "$_[192.0.2.66]" REST;
static const char other[] = "$_[192.0.2.67]" REST;
static const char loopback[] = "$_localhost [127.0.0.1]" REST;
static const char local[] = "$_root@localhost" REST;
static const char bounce[] = "$_localhost" REST;
static const char none[] = "V8" REST;
static const char unknown[] = "$_junk" REST;
static const char cut[] = "$_[192.0.2.66]\nS<a@b.example>\n";
static const char held[] = "$_[192.0.2.66]\nqqflush: x" REST;
static const char foreign[] = "$_[192.0.2.66]\nqvirus" REST;
static const char ten[] = "$_[192.0.2.66]\nqqflush: x0" REST;
static const char upper[] = "$_[192.0.2.66]\nqqflush: X" REST;
static const char blank[] = "$_[192.0.2.66]\nqqflush: x \t\r" REST;
static const char inner[] = "$_[192.0.2.66]\nqqflush:  x" REST;
static const char bare[] = "$_[192.0.2.66]\nqx" REST;
static const char empty[] = "$_[192.0.2.66]\nq" REST;
static const char deferred[] = "$_root@localhost\nMDeferred" REST;
static const struct {
	const char *selector, *file;
	enum mta_state kind, wanted;
	bool local, any_class;
	const char *mark;
	enum wanted_verdict verdict;
	const char *reason;
} rows[] = {
	{ "192.0.2.66", smtp, Q, Q, 0, 0, "qflush: ", WANTED_YES, NULL },
	{ "192.0.2.66", other, Q, Q, 0, 0, NULL, WANTED_NO, NULL },
	{ "192.0.2.66", smtp, H, Q, 0, 0, NULL, WANTED_STATE, NULL },
	{ "192.0.2.66", smtp, MTA_LOST, Q, 0, 0, NULL, WANTED_STATE, NULL },
	{ "192.0.2.66", cut, Q, Q, 0, 0, NULL, WANTED_INCOMPLETE, NULL },
	{ "127.0.0.1", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "127.0.0.1", loopback, Q, Q, 1, 0, NULL, WANTED_YES, NULL },
	{ "sender:a@b.example", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL,
	    NULL },
	{ "sender:a@b.example", local, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "sender:a@b.example", local, Q, Q, 1, 0, NULL, WANTED_YES, NULL },
	{ "sender:a@b.example", bounce, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "sender:a@b.example", bounce, Q, Q, 1, 0, NULL, WANTED_YES, NULL },
	{ "sender:a@b.example", none, Q, Q, 1, 0, NULL, WANTED_UNKNOWN, NULL },
	{ "sender:a@b.example", unknown, Q, Q, 1, 0, NULL, WANTED_UNKNOWN,
	    NULL },
	{ "sender:a@b.example", unknown, H, H, 0, 1, NULL, WANTED_YES, NULL },
	/* Whatever selects it, what this host made is not for us. */
	{ "class:local", local, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "class:local", local, Q, Q, 1, 0, NULL, WANTED_YES, NULL },
	{ "class:bounce", bounce, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "class:loopback", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "class:unknown", unknown, Q, Q, 1, 0, NULL, WANTED_UNKNOWN, NULL },
	{ "class:none", none, Q, Q, 1, 0, NULL, WANTED_UNKNOWN, NULL },
	{ "class:local", smtp, Q, Q, 1, 0, NULL, WANTED_NO, NULL },
	{ "recipient-domain:x", local, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	{ "recipient-domain:x", smtp, Q, Q, 0, 0, NULL, WANTED_YES, NULL },
	{ "recipient-domain:x", cut, Q, Q, 0, 0, NULL, WANTED_INCOMPLETE,
	    NULL },
	{ "recipient-domain:x", foreign, H, H, 0, 1, "qflush: ", WANTED_FOREIGN,
	    NULL },
	{ "recipient:x", smtp, Q, Q, 0, 0, NULL, WANTED_NO, NULL },
	{ "status:Deferred", deferred, Q, Q, 0, 0, NULL, WANTED_LOCAL, NULL },
	/* What is held. */
	{ "192.0.2.66", held, H, H, 0, 1, "qflush: ", WANTED_YES, NULL },
	{ "192.0.2.66", foreign, H, H, 0, 1, "qflush: ", WANTED_FOREIGN, NULL },
	{ "192.0.2.66", smtp, H, H, 0, 1, "qflush: ", WANTED_FOREIGN, NULL },
	{ "192.0.2.66", foreign, H, H, 0, 1, NULL, WANTED_YES, NULL },
	{ "192.0.2.66", smtp, Q, H, 0, 1, NULL, WANTED_STATE, NULL },
	/* A line of ours in a queued message: we were stopped. */
	{ "192.0.2.66", held, Q, Q, 0, 0, "qflush: ", WANTED_YES, NULL },
	{ "192.0.2.66", held, Q, H, 0, 1, "qflush: ", WANTED_YES, NULL },
	{ "192.0.2.66", foreign, Q, H, 0, 1, "qflush: ", WANTED_FOREIGN, NULL },
	{ "192.0.2.66", held, MTA_LOST, H, 0, 1, NULL, WANTED_STATE, NULL },
	/* The whole reason, and no other. */
	{ "192.0.2.66", held, H, H, 0, 1, "qflush: ", WANTED_YES, "qflush: x" },
	{ "192.0.2.66", held, H, H, 0, 1, "qflush: ", WANTED_YES,
	    "qflush: x " },
	{ "192.0.2.66", blank, H, H, 0, 1, "qflush: ", WANTED_YES,
	    "qflush: x" },
	{ "192.0.2.66", ten, H, H, 0, 1, "qflush: ", WANTED_REASON,
	    "qflush: x" },
	{ "192.0.2.66", held, H, H, 0, 1, "qflush: ", WANTED_REASON,
	    "qflush: x0" },
	{ "192.0.2.66", upper, H, H, 0, 1, "qflush: ", WANTED_REASON,
	    "qflush: x" },
	{ "192.0.2.66", inner, H, H, 0, 1, "qflush: ", WANTED_REASON,
	    "qflush: x" },
	{ "192.0.2.66", bare, H, H, 0, 1, "qflush: ", WANTED_FOREIGN,
	    "qflush: x" },
	{ "192.0.2.66", bare, H, H, 0, 1, "qflush: ", WANTED_FOREIGN, NULL },
	{ "192.0.2.66", empty, H, H, 0, 1, "qflush: ", WANTED_FOREIGN, NULL },
	{ "192.0.2.66", empty, H, H, 0, 1, NULL, WANTED_YES, NULL },
	/* The same of one that was stopped half way; a hold asks nobody. */
	{ "192.0.2.66", ten, Q, H, 0, 1, "qflush: ", WANTED_REASON,
	    "qflush: x" },
	{ "192.0.2.66", ten, Q, Q, 0, 0, "qflush: ", WANTED_YES, "qflush: x" },
	/* All of it. */
	{ NULL, other, Q, MTA_NOTHING, 0, 1, NULL, WANTED_YES, NULL },
	{ NULL, foreign, H, MTA_NOTHING, 0, 1, "qflush: ", WANTED_YES, NULL },
	{ NULL, cut, H, MTA_NOTHING, 0, 1, NULL, WANTED_INCOMPLETE, NULL },
};

static void
test_judge(void **state)
{
	struct selector s = SELECTOR_INIT;
	struct buf why = BUF_INIT;
	const struct selector_recipients to = { .domain = true };
	struct wanted w;
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		if (rows[i].selector != NULL)
			assert_int_equal(selector_parse(&s, rows[i].selector,
					     &why),
			    0);
		e = parse_file(rows[i].file);
		w = (struct wanted){
			.selector = rows[i].selector != NULL ? &s : NULL,
			.now = NOW,
			.state = rows[i].wanted,
			.local = rows[i].local,
			.any_class = rows[i].any_class,
			.mark = rows[i].mark,
			.reason = rows[i].reason,
		};
		if (wanted_judge(&w, rows[i].kind, &e, &to) != rows[i].verdict)
			fail_msg("row %zu: %d", i,
			    (int)wanted_judge(&w, rows[i].kind, &e, &to));
		selector_free(&s);
	}
	buf_free(&why);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
	};

	return UNIT_RUN(tests);
}
