/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render_bb.c - a plugin's output as a status of Big Brother and its kin
 *
 * Pure.  What the displays do with a message, and why it looks as it does:
 * Xymon shows the text as raw HTML and makes icons of "&colour" (htmllog.c),
 * splits what its workers get at lines of "@@" (xymond_worker.c), cuts a text
 * at a line that names a sender, and graphs each "name : value" up to ncv_end
 * (do_ncv.c).  Big Brother's bbd replaces ` $ ; | & \ by '_'.  Big Sister takes
 * a line that begins like a command for one.
 */
#include <string.h>

#include "base/clean.h"
#include "plug/render_bb.h"

#define BB_TEXT_MAX   400 /* of the first line's text */
#define BB_LINE_MAX   500 /* of another line */
#define BB_NAME_MAX   255 /* of a host or a column */
#define BB_INDENT_MAX 40
#define BB_KEY_MAX    19 /* what is a name to Xymon's NCV: do_ncv.c */

static const char *
bb_colour(const struct render_bb *r, enum result_state state)
{
	static const char *const colour[] = { "green", "yellow", "red" };

	return state == RESULT_UNKNOWN ? r->unknown : colour[state];
}

/* Letters, digits, '-', '_', and whatever the table makes of another one. */
static void
bb_add_name(struct buf *out, const char *s, size_t n, const char *from,
    const char *to)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const char *found;
	size_t i;

	for (i = 0; i < n && i < BB_NAME_MAX; i++) {
		if (memchr(plain, s[i], sizeof(plain) - 1) != NULL)
			buf_addc(out, s[i]);
		else if ((found = memchr(from, s[i], strlen(from))) != NULL)
			buf_addc(out, to[found - from]);
		else
			buf_addc(out, '_');
	}
}

static void
bb_add_head(const struct output *o, const struct render_bb *r, struct buf *out)
{
	struct buf text = BUF_INIT;

	buf_adds(out, "status");
	if (r->lifetime > 0)
		buf_addf(out, "+%d", r->lifetime);
	buf_addc(out, ' ');
	bb_add_name(out, r->host, strlen(r->host), ".,", ",,");
	buf_addc(out, '.');
	bb_add_name(out, r->column, strlen(r->column), "", "");
	buf_addf(out, " %s ", bb_colour(r, r->state));
	clean_add_bb(out, r->date, strlen(r->date), BB_TEXT_MAX);
	buf_addc(out, ' ');
	if (r->failure != NULL)
		buf_addf(&text, "%s UNKNOWN - %s", r->column, r->failure);
	else if (o->text.n != 0)
		buf_add(&text, o->text.p, o->text.n);
	else
		buf_addf(&text, "%s %s - the plugin printed nothing", r->column,
		    result_state_name(r->state));
	clean_add_bb(out, text.data, text.len, BB_TEXT_MAX);
	out->oom |= text.oom;
	buf_free(&text);
}

/* Begins a line of the body. */
static void
bb_new_line(const struct render_bb *r, struct buf *out)
{
	buf_adds(out, r->big_sister ? "|> " : "\n ");
}

/* The name as Xymon has it in mind; "" for one that it can't use. */
static void
bb_key(char *key, const struct span *label)
{
	size_t i, n = 0;
	char c;

	for (i = 0; i < label->n && n < BB_KEY_MAX; i++) {
		c = label->p[i];
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z'))
			key[n++] = c;
	}
	key[n] = '\0';
}

/* Is there no earlier row of that name? */
static bool
bb_is_row(const struct output *o, size_t i)
{
	char key[BB_KEY_MAX + 1], other[BB_KEY_MAX + 1];
	size_t j;

	bb_key(key, &o->perf[i].label);
	for (j = 0; j < i; j++) {
		bb_key(other, &o->perf[j].label);
		if (strcmp(key, other) == 0)
			return false;
	}
	return *key != '\0';
}

/* The rows, or those that must not be any. */
static void
bb_add_rows(const struct output *o, const struct render_bb *r, bool rows,
    struct buf *out)
{
	const struct output_perf *p;
	size_t i;

