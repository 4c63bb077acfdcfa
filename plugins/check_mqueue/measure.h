/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.h - the numbers that check_mqueue judges */
#ifndef PLUGINS_CHECK_MQUEUE_MEASURE_H
#define PLUGINS_CHECK_MQUEUE_MEASURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/when.h"
#include "look/scan.h"
#include "look/stranded.h"
#include "mail/queue.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/remote.h"

struct mqueue_measure {
	const struct queue *queue;
	struct scan_count count;
	bool has_stranded; /* else not known: no time, or not in a report */
	uint64_t nstranded;
	struct stranded_count stranded; /* which ones; none of a report */
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
bool mqueue_measure_is_exact(const struct mqueue_measure *);

/*
 * Can the age of the oldest be anything between two numbers, because the
 * messages were not all looked at?
 */
bool mqueue_measure_is_age_open(const struct mqueue_measure *);

/*
 * Counts the queues, one measure each, until the deadline.  Then takes the
 * growth from the history in the state directory, and adds the counts to the
 * history.  Trouble with the history is told in *state_note; only the growth is
 * missing then.  0; or -1, out of memory.  Free with mqueue_measure_free() in
 * both cases.
 */
int mqueue_measure_queues(struct mqueue_measure *, const struct queue_list *,
    const struct mqueue_config *, const struct when_deadline *,
    struct buf *state_note);

/* The same from a report, to which the measures then point. */
int mqueue_measure_remote(struct mqueue_measure *, const struct mqueue_remote *,
    const struct mqueue_config *, const struct when_deadline *,
    struct buf *state_note);
void mqueue_measure_free(struct mqueue_measure *, size_t n);

#endif
