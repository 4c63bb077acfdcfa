/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure_mqueue.h - the numbers that check_mqueue judges */
#ifndef MEASURE_MQUEUE_H
#define MEASURE_MQUEUE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/when.h"
#include "config_mqueue.h"
#include "mqueue/queue.h"
#include "mqueue/scan.h"
#include "mqueue/stranded.h"
#include "remote_mqueue.h"

struct measure {
	const struct queue *queue;
	struct scan_count count;
	bool has_stranded; /* else not known: no time, or not reported */
	uint64_t nstranded;
	struct stranded_count stranded; /* which; nothing of a report */
	int64_t late_after;             /* seconds */
	bool has_rate;
	double rate;  /* messages a minute */
	char *remedy; /* for count.failed; or NULL */

	/* From a report only. */
	const char *reason;          /* why not exact; NULL: local */
	int64_t age;                 /* of the count, seconds */
	const struct report *report; /* its relays may tell why */
};

/* Are all of the numbers exact? */
bool measure_is_exact(const struct measure *);

/*
 * Counts the queues, one measure each, until the deadline.  Then takes the
 * growth from the history in the state directory and adds to that; trouble
 * with it is told in *state_note, and costs the growth only.  0; or -1, out
 * of memory.  Free with measure_free() in both cases.
 */
int measure_queues(struct measure *, const struct queue_list *,
    const struct config *, const struct when_deadline *,
    struct buf *state_note);

/* The same from a report, to which the measures then point. */
int measure_remote(struct measure *, const struct remote *,
    const struct config *, const struct when_deadline *,
    struct buf *state_note);
void measure_free(struct measure *, size_t n);

#endif
