/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qflush_drip.c - puts held mail back a little at a time
 *
 * "A few hundred at a time" is what MailScanner's author recommends for mail
 * that was set aside.  Every second it counts the queue, by the names in it,
 * and releases what there is room and time for.
 */
#include <time.h>

#include "mqueue/scan.h"
#include "qflush_drip.h"

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

static uint64_t
qflush_drip_queued(const struct qflush_config *c,
    const struct when_clock *clock)
{
	const struct when_deadline deadline = when_after(clock, INT64_C(60000));
	const struct scan_options opt = {
		.mta = c->mta,
		.now = when_wall(clock),
		.deadline = &deadline,
	};
	struct scan_count count;
	uint64_t queued = 0;
	size_t i;

	for (i = 0; i < c->queues.n; i++) {
		scan_count_queue(&c->queues.v[i], &opt, &count);
		queued += count.queued;
	}
	return queued;
}

int
qflush_drip(const struct qflush_config *c, const struct gather_name *names,
    size_t n, const struct flush_options *opt, struct flush_count *count)
{
	static const struct timespec tick = { QFLUSH_DRIP_TICK / 1000,
		QFLUSH_DRIP_TICK % 1000 * 1000000 };
	struct flush_options part = *opt;
	int64_t began = when_mono(opt->clock);
	size_t tried = 0, take;

	part.progress = NULL;
	while (tried < n && count->fatal == NULL &&
	    (opt->stop == NULL || *opt->stop == 0)) {
		take = qflush_drip_allowed(c, n - tried,
		    when_mono(opt->clock) - began, tried,
		    c->below > 0 ? qflush_drip_queued(c, opt->clock) : 0);
		if (take != 0 &&
		    flush_run(names + tried, take, &part, count) != 0)
			return -1;
		tried += take;
		if (opt->progress != NULL)
			opt->progress(opt->progress_arg, tried, n);
		if (tried < n && (opt->stop == NULL || *opt->stop == 0))
			nanosleep(&tick, NULL);
	}
	return 0;
}
