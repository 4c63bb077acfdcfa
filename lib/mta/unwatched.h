/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unwatched.h - queues that lie on the disk and are not watched */
#ifndef MTA_UNWATCHED_H
#define MTA_UNWATCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"
#include "mail/mta.h"
#include "mail/queue.h"

#define UNWATCHED_ROWS 100

/* A queue that nobody watches. */
struct unwatched_row {
	char *spec;        /* what -q would take */
	char *source;      /* the configuration file that names it; or NULL */
	uint64_t messages; /* control files in it that were seen */
	int error;         /* errno: why it can't be looked at; or 0 */

	/* Of its directories, so that each is told once. */
	struct queue_dir *dirs;
	size_t ndirs;
};

struct unwatched {
	struct unwatched_row *v;
	size_t n;
	size_t more;   /* queues beyond UNWATCHED_ROWS */
	bool cut;      /* not all was looked at: too much, or too little time */
	size_t closed; /* directories that this user may not list */
	char *closed_path; /* the first; or NULL */

	/* Configuration files that can't be read: the first, and why. */
	size_t unread;
	char *unread_path; /* or NULL */
	int unread_error;
};

#define UNWATCHED_INIT    \
	{                 \
		.v = NULL \
	}

/*
 * Compares the queues that are watched with what there is: what *.cf in
 * /etc/mail and /etc below root say of queue directories, and the directories
 * beside and below the queues, and with spool in /var/spool below root, that
 * have control files in them.  Names only; no message is opened.
 *
 * 0; or -1, out of memory.  Free it in both cases.
 */
int unwatched_find(struct unwatched *, const struct queue_list *watched,
    const char *root, bool spool, const struct when_deadline *);
void unwatched_free(struct unwatched *);

#endif
