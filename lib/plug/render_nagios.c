/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render_nagios.c - a result tree for Nagios, Icinga, NRPE and their kin
 *
 * All perfdata is on the first line: Nagios takes everything behind a later
 * '|' for perfdata, Icinga only that line's.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "plug/render.h"

static void
render_add_line(struct buf *out, const char *s)
{
	clean_add_line(out, s, strlen(s));
}

/* The bytes that the items take which have this keep or a smaller one. */
static size_t
render_width(const struct result *r, unsigned int keep)
{
	size_t width = 0, i;

	for (i = 0; i < r->nperf; i++)
		if (r->perf[i].keep <= keep)
			width += 1 + perf_width(&r->perf[i]);
	return width;
}

/*
 * Adds the items that fit beside a text of full length, or with -v all of
 * them; returns how many do not fit.  The numbers' own width plays no part, so
 * that the set does not change between two runs.
 */
static size_t
render_add_perfdata(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	size_t room = RENDER_LINE_MAX - RENDER_TEXT_MAX - strlen(opt->service) -
	    sizeof(" CRITICAL -  |");
	unsigned int keep = 0;
	size_t i, n = 0;

	for (i = 0; i < r->nperf; i++)
		if (r->perf[i].keep > keep)
			keep = r->perf[i].keep;
	if (opt->verbose > 0)
		room = SIZE_MAX;
	while (keep != 0 && render_width(r, keep) > room)
		keep--;
	if (render_width(r, keep) > room)
		return r->nperf;
	for (i = 0; i < r->nperf; i++)
		if (r->perf[i].keep <= keep) {
			buf_adds(out, n++ == 0 ? " | " : " ");
			perf_add(out, &r->perf[i]);
		}
	return r->nperf - n;
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
render_nagios_say(char *text, size_t size, const char *service,
    enum result_state state, const char *words)
{
	return snprintf(text, size, "%s %s - %s\n", service,
	    result_state_name(state), words);
}

int
render_nagios(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	size_t start = out->len, left, i;

	buf_addf(out, "%s %s - ", opt->service, result_state_name(r->state));
	render_add_text(out, r);
	left = render_add_perfdata(r, opt, out);
	if (left != 0)
		buf_addf(out,
		    "\n%zu of %zu perfdata items do not fit into %d"
		    " bytes: -v prints them all, or watch fewer queues per"
		    " check",
		    left, r->nperf, RENDER_LINE_MAX);
	for (i = 0; i < r->nchild; i++)
		render_add_node(r->child[i], 0, out);
	if (opt->verbose == 0)
		render_cut(out, start, RENDER_OUTPUT_MAX);
	buf_addc(out, '\n');
	return out->oom ? -1 : 0;
}
