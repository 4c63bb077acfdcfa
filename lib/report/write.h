/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.h - a report becomes mqreport's text */
#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include "base/buf.h"
#include "report/report.h"

/*
 * Adds the report as text, see mqreport(5).  host must be set.  A reader takes
 * REPORT_ROWS queues and as many relays, and no more.
 */
void report_write(const struct report *, struct buf *out);

#endif
