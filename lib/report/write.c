/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write.c - a report becomes mqreport's text
 *
 * Pure.  Lines of printable ASCII; a name is one word, with %XX for what does
 * not fit in.  The first line has the version, the last one is "end": without
 * it a report was cut, however well it looks.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "base/words.h"
#include "report/write.h"

#define WRITE_REASON 200 /* bytes of a text that ends a line */

/* What most reports need not say: old readers skip it. */
static void
write_ages(struct buf *out, const struct report_queue *q)
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
write_text(struct buf *out, const char *before, const char *s,
    const char *after)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (s == NULL)
		return;
	buf_adds(out, before);
	clean_add_line(out, s, n < WRITE_REASON ? n : WRITE_REASON);
	buf_adds(out, after);
}

static void
write_queue(struct buf *out, const struct report_queue *q)
{
	buf_adds(out, "queue ");
	words_add(out, q->name);
	buf_addf(out, " role=%s count=%s", queue_role_name(q->role),
	    report_count_name(q->count));
	if (q->count != REPORT_UNREADABLE) {
		buf_addf(out,
		    " messages=%" PRIu64 " oldest=%" PRId64 " late=%" PRIu64
		    " quarantined=%" PRIu64 " lost=%" PRIu64,
		    q->messages, q->oldest, q->late, q->held, q->lost);
		write_ages(out, q);
		if (q->has_stranded)
			buf_addf(out, " stranded=%" PRIu64, q->stranded);
		if (q->oldest_held != 0)
			buf_addf(out, " oldest-held=%" PRId64, q->oldest_held);
	}
	write_text(out, " reason=", q->reason, "");
	buf_addc(out, '\n');
}

static void
write_relays(struct buf *out, const struct report *r)
{
	size_t i;

	buf_addf(out, "relays count=%s", report_count_name(r->relays_count));
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
	write_text(out, "error ", r->error, "\n");
	write_text(out, "note ", r->note, "\n");
	for (i = 0; i < r->nqueues; i++)
		write_queue(out, &r->queues[i]);
	if (r->has_relays)
		write_relays(out, r);
	buf_adds(out, "end\n");
}
