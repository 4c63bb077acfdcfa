/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.h - a report as OpenMetrics text */
#ifndef MQUEUE_METRICS_H
#define MQUEUE_METRICS_H

#include "base/buf.h"
#include "mqueue/report.h"

/*
 * Adds the report's numbers as gauges, with the labels queue and role, and
 * "# EOF".  A queue that can't be read has no sample but mqueue_readable 0
 * and mqueue_exact 0; mqueue_report_success is 1.  The text is OpenMetrics 1.0
 * and, its UNIT and EOF lines being comments there, Prometheus' older text
 * format as well.
 */
void metrics_write(const struct report *, struct buf *out);

/*
 * The same where there is no report: mqueue_report_success is 0, and the label
 * of mqueue_report_error tells why, in one line of our own words.
 */
void metrics_write_failure(const char *why, struct buf *out);

#endif
