/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render.h - a result tree as text for one consumer */
#ifndef PLUG_RENDER_H
#define PLUG_RENDER_H

#include "base/buf.h"
#include "plug/result.h"

/* Limits of the guidelines' strictest users: an NRPE v2 packet, an NSCA one. */
#define RENDER_TEXT_MAX   200  /* text of the first line */
#define RENDER_LINE_MAX   900  /* the first line with its perfdata */
#define RENDER_OUTPUT_MAX 4000 /* everything, unless verbose */

struct render_options {
	const char *service; /* "MQUEUE" */
	int verbose;         /* -v given this many times */
};

/*
 * Adds the text of the first line.  A root with a summary has no more to say:
 * then this is its summary, whole.  Else it is the summaries of the children,
 * worst first.
 */
void render_add_text(struct buf *out, const struct result *);

/* Adds a settled tree's text to *out.  0, or -1: out of memory. */
typedef int render_fn(const struct result *, const struct render_options *,
    struct buf *out);

/*
 * Nagios, Icinga, NRPE, Naemon: "MQUEUE WARNING - text | perfdata", then one
 * line a child, worst first, with its findings indented.  When the perfdata
 * would not fit, the items with the largest keep are left out, in the end all
 * of them, always the same for the same options; a line says so.  With verbose
 * set nothing is left out, and the first line is as long as it takes.
 */
render_fn render_nagios;

/*
 * One JSON object:
 * {"version":1, "service":"MQUEUE", "state":"WARNING", "code":1,
 *  "summary":"...",
 *  "perfdata":[{"label":..,"value":..,"uom":..,"warn":..,"crit":..}...],
 *  "results":[{"subject":..,"state":..,"summary":..,"detail":..,
 *              "advice":..,"results":[...]}...]}
 * The summary is the text of the first line, and a result's its part of it.
 * Members without a value are left out; unknown ones are to be ignored.  The
 * value of an item is null when it is not known.
 */
render_fn render_json;

/*
 * Makes an answer of one sentence of plain words, which need no escape, for a
 * plugin that has no memory left and for a signal handler, which may only write
 * it.  Needs no memory itself.  Returns its length as snprintf(3) does.
 */
typedef int render_say_fn(char *text, size_t size, const char *service,
    enum result_state, const char *words);
render_say_fn render_nagios_say, render_json_say;

struct render_format {
	const char *name;
	render_fn *render;
	render_say_fn *say;
};

/* Ends with a NULL name. */
extern const struct render_format render_formats[];

/* NULL: this build has no such format. */
const struct render_format *render_find(const char *name);

#endif
