/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list.h - the messages of a selector as a list for people */
#ifndef TOOLS_QSTAT_LIST_H
#define TOOLS_QSTAT_LIST_H

#include "base/buf.h"
#include "tools/qstat/config.h"
#include "tools/qstat/messages.h"

/* Adds how many messages match, and the queues. */
void qstat_list_head(struct buf *, const struct qstat_messages *,
    const struct qstat_config *, const struct queue_list *, int64_t now,
    size_t width);

/* Adds a line for each message, and how many are not listed. */
void qstat_list_add(struct buf *, const struct qstat_messages *,
    const struct qstat_config *, int64_t now, size_t width, bool colour);

#endif
