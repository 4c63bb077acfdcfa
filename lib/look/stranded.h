/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stranded.h - messages that no queue run delivers as they are */
#ifndef LOOK_STRANDED_H
#define LOOK_STRANDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "mail/mta.h"
#include "mail/queue.h"

/*
 * sendmail itself waits for this time before it takes an empty control file
 * for a leftover (queue.c, readqf()).
 */
#define STRANDED_AGE 600 /* seconds */

/* The time between two looks at a file that seems to be stranded. */
#define STRANDED_GAP 1000 /* milliseconds */

/*
 * So many of the oldest waiting messages of a directory, and as many of those
 * that are held, are looked at for a body: a check every minute must not
 * visit a million inodes.  STRANDED_MORE is for somebody who asks once.
 */
#define STRANDED_FEW    256
#define STRANDED_MORE   16384

#define STRANDED_NAME   32 /* of a file, with its end */
#define STRANDED_NO_AGE (-1)

enum stranded_kind {
	STRANDED_BESIDE,   /* beside the subdirectory of its kind */
	STRANDED_DRAFT,    /* a control file that was never finished */
	STRANDED_BODYLESS, /* a control file whose body is gone */
	STRANDED_KINDS
};

/* Of one queue. */
struct stranded_count {
	uint64_t n[STRANDED_KINDS];
	uint64_t looked; /* messages whose body was looked for */
	bool partly;     /* there are more than were looked at */
	bool unsure;     /* there was time for the first look only */

	/* One file of each kind: its directory, and its name. */
	struct stranded_example {
		const struct queue_dir *dir;
		char name[STRANDED_NAME];
	} example[STRANDED_KINDS];
};

/*
 * The state while the queues are counted, see scan.h.  The numbers above limit
 * its memory, which does not grow with the messages.
 */
struct stranded {
	const struct queue_list *queues;
	int64_t now;    /* seconds since 1970 */
	int64_t budget; /* milliseconds left for looks */
	struct stranded_pile *piles;
	struct stranded_suspect *suspects;
	size_t nsuspects;
	bool oom;
	struct stranded_count *counts; /* one for each queue of the list */
};

#define STRANDED_INIT          \
	{                      \
		.queues = NULL \
	}

/*
 * Begins a look at queues, which must outlive it; most of each kind of a
 * directory are looked at.  0; or -1: out of memory.  Free it in both cases.
 */
int stranded_start(struct stranded *, const struct queue_list *, int64_t now,
    size_t most);
void stranded_free(struct stranded *);

/*
 * Takes down the name of an entry of the directory that is being listed: a
 * message that waits or is held, or a file that is not a message.  age is in
 * seconds; STRANDED_NO_AGE: the name may tell it.
 */
void stranded_note(struct stranded *, const struct mta *,
    const struct mta_entry *, const char *name, int64_t age);

/*
 * The first look, when a directory of a kind was listed: fstatat(2) of what
 * was noted.  No file is opened.  Stops early for the deadline, or when all
 * looks took a second: then the count is partly.
 */
void stranded_look(struct stranded *, const struct queue *,
    const struct queue_dir *, const struct mta_dir *, int control_fd,
    const struct when_deadline *);

/*
 * The second look, after gap milliseconds, at the files that seemed to be
 * stranded; if there are none, it returns at once.  A message that arrived,
 * was delivered or was written anew meanwhile is not stranded.  If there is no
 * time to wait, files that were not looked at twice do not count, and partly
 * is set.  0; or -1: out of memory.
 */
int stranded_confirm(struct stranded *, int gap, const struct when_deadline *);

/* The sum of all kinds. */
uint64_t stranded_total(const struct stranded_count *);

/*
 * Is the number known?  It is not if there was no time for the second look,
 * because 0 would be a guess.
 */
bool stranded_is_known(const struct stranded_count *);

#endif
