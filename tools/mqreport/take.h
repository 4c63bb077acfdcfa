/* SPDX-License-Identifier: GPL-3.0-or-later */
/* take.h - counts the queues for a report */
#ifndef TOOLS_MQREPORT_TAKE_H
#define TOOLS_MQREPORT_TAKE_H

#include "base/buf.h"
#include "base/when.h"
#include "report/report.h"
#include "tools/mqreport/config.h"

/* Makes an empty report of this host and this moment.  0; -1 with errno. */
int mqreport_take_start(struct report *, const struct when_clock *);

/*
 * Counts all queues of the configuration until the deadline.  If the
 * configuration names no queues, they are found first.  For each queue that
 * cannot be read, lines are added to *advice that say why, and what to do.  0;
 * or -1 with one line added to *why, clean for output.  The caller has to free
 * the report in both cases.
 */
int mqreport_take(struct report *, struct mqreport_config *,
    const struct when_deadline *, struct buf *advice, struct buf *why);

#endif
