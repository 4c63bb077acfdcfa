/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list_queues.h - --list-queues */
#ifndef PLUGINS_COMMON_LIST_QUEUES_H
#define PLUGINS_COMMON_LIST_QUEUES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/when.h"
#include "mail/mta.h"
#include "mail/queue.h"
#include "plug/render.h"
#include "plug/result.h"

struct list_queues {
	const struct queue_list *queues; /* to be listed */
	const struct queue_list *known;  /* and those that need not be */
	const char *root;                /* "" or a directory */
	bool named;                      /* by -q */
	bool files;                      /* are control files read as well? */
};

/*
 * Lists the queues: where each was found, and whether this user can read it
 * (with files also its control files); which of its messages no queue run
 * delivers; and queues on the disk that are not known.  OK when all that was
 * found can be read, else UNKNOWN.
 *
 * In the format nagios it is a list for people, with a form of its own.  In any
 * other format it is a result: an entry for each queue, with one for each of
 * its directories and for its stranded messages; then one for each queue that
 * is not watched, and one for all options that would watch them.
 */
enum result_state list_queues(const struct list_queues *l,
    const struct when_deadline *deadline, render_fn *render,
    const struct render_options *opt, struct buf *out);

#endif
