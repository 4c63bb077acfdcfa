/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locked.h - one message that is locked, so that its files may be changed */
#ifndef MTA_SENDMAIL_LOCKED_H
#define MTA_SENDMAIL_LOCKED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "mail/mta_change.h"
#include "mta/sendmail/linger.h"
#include "mta/sendmail/place.h"

#define SENDMAIL_LOCKED_MAX   (16 << 20) /* bytes of a control file */
#define SENDMAIL_LOCKED_NEW   48         /* room for sendmail_locked_new() */
#define SENDMAIL_LOCKED_FILES 2          /* descriptors it takes */

/* The server's own part of a struct mta_claim, which is told why. */
struct sendmail_locked {
	struct mta_claim *claim;
	const struct mta_place *place;     /* where it is */
	const struct sendmail_place *here; /* the same */
	const char *name;                  /* its control file, there */
	int fd;                            /* that file, locked; -1 */
	struct stat st;                    /* of it */
	struct buf text;                   /* all of it */
	struct envelope envelope;          /* points into the text */
	const struct sendmail_place *body; /* NULL: no place we know */

	int new_fd;     /* what takes its place; -1 */
	bool new_named; /* see sys_new() */

	/*
	 * commit: fd, new_fd had a name in the queue that it has no more.
	 * Whoever opened it by that may be about to lock it: see linger.h.
	 */
	bool late, new_late;
};

/* mta_claim_refuse() and mta_claim_fail() of its claim. */
enum change_result sendmail_locked_refuse(struct sendmail_locked *,
    enum change_result, const char *why);
enum change_result sendmail_locked_fail(struct sendmail_locked *,
    const char *why);

/*
 * Makes one of nothing yet; and ends it, which unlocks the message: but what
 * is late is given to a linger, as it is.
 */
void sendmail_locked_init(struct sendmail_locked *, struct mta_claim *);
void sendmail_locked_drop(struct sendmail_locked *, struct sendmail_linger *);

/* The name that a new text of the control file has for a moment. */
void sendmail_locked_new(char out[SENDMAIL_LOCKED_NEW], const char *name);

/*
 * Opens and locks the control file, if it is a regular file that has not been
 * replaced meanwhile, and reads all of it.  An empty file is not locked: it is
 * being made.
 */
enum change_result sendmail_locked_open(struct sendmail_locked *);

/* Does the name still belong to the file that is locked? */
enum change_result sendmail_locked_recheck(struct sendmail_locked *);

/*
 * Writes a new text for the control file, locked, of the same owner, mode and
 * time, and without a name so far.
 */
enum change_result sendmail_locked_write(struct sendmail_locked *,
    const struct buf *);

/* Gives the new text a name that nobody looks for, if it has none. */
enum change_result sendmail_locked_name(struct sendmail_locked *);

/* Puts the new text, which has that name, in the place of a control file. */
enum change_result sendmail_locked_replace(struct sendmail_locked *,
    const char *name);

#endif