	for (i = 0; i < o->nperf; i++) {
		p = &o->perf[i];
		if (bb_is_row(o, i) != rows)
			continue;
		bb_new_line(r, out);
		bb_add_name(out, p->label.p, p->label.n, "./", "./");
		buf_adds(out, " : ");
		clean_add_bb(out, p->value.p, p->value.n, OUTPUT_VALUE_MAX);
		if (p->uom.n != 0)
			buf_addc(out, ' ');
		clean_add_bb(out, p->uom.p, p->uom.n, OUTPUT_UOM_MAX);
	}
}

static void
bb_add_line(const struct output_line *l, const struct render_bb *r,
    struct buf *out)
{
	struct span text = l->text;
	enum result_state state = l->state;

	bb_new_line(r, out);
	if (text.n == 0)
		return;
	buf_addf(out, "%*s",
	    (int)(l->indent < BB_INDENT_MAX ? l->indent : BB_INDENT_MAX), "");
	if (l->is_result) {
		if (result_worse(r->state, state) != r->state)
			state = r->state;
		buf_addf(out, "&%s ", bb_colour(r, state));
	}
	/* Advice: the arrow would not survive. */
	if (text.n > 3 && memcmp(text.p, "-> ", 3) == 0) {
		buf_adds(out, "- ");
		text = (struct span){ text.p + 3, text.n - 3 };
	}
	clean_add_bb(out, text.p, text.n, BB_LINE_MAX);
}

/* Notes of our own, for what the plugin printed and is not shown. */
static void
bb_add_notes(const struct output *o, const struct render_bb *r, bool cut,
    struct buf *out)
{
	if (o->perf_bad) {
		bb_new_line(r, out);
		buf_adds(out,
		    "The performance data is not readable, so there"
		    " is none here.");
	}
	if (o->nleft != 0 || cut) {
		bb_new_line(r, out);
		buf_adds(out, "There was more than is shown here.");
	}
}

/*
 * The numbers: last, because people want to read what is the matter.  What
 * stands before them is no row by the words around it.
 */
static void
bb_add_numbers(const struct output *o, const struct render_bb *r,
    struct buf *out)
{
	if (r->failure == NULL)
		bb_add_rows(o, r, true, out);
	if (!r->big_sister)
		buf_adds(out, "\n <!-- ncv_end -->");
	if (r->failure == NULL)
		bb_add_rows(o, r, false, out);
}

/* The lines, up to so many bytes in all; true if one had no room. */
static bool
bb_add_lines(const struct output *o, const struct render_bb *r, struct buf *out,
    size_t max)
{
	bool skip = !r->big_sister && r->failure == NULL && o->nline != 0;
	static const char end[] = "\n <!-- ncv_skipend -->";
	size_t before, i;

	if (skip)
		buf_adds(out, "\n <!-- ncv_skipstart -->");
	for (i = 0; i < o->nline; i++) {
		before = out->len;
		bb_add_line(&o->line[i], r, out);
		if (out->len + sizeof(end) > max) {
			buf_truncate(out, before);
			break;
		}
	}
	if (skip)
		buf_adds(out, end);
	return i < o->nline;
}

void
render_bb(const struct output *o, const struct render_bb *r, struct buf *out)
{
	static const size_t notes = 200; /* room for them */
	size_t start = out->len;
	struct buf rows = BUF_INIT;
	bool cut;

	bb_add_head(o, r, out);
	bb_add_numbers(o, r, &rows);
	if (r->failure != NULL) {
		/* Nothing of what was printed is a number. */
		buf_add(out, rows.data, rows.len);
		buf_truncate(&rows, 0);
		if (o->text.n != 0) {
			bb_new_line(r, out);
			clean_add_bb(out, o->text.p, o->text.n, BB_TEXT_MAX);
		}
	}
	cut = bb_add_lines(o, r, out, start + RENDER_BB_MAX - notes - rows.len);
	buf_add(out, rows.data, rows.len);
	out->oom |= rows.oom;
	buf_free(&rows);
	bb_add_notes(o, r, cut, out);
	buf_addc(out, '\n');
}
