/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send.h - where mqreport's answer goes */
#ifndef TOOLS_MQREPORT_SEND_H
#define TOOLS_MQREPORT_SEND_H

#include "base/buf.h"
#include "base/when.h"

#define MQREPORT_SEND_TIME   5000 /* for a client to take it, ms */
#define MQREPORT_SEND_LINGER 1000 /* for it to close, ms */

/* Both return 0; or -1 with one line added to *why, clean for output. */

/*
 * Writes to a descriptor.  The client of a socket has to take it in this time.
 */
int mqreport_send(int fd, const struct buf *text, const struct when_clock *,
    struct buf *why);

/*
 * Replaces a file, with mode 0644.  A reader finds the old file or the new one,
 * and never a part.  If the file is NAME.prom, it is an error if another *.prom
 * in its directory has the same series, because node_exporter would take
 * neither.
 */
int mqreport_send_file(const char *path, const struct buf *text,
    struct buf *why);

#endif
