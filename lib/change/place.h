/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - the queue directories that messages may be changed in */
#ifndef CHANGE_PLACE_H
#define CHANGE_PLACE_H

#include "mail/mta.h"
#include "mail/mta_change.h"
#include "mail/queue.h"

/*
 * Opens the directories of all queues, in the order of the list, which must
 * outlive the places.  One that can't be opened is kept, with its error;
 * ENOTSUP: the queue files of its server are not to be changed.  0; or -1: out
 * of memory.  Close it in both cases.
 */
int place_list_open(struct mta_place_list *, const struct queue_list *);
void place_list_close(struct mta_place_list *);

/* By the queue directory; NULL if it is not in the list. */
struct mta_place *place_of(const struct mta_place_list *,
    const struct queue_dir *);

#endif
