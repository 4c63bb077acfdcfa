/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - what qflush says of what it did, and of what it left */
#ifndef TOOLS_QFLUSH_REPORT_H
#define TOOLS_QFLUSH_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "change/flush.h"
#include "change/gather.h"
#include "change/moved.h"
#include "tools/qflush/config.h"

/* Why more than the limit is not touched, in one line. */
void qflush_report_limit(struct buf *, const struct qflush_config *, uint64_t n,
    uint64_t total);

/* What is left alone by intent, what can't be read, and strangers. */
void qflush_report_left(struct buf *, const struct qflush_config *,
    const struct gather *);
void qflush_report_strangers(struct buf *, const struct moved *);

/* Queue directories that can't be used; true if there is one. */
bool qflush_report_unopened(struct buf *, const struct mta_place_list *);

/* What was done, and to which messages not, and why. */
struct qflush_report_run {
	uint64_t passes;
	int64_t ms;    /* how long it took */
	bool stopped;  /* by a signal */
	bool clean;    /* the last two passes found nothing */
	uint64_t left; /* found, but not tried */
	const struct mta_place_list *places; /* those used are marked */
};
void qflush_report_done(struct buf *, const struct qflush_config *,
    const struct flush_count *, const struct qflush_report_run *);

#endif
