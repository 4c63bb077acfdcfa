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

/* The messages of one relay on all servers that tell it. */
struct relaysum_row {
	struct addr addr;
	struct sample_estimate messages;
	size_t reports; /* that tell this relay */
};

/*
 * A report tells its largest relays only, so that a sum is a lower bound: a
 * relay may hold a little of a server that does not tell it.
 */
struct relaysum {
	struct relaysum_row *rows;
	size_t n;
	size_t size;
	uint64_t total; /* messages on all of them */
	size_t reports; /* that told relays */
	bool bound;     /* the total is a lower bound */

	/* Of those that were sampled: see struct sample_estimate. */
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
 * Adds the relays of a report; one without relays changes nothing.  Whether
 * it was added before is for the caller to know, see report_again().
 * 0, or -1: out of memory.
 */
int relaysum_add(struct relaysum *, const struct report *);

/* Sums them up: one row a relay, the largest first.  Once, at the end. */
void relaysum_finish(struct relaysum *);

void relaysum_free(struct relaysum *);

#endif
