/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mta_change.h - how the messages of one mail server are changed */
#ifndef MAIL_MTA_CHANGE_H
#define MAIL_MTA_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/span.h"
#include "base/when.h"
#include "mail/change.h"
#include "mail/envelope.h"
#include "mail/mta.h"

struct mta_change;

#define MTA_CHANGE_BATCH 256 /* messages that are changed together, at most */
#define MTA_PLACE_PARTS  4

/*
 * A queue directory in which messages are changed, or one to which they are
 * moved.  The caller sets change, queue, dir and path; open_place sets error,
 * part, nparts and own.
 */
struct mta_place {
	const struct mta_change *change; /* of its server; or NULL */
	const struct queue *queue;
	const struct queue_dir *dir;
	char *path; /* without links, but with an error */
	int error;  /* errno: it can't be opened; or 0 */
	bool used;  /* the caller's: messages were changed here */

	/*
	 * For a queue directory, moved is the place that its messages are moved
	 * to, or NULL, and home is NULL.  For that place, home is the queue
	 * directory that its messages come from, and moved is NULL.
	 */
	struct mta_place *moved;
	struct mta_place *home;

	/*
	 * The directories that its messages are renamed from, and to: nothing
	 * else may be in them, and they are of one file system with those that
	 * messages are moved to.
	 */
	struct mta_part {
		dev_t dev;
		ino_t ino;
	} part[MTA_PLACE_PARTS];
	size_t nparts;

	void *own; /* the server's */
};

struct mta_place_list {
	struct mta_place *v;
	size_t n;
};

#define MTA_PLACE_LIST_INIT \
	{                   \
		NULL, 0     \
	}

/* One run: what is done to all its messages. */
struct mta_session {
	enum change_action action;
	const char *reason; /* of CHANGE_HOLD, one line */

	/*
	 * All queue directories: a part of a message may be in another one
	 * than the rest.
	 */
	const struct mta_place_list *homes;

	/*
	 * For a server whose messages have to be kept from others for a moment
	 * after they were changed: how many descriptors that may take.  With 0
	 * they are not kept.
	 */
	size_t keep_files;
	const struct when_clock *clock;

	void *own; /* the server's */
};

/*
 * A message as it was found.  In some servers an id can be that of another
 * message later; inode and arrival tell the two apart.  The strings are the
 * caller's, and stay for as long as it is used.
 */
struct mta_message {
	const struct mta_place *place; /* where it was */
	const struct mta_dir *kind;    /* of directory */
	enum mta_state state;          /* what it was */
	const char *name;              /* its file, from there */
	struct span id;
	uint64_t ino;    /* of that file; 0: not known */
	int64_t arrival; /* seconds since 1970; 0 or less: not known */
};

/* A message that is on its way through the steps below. */
struct mta_claim {
	const struct mta_message *message;
	size_t bytes; /* that were read of it, and are in memory */

	enum change_result result; /* of commit */
	bool begun;                /* commit has changed something */
	const char *why;           /* constant; or NULL */
	int error;                 /* errno, or 0 */

	void *own; /* the server's */
};

/*
 * The changes of one server.  Its own processes may run all the while.  What
 * is done to a message is, in this order:
 *
 *   claim    take hold of it, and read it
 *   look     what is it now?  The caller judges that again.
 *   prepare  do what may fail or takes time, and nobody else sees
 *            the caller enters the whole batch in its journal
 *   commit   do it, to all of the batch
 *   drop     let go of it; before commit, that leaves it as it was
 *
 * Threads may do so at once, each with claims of its own.
 */
struct mta_change {
	/* Can an id be that of another message later? */
	bool ids_return;

	/* How many descriptors an open place takes, and a message. */
	size_t place_files;
	size_t message_files;

	/*
	 * Opens a place; one that can't be opened gets an error.  0; or -1:
	 * out of memory.  Close it in both cases.
	 */
	int (*open_place)(struct mta_place *);
	void (*close_place)(struct mta_place *);

	/*
	 * Can messages be changed there?  Finds it out once; not by two threads
	 * at once.  0; or -1 with errno and *why, which a path follows.  NULL:
	 * where it could be opened, they can.
	 */
	int (*probe_place)(struct mta_place *, const char **why);

	/*
	 * 0; or -1: out of memory.  Close it in both cases.  All three are NULL
	 * where a run has nothing of its own, and nothing is kept.
	 */
	int (*open)(struct mta_session *);
	void (*close)(struct mta_session *);

	/* Waits until nothing is kept any more of earlier changes. */
	void (*wait)(struct mta_session *);

	/*
	 * Takes hold of a message: by the server's own lock, where there is
	 * one that keeps the server off.  Where there is none, it remembers
	 * what it has opened.  Reads the envelope.  CHANGE_OTHER: it has not
	 * the inode or the arrival that it had, and this server changes none
	 * of them.  Drop the claim whatever the result.
	 */
	enum change_result (*claim)(struct mta_session *, struct mta_claim *);

	/*
	 * Parses what was read; recipient, which may be NULL, gets arg.  Spans
	 * point into what the claim owns.  Returns what the message is now.
	 */
	enum mta_state (*look)(const struct mta_claim *, struct envelope *,
	    envelope_recipient_fn *recipient, void *arg);

	/* NULL: there is nothing to prepare. */
	enum change_result (*prepare)(struct mta_session *, struct mta_claim *);

	/*
	 * Sets the result of each of n claims, MTA_CHANGE_BATCH at most.  A
	 * message that is not the one any more that was claimed is not changed;
	 * where nothing keeps the server off, it is first taken out of its
	 * reach, then looked at again, and put back if it is another.  Killed
	 * at any point, and then done again by new steps, it has the same
	 * result; what it can leave is for settle.  0; or -1 with errno and
	 * *why: none was changed.
	 */
	int (*commit)(struct mta_session *, struct mta_claim **, size_t n,
	    const char **why);

	/* Some are kept from others for a moment more, see the session. */
	void (*drop)(struct mta_session *, struct mta_claim *);

	/*
	 * After commit may have been killed: clears away what that would have
	 * left of a message of this place, of which the journal tells the id
	 * and, if ids return, the inode and the arrival.  Tells by CHANGE_DONE
	 * or CHANGE_GONE whether the action is done; CHANGE_OTHER: it has left,
	 * and may have been delivered.  No session needs to be open.
	 */
	enum change_result (*settle)(const struct mta_message *,
	    enum change_action);
};

/* Notes why, and returns the result. */
enum change_result mta_claim_refuse(struct mta_claim *, enum change_result,
    const char *why);

/* The same with errno: ENOENT is CHANGE_GONE, all else CHANGE_FAILED. */
enum change_result mta_claim_fail(struct mta_claim *, const char *why);

#endif
