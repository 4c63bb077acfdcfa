/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_report.c - any bytes are a report or none; a report comes back whole */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "report/metrics.h"
#include "report/read.h"
#include "report/relaysum.h"
#include "report/report.h"
#include "report/write.h"

/* What was parsed is written, and that is parsed and written to the same. */
static void
round_trip(const struct report *r)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct report again;
	const char *why;

	report_write(r, &once);
	/* Words that are written longer than they came may be too much. */
	if (once.len <= REPORT_MAX) {
		FUZZ_MUST(report_read(&again, once.data, once.len, &why) ==
		    (r->error == NULL ? REPORT_FINE : REPORT_FAILED));
		report_write(&again, &twice);
		FUZZ_MUST(once.len == twice.len &&
		    memcmp(once.data, twice.data, once.len) == 0);
		report_free(&again);
	}
	buf_free(&once);
	buf_free(&twice);
}

/* No queue contradicts itself, and none comes twice. */
static void
queues_make_sense(const struct report *r)
{
	const struct report_queue *q;
	size_t i, j;

	for (i = 0; i < r->nqueues; i++) {
		q = &r->queues[i];
		FUZZ_MUST(q->late <= q->messages && q->oldest >= 0);
		FUZZ_MUST((q->late != 0) == (q->oldest > REPORT_LATE));
		FUZZ_MUST(q->count != REPORT_EXACT || q->reason == NULL);
		FUZZ_MUST(q->count != REPORT_UNREADABLE ||
		    q->messages + q->held + q->lost == 0);
		for (j = 0; j < i; j++)
			FUZZ_MUST(strcmp(q->name, r->queues[j].name) != 0);
	}
}

/* Nor do the relays; what is not known to be all is a bound. */
static void
relays_make_sense(const struct report *r)
{
	bool read_all = r->relays_read == r->relays_total;
	uint64_t messages = 0;
	size_t i, j;

	FUZZ_MUST(r->relays_read <= r->relays_total);
	FUZZ_MUST(r->nrelays == 0 || r->has_relays);
	if (r->relays_count == REPORT_EXACT)
		FUZZ_MUST(read_all && !report_relays_bound(r) &&
		    r->relays_whole != REPORT_WHOLE_NO);
	else
		FUZZ_MUST(report_relays_bound(r) ==
		    (r->relays_whole != REPORT_WHOLE_YES));
	for (i = 0; i < r->nrelays; i++) {
		messages += r->relays[i].messages;
		for (j = 0; j < i; j++)
			FUZZ_MUST(!addr_equal(&r->relays[i].addr,
			    &r->relays[j].addr));
	}
	FUZZ_MUST(messages <= r->relays_read);
	FUZZ_MUST(r->nqueues == 0 || report_again(r, r) == REPORT_AGAIN);
}

/* What readers do with a report, whatever is in it. */
static void
use(const struct report *r)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct buf metrics = BUF_INIT;
	enum report_count count;
	uint64_t messages;
	const char *why;
	int added;

	report_check_time(r, 1795532400, REPORT_STALE, &why);
	report_sum(r, QUEUE_IN, &messages, &count);
	added = relaysum_add(&sum, r);
	if (added == 0)
		added = relaysum_add(&sum, r);
	if (added == 0)
		relaysum_finish(&sum);
	relaysum_free(&sum);
	metrics_write(r, &metrics);
	buf_free(&metrics);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	enum report_fault fault;
	const char *why = NULL;
	struct report r;

	fault = report_read(&r, (const char *)bytes, n, &why);
	if (fault == REPORT_FINE || fault == REPORT_FAILED) {
		queues_make_sense(&r);
		relays_make_sense(&r);
		round_trip(&r);
		use(&r);
		report_free(&r);
	} else {
		FUZZ_MUST(fuzz_is_line(why));
		FUZZ_MUST(r.nqueues == 0 && r.queues == NULL);
	}
	return 0;
}
