/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - mqreport's text becomes a report */
#ifndef REPORT_READ_H
#define REPORT_READ_H

#include <stddef.h>

#include "report/report.h"

/*
 * Reads all n bytes that a host sent before it closed the connection.
 * REPORT_FINE: the report has at least one queue, does not contradict itself
 * (mqreport(5) has the list), and the caller has to free it.  Else the fault,
 * with *why a constant text that says more, and nothing has to be freed.  For
 * REPORT_FAILED, host, time and error are set and have to be freed, and *why is
 * that error.
 * Old readers skip lines and words that they do not know.
 */
enum report_fault report_read(struct report *, const char *bytes, size_t n,
    const char **why);

#endif
