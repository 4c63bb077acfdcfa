/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drip.h - puts held mail back a little at a time */
#ifndef TOOLS_QFLUSH_DRIP_H
#define TOOLS_QFLUSH_DRIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "change/flush.h"
#include "look/scan.h"
#include "tools/qflush/config.h"

/*
 * How many of the messages that are left may be released now.  ms milliseconds
 * have passed since the first was released, so many were released since then,
 * and so many are queued.
 */
size_t qflush_drip_allowed(const struct qflush_config *, size_t left,
    int64_t ms, size_t released, uint64_t queued);

/*
 * Does this count of all queues tell how many messages may be released?  A
 * count that is only a lower bound (failed, cut_short) does not, unless the
 * bound alone is too high to release any.
 */
bool qflush_drip_knows(const struct qflush_config *, const struct scan_count *);

/* Says in one line why a count does not tell that, and what to do. */
void qflush_drip_unknown(struct buf *why, const struct qflush_config *,
    const struct scan_count *);

/*
 * Calls flush_run() for as many messages at a time as --rate and --below allow.
 * 0; or -1 with the reason added to *why.  The count has what was done until
 * then.
 */
int qflush_drip(const struct qflush_config *, const struct gather_name *,
    size_t n, const struct flush_options *, struct flush_count *,
    struct buf *why);

#endif
