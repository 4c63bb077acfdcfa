/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qflush_drip.h - puts held mail back a little at a time */
#ifndef QFLUSH_DRIP_H
#define QFLUSH_DRIP_H

#include <stddef.h>
#include <stdint.h>

#include "mqueue/flush.h"
#include "qflush_config.h"

/*
 * How many of what is left may be released now: of a rate, so many
 * milliseconds after the first and with so many released; and with so many
 * queued.
 */
size_t qflush_drip_allowed(const struct qflush_config *, size_t left,
    int64_t ms, size_t released, uint64_t queued);

/* flush_run(), as --rate and --below allow. */
int qflush_drip(const struct qflush_config *, const struct gather_name *,
    size_t n, const struct flush_options *, struct flush_count *);

#endif
