/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h - the entries of a directory of messages, and of those in it */
#ifndef LOOK_WALK_H
#define LOOK_WALK_H

#include <dirent.h>
#include <stddef.h>

#include "base/fsx.h"
#include "mail/mta.h"
#include "mail/queue.h"

#define WALK_DEPTH 4   /* levels of subdirectories, at most */
#define WALK_NAME  288 /* a path: NAME_MAX, and two bytes a level */

struct walk_part;

struct walk {
	int fd; /* of the directory; paths are from here */
	struct walk_part *part;
	size_t nparts;
	size_t at;
	int opened; /* errno of a subdirectory that could not be, or 0 */
	int error;
	char path[WALK_NAME];
};

/* An entry; it ends with the next step. */
struct walk_entry {
	const char *path; /* from the directory */
	const char *name; /* the last part of it */
	size_t len;       /* of name */
	enum fsx_type type;
};

/*
 * Opens the directory of a kind in a queue directory, and the subdirectories
 * that messages of this kind may be in; one that is made later is not seen.
 * 0, or -1 with errno.  What was opened has to be closed.
 */
int walk_open(struct walk *, const struct queue_dir *, const struct mta_dir *);
void walk_close(struct walk *);

/* Starts at the first entry again. */
void walk_rewind(struct walk *);

/*
 * The next entry.  1; 0 at the end; or -1 with errno, also at the end, when
 * not all could be listed.  Opens nothing, so that any thread may call it.
 */
int walk_next(struct walk *, struct walk_entry *);

#endif
