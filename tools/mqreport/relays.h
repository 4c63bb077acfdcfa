/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relays.h - reads the queues for the relays of a report */
#ifndef TOOLS_MQREPORT_RELAYS_H
#define TOOLS_MQREPORT_RELAYS_H

#include "base/when.h"
#include "report/report.h"
#include "tools/mqreport/config.h"

/*
 * Adds the relays that hold the most messages, as many as the configuration
 * asks for.  What was read until the deadline is a fair sample of all messages.
 * If not all were read, a line that says why is added to *advice.  0; or -1
 * with errno: out of memory.
 */
int mqreport_relays(struct report *, const struct mqreport_config *,
    const struct when_deadline *, struct buf *advice);

#endif
