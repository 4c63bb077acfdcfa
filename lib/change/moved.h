/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moved.h - a directory that messages are moved to, and restored from */
#ifndef CHANGE_MOVED_H
#define CHANGE_MOVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "change/place.h"
#include "mail/mta.h"
#include "mail/queue.h"

/*
 * It has a subdirectory for each queue directory, named by its whole path with
 * %2F for a slash, so that what is in it finds home.
 */
struct moved {
	char *path;                   /* without links */
	struct queue_list queues;     /* the subdirectories, as one */
	struct mta_place_list places; /* the same; home is set */
	size_t strangers;             /* those of no queue we know */
	char *stranger;               /* the queue of the first */
};

#define MOVED_INIT                                                  \
	{                                                           \
		NULL, QUEUE_LIST_INIT, MTA_PLACE_LIST_INIT, 0, NULL \
	}

/*
 * Opens a directory for homes of one server.  used[i]: messages will be moved
 * there from place i of the homes, so it makes what is missing; used NULL: only
 * what is there is opened.  Sets moved of the homes, and home of what it opens.
 *
 * 0; or -1 with the reason added to *why: a directory that others may write
 * to, one of another file system, or one that is part of a queue.  Close it
 * in both cases, before the homes.
 */
int moved_open(struct moved *, const char *path,
    const struct mta_place_list *homes, const bool *used, struct buf *why);
void moved_close(struct moved *);

#endif
