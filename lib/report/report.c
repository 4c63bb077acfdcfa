/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - mqreport's text: one server's queues, written
 *
 * Pure.  Lines of printable ASCII; a name is one word, with %XX for what does
 * not fit in.  The first line has the version, the last one is "end": without
 * it a report was cut, however well it looks.  report_parse.c reads it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "base/words.h"
#include "report/report.h"

#define REPORT_REASON 200

static const char *const report_counts[] = { "exact", "at-least",
	"unreadable" };

static const char *const report_faults[] = { "ok", "refused", "cut", "garbage",
	"too new", "too long", "failed", "stale", "from the future",
	"no memory" };

const char *
report_count_name(enum report_count count)
{
	return report_counts[count];
}

const char *
report_fault_name(enum report_fault fault)
{
	return report_faults[fault];
}

void
report_free(struct report *r)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++) {
		free(r->queues[i].name);
		free(r->queues[i].reason);
	}
	free(r->queues);
	free(r->relays);
	free(r->host);
	free(r->machine);
	free(r->error);
	free(r->note);
	*r = (struct report)REPORT_INIT;
}

/* What most reports need not say: old readers skip it. */
static void
report_add_ages(struct buf *out, const struct report_queue *q)
{
	if (q->undated != 0)
		buf_addf(out, " undated=%" PRIu64, q->undated);
	if (q->future != 0)
		buf_addf(out, " future=%" PRIu64, q->future);
	if (q->oldest_max > q->oldest)
		buf_addf(out, " oldest-max=%" PRId64, q->oldest_max);
	if (q->late_max > q->late)
		buf_addf(out, " late-max=%" PRIu64, q->late_max);
}

/* Text that ends a line; nothing for NULL. */
static void
report_add_text(struct buf *out, const char *before, const char *s,
    const char *after)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (s == NULL)
		return;
	buf_adds(out, before);
	clean_add_line(out, s, n < REPORT_REASON ? n : REPORT_REASON);
	buf_adds(out, after);
}

static void
report_add_queue(struct buf *out, const struct report_queue *q)
{
	buf_adds(out, "queue ");
	words_add(out, q->name);
	buf_addf(out, " role=%s count=%s", queue_role_name(q->role),
	    report_counts[q->count]);
	if (q->count != REPORT_UNREADABLE) {
		buf_addf(out,
		    " messages=%" PRIu64 " oldest=%" PRId64 " late=%" PRIu64
		    " quarantined=%" PRIu64 " lost=%" PRIu64,
		    q->messages, q->oldest, q->late, q->quarantined, q->lost);
		report_add_ages(out, q);
		if (q->has_stranded)
			buf_addf(out, " stranded=%" PRIu64, q->stranded);
		if (q->oldest_held != 0)
			buf_addf(out, " oldest-held=%" PRId64, q->oldest_held);
	}
	report_add_text(out, " reason=", q->reason, "");
	buf_addc(out, '\n');
}

static void
report_add_relays(struct buf *out, const struct report *r)
{
	size_t i;

	buf_addf(out, "relays count=%s", report_counts[r->relays_count]);
	if (r->relays_count != REPORT_UNREADABLE)
		buf_addf(out, " read=%" PRIu64 " total=%" PRIu64,
		    r->relays_read, r->relays_total);
	if (r->relays_whole != REPORT_WHOLE_UNTOLD)
		buf_addf(out, " complete=%s",
		    r->relays_whole == REPORT_WHOLE_YES ? "yes" : "no");
	buf_addc(out, '\n');
	for (i = 0; i < r->nrelays; i++) {
		buf_adds(out, "relay ");
		addr_add(out, &r->relays[i].addr);
		buf_addf(out, " messages=%" PRIu64 "\n", r->relays[i].messages);
	}
}

void
report_write(const struct report *r, struct buf *out)
{
	size_t i;

	buf_addf(out, "mqreport %d\nhost ", REPORT_VERSION);
	words_add(out, r->host);
	if (r->machine != NULL)
		buf_addf(out, "\nmachine %s", r->machine);
	buf_addf(out, "\ntime %" PRId64 " ", r->time);
	/* For people; readers skip it. */
	utc_add(out, r->time);
	buf_addf(out, "\ntook %" PRId64 " ms\n", r->took);
	report_add_text(out, "error ", r->error, "\n");
	report_add_text(out, "note ", r->note, "\n");
	for (i = 0; i < r->nqueues; i++)
		report_add_queue(out, &r->queues[i]);
	if (r->has_relays)
		report_add_relays(out, r);
	buf_adds(out, "end\n");
}

bool
report_sum(const struct report *r, enum queue_role role, uint64_t *messages,
    enum report_count *count)
{
	const struct report_queue *q;
	bool found = false;
	size_t i;

	*messages = 0;
	*count = REPORT_EXACT;
	for (i = 0; i < r->nqueues; i++) {
		q = &r->queues[i];
		if (q->role != role)
			continue;
		found = true;
		*messages += q->messages;
		if (q->count > *count)
			*count = q->count;
	}
	return found;
}

bool
report_relays_bound(const struct report *r)
{
	return r->relays_count != REPORT_EXACT &&
	    r->relays_whole != REPORT_WHOLE_YES;
}

static bool
report_has_queue(const struct report *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++)
		if (strcmp(r->queues[i].name, name) == 0)
			return true;
	return false;
}

enum report_again
report_again(const struct report *r, const struct report *before)
{
	size_t i, n = 0;

	if (strcmp(r->host, before->host) != 0)
		return REPORT_NEWS;
	if (r->machine != NULL && before->machine != NULL &&
	    strcmp(r->machine, before->machine) != 0)
		return REPORT_NEWS;
	for (i = 0; i < r->nqueues; i++)
		n += report_has_queue(before, r->queues[i].name);
	if (n == 0)
		return REPORT_NEWS;
	return n == r->nqueues ? REPORT_AGAIN : REPORT_PARTLY_AGAIN;
}

enum report_fault
report_check_time(const struct report *r, int64_t now, int64_t stale_after,
    const char **why)
{
	if (r->time > now + REPORT_AHEAD) {
		*why = "its time is still to come; compare the clocks";
		return REPORT_FUTURE;
	}
	if (r->time < now - stale_after) {
		*why = "it is too old";
		return REPORT_STALE_DATA;
	}
	return REPORT_FINE;
}
