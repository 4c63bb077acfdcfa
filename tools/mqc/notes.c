/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * notes.c - the lines under the line of a round: what is new
 *
 * Pure.  A line is never longer than the window.  When half of the net is down,
 * a few hosts are named and the others are only counted.
 */
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "count/flood.h"
#include "tools/common/paint.h"
#include "tools/mqc/hosts.h"
#include "tools/mqc/notes.h"

/* Adds a text as one line. */
static void
mqc_notes_line(struct buf *out, const struct buf *text, enum paint paint,
    size_t columns, bool colour)
{
	size_t n = text->len;

	if (columns != 0 && n + 2 > columns)
		n = columns > 2 ? columns - 2 : 0;
	paint_pad(out, 2);
	paint_add(out, paint, text->data, n, colour);
	buf_addc(out, '\n');
}

/* Lines of one kind, of which MQC_NOTES_MAX are shown. */
struct mqc_notes_list {
	struct buf *out;
	size_t columns;
	bool colour;
	size_t n;
	struct buf text; /* of the next line */
};

static void
mqc_notes_next(struct mqc_notes_list *l, enum paint paint)
{
	if (++l->n <= MQC_NOTES_MAX)
		mqc_notes_line(l->out, &l->text, paint, l->columns, l->colour);
	buf_truncate(&l->text, 0);
}

/* "and 12 more WHAT", for those that were not shown. */
static void
mqc_notes_end(struct mqc_notes_list *l, enum paint paint, const char *what)
{
	if (l->n > MQC_NOTES_MAX) {
		buf_addf(&l->text, "and %zu more %s", l->n - MQC_NOTES_MAX,
		    what);
		mqc_notes_line(l->out, &l->text, paint, l->columns, l->colour);
	}
	buf_free(&l->text);
}

void
mqc_notes_add(struct buf *out, const char *s, size_t columns)
{
	struct buf text = BUF_INIT;

	clean_add_line(&text, s, strlen(s));
	mqc_notes_line(out, &text, PAINT_PLAIN, columns, false);
	buf_free(&text);
}

/* "mqueue cannot be read: REASON" */
static void
mqc_notes_unreadable(struct buf *text, const struct report_queue *q)
{
	clean_adds(text, q->name, MQC_COLUMN_NAME);
	buf_adds(text, " cannot be read");
	if (q->reason != NULL) {
		buf_adds(text, ": ");
		clean_add_line(text, q->reason, strlen(q->reason));
	}
}

/* The first queue of a report that can't be read. */
static void
mqc_notes_unread(struct buf *text, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++) {
		const struct report_queue *q = &r->queues[i];

		if (q->count != REPORT_UNREADABLE)
			continue;
		buf_adds(text, "queue ");
		mqc_notes_unreadable(text, q);
		return;
	}
}

/* Why sums leave the host out. */
static void
mqc_notes_same(struct buf *text, const struct mqc_fleet *f,
    const struct mqc_fleet_host *h)
{
	const struct mqc_fleet_host *other = &f->hosts[h->same];

	buf_adds(text,
	    h->same_sure ? "the same server as " : "has the host name of ");
	clean_adds(text, other->name, MQC_HOSTS_NAME);
	if (h->again == REPORT_PARTLY_AGAIN)
		buf_adds(text, " with some of its queues; sums leave it out");
	else
		buf_adds(text,
		    h->same_sure ?
			"; sums count it once" :
			" and its queues; sums leave it out and may be too"
			" low: give it another host name");
}

static enum paint
mqc_notes_host(struct buf *text, const struct mqc_fleet *f,
    const struct mqc_fleet_host *h)
{
	clean_adds(text, h->name, MQC_HOSTS_NAME);
	buf_adds(text, ": ");
	if (h->news == MQC_FLEET_FAILS) {
		buf_adds(text, mqc_fleet_answer_name(h->answer));
		/* It was cleaned when it came. */
		if (h->why[0] != '\0')
			buf_addf(text, ": %s", h->why);
		return PAINT_TROUBLE;
	}
	if (h->news == MQC_FLEET_UNREADS) {
		mqc_notes_unread(text, &h->report);
		return PAINT_TROUBLE;
	}
	if (h->news == MQC_FLEET_SAME) {
		mqc_notes_same(text, f, h);
		return PAINT_PLAIN;
	}
	buf_adds(text, "answers again after ");
	num_add_duration(text, h->failed_for / 1000);
	return PAINT_PLAIN;
}

