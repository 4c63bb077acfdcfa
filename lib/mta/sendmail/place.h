/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - a queue directory that is open, so that its files may be changed */
#ifndef MTA_SENDMAIL_PLACE_H
#define MTA_SENDMAIL_PLACE_H

#include <stdbool.h>

#include "base/span.h"
#include "mail/mta_change.h"

/*
 * What stands before the name of a control file while a new text of it has to
 * have a name; and alone, the name of a file that tells which locks there are.
 * sendmail takes no such file for one of its own.
 */
#define SENDMAIL_PLACE_NEW ".qflush-"

/* The server's own part of a struct mta_place. */
struct sendmail_place {
	int control; /* its directories; -1: error */
	int body;
	int log; /* of transcripts */

	bool probed;
	bool both; /* see sendmail_lock_probe() */
};

/* See struct mta_change.  It takes SENDMAIL_PLACE_FILES descriptors. */
#define SENDMAIL_PLACE_FILES 3
int sendmail_place_open(struct mta_place *);
void sendmail_place_close(struct mta_place *);

/* Of a place without an error. */
const struct sendmail_place *sendmail_place_of(const struct mta_place *);

/*
 * Finds out which locks a directory needs, once; not by two threads at once.
 * Both are taken where there is no room for the file that tells.  0; or -1
 * with errno and *why, also if the place is not open.
 */
int sendmail_place_probe(struct mta_place *, const char **why);

/*
 * Where the body of a message is whose control file is at a place and says so
 * ("hg/h1", below the base of all queues); body_dir n 0: it says nothing.
 * Only a place of the list can be the answer.  NULL: none fits, or several.
 */
const struct mta_place *sendmail_place_of_body(const struct mta_place_list *,
    const struct mta_place *, struct span body_dir);

#endif
