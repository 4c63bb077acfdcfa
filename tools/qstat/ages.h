/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ages.h - how old the messages of each group are */
#ifndef TOOLS_QSTAT_AGES_H
#define TOOLS_QSTAT_AGES_H

#include <stdint.h>

#include "base/buf.h"
#include "tools/qstat/table.h"
#include "tools/qstat/view.h"

/* The buckets of Postfix's qshape: under 5, 10 ... 1280 minutes, and older. */
#define QSTAT_AGES 10

/* The end of a bucket in minutes; 0 for the last one, which has none. */
int qstat_ages_edge(size_t i);

/* How many messages a bucket holds, of those that were read. */
uint64_t qstat_ages_count(const struct arrivals *, size_t i);

/* Adds a table: all messages, those of each group, and the rest. */
void qstat_ages_add(struct buf *, const struct qstat_view *);

/* Makes the same table as a grid. */
void qstat_ages_fill(struct qstat_table *, const struct qstat_view *);

#endif
