/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h - one message that is locked, so that it may be changed */
#ifndef CHANGE_CHANGE_H
#define CHANGE_CHANGE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "change/linger.h"
#include "change/place.h"
#include "mail/change.h"
#include "mail/envelope.h"

#define CHANGE_TEXT_MAX (16 << 20) /* bytes of a control file */

struct change {
	const struct place *place; /* where it is */
	const char *name;          /* its control file, there */
	int fd;                    /* that file, locked; -1 */
	struct stat st;            /* of it */
	struct buf text;           /* all of it */
	struct envelope envelope;  /* points into the text */
	const struct place *body;  /* NULL: no place we know */

	int new_fd;     /* what takes its place; -1 */
	bool new_named; /* see sys_new() */

	bool begun; /* commit has changed something */

	/*
	 * commit: fd, new_fd had a name in the queue that it has no more.
	 * Whoever opened it by that may be about to lock it: see linger.h.
	 */
	bool late, new_late;

	const char *why; /* constant; or NULL */
	int error;       /* errno, or 0 */
};

/* Notes why, and returns the result. */
enum change_result change_refuse(struct change *, enum change_result,
    const char *why);

/* The same with errno: ENOENT is CHANGE_GONE, all else CHANGE_FAILED. */
enum change_result change_fail(struct change *, const char *why);

/* Makes a change of nothing yet; and ends one, which unlocks the message. */
void change_init(struct change *, const struct place *, const char *name);
void change_drop(struct change *);

/* The same, but what is late is given to a linger, as it is. */
void change_leave(struct change *, struct linger_list *);

/* The name that a new text of the control file has for a moment. */
void change_new_name(char out[CHANGE_NEW_NAME], const char *name);

/*
 * Opens and locks the control file, if it is a regular file that has not been
 * replaced meanwhile, and reads all of it.  An empty file is not locked: it is
 * being made.
 */
enum change_result change_open(struct change *);

/* Does the name still belong to the file that is locked? */
enum change_result change_recheck(struct change *);

/*
 * Writes a new text for the control file, locked, of the same owner, mode and
 * time, and without a name so far.
 */
enum change_result change_write(struct change *, const struct buf *);

/* Gives the new text a name that nobody looks for, if it has none. */
enum change_result change_name(struct change *);

/* Puts the new text, which has that name, in the place of a control file. */
enum change_result change_replace(struct change *, const char *name);

#endif
