/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list_queues.h - --list-queues */
#ifndef LIST_QUEUES_H
#define LIST_QUEUES_H

#include <stdbool.h>

#include "base/buf.h"
#include "mqueue/mta.h"
#include "mqueue/queue.h"
#include "plug/render.h"
#include "plug/result.h"

/*
 * Adds what was found, from where, and whether this user can read it; files:
 * its control files as well.  OK when all of it can be read, else UNKNOWN.
 * For people, that is the format nagios, it is a list of its own; any other
 * format has it as a result: an entry for each queue, with one for each of its
 * directories.
 */
enum result_state list_queues(const struct queue_list *, const struct mta *,
    bool files, render_fn *, const struct render_options *, struct buf *out);

#endif
