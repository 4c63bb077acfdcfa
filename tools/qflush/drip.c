/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drip.c - puts held mail back a little at a time
 *
 * The author of MailScanner recommends to put mail that was set aside back "a
 * few hundred at a time".  Every second this counts the names in the queues,
 * and releases as many messages as the limits allow.  While a queue can't be
 * counted, nothing is released.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "tools/qflush/drip.h"

#define QFLUSH_DRIP_PATH 200
#define QFLUSH_DRIP_TICK 1000 /* milliseconds */

size_t
qflush_drip_allowed(const struct qflush_config *c, size_t left, int64_t ms,
    size_t released, uint64_t queued)
{
	uint64_t due, room;

	if (c->per_minute > 0) {
		/* What is due until the next look. */
		due = (uint64_t)((double)(ms + QFLUSH_DRIP_TICK) *
		    c->per_minute / 60000);
		if (due < 1)
			due = 1;
		due = due > released ? due - released : 0;
		left = left < due ? left : (size_t)due;
	}
	if (c->below > 0) {
		room = c->below > queued ? c->below - queued : 0;
		left = left < room ? left : (size_t)room;
	}
	return left;
}

bool
qflush_drip_knows(const struct qflush_config *c, const struct scan_count *n)
{
	/*
	 * A part of the queue can show that it is full, but not that there is
	 * room.
	 */
	return c->below == 0 || (n->failed == 0 && !n->cut_short) ||
	    n->queued >= c->below;
}

void
qflush_drip_unknown(struct buf *why, const struct qflush_config *c,
    const struct scan_count *n)
{
	buf_addf(why,
	    "--below %" PRIu64 ": nothing is released while it isn't known how"
	    " many messages are queued: ",
	    c->below);
	if (n->failed_dir != NULL) {
		clean_adds(why, n->failed_dir->path, QFLUSH_DRIP_PATH);
		buf_addf(why, ": %s", strerror(n->error));
	} else {
		buf_adds(why, "counting them took more than a minute");
	}
	buf_adds(why, "; mend that, or use --rate alone");
}

/* Adds up all queues. */
static struct scan_count
qflush_drip_count(const struct qflush_config *c, const struct when_clock *clock)
{
	const struct when_deadline deadline = when_after(clock, INT64_C(60000));
	const struct scan_options opt = {
		.now = when_wall(clock),
		.deadline = &deadline,
	};
	struct scan_count all = { 0 }, one;
	size_t i;

	for (i = 0; i < c->queues.n; i++) {
		scan_count_queue(&c->queues.v[i], &opt, &one);
		all.queued += one.queued;
		all.failed += one.failed;
		all.cut_short = all.cut_short || one.cut_short;
		if (all.failed_dir == NULL && one.failed_dir != NULL) {
			all.failed_dir = one.failed_dir;
			all.error = one.error;
		}
	}
	return all;
}

/* How many of what is left are released now.  0; or -1 with the reason. */
static int
qflush_drip_take(const struct qflush_config *c, const struct when_clock *clock,
    int64_t began, size_t tried, size_t n, size_t *take, struct buf *why)
{
	struct scan_count queued = { 0 };

	if (c->below > 0)
		queued = qflush_drip_count(c, clock);
	if (!qflush_drip_knows(c, &queued)) {
		qflush_drip_unknown(why, c, &queued);
		return -1;
	}
	*take = qflush_drip_allowed(c, n - tried, when_mono(clock) - began,
	    tried, queued.queued);
	return 0;
}

int
qflush_drip(const struct qflush_config *c, const struct gather_name *names,
    size_t n, const struct flush_options *opt, struct flush_count *count,
    struct buf *why)
{
	static const struct timespec tick = { QFLUSH_DRIP_TICK / 1000,
		QFLUSH_DRIP_TICK % 1000 * 1000000 };
	struct flush_options part = *opt;
	int64_t began = when_mono(opt->run.clock);
	size_t tried = 0, take;

	part.progress = NULL;
	while (tried < n && count->fatal == NULL &&
	    (opt->stop == NULL || *opt->stop == 0)) {
		if (qflush_drip_take(c, opt->run.clock, began, tried, n, &take,
			why) != 0)
			return -1;
		if (take != 0 &&
		    flush_run(names + tried, take, &part, count) != 0) {
			buf_adds(why, "out of memory");
			return -1;
		}
		tried += take;
		if (opt->progress != NULL)
			opt->progress(opt->progress_arg, tried, n);
		if (tried < n && (opt->stop == NULL || *opt->stop == 0))
			nanosleep(&tick, NULL);
	}
	return 0;
}
