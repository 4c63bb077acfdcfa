/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lister.h - hands out the names of one directory in blocks, to any thread */
#ifndef LOOK_LISTER_H
#define LOOK_LISTER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "look/walk.h"
#include "mail/mta.h"
#include "mail/queue.h"

#define LISTER_NAME  32  /* longer names belong to no MTA's messages */
#define LISTER_BLOCK 256 /* names in a block */

/* A directory entry that is a message by its name. */
struct lister_entry {
	char name[LISTER_NAME]; /* its path from the directory */
	enum mta_state state;
	bool unsure;          /* whether it is a whole message: inode tells */
	unsigned char id_at;  /* where the queue id is in the name, */
	unsigned char id_len; /* and how long it is */
	uint64_t hash;        /* of the queue id */
};

/* A queue's directory of a kind, which stays open while it is worked on. */
struct lister {
	const struct queue *queue;
	const struct queue_dir *dir;
	const struct mta_dir *kind;
	size_t nqueue; /* place in the list */
	uint64_t seed; /* of the hashes */
	bool held;     /* hand out held and lost ones as well */
	int fd;        /* names are from here */

	struct walk walk;
	pthread_mutex_t lock; /* for all that follows */
	bool at_end;
	int error;                  /* errno, if it broke off */
	uint64_t count[MTA_STATES]; /* by state */
};

/*
 * Opens a directory.  0, or -1 with errno.  seed is for the hashes; held:
 * hand out held and lost messages as well as queued ones.
 */
int lister_open(struct lister *, const struct queue *, size_t nqueue,
    const struct queue_dir *, const struct mta_dir *, uint64_t seed, bool held);
void lister_close(struct lister *);

/* The queue id in the name of an entry. */
struct span lister_id(const struct lister_entry *);

/* Starts at the first name again. */
void lister_rewind(struct lister *);

/*
 * Puts the next entries into v, which has room for LISTER_BLOCK.  Returns how
 * many; 0 at the end, or when the listing broke: see error.
 */
size_t lister_next(struct lister *, struct lister_entry *v);

#endif
