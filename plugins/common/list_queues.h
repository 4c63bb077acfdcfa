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
 * Adds what was found, from where, and whether this user can read it, files:
 * its control files as well; which messages of it no queue run delivers; and
 * queues that lie on the disk and are not known.  OK when all that was found
 * can be read, else UNKNOWN.
 * For people, that is the format nagios, it is a list of its own; any other
 * format has it as a result: an entry for each queue, with one for each of its
 * directories and for what is stranded in it; then one for each queue that is
 * not watched, and for all options that would watch them.
 */
enum result_state list_queues(const struct list_queues *l,
    const struct when_deadline *deadline, render_fn *render,
    const struct render_options *opt, struct buf *out);

#endif
