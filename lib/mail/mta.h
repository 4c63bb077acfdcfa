/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mta.h - what the scanner must know of one mail server's queue */
#ifndef MAIL_MTA_H
#define MAIL_MTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "mail/envelope.h"

struct mta_change;
struct queue;
struct queue_dir;

/* What a directory entry is. */
enum mta_kind {
	MTA_NOTHING,     /* not a message: a body, a lock, a log ... */
	MTA_QUEUED,      /* a message that waits for delivery */
	MTA_QUARANTINED, /* held until someone releases it */
	MTA_LOST,        /* set aside by the MTA as unusable */
};

/* What a command of the MTA's own is for. */
enum mta_command {
	MTA_COMMAND_QUEUED,      /* shows what waits; the first of it */
	MTA_COMMAND_QUARANTINED, /* shows what is held, by whomever */
	MTA_COMMAND_LOST,        /* shows what is unusable */
	MTA_COMMAND_RELEASE,     /* releases all that is held: CHANGE_HOLD */
};

/*
 * One MTA.  Nothing above this interface may know what its files are called.
 * All functions are pure and open no file, but arrival(), received() and
 * body_size(), which look at the inodes; change is a table of its own.
 */
struct mta {
	const char *name;

	/*
	 * Subdirectories of a queue directory that hold the control files, the
	 * bodies, and the transcripts of deliveries; where one does not exist
	 * its files are in the queue directory itself.
	 */
	const char *control_subdir;
	const char *body_subdir;
	const char *log_subdir;

	/*
	 * Adds a whole command for root, to be pasted into a shell, for one
	 * directory of the queue; dir NULL: for all that it has.  It may show
	 * more than that.  False, and nothing is added: there is none for
	 * these paths that could be typed.
	 */
	bool (*command)(struct buf *, enum mta_command, const struct queue *,
	    const struct queue_dir *dir);

	/*
	 * What to do with messages that no queue run delivers, one line: those
	 * beside control_subdir, a control file that was never finished, and
	 * one without its body.
	 */
	const char *mend_beside;
	const char *mend_draft;
	const char *mend_bodyless;

	/* How much of a control file is read at once, and at most; bytes. */
	size_t head;
	size_t head_max;

	/* By the name of an entry alone. */
	enum mta_kind (*classify)(const char *name, size_t len);

	/* By its name alone: a control file that is still being written. */
	bool (*is_draft)(const char *name, size_t len);

	/*
	 * Is the control file there that a draft is to take the place of, or
	 * has become?  1 or 0; or -1 with errno.
	 */
	int (*has_control)(int control_fd, const char *draft);

	/*
	 * Time in the queue id of a control file, seconds since 1970.  The
	 * message came then or later.  now decides where the id leaves the
	 * year open; the time may lie in the future, or long ago: see dated.h.
	 * 0, or -1: no time in this name.
	 */
	int (*id_time)(const char *name, size_t len, int64_t now,
	    int64_t *when);

	/*
	 * Creation time from the inodes of a message's files, for names
	 * without a time.  0, or -1 with errno; ENOENT: it left the queue.
	 */
	int (*arrival)(int control_fd, int body_fd, const char *name,
	    int64_t *when);

	/*
	 * When a message's body was received, by its inode; it is not changed
	 * later.  0; or -1 with errno, ENOENT: there is no body, EINVAL: no
	 * regular file.
	 */
	int (*received)(int body_fd, const char *name, int64_t *when);

	/* The queue id in the name of a control file; a part of name. */
	const char *(*id)(const char *name);

	/*
	 * The first n bytes of a control file, to an envelope; at_end: it has
	 * no more.  recipient, which may be NULL, gets arg.  Spans point into
	 * bytes.
	 */
	void (*parse)(struct envelope *, const char *bytes, size_t n,
	    bool at_end, envelope_recipient_fn *recipient, void *arg);

	/*
	 * Must more be read to tell the relay?  recipient was not called
	 * then, so that all may be parsed anew.
	 */
	bool (*wants_more)(const struct envelope *);

	/*
	 * Size of a message's body.  0; or -1 with errno, EINVAL: no regular
	 * file.
	 */
	int (*body_size)(int control_fd, int body_fd, const char *name,
	    int64_t *bytes);

	/* NULL: its queue files are not to be changed. */
	const struct mta_change *change;
};

#endif
