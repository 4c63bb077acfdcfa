/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_report.c - reports, tallies and access maps without memory */
#include <stdio.h>
#include <stdlib.h>

#include "oom.h"
#include "unit.h"

#include "block/entries.h"
#include "count/tally.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/dump.h"
#include "mta/sendmail/access/key.h"
#include "mta/sendmail/access/value.h"
#include "mta/sendmail/hold.h"
#include "report/metrics.h"
#include "report/read.h"
#include "report/relaysum.h"
#include "report/report.h"
#include "report/write.h"

#define NOW INT64_C(1795342500)

static const char sample[] =
    "mqreport 1\nhost mx1.example.net\ntime 1795200000\ntook 12 ms\n"
    "queue mqueue.in role=in count=exact messages=39 oldest=726 late=0"
    " quarantined=1 lost=2\n"
    "queue odd%20name role=out count=at-least messages=40 oldest=16121"
    " late=39 quarantined=0 lost=0 reason=/q: not all counted\n"
    "queue mqueue-client role=client count=unreadable reason=no\n"
    "relays count=exact read=79 total=79\nrelay 192.0.2.66 messages=40\n"
    "relay 2001:db8::1 messages=7\nend\n";

static int
run_report(struct buf *result)
{
	struct buf b = BUF_INIT;
	struct report r;
	const char *why;
	enum report_fault fault = report_read(&r, sample, sizeof(sample) - 1,
	    &why);

	if (fault != REPORT_FINE) {
		assert_int_equal(fault, REPORT_NO_MEMORY);
		assert_non_null(why);
		return -1;
	}
	report_write(&r, &b);
	metrics_write(&r, &b);
	report_free(&r);
	return oom_end(0, &b, result);
}

/* A report that tells an error keeps a part of it. */
static int
run_failed(struct buf *result)
{
	static const char text[] =
	    "mqreport 1\nhost mx1\ntime 1795200000\nerror no queue\nend\n";
	struct report r;
	const char *why;
	enum report_fault fault = report_read(&r, text, sizeof(text) - 1, &why);

	oom_pause();
	if (fault != REPORT_FAILED) {
		assert_int_equal(fault, REPORT_NO_MEMORY);
		return -1;
	}
	buf_addf(result, "%s %s", r.host, why);
	report_free(&r);
	return 0;
}

static int
run_relaysum(struct buf *result)
{
	struct relaysum s = RELAYSUM_INIT;
	struct report r;
	const char *why;
	int rc, i;

	oom_pause();
	assert_int_equal(report_read(&r, sample, sizeof(sample) - 1, &why),
	    REPORT_FINE);
	oom_resume();
	for (rc = i = 0; rc == 0 && i < 20; i++)
		rc = relaysum_add(&s, &r);
	if (rc == 0)
		relaysum_finish(&s);
	oom_pause();
	if (rc == 0)
		buf_addf(result, "%zu relays, %.0f messages", s.n,
		    s.rows[0].messages.value);
	relaysum_free(&s);
	report_free(&r);
	return rc;
}

/* --- tallies ------------------------------------------------------------- */

static int
tally_messages(struct tally *t, unsigned int first, unsigned int n)
{
	char sender[40], to[40];
	struct envelope e = { .recipients = 1,
		.has_sender = true,
		.relay = { .class = RELAY_SMTP } };
	unsigned int i;

	e.relay.host = (struct span){ "mx.example", 10 };
	for (i = first; i < first + n; i++) {
		snprintf(sender, sizeof(sender), "a%u@b%u.example", i, i % 9);
		e.sender = (struct span){ sender, strlen(sender) };
		snprintf(to, sizeof(to), "c@d%u.example", i % 50);
		e.arrival = NOW - i;
		e.relay.addr.b[15] = (uint8_t)(i % 40 == 0 ? i : 66);
		if (t->by == KEY_RECIPIENT_DOMAIN)
			tally_recipient(t, (struct span){ to, strlen(to) });
		if (tally_add(t, &e) != 0)
			return -1;
	}
	return 0;
}

