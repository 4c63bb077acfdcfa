/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch.h - messages that are changed together: claimed, judged, journaled */
#ifndef CHANGE_BATCH_H
#define CHANGE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "change/gather.h"
#include "change/journal.h"
#include "change/wanted.h"
#include "mail/mta_change.h"

/* What all batches of a run have in common. */
struct batch_run {
	const struct mta *mta;
	struct mta_session *session;         /* open */
	const struct mta_place_list *places; /* of the names; probed */
	const struct wanted *wanted;
	struct journal *journal;
	const struct when_clock *clock;
};

struct batch_item {
	struct mta_message message;
	struct mta_claim claim;
	size_t index; /* of its name, for the caller */
	size_t at;    /* of its result in the lines */
	bool undone;  /* nothing was changed: the caller tries it again */
};

struct batch {
	const struct batch_run *run;
	struct batch_item *item; /* those that are claimed */
	size_t n, max;
	size_t bytes;     /* that were read of them */
	struct buf lines; /* of the journal */
	off_t at;         /* where they are in it */
};

/* max: MTA_CHANGE_BATCH or fewer.  0; or -1: out of memory. */
int batch_init(struct batch *, const struct batch_run *, size_t max);
void batch_free(struct batch *);

/* Lets go of all messages. */
void batch_clear(struct batch *);

/*
 * Takes hold of a message, and judges again whether it is wanted, from what it
 * is now; and prepares it.  With CHANGE_DONE it is the last one of the batch.
 * Else *failed says why until the next call, and the message is let go of.
 * There has to be room for one more.
 */
enum change_result batch_claim(struct batch *, const struct gather_name *,
    size_t index, struct batch_item *failed);

/* Enters the batch in the journal: nothing is done before.  0; -1 with errno */
int batch_enter(struct batch *);

/* Changes the messages: see commit of struct mta_change. */
int batch_commit(struct batch *, const char **why);

/*
 * Writes the results into the journal; that of what is undone is
 * JOURNAL_UNDONE.  0; or -1 with errno.
 */
int batch_end(struct batch *);

#endif
