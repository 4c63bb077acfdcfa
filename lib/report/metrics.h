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
 * "# EOF".  A queue that cannot be read has only mqueue_report_success 1,
 * mqueue_readable 0, mqueue_exact 0 and the samples of the scan.  The text is
 * OpenMetrics 1.0.  It is also valid in Prometheus' older text format, where
 * the UNIT and EOF lines are comments.
 */
void metrics_write(const struct report *, struct buf *out);

/*
 * The same if there is no report, and therefore no queue for labels:
 * mqueue_report_success is 0, and the label of mqueue_report_error tells why,
 * in one line of our own words.
 */
void metrics_write_failure(const char *why, struct buf *out);

/*
 * Does another text of metrics_write(), n bytes, have a series that this text
 * has, too?  Then the first such series, for instance
 * mqueue_readable{queue="mqueue",role="out"}, is added to *series.  A program
 * that collects both texts would accept neither.
 */
bool metrics_repeats(const struct buf *text, const char *other, size_t n,
    struct buf *series);

#endif
