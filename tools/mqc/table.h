/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - the waterfall: a line a round, and the header over it */
#ifndef TOOLS_MQC_TABLE_H
#define TOOLS_MQC_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tools/mqc/cell.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/layout.h"

#define MQC_TABLE_HEADER 20 /* lines between two headers */

struct mqc_table_look {
	struct mqc_cell_look cell;
	size_t columns; /* of the window; 0: no limit */
	size_t rows;    /* of it; 0: not known */
	bool wrap;      /* lines, not fewer hosts */
	bool time;
	bool total;
};

/* What stays the same from round to round. */
struct mqc_table {
	struct mqc_layout layout;
	size_t *widths; /* of each host's column */
	size_t n;
	size_t widest;  /* of these */
	size_t total;   /* width of that column */
	size_t columns; /* of the window at that time */
	size_t lines;   /* since the last header */
	bool due;       /* the header is to come next */
};

void mqc_table_init(struct mqc_table *);
void mqc_table_free(struct mqc_table *);

/*
 * Says that something else was written to the terminal, so that the next round
 * begins with a header.
 */
void mqc_table_disturb(struct mqc_table *);

/*
 * Adds the line of a round.  If no header on the screen fits the line, a header
 * comes before it.  0, or -1: out of memory.
 */
int mqc_table_add(struct mqc_table *, const struct mqc_fleet *,
    const struct mqc_table_look *, struct buf *out);

/* Counts the lines of n bytes that were written below the line of a round. */
void mqc_table_count(struct mqc_table *, const char *, size_t n);

#endif
