/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - how far a long reading is, on a terminal
 *
 * One line that is written over, with nothing but blanks and a carriage
 * return, so that every terminal can do it.  What can't be written is lost.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/fsx.h"
#include "tools/qstat/progress.h"

#define QSTAT_PROGRESS_QUIET 1000 /* ms before the first line */
#define QSTAT_PROGRESS_EVERY 200

void
qstat_progress_start(struct qstat_progress *p, const struct when_clock *clock,
    int fd)
{
	*p = (struct qstat_progress){ .clock = clock, .fd = fd };
	if (fd == -1)
		return;
	p->began = when_mono(clock);
	p->next = p->began + QSTAT_PROGRESS_QUIET;
}

void
qstat_progress_show(void *arg, uint64_t done, uint64_t total)
{
	struct qstat_progress *p = arg;
	char line[80];
	int64_t now;
	int n;

	if (p->fd == -1 || (now = when_mono(p->clock)) < p->next)
		return;
	p->next = now + QSTAT_PROGRESS_EVERY;
	if (total != 0)
		n = snprintf(line, sizeof(line),
		    "\rqstat: read %" PRIu64 " of %" PRIu64 " ...", done,
		    total);
	else
		n = snprintf(line, sizeof(line),
		    "\rqstat: read %" PRIu64 " ...", done);
	if (n > 0 && fsx_write(p->fd, line, (size_t)n) == 0)
		p->shown = (size_t)n;
}

void
qstat_progress_end(struct qstat_progress *p)
{
	char line[82];

	if (p->shown == 0)
		return;
	memset(line, ' ', sizeof(line));
	line[0] = line[p->shown] = '\r';
	fsx_write(p->fd, line, p->shown + 1);
	p->shown = 0;
}
