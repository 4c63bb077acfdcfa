/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flush.h - changes many messages: locked, looked at again, journaled */
#ifndef CHANGE_FLUSH_H
#define CHANGE_FLUSH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "change/change.h"
#include "change/gather.h"
#include "change/journal.h"
#include "change/wanted.h"

#define FLUSH_WORKERS 4   /* at most */
#define FLUSH_BATCH   256 /* messages that are synced together */

struct flush_options {
	const struct mta *mta;
	enum change_action action;
	const char *reason; /* of CHANGE_HOLD */
	const struct wanted *wanted;
	const struct place_list *places; /* of the names; probed */
	const struct place_list *homes;  /* in which bodies may be */
	struct journal *journal;
	struct linger_list *linger; /* gets what is late */
	const struct when_clock *clock;
	unsigned int workers;              /* 0: as there are CPUs */
	const volatile sig_atomic_t *stop; /* ends it; or NULL */

	/* Called now and then by the calling thread; may be NULL. */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
};

/* The first message with some result. */
struct flush_example {
	char name[LISTER_NAME];
	const struct place *place;
	const char *why; /* constant; NULL: nothing */
	int error;       /* errno, or 0 */
	size_t bytes;    /* of its control file, if it was read */
};

struct flush_count {
	uint64_t n[CHANGE_RESULTS];
	struct flush_example example[CHANGE_RESULTS];

	/* It ended early, since all else would have met the same error. */
	const char *fatal; /* what failed; NULL: nothing */
	int error;         /* errno */
	bool journal;      /* it was the journal's, not a message's */
};

/* How many descriptors it takes to change one message. */
size_t flush_files(const struct place_list *places,
    const struct place_list *homes);

/*
 * Changes messages in batches: each is locked, read again, judged again and
 * prepared; then the batch is entered in the journal, new texts and journal
 * are synced to the disk, and the changes are made.  A batch for which there is
 * no room, see change_is_room(), is made smaller, down to one message.
 * Whatever the action, no message is touched that another process has, that is
 * incomplete, or that is not wanted any more.  Adds to *count, which has to be
 * initialized.
 *
 * 0; or -1: out of memory, with what was done in *count.
 */
int flush_run(const struct gather_name *, size_t n,
    const struct flush_options *, struct flush_count *);

#endif
