/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - rounds as lines of a file: --record and --replay */
#ifndef TOOLS_MQC_RECORD_H
#define TOOLS_MQC_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/report.h"

#define MQC_RECORD_LINE (REPORT_MAX + 1024) /* bytes of a line, at most */

/* Adds the first line of a recording.  The interval is in seconds. */
void mqc_record_add_head(struct buf *, int64_t interval);

/*
 * Adds the line of one host in a round that began at time: the report that it
 * sent, or else why it has none.  delay is in milliseconds.
 */
void mqc_record_add_report(struct buf *, int64_t time, const char *name,
    int64_t delay, const char *bytes, size_t n);
void mqc_record_add_failure(struct buf *, int64_t time, const char *name,
    int64_t delay, int answer, const char *why);

struct mqc_record {
	int64_t interval; /* of a first line; else 0 */
	int64_t time;
	const char *name;
	int64_t delay;
	int answer;       /* see mqc_fleet.h */
	const char *text; /* the report, or why */
	size_t n;         /* bytes of it */
};

/*
 * Parses a line of n bytes, with its newline.  The result points into the line,
 * which is changed.  0; or -1 with *why a constant text.
 */
int mqc_record_parse(struct mqc_record *, char *line, size_t n,
    const char **why);

#endif
