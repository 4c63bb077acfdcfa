/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lister.h - hands out the names of one directory in blocks, to any thread */
#ifndef LOOK_LISTER_H
#define LOOK_LISTER_H

#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/mta.h"
#include "mail/queue.h"

#define LISTER_NAME  32  /* longer names belong to no MTA's messages */
#define LISTER_BLOCK 256 /* names in a block */

/* A directory entry that is a message by its name. */
struct lister_entry {
	char name[LISTER_NAME];
	enum mta_kind kind;
	bool unsure;   /* whether it is a regular file */
	uint64_t hash; /* of the queue id */
};

/* One queue directory that stays open while it is worked on. */
struct lister {
	const struct queue *queue;
	const struct queue_dir *dir;
	size_t nqueue; /* place in the list */
	uint64_t seed; /* of the hashes */
	bool held;     /* hand out all kinds of them */
	int fd;        /* of the control files */

	DIR *stream;
	pthread_mutex_t lock; /* for all that follows */
	bool at_end;
	int error;                    /* errno, if it broke off */
	uint64_t count[MTA_LOST + 1]; /* by kind */
};

/*
 * Opens a directory.  0, or -1 with errno.  hash: see struct lister_entry;
 * held: quarantined and lost messages as well as queued ones.
 */
int lister_open(struct lister *, const struct queue *, size_t nqueue,
    const struct queue_dir *, uint64_t seed, bool held);
void lister_close(struct lister *);

/* Starts at the first name again. */
void lister_rewind(struct lister *);

/*
 * Puts the next entries into v, which has room for LISTER_BLOCK.  Returns how
 * many; 0 at the end, or when the listing broke: see error.
 */
size_t lister_next(struct lister *, struct lister_entry *v);

#endif
