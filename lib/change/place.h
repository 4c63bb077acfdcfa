/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - queue directories, open so that messages in them may be changed */
#ifndef CHANGE_PLACE_H
#define CHANGE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "mail/queue.h"

struct mta;

/* One queue directory. */
struct place {
	const struct queue *queue;
	const struct queue_dir *dir;
	char *path;  /* without links, but with an error */
	int control; /* its directories; -1: error */
	int body;
	int log;   /* of transcripts */
	int error; /* errno */

	bool used; /* by a caller that wants to remember which were */

	bool probed;
	bool both; /* see lock_probe() */

	/*
	 * Where messages are moved to from here, which is no queue; there
	 * home is the queue directory, here it is NULL.
	 */
	struct place *moved;
	struct place *home;
};

struct place_list {
	struct place *v;
	size_t n;
};

#define PLACE_LIST_INIT \
	{               \
		NULL, 0 \
	}

/*
 * Opens the directories of all queues, in the order of the list, which must
 * outlive the places.  One that can't be opened is kept, with its error.
 * 0; or -1: out of memory.  Close it in both cases.
 */
int place_list_open(struct place_list *, const struct queue_list *,
    const struct mta *);
void place_list_close(struct place_list *);

/* By the queue directory; NULL if it is not in the list. */
struct place *place_of(const struct place_list *, const struct queue_dir *);

/*
 * Finds out which locks a directory needs, once; not by two threads at once.
 * Both are taken where there is no room for the file that tells.  0; or -1
 * with errno, also if the place is not open.
 */
int place_probe(struct place *);

/*
 * Where the body of a message is whose control file is at a place and says so
 * ("hg/h1", below the base of all queues); body_dir n 0: it says nothing.
 * Only a place of the list can be the answer.  NULL: none fits, or several.
 */
const struct place *place_of_body(const struct place_list *,
    const struct place *, struct span body_dir);

#endif
