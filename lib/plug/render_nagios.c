/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render_nagios.c - a result tree for Nagios, Icinga, NRPE and their kin
 *
 * All perfdata is on the first line: Nagios takes everything behind a later
 * '|' for perfdata, Icinga only that line's.
 */
#include <string.h>

#include "base/clean.h"
#include "plug/render.h"

static void
render_add_line(struct buf *out, const char *s)
{
	clean_add_line(out, s, strlen(s));
}

/* The first line's text: what the children sum up to, worst first. */
static void
render_add_text(const struct result *r, struct buf *out)
{
	struct buf text = BUF_INIT;
	size_t i;

	if (r->text[RESULT_SUMMARY] != NULL)
		buf_adds(&text, r->text[RESULT_SUMMARY]);
	for (i = 0; i < r->nchild; i++) {
		if (r->child[i]->text[RESULT_SUMMARY] == NULL)
			continue;
		if (text.len != 0)
			buf_adds(&text, "; ");
		buf_adds(&text, r->child[i]->text[RESULT_SUMMARY]);
	}
	if (text.len > RENDER_TEXT_MAX) {
		buf_truncate(&text, RENDER_TEXT_MAX - 3);
		buf_adds(&text, "...");
	}
	clean_add_line(out, text.data, text.len);
	out->oom |= text.oom;
	buf_free(&text);
}

/*
 * The largest keep whose items all fit beside a text of full length.  The
 * numbers' own width plays no part, so that the set does not change between
 * two runs.
 */
static unsigned int
render_keep(const struct result *r, size_t room)
{
	unsigned int keep = 0, next;
	size_t i, width;

	for (;;) {
		width = 0;
		next = keep;
		for (i = 0; i < r->nperf; i++) {
			if (r->perf[i].keep <= keep)
				width += 1 + perf_width(&r->perf[i]);
			else if (next == keep || r->perf[i].keep < next)
				next = r->perf[i].keep;
		}
		if (width > room)
			return keep != 0 ? keep - 1 : 0;
		if (next == keep)
			return keep;
		keep = next;
	}
}

static size_t
render_add_perfdata(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	size_t text = strlen(opt->service) + sizeof(" CRITICAL -  |") +
	    RENDER_TEXT_MAX;
	unsigned int keep = render_keep(r, RENDER_LINE_MAX - text);
	size_t i, left = 0;

	for (i = 0; i < r->nperf; i++) {
		if (r->perf[i].keep > keep) {
			left++;
			continue;
		}
		buf_adds(out, i == 0 ? " | " : " ");
		perf_add(out, &r->perf[i]);
	}
	return left;
}

/* "subject STATE: detail", its advice, and its children deeper. */
static void
render_add_node(const struct result *r, int depth, struct buf *out)
{
	size_t i;

	buf_addf(out, "\n%*s", 2 * depth, "");
	render_add_line(out, r->subject);
	buf_addf(out, " %s", result_state_name(r->state));
	if (r->text[RESULT_DETAIL] != NULL) {
		buf_adds(out, ": ");
		render_add_line(out, r->text[RESULT_DETAIL]);
	}
	if (r->text[RESULT_ADVICE] != NULL) {
		buf_addf(out, "\n%*s-> ", 2 * depth + 2, "");
		render_add_line(out, r->text[RESULT_ADVICE]);
	}
	for (i = 0; i < r->nchild; i++)
		render_add_node(r->child[i], depth + 1, out);
}

/* Cuts at the end of a line, and says so. */
static void
render_cut(struct buf *out, size_t start, size_t max)
{
	static const char note[] = "\n... (all of it: -v)";
	size_t end = start + max - sizeof(note);

	if (out->oom || out->len - start < max)
		return;
	while (end > start && out->data[end] != '\n')
		end--;
	buf_truncate(out, end);
	buf_adds(out, note);
}

int
render_nagios(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	size_t start = out->len, left, i;

	buf_addf(out, "%s %s - ", opt->service, result_state_name(r->state));
	render_add_text(r, out);
	left = render_add_perfdata(r, opt, out);
	for (i = 0; i < r->nchild; i++)
		render_add_node(r->child[i], 0, out);
	if (left != 0)
		buf_addf(out, "\n%zu perfdata items do not fit into %d bytes:"
		    " watch fewer queues per check to have them", left,
		    RENDER_LINE_MAX);
	if (opt->verbose == 0)
		render_cut(out, start, RENDER_OUTPUT_MAX);
	buf_addc(out, '\n');
	return out->oom ? -1 : 0;
}
