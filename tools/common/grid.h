/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.h - cells to aligned columns of text */
#ifndef TOOLS_COMMON_GRID_H
#define TOOLS_COMMON_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tools/common/paint.h"

#define GRID_COLUMNS 16 /* at most */

struct grid_column {
	const char *title;
	bool right;    /* aligned at the right */
	bool flex;     /* cut where a line would be too long */
	bool keep_end; /* a cut leaves the end of the text */
};

struct grid {
	const struct grid_column *column;
	size_t ncolumns;
	struct grid_row *row;
	size_t nrows;
	struct buf text; /* of all cells */
};

/* Begins with a row of the titles; the columns must outlive the grid. */
void grid_init(struct grid *, const struct grid_column *, size_t n);
void grid_free(struct grid *);

/* Begins a row.  A row without cells is an empty line. */
void grid_row(struct grid *, enum paint);

/*
 * Begins the next cell of the row, and returns the buffer to which the caller
 * adds its text.  The text has to be printable ASCII, so that each byte is one
 * column wide.
 */
struct buf *grid_cell(struct grid *);

/* The next cell holds this text; "" skips a column. */
void grid_text(struct grid *, const char *);

/*
 * Is there a row besides the titles?  True also if memory ran out, which
 * grid_add() tells.
 */
bool grid_has_rows(const struct grid *);

/*
 * Adds all rows as lines.  Flexible columns become narrower, the widest
 * first, until a line fits the width or they are GRID_NARROW.
 */
#define GRID_NARROW 12
void grid_add(struct buf *, const struct grid *, size_t width, bool colour);

/*
 * How wide grid_add() makes a column; cells that are longer are cut.  Adds
 * nothing to the buffer, but sets its oom if the grid had no memory.
 */
size_t grid_width(struct buf *, const struct grid *, size_t column,
    size_t width);

#endif
