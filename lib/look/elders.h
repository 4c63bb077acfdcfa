/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elders.h - the oldest of many messages, by name, in bounded memory */
#ifndef LOOK_ELDERS_H
#define LOOK_ELDERS_H

#include <stddef.h>
#include <stdint.h>

#include "look/lister.h"
#include "mail/queue.h"

#define ELDERS_MAX 64 /* that are kept */

struct elder {
	char name[LISTER_NAME]; /* of the control file */
	const struct queue_dir *dir;
	const struct mta_dir *kind;
	int64_t age; /* seconds */
};

struct elders {
	struct elder v[ELDERS_MAX]; /* a heap, the youngest first */
	size_t n;
	int64_t next; /* age of the oldest that is not kept; -1: none */
};

void elders_init(struct elders *);

/* Keeps a message if it is among the oldest.  The name is copied. */
void elders_add(struct elders *, const char *name, const struct queue_dir *,
    const struct mta_dir *, int64_t age);

/* Oldest first; the last call. */
void elders_sort(struct elders *);

#endif
