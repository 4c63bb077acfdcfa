/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.h - a report as OpenMetrics text */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "report/report.h"

/*
 * Adds the report's numbers as gauges, with the labels queue and role, and
 * "# EOF".  A queue that can't be read has no sample but mqueue_report_success
 * 1, mqueue_readable 0, mqueue_exact 0 and those of the scan.  The text is
 * OpenMetrics 1.0 and, its UNIT and EOF lines being comments there, Prometheus'
 * older text format as well.
 */
void metrics_write(const struct report *, struct buf *out);

/*
 * The same where there is no report, and so no queue for labels:
 * mqueue_report_success is 0, and the label of mqueue_report_error tells why,
 * in one line of our own words.
 */
void metrics_write_failure(const char *why, struct buf *out);

/*
 * Has another text of metrics_write(), n bytes, a series that this text has?
 * Then the first one, such as mqueue_readable{queue="mqueue",role="out"}, is
 * added to *series: whoever collects both takes neither.
 */
bool metrics_repeats(const struct buf *text, const char *other, size_t n,
    struct buf *series);

#endif
