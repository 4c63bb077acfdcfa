/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arrivals.h - when messages arrived: ages, the onset of a flood, its rate */
#ifndef COUNT_ARRIVALS_H
#define COUNT_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * There are four buckets for each doubling of the age, so the doubling ages of
 * Postfix's qshape (5, 10, 20 ... minutes) are edges.  The last bucket takes
 * all messages that are older than 12 days.
 */
#define ARRIVALS_BUCKETS 64

struct arrivals {
	uint32_t n[ARRIVALS_BUCKETS];
	uint32_t oldest[ARRIVALS_BUCKETS]; /* age in seconds */
	uint32_t newest[ARRIVALS_BUCKETS];
};

/* Ages are in seconds; a negative age counts as 0. */
void arrivals_add(struct arrivals *, int64_t age);
void arrivals_merge(struct arrivals *, const struct arrivals *);

/*
 * How many messages are at least min and less than max seconds old.  min and
 * max must be edges of buckets.
 */
uint64_t arrivals_between(const struct arrivals *, int64_t min, int64_t max);

/*
 * A flood is the time in which messages came at a rate that stands out.  If no
 * rate stands out, it is the whole time.  The rate is a lower bound, because
 * only messages that are still queued are seen.
 */
struct arrivals_flood {
	int64_t since;     /* age of its first message, seconds */
	int64_t until;     /* age of its last message */
	uint64_t n;        /* messages in it */
	double per_minute; /* over at least a minute */
	bool ended;        /* for this rate, none came for long */
};

/* Returns false if there is no message. */
bool arrivals_flood(const struct arrivals *, struct arrivals_flood *);

#endif
