/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - how far a long reading is, on a terminal */
#ifndef TOOLS_QSTAT_PROGRESS_H
#define TOOLS_QSTAT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"

struct qstat_progress {
	const struct when_clock *clock;
	int fd;        /* a terminal; -1: be silent */
	int64_t began; /* mono, milliseconds */
	int64_t next;
	size_t shown; /* columns in use */
};

void qstat_progress_start(struct qstat_progress *, const struct when_clock *,
    int fd);

/* For struct survey_options: shows numbers, now and then, from 1 s on. */
void qstat_progress_show(void *progress, uint64_t done, uint64_t total);

/* Erases what was shown. */
void qstat_progress_end(struct qstat_progress *);

#endif
