/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.h - reads control files, many under way at once */
#ifndef LOOK_READER_H
#define LOOK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "look/lister.h"
#include "mail/envelope.h"

/* What became of the files. */
struct reader_count {
	uint64_t started;
	uint64_t read;
	uint64_t vanished; /* or something else has the name now */
	uint64_t refused;  /* by done */
	uint64_t unreadable;

	/* The first of those by name, and why. */
	const struct queue *failed_queue;
	const struct queue_dir *failed_dir;
	char failed_name[LISTER_NAME];
	int error; /* errno */
};

/*
 * 0; 1: its file says that the message is not one of those that are asked for;
 * or -1: the reading ends.
 */
typedef int reader_fn(void *arg, const struct lister *,
    const struct lister_entry *, const struct envelope *);

/*
 * Where else a file may be that has left the directory of a lister: the i-th
 * other directory, or NULL.
 */
typedef const struct lister *reader_elsewhere_fn(void *arg,
    const struct lister *, size_t i);

struct reader_slot;

/* One thread's reads. */
struct reader {
	const struct when_clock *clock;
	const struct when_deadline *deadline; /* NULL: none */
	bool all_recipients;
	envelope_recipient_fn *recipient;
	reader_fn *done;
	reader_elsewhere_fn *elsewhere; /* NULL: what left is gone */
	void *arg;                      /* of all three */

	struct reader_count count;
	struct source source;     /* of the file that is being read */
	struct reader_slot *slot; /* a ring */
	size_t nslots;
	size_t first;
	size_t parked; /* slots in use */
	bool noatime;
	bool nowait;
	unsigned int starved; /* of descriptors, */
	/* in a row */

	/* How long reads that had to wait took. */
	int64_t waited_ms;
	uint64_t waited;
};

/*
 * Makes room for that many reads under way, and for room bytes of a file: what
 * the parsers of their servers may ask for at most.  clock, deadline,
 * recipient, done, elsewhere, arg and all_recipients are set already.  0, or
 * -1: out of memory.
 */
int reader_init(struct reader *, size_t window, size_t room);
void reader_free(struct reader *);

/*
 * Opens the file of an entry and reads its beginning.  If that would wait for
 * the disk, the file is set aside, and an earlier one is finished when there
 * are too many of these.  A file that can't be opened for want of descriptors
 * waits until others are closed, but not past the deadline, and not for ever:
 * then it is unreadable.  One that has left for another directory is read
 * there, and done is told that one.  0, or -1 from done.
 */
int reader_start(struct reader *, const struct lister *,
    const struct lister_entry *);

/*
 * Finishes all that are set aside.  0; or -1 from done, and the others are
 * closed.  For the thread that set them aside: see sys_own_descriptors().
 */
int reader_drain(struct reader *);

/* How long that would take, in milliseconds, as far as is known. */
int64_t reader_backlog(const struct reader *);

void reader_count_add(struct reader_count *, const struct reader_count *);

#endif
