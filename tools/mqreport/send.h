/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send.h - where mqreport's answer goes */
#ifndef TOOLS_MQREPORT_SEND_H
#define TOOLS_MQREPORT_SEND_H

#include "base/buf.h"
#include "base/when.h"

#define MQREPORT_SEND_TIME   5000 /* for a client to take it, ms */
#define MQREPORT_SEND_LINGER 1000 /* for it to close, ms */

/* Both return 0; or -1 with one line added to *why, clean for output. */

/* Writes to a descriptor; a socket's client has so long, and no longer. */
int mqreport_send(int fd, const struct buf *text, const struct when_clock *,
    struct buf *why);

/*
 * Replaces a file, mode 0644: whoever reads it finds the old or the new.  Of a
 * NAME.prom no other *.prom beside it may have the same series, as
 * node_exporter would take neither.
 */
int mqreport_send_file(const char *path, const struct buf *text,
    struct buf *why);

#endif