void
mqc_notes_add_hosts(struct buf *out, const struct mqc_fleet *f, size_t columns,
    bool colour)
{
	struct mqc_notes_list l = { out, columns, colour, 0, BUF_INIT };
	enum paint paint;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->hosts[i].news == MQC_FLEET_NOTHING)
			continue;
		paint = mqc_notes_host(&l.text, f, &f->hosts[i]);
		mqc_notes_next(&l, paint);
	}
	mqc_notes_end(&l, PAINT_TROUBLE, "hosts with news");
}

/* "mx2: mqueue-client has 57 messages, 12 older than 15m; ..." */
static void
mqc_notes_missed(struct buf *text, const struct mqc_fleet_host *h,
    const struct report_queue *q)
{
	clean_adds(text, h->name, MQC_HOSTS_NAME);
	buf_adds(text, ": ");
	if (q->count == REPORT_UNREADABLE) {
		mqc_notes_unreadable(text, q);
		return;
	}
	clean_adds(text, q->name, MQC_COLUMN_NAME);
	buf_addf(text,
	    " has %s%llu message%s, %llu older than 15m;"
	    " see --columns " MQC_COLUMN_ALL,
	    q->count == REPORT_AT_LEAST ? "at least " : "",
	    (unsigned long long)q->messages, q->messages == 1 ? "" : "s",
	    (unsigned long long)q->late);
}

void
mqc_notes_add_missed(struct buf *out, const struct mqc_fleet *f, size_t columns,
    bool colour)
{
	struct mqc_notes_list l = { out, columns, colour, 0, BUF_INIT };
	const struct report_queue *q;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->hosts[i].age_class != MQC_FLEET_FRESH ||
		    (q = mqc_column_missed(f->columns, &f->hosts[i].report)) ==
			NULL)
			continue;
		mqc_notes_missed(&l.text, &f->hosts[i], q);
		mqc_notes_next(&l, PAINT_WARNING);
	}
	mqc_notes_end(&l, PAINT_WARNING, "client queues");
}

int
mqc_notes_sum(struct relaysum *sum, const struct mqc_fleet *f)
{
	const struct mqc_fleet_host *h;
	size_t i;

	for (i = 0; i < f->n; i++) {
		h = &f->hosts[i];
		if (h->age_class != MQC_FLEET_FRESH || mqc_fleet_misses(h))
			sum->bound = true;
		else if (mqc_fleet_counts(h) &&
		    relaysum_add(sum, &h->report) != 0)
			return -1;
	}
	relaysum_finish(sum);
	return 0;
}

/* "192.0.2.66 holds 480 of at least 1040 messages on 6 hosts, over 104" */
static void
mqc_notes_relay(struct buf *text, const struct relaysum *sum,
    const struct relaysum_row *row, double limit)
{
	addr_add(text, &row->addr);
	buf_adds(text, " holds ");
	if (row->messages.low != row->messages.high)
		buf_adds(text, "about ");
	num_add_decimal(text, round(row->messages.value));
	buf_addf(text, " of %s%llu messages on %zu host%s, over ",
	    sum->bound ? "at least " : "", (unsigned long long)sum->total,
	    row->reports, row->reports == 1 ? "" : "s");
	num_add_decimal(text, floor(limit));
}

void
mqc_notes_add_relays(struct buf *out, const struct relaysum *sum,
    size_t columns, bool colour)
{
	static const struct flood_rule warning = FLOOD_WARNING;
	static const struct flood_rule critical = FLOOD_CRITICAL;
	struct buf text = BUF_INIT;
	const struct relaysum_row *row;
	size_t i, n = 0;
	bool severe;

	for (i = 0; i < sum->n; i++) {
		row = &sum->rows[i];
		if (flood_judge(&warning, &row->messages, sum->total) !=
		    FLOOD_YES)
			continue;
		if (++n > MQC_NOTES_MAX)
			continue;
		severe = flood_judge(&critical, &row->messages, sum->total) ==
		    FLOOD_YES;
		buf_truncate(&text, 0);
		mqc_notes_relay(&text, sum, row,
		    flood_limit(severe ? &critical : &warning, sum->total));
		mqc_notes_line(out, &text,
		    severe ? PAINT_CRITICAL : PAINT_WARNING, columns, colour);
	}
	buf_truncate(&text, 0);
	if (n > MQC_NOTES_MAX) {
		buf_addf(&text, "and %zu more relays", n - MQC_NOTES_MAX);
		mqc_notes_line(out, &text, PAINT_WARNING, columns, colour);
	}
	buf_free(&text);
}
