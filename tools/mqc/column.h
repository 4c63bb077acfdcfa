/* SPDX-License-Identifier: GPL-3.0-or-later */
/* column.h - the numbers that mqc shows of a host, and their limits */
#ifndef TOOLS_MQC_COLUMN_H
#define TOOLS_MQC_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/report.h"

#define MQC_COLUMN_MAX      8  /* numbers of a host */
#define MQC_COLUMN_NAME     32 /* with its NUL */
#define MQC_COLUMN_DEFAULT  "in,m"
#define MQC_COLUMN_ALL      "in,m,client" /* where width costs nothing */
#define MQC_COLUMN_WARNING  1200 /* the postmaster's limits, messages */
#define MQC_COLUMN_CRITICAL 3000

/* A column shows all queues of a role, or the queue that has this name. */
struct mqc_column {
	char name[MQC_COLUMN_NAME];
	bool by_role;
	enum queue_role role;
	uint64_t warning; /* more than this alerts */
	uint64_t critical;
	bool has_warning, has_critical; /* given, no default */
};

struct mqc_column_set {
	struct mqc_column v[MQC_COLUMN_MAX];
	size_t n;
	bool chosen; /* by the user: what no column shows is not missed */
};

/*
 * Reads names parted by commas: "in,m".  "in", "m", "out" and "client" are
 * roles; any other word is the name of a queue.  0; or -1 with a line added to
 * *why.
 */
int mqc_column_parse(struct mqc_column_set *, const char *, struct buf *why);

/*
 * Reads a limit: "1200" is for all columns, "m=1200" for one.  0; or -1 with a
 * line added to *why.
 */
enum mqc_column_limit { MQC_COLUMN_WARN, MQC_COLUMN_CRIT };
int mqc_column_set_limit(struct mqc_column_set *, enum mqc_column_limit,
    const char *, struct buf *why);

/*
 * Checks the columns of which the user gave both limits: the warning must not
 * be above the critical limit.  0; or -1 with a line added to *why.
 */
int mqc_column_check(const struct mqc_column_set *, struct buf *why);

/* What a report says of a column. */
enum mqc_column_kind {
	MQC_COLUMN_MISSING, /* the host has no such queue */
	MQC_COLUMN_EXACT,
	MQC_COLUMN_AT_LEAST,
	MQC_COLUMN_UNREADABLE, /* some of it; n is the rest */
};

struct mqc_column_value {
	enum mqc_column_kind kind;
	uint64_t n; /* messages */
};

/*
 * Finds a queue that needs a look although no column shows it.  This is a
 * client queue, if the user chose no columns.  It needs a look if it cannot be
 * read, has a message older than 15 minutes, or has more messages than
 * MQC_COLUMN_WARNING.  NULL: there is no such queue.
 */
const struct report_queue *mqc_column_missed(const struct mqc_column_set *,
    const struct report *);

struct mqc_column_value mqc_column_read(const struct mqc_column *,
    const struct report *);

/* "missing", "exact", "at-least", "unreadable". */
const char *mqc_column_kind_name(enum mqc_column_kind);

/* Worst last. */
enum mqc_column_level {
	MQC_COLUMN_OK,
	MQC_COLUMN_WARNED,
	MQC_COLUMN_ALARMED,
};

/* "ok", "warning", "critical". */
const char *mqc_column_level_name(enum mqc_column_level);

enum mqc_column_level mqc_column_judge(const struct mqc_column *,
    const struct mqc_column_value *);

#endif
