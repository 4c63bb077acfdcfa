/* SPDX-License-Identifier: GPL-3.0-or-later */
/* head.h - the answer in a sentence, and what it is about */
#ifndef TOOLS_QSTAT_HEAD_H
#define TOOLS_QSTAT_HEAD_H

#include "base/buf.h"
#include "tools/qstat/view.h"

/* Adds who floods, or that nobody does; then the queues; then a sample. */
void qstat_head_add(struct buf *, const struct qstat_view *);

/*
 * Adds a line with the queues and the numbers of their messages.  If only a
 * sample was read, another line says so.  oldest is the age of the oldest
 * message in seconds; -1: not known.
 */
void qstat_head_queues(struct buf *, const struct queue_list *,
    const struct survey_result *, int64_t oldest, size_t width);

#endif
