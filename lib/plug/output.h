/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h - what a plugin printed, taken apart */
#ifndef PLUG_OUTPUT_H
#define PLUG_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "plug/result.h"

/* What is kept of an output, whatever its size. */
#define OUTPUT_PERF_MAX  256
#define OUTPUT_BAD_MAX   6 /* words that are no items, to be named */
#define OUTPUT_LINES_MAX 250
#define OUTPUT_LABEL_MAX 64 /* bytes of a label that is taken */
#define OUTPUT_VALUE_MAX 32
#define OUTPUT_UOM_MAX   8

/*
 * 'label'=value[UOM];...  The value is a decimal number, which may begin or end
 * with its point and have an exponent; or "U" alone: not known.
 */
struct output_perf {
	struct span label; /* without the quotes around it */
	struct span value;
	struct span uom;
};

/*
 * A line of the long output.  A sub-result is what this suite prints as
 * "subject STATE: text", with a subject of one word, and monitoring-plugins as
 * "\_[STATE] - text".  Where a line has a second such state, a stranger may
 * have put it there, and nobody knows which one is the plugin's: then the line
 * is no sub-result.
 */
struct output_line {
	struct span text;    /* without indent and "\_" */
	unsigned int indent; /* columns; a tab is eight */
	bool is_result;
	enum result_state state; /* of a sub-result */
};

/*
 * All of it points into the bytes that were parsed, which nobody has cleaned.
 */
struct output {
	struct span text; /* first line, without perfdata */
	struct output_perf perf[OUTPUT_PERF_MAX];
	size_t nperf;
	struct span bad[OUTPUT_BAD_MAX]; /* the first words that are no items */
	size_t nbad;                     /* of all */
	bool perf_bad; /* a second '|': nothing of it is kept */
	struct output_line line[OUTPUT_LINES_MAX];
	size_t nline;
	size_t nleft; /* items and lines beyond the limits */
};

/*
 * Takes n bytes apart.  Perfdata is what follows the first '|' of the first
 * line.  Each word of it is judged by itself: one that is no item is kept
 * apart, so that it can be named, and the others count.  Where there is a
 * second '|', the first may be in a stranger's text, and nobody knows where the
 * perfdata begins: then there is none.
 *
 * Only if the first line has no '|', perfdata is what follows the first one of
 * the other lines, and only if every word looks like an item, LABEL=..., and
 * one is: a '|' in the middle of a text makes no perfdata.  Source: Monitoring
 * Plugins Development Guidelines, "Performance data"; Nagios, base/checks.c.
 */
void output_parse(struct output *, const char *s, size_t n);

/* The state for an exit status; UNKNOWN for one that is no plugin's. */
enum result_state output_state(int exit_status);

#endif
