/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flush.h - changes many messages, in batches, by several threads */
#ifndef CHANGE_FLUSH_H
#define CHANGE_FLUSH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "change/batch.h"
#include "change/gather.h"

#define FLUSH_WORKERS 4 /* at most */

struct flush_options {
	struct batch_run run;
	unsigned int workers;              /* 0: as there are CPUs */
	const volatile sig_atomic_t *stop; /* ends it; or NULL */

	/* Called now and then by the calling thread; may be NULL. */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
};

/* The first message with some result. */
struct flush_example {
	char name[LISTER_NAME];
	const struct mta_place *place;
	const char *why; /* constant; NULL: nothing */
	int error;       /* errno, or 0 */
	size_t bytes;    /* that were read of it */
};

struct flush_count {
	uint64_t n[CHANGE_RESULTS];
	struct flush_example example[CHANGE_RESULTS];

	/* It ended early, since all else would have met the same error. */
	const char *fatal; /* what failed; NULL: nothing */
	int error;         /* errno */
	bool journal;      /* it was the journal's, not a message's */
};

/*
 * How many descriptors it takes to change one message: those of the places,
 * all homes, and the message.
 */
size_t flush_files(const struct batch_run *);

/*
 * Changes messages in batches: each is claimed, judged again and prepared;
 * then the batch is entered in the journal, and the changes are made.  A batch
 * for which there is no room, see change_is_room(), is made smaller, down to
 * one message.  Whatever the action, no message is touched that another process
 * has, that is incomplete, or that is not wanted any more.  Adds to *count,
 * which has to be initialized.
 *
 * 0; or -1: out of memory, with what was done in *count.
 */
int flush_run(const struct gather_name *, size_t n,
    const struct flush_options *, struct flush_count *);

#endif
