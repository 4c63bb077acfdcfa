/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h - counts the messages of a queue by its directory entries */
#ifndef LOOK_SCAN_H
#define LOOK_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "look/stranded.h"
#include "mail/mta.h"
#include "mail/queue.h"

struct scan_options {
	int64_t now;        /* seconds since 1970 */
	int64_t late_after; /* seconds */
	const struct when_deadline *deadline;
	int64_t look_over; /* an age over this is looked at before it is */
			   /* told, as one over late_after is; 0: none */
	struct stranded *stranded; /* is shown the names; or NULL */
};

struct scan_count {
	uint64_t queued;
	uint64_t held;
	uint64_t lost;

	/*
	 * Queued ones without an age, which are in no number below: their time
	 * is still to come, or cannot be true (dated.h).
	 */
	uint64_t future;
	uint64_t undated;

	/*
	 * What only reading the files would tell: how many are queued whose
	 * age is not known, and whether some of the queued ones may be held.
	 */
	uint64_t ageless;
	bool held_unknown;

	/*
	 * The age of the oldest of the others, in seconds, and how many are
	 * older than late_after.  Where not all could be looked at, the oldest
	 * is at least oldest and at most oldest_max, and from late to late_max
	 * are late; else these are the same, or 0.
	 */
	int64_t oldest;
	int64_t oldest_max;
	uint64_t late;
	uint64_t late_max;

	/*
	 * The age of the oldest held one, by its name or, without a time in
	 * it, by its inodes.  It is the time since the message came, which is
	 * no later than when it was held.  0: no held message has an age.
	 */
	int64_t oldest_held;

	/* Either of these makes every number above, but for the ..._max, a */
	/* lower bound. */
	bool cut_short; /* the deadline passed */
	size_t failed;  /* directories that can't be read */

	/* The first of those, and why. */
	const struct queue_dir *failed_dir;
	int error; /* errno */
};

/*
 * Counts a queue's messages without opening a file: state and age come from
 * names, and from one fstatat(2) for a name without a time in it.  Only
 * regular files count.  Takes no lock, and memory that does not depend on the
 * size of the queue.  An entry that vanishes meanwhile is nothing.
 *
 * A message may have come long after the time in its name.  So the bodies of
 * the oldest, ELDERS_MAX at most, are looked at (fstatat(2) again) if they are
 * older than a limit by their names, and as many of those whose names cannot
 * be true.  Where there is no body to look at, the name is believed.
 *
 * A directory that can't be read does not end the count; it is told in
 * failed, failed_dir (which points into the queue) and error.
 */
void scan_count_queue(const struct queue *, const struct scan_options *,
    struct scan_count *);

#endif
