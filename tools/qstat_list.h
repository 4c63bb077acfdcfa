/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qstat_list.h - the messages of a selector as a list for people */
#ifndef QSTAT_LIST_H
#define QSTAT_LIST_H

#include "base/buf.h"
#include "qstat_config.h"
#include "qstat_messages.h"

/* Adds how many match, and the queues. */
void qstat_list_head(struct buf *, const struct qstat_messages *,
    const struct qstat_config *, const struct queue_list *, int64_t now,
    size_t width);

/* Adds a line for each message, and how many are not listed. */
void qstat_list_add(struct buf *, const struct qstat_messages *,
    const struct qstat_config *, int64_t now, size_t width, bool colour);

#endif
