/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - the waterfall: a line a round, and the header over it
 *
 * Pure but for memory and the time zone.  A number always stands below its own
 * title: a column is never made narrower, and when a column grows or other
 * hosts are shown, a new header is written first.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/common/paint.h"
#include "tools/mqc/table.h"

#define MQC_TABLE_TIME 10 /* columns of a date */

void
mqc_table_init(struct mqc_table *t)
{
	*t = (struct mqc_table){ .layout = MQC_LAYOUT_INIT, .due = true };
}

void
mqc_table_free(struct mqc_table *t)
{
	mqc_layout_free(&t->layout);
	free(t->widths);
	t->widths = NULL;
}

void
mqc_table_disturb(struct mqc_table *t)
{
	t->due = true;
}

void
mqc_table_count(struct mqc_table *t, const char *s, size_t n)
{
	const char *end = s + n;

	for (; (s = memchr(s, '\n', (size_t)(end - s))) != NULL; s++)
		t->lines++;
}

static void
mqc_table_grow(size_t *width, size_t needed, bool *wider)
{
	if (needed > *width) {
		*width = needed;
		*wider = true;
	}
}

/* Makes all columns as wide as their title and their cell are now. */
static int
mqc_table_measure(struct mqc_table *t, const struct mqc_fleet *f)
{
	static const struct mqc_cell_look look = { false, true };
	struct buf text = BUF_INIT;
	size_t *grown, i;
	int rc = -1;

	if (t->n != f->n) {
		grown = realloc(t->widths, f->n * sizeof(*grown));
		if (grown == NULL)
			goto out;
		t->widths = grown;
		for (i = t->n; i < f->n; i++)
			grown[i] = mqc_cell_add_title(&text, f,
			    f->hosts[i].name, &look);
		t->n = f->n;
	}
	for (i = 0; i < f->n; i++) {
		buf_truncate(&text, 0);
		mqc_table_grow(&t->widths[i],
		    mqc_cell_add(&text, f, &f->hosts[i], &look), &t->due);
		if (t->widths[i] > t->widest)
			t->widest = t->widths[i];
	}
	mqc_table_grow(&t->total, mqc_cell_add_title(&text, f, "total", &look),
	    &t->due);
	mqc_table_grow(&t->total, mqc_cell_add_total(&text, f), &t->due);
	rc = text.oom ? -1 : 0;
out:
	buf_free(&text);
	return rc;
}

/* The columns before those of the hosts. */
static size_t
mqc_table_lead(const struct mqc_table *t, const struct mqc_table_look *look)
{
	size_t width = 0;

	if (look->time)
		width += 1 + MQC_TABLE_TIME;
	if (look->total)
		width += (width == 0 ? 1 : MQC_LAYOUT_GAP) + t->total;
	return width;
}

static int
mqc_table_choose(struct mqc_table *t, const struct mqc_fleet *f,
    const struct mqc_table_look *look)
{
	size_t lead = mqc_table_lead(t, look), room;
	bool changed = false;
	int rc;

	if (look->columns == 0 || look->wrap) {
		rc = mqc_layout_all(&t->layout, f, &changed);
	} else {
		/* The first column of a line has a gap of one only. */
		room = look->columns > lead ? look->columns - lead : 0;
		rc = mqc_layout_choose(&t->layout, f, t->widths,
		    room + (lead == 0), t->due, &changed);
	}
	t->due |= changed;
	return rc;
}

/* The time of the round, or its date for the header. */
static void
mqc_table_time(const struct mqc_fleet *f, bool date, struct buf *out)
{
	time_t at = (time_t)f->began.wall;
	char text[MQC_TABLE_TIME + 1];
	struct tm tm;
	size_t n = 0;

	if (localtime_r(&at, &tm) != NULL)
		n = date ? strftime(text, sizeof(text), "%Y-%m-%d", &tm) :
			   strftime(text, sizeof(text), "%H:%M:%S", &tm);
	paint_pad(out, 1 + MQC_TABLE_TIME - n);
	buf_add(out, text, n);
}

/* Adds text of a width at the right of its column. */
static void
mqc_table_right(struct buf *out, size_t column, const struct buf *text,
    size_t width)
{
	paint_pad(out, column > width ? column - width : 0);
	buf_add(out, text->data, text->len);
}

