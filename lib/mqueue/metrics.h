/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.h - a report as OpenMetrics text */
#ifndef MQUEUE_METRICS_H
#define MQUEUE_METRICS_H

#include "base/buf.h"
#include "mqueue/report.h"

/*
 * Adds the report's numbers as gauges, with the labels queue and role, and
 * "# EOF".  A queue that can't be read has no sample but mqueue_readable 0
 * and mqueue_exact 0.  The text is OpenMetrics 1.0 and, its UNIT and EOF lines
 * being comments there, Prometheus' older text format as well.
 */
void metrics_write(const struct report *, struct buf *out);

#endif
