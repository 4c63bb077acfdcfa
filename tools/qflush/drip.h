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
 * How many of what is left may be released now: of a rate, so many
 * milliseconds after the first and with so many released; and with so many
 * queued.
 */
size_t qflush_drip_allowed(const struct qflush_config *, size_t left,
    int64_t ms, size_t released, uint64_t queued);

/*
 * Does this count, of all queues, tell how many may be released?  If it is
 * only a lower bound (failed, cut_short), it does when that is too many.
 */
bool qflush_drip_knows(const struct qflush_config *, const struct scan_count *);

/* Says of one that doesn't why, and what to do, in one line. */
void qflush_drip_unknown(struct buf *why, const struct qflush_config *,
    const struct scan_count *);

/*
 * flush_run(), as --rate and --below allow.  0; or -1 with the reason added
 * to *why, and what was done until then in the count.
 */
int qflush_drip(const struct qflush_config *, const struct gather_name *,
    size_t n, const struct flush_options *, struct flush_count *,
    struct buf *why);

#endif
