/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wanted.c - which messages may be changed at all */
#include "envelopes.h"
#include "unit.h"

#include "mqueue/wanted.h"

#define NOW  INT64_C(1795342500)
#define REST "\nS<a@b.example>\n.\n"
#define Q    MTA_QUEUED
#define H    MTA_QUARANTINED

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
static const char deferred[] = "$_root@localhost\nMDeferred" REST;
static const struct {
	const char *selector, *file;
	enum mta_kind kind, wanted;
	bool local, any_class;
	const char *mark;
	enum wanted_verdict verdict;
} rows[] = {
	{ "192.0.2.66", smtp, Q, Q, 0, 0, "qflush: ", WANTED_YES },
	{ "192.0.2.66", other, Q, Q, 0, 0, NULL, WANTED_NO },
	{ "192.0.2.66", smtp, H, Q, 0, 0, NULL, WANTED_KIND },
	{ "192.0.2.66", smtp, MTA_LOST, Q, 0, 0, NULL, WANTED_KIND },
	{ "192.0.2.66", cut, Q, Q, 0, 0, NULL, WANTED_INCOMPLETE },
	{ "127.0.0.1", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "127.0.0.1", loopback, Q, Q, 1, 0, NULL, WANTED_YES },
	{ "sender:a@b.example", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "sender:a@b.example", local, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "sender:a@b.example", local, Q, Q, 1, 0, NULL, WANTED_YES },
	{ "sender:a@b.example", bounce, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "sender:a@b.example", bounce, Q, Q, 1, 0, NULL, WANTED_YES },
	{ "sender:a@b.example", none, Q, Q, 1, 0, NULL, WANTED_UNKNOWN },
	{ "sender:a@b.example", unknown, Q, Q, 1, 0, NULL, WANTED_UNKNOWN },
	{ "sender:a@b.example", unknown, H, H, 0, 1, NULL, WANTED_YES },
	/* Whatever selects it, what this host made is not for us. */
	{ "class:local", local, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "class:local", local, Q, Q, 1, 0, NULL, WANTED_YES },
	{ "class:bounce", bounce, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "class:loopback", loopback, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "class:unknown", unknown, Q, Q, 1, 0, NULL, WANTED_UNKNOWN },
	{ "class:none", none, Q, Q, 1, 0, NULL, WANTED_UNKNOWN },
	{ "class:local", smtp, Q, Q, 1, 0, NULL, WANTED_NO },
	{ "recipient-domain:x", local, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	{ "recipient-domain:x", smtp, Q, Q, 0, 0, NULL, WANTED_YES },
	{ "recipient-domain:x", cut, Q, Q, 0, 0, NULL, WANTED_INCOMPLETE },
	{ "recipient-domain:x", foreign, H, H, 0, 1,
	    "qflush: ", WANTED_FOREIGN },
	{ "recipient:x", smtp, Q, Q, 0, 0, NULL, WANTED_NO },
	{ "status:Deferred", deferred, Q, Q, 0, 0, NULL, WANTED_LOCAL },
	/* What is held. */
	{ "192.0.2.66", held, H, H, 0, 1, "qflush: ", WANTED_YES },
	{ "192.0.2.66", foreign, H, H, 0, 1, "qflush: ", WANTED_FOREIGN },
	{ "192.0.2.66", smtp, H, H, 0, 1, "qflush: ", WANTED_FOREIGN },
	{ "192.0.2.66", foreign, H, H, 0, 1, NULL, WANTED_YES },
	{ "192.0.2.66", smtp, Q, H, 0, 1, NULL, WANTED_KIND },
	/* A line of ours in a queued message: we were stopped. */
	{ "192.0.2.66", held, Q, Q, 0, 0, "qflush: ", WANTED_YES },
	{ "192.0.2.66", held, Q, H, 0, 1, "qflush: ", WANTED_YES },
	{ "192.0.2.66", foreign, Q, H, 0, 1, "qflush: ", WANTED_FOREIGN },
	{ "192.0.2.66", held, MTA_LOST, H, 0, 1, NULL, WANTED_KIND },
	/* All of it. */
	{ NULL, other, Q, MTA_NOTHING, 0, 1, NULL, WANTED_YES },
	{ NULL, foreign, H, MTA_NOTHING, 0, 1, "qflush: ", WANTED_YES },
	{ NULL, cut, H, MTA_NOTHING, 0, 1, NULL, WANTED_INCOMPLETE },
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
			.kind = rows[i].wanted,
			.local = rows[i].local,
			.any_class = rows[i].any_class,
			.mark = rows[i].mark,
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