/* The time and the total, or their titles. */
static void
mqc_table_add_lead(const struct mqc_table *t, const struct mqc_fleet *f,
    const struct mqc_table_look *look, bool header, struct buf *out)
{
	struct buf text = BUF_INIT;
	size_t width;

	if (look->time)
		mqc_table_time(f, header, out);
	if (!look->total)
		return;
	paint_pad(out, look->time ? MQC_LAYOUT_GAP : 1);
	width = header ? mqc_cell_add_title(&text, f, "total", &look->cell) :
			 mqc_cell_add_total(&text, f);
	mqc_table_right(out, t->total, &text, width);
	buf_free(&text);
}

/* The worst of what is not shown gives the colour. */
static void
mqc_table_add_more(const struct mqc_layout *l, const struct mqc_fleet *f,
    bool colour, struct buf *out)
{
	static const enum paint paints[] = { PAINT_PLAIN, PAINT_AGED,
		PAINT_WARNING, PAINT_TROUBLE, PAINT_CRITICAL };
	struct buf text = BUF_INIT;
	int badness, worst = 0;
	size_t i;

	for (i = l->shown; i < l->n; i++) {
		badness = mqc_layout_badness(f, &f->hosts[l->order[i]]);
		if (badness > worst)
			worst = badness;
	}
	buf_addf(&text, "+%zu more", l->n - l->shown);
	paint_pad(out, MQC_LAYOUT_GAP);
	paint_add(out, paints[worst], text.data, text.len, colour);
	buf_free(&text);
}

/* Are several lines needed?  Then all columns are as wide as the widest one. */
static bool
mqc_table_is_wrapped(const struct mqc_table *t,
    const struct mqc_table_look *look)
{
	size_t width = mqc_table_lead(t, look), i;

	for (i = 0; i < t->n; i++)
		width += (width == 0 ? 1 : MQC_LAYOUT_GAP) + t->widths[i];
	return look->wrap && look->columns != 0 && width > look->columns;
}

/* A line of the waterfall, or its header; several with --wrap. */
static void
mqc_table_add_line(const struct mqc_table *t, const struct mqc_fleet *f,
    const struct mqc_table_look *look, bool header, struct buf *out)
{
	const size_t lead = mqc_table_lead(t, look);
	const bool wrapped = mqc_table_is_wrapped(t, look);
	struct buf text = BUF_INIT;
	size_t at = lead, i, gap, host, width, column;

	mqc_table_add_lead(t, f, look, header, out);
	for (i = 0; i < t->layout.shown; i++) {
		host = t->layout.order[i];
		gap = at == 0 ? 1 : MQC_LAYOUT_GAP;
		column = wrapped ? t->widest : t->widths[host];
		if (wrapped && at > lead && at + gap + column > look->columns) {
			buf_addc(out, '\n');
			paint_pad(out, lead);
			at = lead;
			gap = at == 0 ? 1 : MQC_LAYOUT_GAP;
		}
		buf_truncate(&text, 0);
		width = header ?
		    mqc_cell_add_title(&text, f, f->hosts[host].name,
			&look->cell) :
		    mqc_cell_add(&text, f, &f->hosts[host], &look->cell);
		paint_pad(out, gap);
		mqc_table_right(out, column, &text, width);
		at += gap + column;
	}
	if (!header && t->layout.shown < t->layout.n)
		mqc_table_add_more(&t->layout, f, look->cell.colour, out);
	buf_addc(out, '\n');
	buf_free(&text);
}

int
mqc_table_add(struct mqc_table *t, const struct mqc_fleet *f,
    const struct mqc_table_look *look, struct buf *out)
{
	size_t every = MQC_TABLE_HEADER, start;

	/* In a small window the header would scroll off before. */
	if (look->rows > 2 && look->rows - 2 < every)
		every = look->rows - 2;
	if (t->lines >= every || look->columns != t->columns)
		t->due = true;
	t->columns = look->columns;
	if (mqc_table_measure(t, f) != 0 || mqc_table_choose(t, f, look) != 0)
		return -1;
	if (t->due) {
		mqc_table_add_line(t, f, look, true, out);
		t->lines = 0;
		t->due = false;
	}
	start = out->len;
	mqc_table_add_line(t, f, look, false, out);
	if (out->oom)
		return -1;
	mqc_table_count(t, out->data + start, out->len - start);
	return 0;
}
