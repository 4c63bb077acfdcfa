/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - how far it is, how fast, and how long it will take */
#ifndef TOOLS_QFLUSH_PROGRESS_H
#define TOOLS_QFLUSH_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"

struct qflush_progress {
	const struct when_clock *clock;
	int fd;           /* a terminal; -1: be silent */
	const char *what; /* "read", "held" */
	int64_t began;    /* mono, milliseconds */
	int64_t next;
	size_t shown; /* columns in use */
};

/* Begins something that will be shown once it takes longer than a second. */
void qflush_progress_start(struct qflush_progress *, const struct when_clock *,
    int fd, const char *what);

/* For surveys and for flush_run(); total 0: not known. */
void qflush_progress_show(void *progress, uint64_t done, uint64_t total);

/* Erases what was shown. */
void qflush_progress_end(struct qflush_progress *);

/* "held 1200 of 2871, 700/s, 2s left" */
void qflush_progress_text(struct buf *, const char *what, uint64_t done,
    uint64_t total, int64_t ms);

#endif
