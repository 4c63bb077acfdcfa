/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relaysum.h - the relays of several servers' reports, summed */
#ifndef REPORT_RELAYSUM_H
#define REPORT_RELAYSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "count/sample.h"
#include "report/report.h"

/* The messages of one relay on all servers that report it. */
struct relaysum_row {
	struct addr addr;
	struct sample_estimate messages;
	size_t reports; /* reports that have this relay */
};

/*
 * A report has only the largest relays of its server, so a sum is a lower
 * bound: a relay may have a few messages on a server that does not report it.
 */
struct relaysum {
	struct relaysum_row *rows;
	size_t n;
	size_t size;
	uint64_t total; /* messages on all servers */
	size_t reports; /* reports with relays */
	bool bound;     /* the total is a lower bound */

	/* Of the samples among the reports: see struct sample_estimate. */
	double weight;
	double population;
	uint64_t read;
	size_t samples;
};

#define RELAYSUM_INIT                               \
	{                                           \
		NULL, 0, 0, 0, 0, false, 0, 0, 0, 0 \
	}

/*
 * Adds the relays of a report.  A report without relays changes nothing.  The
 * caller must make sure that no report is added twice, see report_again().
 * 0, or -1: out of memory.
 */
int relaysum_add(struct relaysum *, const struct report *);

/*
 * Sums them up: there is one row for each relay then, the largest first.  Call
 * this once, at the end.
 */
void relaysum_finish(struct relaysum *);

void relaysum_free(struct relaysum *);

#endif
