/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf.h - perfdata items, to the letter of the plugin guidelines */
#ifndef PLUG_PERF_H
#define PLUG_PERF_H

#include <stddef.h>

#include "base/buf.h"
#include "plug/range.h"

/*
 * The strictest consumer decides: a label is [a-z][a-z0-9_]* and at most 19
 * characters (RRD; no quotes for PNP, no '.' for Graphite), so it is never
 * text that a remote host chose.
 */
#define PERF_LABEL_MAX 19

enum perf_uom { PERF_NONE, PERF_SECONDS, PERF_PERCENT };

/*
 * One value.  A gauge has no unit.  A value that is not known is printed as U,
 * which is the guidelines' word for it: 0 would be a measurement.  warn and
 * crit are printed when has_ is set; min is printed as 0 when min_zero is set.
 * keep tells what may be left out when the line would be too long: 0 never,
 * larger numbers earlier.
 */
struct perf {
	char label[PERF_LABEL_MAX + 1];
	double value;
	bool unknown; /* then value and uom play no part */
	enum perf_uom uom;
	bool has_warn, has_crit;
	struct range warn, crit;
	bool min_zero;
	unsigned int keep;
};

/*
 * Makes the beginning of a label from a name: lower case, other characters
 * as '_', no underscores at all where it would be longer than max, then cut.
 * Names without a letter in front get a 'q'.
 */
void perf_label(char *label, size_t max, const char *name);

/* Adds label=value[UOM];[warn];[crit];[min] without empty fields at the end. */
void perf_add(struct buf *, const struct perf *);

const char *perf_uom_text(enum perf_uom); /* "", "s", "%" */

/*
 * The number of bytes that perf_add() adds for any value up to nine digits:
 * what is left out must depend on the options, not on the numbers.
 */
size_t perf_width(const struct perf *);

#endif
