/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list_queues.h - --list-queues */
#ifndef LIST_QUEUES_H
#define LIST_QUEUES_H

#include <stdbool.h>

#include "base/buf.h"
#include "mqueue/mta.h"
#include "mqueue/queue.h"
#include "plug/result.h"

/*
 * Adds what was found, from where, and whether this user can read it; files:
 * its control files as well.  OK when all of it can be read, else UNKNOWN.
 */
enum result_state list_queues(const struct queue_list *, const struct mta *,
    bool files, struct buf *out);

#endif
