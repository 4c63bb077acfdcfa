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
#include "base/num.h"
#include "plug/render_bb.h"

#define BB_TEXT_MAX   400 /* of the first line's text */
#define BB_LINE_MAX   500 /* of another line */
#define BB_NAME_MAX   255 /* of a host or a column */
#define BB_INDENT_MAX 40
#define BB_KEY_MAX    19 /* what is a name to Xymon's NCV: do_ncv.c */
#define BB_BAD_MAX    60 /* of what is no item */

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

/*
 * The part of a name by which Xymon knows a row; "" if it can't use the name.
 */
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

/*
 * Adds a number without its exponent, of which Xymon knows nothing: 1e3 would
 * be graphed as 1.  False, and nothing is added, if that takes too many digits.
 */
static bool
bb_add_plain(struct buf *out, struct span value)
{
	char digits[OUTPUT_VALUE_MAX];
	size_t i, n = 0, before = 0, zeros;
	const char *why, *e = value.p;
	bool point = false;
	int64_t shift = 0;

	while (e < value.p + value.n && *e != 'e' && *e != 'E')
		e++;
	i = (size_t)(e - value.p);
	if (i == value.n) {
		buf_add(out, value.p, value.n);
		return true;
	}
	if (num_int64_of(e + 1, value.n - i - 1, -OUTPUT_VALUE_MAX,
		OUTPUT_VALUE_MAX, &shift, &why) != 0)
		return false;
	for (i = 0; value.p + i < e; i++) {
		point = point || value.p[i] == '.';
		if (value.p[i] >= '0' && value.p[i] <= '9') {
			digits[n++] = value.p[i];
			before += !point;
		}
	}
	shift += (int64_t)before;
	zeros = shift < 0      ? (size_t)-shift :
	    shift > (int64_t)n ? (size_t)shift - n :
				 0;
	/* With a sign, a 0 and a point, at most. */
	if (n + zeros + 3 > OUTPUT_VALUE_MAX)
		return false;
	if (*value.p == '-')
		buf_addc(out, '-');
	before = shift < 0 ? 0 : shift > (int64_t)n ? n : (size_t)shift;
	buf_add(out, digits, before);
	if (shift <= 0)
		buf_adds(out, "0");
	if (shift > (int64_t)n)
		buf_addf(out, "%0*d", (int)zeros, 0);
	if (before < n) {
		buf_addc(out, '.');
		if (shift < 0)
			buf_addf(out, "%0*d", (int)zeros, 0);
		buf_add(out, digits + before, n - before);
	}
	return true;
}

/*
 * Can Xymon graph an item?  It reads the number, and no earlier row has the
 * same name to it.
 */
static bool
bb_is_row(const struct output *o, size_t i)
{
	char key[BB_KEY_MAX + 1], other[BB_KEY_MAX + 1];
	struct buf plain = BUF_INIT;
	bool readable = bb_add_plain(&plain, o->perf[i].value);
	size_t j;

	buf_free(&plain);
	if (!readable)
		return false;
	bb_key(key, &o->perf[i].label);
	for (j = 0; j < i; j++) {
		bb_key(other, &o->perf[j].label);
		if (strcmp(key, other) == 0)
			return false;
	}
	return *key != '\0';
}

/* Adds the items that are to be rows, or those that must not be rows. */
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
		if (!rows || !bb_add_plain(out, p->value))
			clean_add_bb(out, p->value.p, p->value.n,
			    OUTPUT_VALUE_MAX);
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
	/*
	 * This is advice, and '>' is not let through: a dash takes its place.
	 */
	if (text.n > 3 && memcmp(text.p, "-> ", 3) == 0) {
		buf_adds(out, "- ");
		text = (struct span){ text.p + 3, text.n - 3 };
	}
	clean_add_bb(out, text.p, text.n, BB_LINE_MAX);
}

/* Names the first of the words that were no items. */
static void
bb_add_bad(const struct output *o, const struct render_bb *r, struct buf *out)
{
	size_t i, n = o->nbad < OUTPUT_BAD_MAX ? o->nbad : OUTPUT_BAD_MAX;

	bb_new_line(r, out);
	buf_adds(out, "Not readable as performance data, and left out:");
	for (i = 0; i < n; i++) {
		buf_adds(out, " (");
		clean_add_bb(out, o->bad[i].p, o->bad[i].n, BB_BAD_MAX);
		buf_addc(out, ')');
	}
	if (o->nbad > n)
		buf_addf(out, " and %zu more", o->nbad - n);
	buf_addc(out, '.');
}

/* Notes of our own, for what the plugin printed and is not shown. */
static void
bb_add_notes(const struct output *o, const struct render_bb *r, bool cut,
    struct buf *out)
{
	if (o->perf_bad) {
		bb_new_line(r, out);
		buf_adds(out,
		    "Nobody knows where the performance data begins, because"
		    " the first line has two bars, so there is none here.");
	}
	if (o->nbad != 0 && r->failure == NULL)
		bb_add_bad(o, r, out);
	if (o->nleft != 0 || cut) {
		bb_new_line(r, out);
		buf_addf(out,
		    "There was more than is shown here: at most %d numbers,"
		    " %d lines and %d bytes are.",
		    OUTPUT_PERF_MAX, OUTPUT_LINES_MAX, RENDER_BB_MAX);
	}
}

/*
 * Adds the numbers.  They come last, because people first want to read what is
 * the matter.  The lines before them are between ncv_skipstart and ncv_skipend,
 * so that Xymon takes none of them for a row.
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

/* Adds the lines, up to max bytes in all; true if one had no room. */
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
	static const size_t notes = 800; /* room for them */
	size_t start = out->len;
	struct buf rows = BUF_INIT;
	bool cut;

	bb_add_head(o, r, out);
	bb_add_numbers(o, r, &rows);
	if (r->failure != NULL) {
		/* Without a result there is no number. */
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