/* Two workers' tallies become one. */
static int
run_tally_by(enum key_by by, struct buf *result)
{
	struct tally a, b;
	size_t i;
	int rc;

	tally_init(&a, by, NOW);
	tally_init(&b, by, NOW);
	if ((rc = tally_messages(&a, 0, 600)) == 0 &&
	    (rc = tally_messages(&b, 600, 600)) == 0 &&
	    (rc = tally_merge(&a, &b)) == 0)
		tally_sort(&a);
	oom_pause();
	for (i = 0; rc == 0 && i < a.ngroups; i++) {
		tally_add_key(result, &a, &a.group[i]);
		buf_addf(result, " %d\n", (int)a.group[i].count);
	}
	tally_free(&a);
	tally_free(&b);
	return rc;
}

static int
run_tally(struct buf *result)
{
	return run_tally_by(KEY_RELAY, result);
}

static int
run_tally_domain(struct buf *result)
{
	return run_tally_by(KEY_RECIPIENT_DOMAIN, result);
}

/* --- access maps --------------------------------------------------------- */

static const char access_text[] =
    "# ours\nConnect:198.51.100\tRELAY\n"
    "# qblock 192.0.2.66 added 2026-11-24T09:41:00Z until never by root: x\n"
    "Connect:192.0.2.66\tREJECT\nFrom:a@b\t550 no\n";

static int
run_entries(struct buf *result)
{
	const struct tag tag = { .added = NOW,
		.until = TAG_NEVER,
		.by = { "root", 4 },
		.key = { .is_name = true, .name = "bad.example" } };
	struct entries m = ENTRIES_INIT;
	struct block_keys keys;
	struct buf b = BUF_INIT, block = BUF_INIT, value = BUF_INIT;
	const char *why, *const instead[] = { NULL };
	int rc;

	assert_int_equal(sendmail_access_key_list(&tag.key, false, &keys, &why),
	    0);
	rc = entries_parse(&m, &sendmail_block, access_text,
	    sizeof(access_text) - 1);
	if (rc == 0 &&
	    sendmail_access_value_parse(&value, "tempfail", &why) == 0 &&
	    !value.oom) {
		entries_add_block(&block, &sendmail_block, &tag, &keys,
		    buf_str(&value));
		if (!block.oom)
			entries_write(&b, &m, instead, buf_str(&block));
	}
	b.oom |= rc != 0 || value.oom || block.oom;
	entries_free(&m);
	buf_free(&block);
	buf_free(&value);
	return oom_end(0, &b, result);
}

static int
run_access_dump(struct buf *result)
{
	static const char dump[] = "connect:198.51.100\tRELAY\n"
				   "connect:192.0.2.67\tREJECT\n";
	struct sendmail_access_dump want = SENDMAIL_ACCESS_DUMP_INIT,
				    got = SENDMAIL_ACCESS_DUMP_INIT;
	struct entries m = ENTRIES_INIT;
	struct block_difference d;
	int rc = entries_parse(&m, &sendmail_block, access_text,
	    sizeof(access_text) - 1);

	if (rc == 0)
		rc = sendmail_access_dump_of_text(&want, false, &m);
	if (rc == 0)
		rc = sendmail_access_dump_parse(&got, false, dump,
		    sizeof(dump) - 1);
	oom_pause();
	if (rc == 0) {
		sendmail_access_dump_compare(&d, &want, &got);
		buf_addf(result, "%zu entries differ", d.n);
	}
	sendmail_access_dump_free(&want);
	sendmail_access_dump_free(&got);
	entries_free(&m);
	return rc;
}

static int
run_hold(struct buf *result)
{
	static const char text[] = "V8\n$_[192.0.2.1]\nS<a@b>\n.\n";
	struct buf held = BUF_INIT, b = BUF_INIT;

	assert_int_equal(hold_add(&held, text, sizeof(text) - 1, "x"), 0);
	if (!held.oom)
		hold_remove(&b, held.data, held.len);
	b.oom |= held.oom;
	buf_free(&held);
	return oom_end(0, &b, result);
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "report, metrics", run_report },
		{ "report of an error", run_failed },
		{ "relaysum", run_relaysum },
		{ "tally by relay", run_tally },
		{ "tally by recipient-domain", run_tally_domain },
		{ "entries", run_entries },
		{ "sendmail_access_dump", run_access_dump },
		{ "hold", run_hold },
	};

	(void)state;
	oom_try(rows, ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
	};

	return UNIT_RUN(tests);
}
