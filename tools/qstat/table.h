/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - the groups as a table for people */
#ifndef TOOLS_QSTAT_TABLE_H
#define TOOLS_QSTAT_TABLE_H

#include "base/buf.h"
#include "tools/common/grid.h"
#include "tools/qstat/view.h"

/* Adds a line for each group, and one for all others. */
void qstat_table_add(struct buf *, const struct qstat_view *);

/*
 * The same table as a grid, for callers that have to know its widths.  The
 * caller has to call grid_free() for it.
 */
struct qstat_table {
	struct grid grid;
	struct grid_column column[GRID_COLUMNS];
	size_t key; /* which column holds the key */
};

void qstat_table_fill(struct qstat_table *, const struct qstat_view *);

/* A group where the flood rule holds: its mark "!!", "!", "?" or "". */
const char *qstat_table_mark(enum qstat_view_flood);
enum paint qstat_table_paint(enum qstat_view_flood);

#endif
