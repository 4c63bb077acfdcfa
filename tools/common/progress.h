/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - how far a long task is, on a terminal */
#ifndef TOOLS_COMMON_PROGRESS_H
#define TOOLS_COMMON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"

struct progress {
	/* The caller sets these. */
	const struct when_clock *clock;
	int fd;              /* a terminal; -1: nothing is shown */
	const char *program; /* "qflush" */
	const char *what;    /* "read", "held" */
	bool paced;          /* tells the speed and the time that is left */

	int64_t began; /* mono, milliseconds */
	int64_t next;  /* when the line is written again */
	size_t shown;  /* columns in use */
};

/* Begins a task, which is shown once it has taken a second. */
void progress_start(struct progress *);

/*
 * Shows how much is done, five times a second at most.  total is 0 if it is
 * not known.  For the progress of struct survey_options and flush_options.
 */
void progress_show(void *progress, uint64_t done, uint64_t total);

/* Erases what was shown. */
void progress_end(struct progress *);

/*
 * Adds what is shown after so many milliseconds: "qstat: read 40 of 50 ...";
 * paced: "qflush: held 1200 of 2871, 700/s, 3s left".
 */
void progress_text(struct buf *, const struct progress *, uint64_t done,
    uint64_t total, int64_t ms);

#endif
