/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - what qflush says: before it does something, and after */
#ifndef TOOLS_QFLUSH_TEXT_H
#define TOOLS_QFLUSH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "change/flush.h"
#include "change/gather.h"
#include "change/moved.h"
#include "tools/qflush/config.h"

/*
 * What would be done, and to whose messages: for each relay how many, how many
 * of them came before its flood, senders, ages.  places are those of the
 * names.
 */
void qflush_text_plan(struct buf *, const struct qflush_config *,
    const struct gather *, const struct place_list *places, int64_t now);

/* Why more than the limit is not touched, in one line. */
void qflush_text_limit(struct buf *, const struct qflush_config *, uint64_t n,
    uint64_t total);

/* What is left alone by intent, what can't be read, and strangers. */
void qflush_text_left(struct buf *, const struct qflush_config *,
    const struct gather *);
void qflush_text_strangers(struct buf *, const struct moved *);

/* Queue directories that can't be used; true if there is one. */
bool qflush_text_unopened(struct buf *, const struct place_list *);

/* What was done, and to which messages not, and why. */
struct qflush_text_run {
	uint64_t passes;
	int64_t ms;                      /* how long it took */
	bool stopped;                    /* by a signal */
	bool clean;                      /* the last two passes found nothing */
	uint64_t left;                   /* found, but not tried */
	const struct place_list *places; /* those used are marked */
};
void qflush_text_done(struct buf *, const struct qflush_config *,
    const struct flush_count *, const struct qflush_text_run *);

#endif
