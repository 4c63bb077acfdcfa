/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h - counts the messages of a queue by its directory entries */
#ifndef MQUEUE_SCAN_H
#define MQUEUE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "mqueue/mta.h"
#include "mqueue/queue.h"
#include "mqueue/stranded.h"

struct scan_options {
	const struct mta *mta;
	int64_t now;        /* seconds since 1970 */
	int64_t late_after; /* seconds */
	const struct when_deadline *deadline;
	struct stranded *stranded; /* is shown the names; or NULL */
};

struct scan_count {
	uint64_t queued;
	uint64_t quarantined;
	uint64_t lost;
	uint64_t late;  /* queued, and older than late_after */
	int64_t oldest; /* age of the oldest queued one, seconds */

	/* Either of these makes every number above a lower bound. */
	bool cut_short; /* the deadline passed */
	size_t failed;  /* directories that can't be read */

	/* The first of those, and why. */
	const struct queue_dir *failed_dir;
	int error; /* errno */
};

/*
 * Counts a queue's messages without opening a file: kind and age come from
 * names, and from one fstatat(2) for a name without a time in it.  Only
 * regular files count.  Takes no lock, and memory that does not depend on the
 * size of the queue.  An entry that vanishes meanwhile is nothing.
 *
 * A directory that can't be read does not end the count; it is told in
 * failed, failed_dir (which points into the queue) and error.
 */
void scan_count_queue(const struct queue *, const struct scan_options *,
    struct scan_count *);

#endif
