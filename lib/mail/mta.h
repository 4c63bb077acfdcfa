/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mta.h - what a mail server is to us: the interface to each of them */
#ifndef MAIL_MTA_H
#define MAIL_MTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"
#include "mail/envelope.h"
#include "mail/source.h"

struct mta_change;
struct queue;
struct queue_dir;

/* What a directory entry is, or the message that it stands for. */
enum mta_state {
	MTA_NOTHING, /* not a message: a body, a lock, a log ... */
	MTA_QUEUED,  /* a message that waits for delivery */
	MTA_HELD,    /* held until someone releases it */
	MTA_LOST,    /* set aside by the MTA as unusable */
	MTA_STATES
};

/*
 * What it takes to learn something of a message that is listed.  Who would
 * have to pay more than he may says that it is not known.
 */
enum mta_cost {
	MTA_COST_NAME,  /* its name and the kind of directory tell */
	MTA_COST_INODE, /* an fstatat(2) of its file */
	MTA_COST_READ,  /* its file has to be opened and read */
};

/* A kind of directory in which messages lie. */
struct mta_dir {
	const char *subdir; /* of the queue directory */
	bool optional;      /* without it, they are in the queue directory */

	/* Of its entries, unless their names tell another one. */
	enum mta_state state;
	enum mta_cost state_cost;

	/* Of a message that has no time in its name. */
	enum mta_cost age_cost;

	/*
	 * How many levels of subdirectories with names of one character may
	 * be in it; messages may lie in it and in each of these.
	 */
	unsigned int depth;

	/*
	 * These bits of a file's mode are set when it is a whole message;
	 * before that it is none, so the inode must be looked at.  0: it
	 * need not.
	 */
	mode_t whole;
};

/* What a name says. */
struct mta_entry {
	enum mta_state state;
	bool draft;     /* MTA_NOTHING: a message that is being written */
	struct span id; /* the queue id, a part of the name */

	/*
	 * When the message came, seconds since 1970; exact, or it came then or
	 * later.  The time may lie in the future, or long ago: see dated.h.
	 */
	bool has_time;
	bool exact;
	int64_t time;
};

/* What a command of the MTA's own is for. */
enum mta_command {
	MTA_COMMAND_QUEUED,  /* shows what waits; the first of it */
	MTA_COMMAND_HELD,    /* shows what is held, by whomever */
	MTA_COMMAND_LOST,    /* shows what is unusable */
	MTA_COMMAND_RELEASE, /* releases what is held: CHANGE_HOLD */
};

/*
 * One MTA.  Nothing above this interface may know what its files are called.
 * All functions are pure and open no file, but has_control(), arrival(),
 * received() and body_size(), which look at the inodes; change is a table of
 * its own.
 */
struct mta {
	const char *name;

	/* The kinds of directory in which its messages lie; one or more. */
	const struct mta_dir *dirs;
	size_t ndirs;

	/*
	 * Subdirectories of a queue directory that hold the bodies and the
	 * transcripts of deliveries; where one does not exist its files are in
	 * the queue directory itself.  NULL: there are no such files, and a
	 * message is one file.
	 */
	const char *body_subdir;
	const char *log_subdir;

	/*
	 * Adds a whole command for root, to be pasted into a shell, for one
	 * directory of the queue, dir NULL: for all that it has; and for the
	 * message with this id, NULL: for all of them.  It may show or change
	 * more than that where the server's own command does.  False, and
	 * nothing is added: there is none, or none for these paths that could
	 * be typed.
	 */
	bool (*command)(struct buf *, enum mta_command, const struct queue *,
	    const struct queue_dir *dir, const struct span *id);

	/*
	 * What to do with messages that no queue run delivers, one line: those
	 * beside the subdirectory of an optional kind, a control file that was
	 * never finished, and one without its body.
	 */
	const char *mend_beside;
	const char *mend_draft;
	const char *mend_bodyless;

	/*
	 * How many bytes of a control file are read before the parser is asked
	 * for the first time, a page at most; and how many it may ask for.
	 */
	size_t first;
	size_t most;

	/*
	 * What an entry of such a directory is, by its name alone.  now
	 * decides where the name leaves the year open.
	 */
	void (*classify)(const struct mta_dir *, const char *name, size_t len,
	    int64_t now, struct mta_entry *);

	/*
	 * Is the control file there that a draft is to take the place of, or
	 * has become?  1 or 0; or -1 with errno.  NULL: there are no drafts.
	 */
	int (*has_control)(int control_fd, const char *draft);

	/*
	 * When a message came, from the inodes of its files, for names without
	 * a time.  Without a body_subdir body_fd is control_fd.  0, or -1 with
	 * errno; ENOENT: it left the queue.
	 */
	int (*arrival)(int control_fd, int body_fd, const char *name,
	    int64_t *when);

	/*
	 * When a message's body was received, by its inode; it is not changed
	 * later.  0; or -1 with errno, ENOENT: there is no body, EINVAL: no
	 * regular file.  NULL: times in names are exact, or there is nothing
	 * better.
	 */
	int (*received)(int body_fd, const char *name, int64_t *when);

	/*
	 * The bytes of a control file, to an envelope; all: with all of its
	 * recipients, as far as may be.  recipient, which may be NULL, gets
	 * arg.  Spans point into the source.  True: it asked the source for
	 * more, and should be called again with that; the envelope is what the
	 * bytes so far say.
	 */
	bool (*parse)(struct envelope *, struct source *, bool all,
	    envelope_recipient_fn *recipient, void *arg);

	/*
	 * Size of a message's body.  0; or -1 with errno, EINVAL: no regular
	 * file.
	 */
	int (*body_size)(int control_fd, int body_fd, const char *name,
	    int64_t *bytes);

	/* NULL: its queue files are not to be changed. */
	const struct mta_change *change;
};

/* The kind of directory that has this subdirectory; NULL: none has. */
const struct mta_dir *mta_dir_named(const struct mta *, const char *subdir);

/* Is a subdirectory of a queue directory a part of the queue? */
bool mta_has_subdir(const struct mta *, const char *subdir);

/* The same as classify() for who needs no more: the state, and the id. */
enum mta_state mta_state(const struct mta *, const struct mta_dir *,
    const char *name);
struct span mta_id(const struct mta *, const char *name);

#endif
