/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trend.h - how fast a number grows, from a bounded history */
#ifndef PLUG_TREND_H
#define PLUG_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define TREND_MAX 64 /* samples kept */

struct trend_sample {
	int64_t wall; /* seconds since 1970 */
	int64_t mono; /* milliseconds, starts anew at boot */
	int64_t value;
};

/* Oldest first. */
struct trend {
	struct trend_sample v[TREND_MAX];
	size_t n;
};

/* Lines "WALL MONO VALUE"; what is no such line is skipped. */
void trend_parse(struct trend *, const char *text, size_t n);
void trend_format(const struct trend *, struct buf *);

/*
 * Drops what can no longer be compared with a new sample: older than an
 * hour; from before a boot or a step of the clock (the two clocks disagree
 * on the time between); from before the number fell below half at once, as when
 * a queue was flushed.
 */
void trend_prune(struct trend *, const struct trend_sample *now);

/*
 * Adds the new sample to a pruned history, unless the last one is so young that
 * the check must have been run twice.  In a full history the oldest is dropped
 * for it.
 */
void trend_add(struct trend *, const struct trend_sample *now);

/*
 * Growth per minute up to the new sample, the median of the slopes between
 * all pairs of recent samples (Theil-Sen), so that one odd sample does not
 * matter; nor does one step between two samples.  False when the history is
 * too short to tell, under a minute.
 */
bool trend_rate(const struct trend *, const struct trend_sample *now,
    double *per_minute);

/*
 * What a run does with a history: prunes it, tells the growth up to the new
 * sample, and adds that.  A sample that is no newer than the last one is of the
 * same scan, or of one before it, as when a server answers from its cache:
 * then nothing is pruned nor added, and the growth is that up to the last one.
 * False: the growth is not known.
 */
bool trend_take(struct trend *, const struct trend_sample *now,
    double *per_minute);

#endif
