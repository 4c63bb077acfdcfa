/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.h - what was done to which message, one line each */
#ifndef CHANGE_JOURNAL_H
#define CHANGE_JOURNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "mail/envelope.h"

/*
 * A line has eight fields, parted by tabs: time (UTC), action, queue directory,
 * queue id, relay, sender, recipients ("3:a@b,c@d,..."), result.  It is
 * written, and on the disk, before the action, with the result "pending"; the
 * result is then written over that.  So a line that stays pending belongs to a
 * run that was killed.
 */
#define JOURNAL_PENDING "pending"
#define JOURNAL_UNDONE  "undone" /* it was not done: another error */
#define JOURNAL_RESULT  10       /* width of the last field, with blanks */

struct journal {
	int fd;     /* -1: none */
	int append; /* the same file, to add to its end */
	bool cut;   /* its last line may have no end */
	pthread_mutex_t lock;
};

#define JOURNAL_INIT                                     \
	{                                                \
		-1, -1, false, PTHREAD_MUTEX_INITIALIZER \
	}

/*
 * Opens a journal, and makes one of mode 0600 if there is none.  It has to be
 * a regular file of this user that no link leads to.  0; or -1 with the reason
 * added to *why.
 */
int journal_open(struct journal *, const char *path, struct buf *why);
void journal_close(struct journal *);

/*
 * Adds a pending line to *lines; recipients is what that field shows.  Returns
 * where its result is, for journal_set().
 */
size_t journal_add(struct buf *lines, int64_t when, const char *action,
    const char *queue, const char *id, const struct envelope *,
    const char *recipients);
void journal_set(struct buf *lines, size_t at, const char *result);

/* Adds a line about the run itself: "begin" or "end", and a text's first. */
int journal_note(struct journal *, int64_t when, const char *what,
    const char *text);

/*
 * Adds lines to the file, and sees to it that they are on the disk; *at is
 * where they are.  Then, with their results set, writes them over.  0, or -1
 * with errno.  Threads and processes may do so at once.  Of lines that
 * could not all be written, or synced, none is left; or, while another process
 * has the journal open, those that were written are "undone".
 */
int journal_begin(struct journal *, const struct buf *lines, off_t *at);
int journal_end(struct journal *, const struct buf *lines, off_t at);

/* What became of a message: a constant text; or NULL, nobody can tell yet. */
typedef const char *journal_settle_fn(void *arg, const char *action,
    const char *queue, const char *id);

/*
 * Asks for each line at the end of the journal that is pending, unless another
 * process has the journal open.  0 with *n, how many there were; -1 with
 * errno.
 */
int journal_settle(struct journal *, journal_settle_fn *settle, void *arg,
    size_t *n);

#endif
