/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * grid.c - cells to aligned columns of text
 *
 * Owns the text of all cells in one buffer; a row knows where its cells
 * begin.  Out of memory is kept in that buffer and passed on to the output.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/common/grid.h"

struct grid_row {
	enum paint paint;
	size_t ncells;
	size_t start[GRID_COLUMNS + 1]; /* in text */
};

/* One cell's text. */
struct grid_piece {
	const char *s;
	size_t n;
};

void
grid_init(struct grid *g, const struct grid_column *column, size_t n)
{
	size_t i;

	*g = (struct grid){
		.column = column,
		.ncolumns = n,
		.text = BUF_INIT,
	};
	grid_row(g, PAINT_TITLE);
	for (i = 0; i < n; i++)
		grid_text(g, column[i].title);
}

void
grid_free(struct grid *g)
{
	free(g->row);
	buf_free(&g->text);
}

void
grid_row(struct grid *g, enum paint paint)
{
	struct grid_row *row;

	if (g->text.oom)
		return;
	row = realloc(g->row, (g->nrows + 1) * sizeof(*row));
	if (row == NULL) {
		g->text.oom = true;
		return;
	}
	g->row = row;
	row[g->nrows] = (struct grid_row){ .paint = paint };
	row[g->nrows++].start[0] = g->text.len;
}

struct buf *
grid_cell(struct grid *g)
{
	struct grid_row *row;

	if (!g->text.oom) {
		row = &g->row[g->nrows - 1];
		row->start[row->ncells++] = g->text.len;
	}
	return &g->text;
}

void
grid_text(struct grid *g, const char *text)
{
	buf_adds(grid_cell(g), text);
}

bool
grid_has_rows(const struct grid *g)
{
	return g->text.oom || g->nrows > 1;
}

static struct grid_piece
grid_piece(const struct grid *g, const struct grid_row *row, size_t i)
{
	size_t end = g->text.len;

	if (i >= row->ncells)
		return (struct grid_piece){ "", 0 };
	if (i + 1 < row->ncells)
		end = row->start[i + 1];
	else if (row + 1 < g->row + g->nrows)
		end = row[1].start[0];
	return (struct grid_piece){ g->text.data + row->start[i],
		end - row->start[i] };
}

/*
 * The blanks between a column and the last column before it that is not empty.
 */
static size_t
grid_gap(const struct grid *g, const size_t *width, size_t i)
{
	size_t before = i;

	while (before != 0 && width[before - 1] == 0)
		before--;
	if (before == 0)
		return 0;
	return g->column[before - 1].right && g->column[i].flex ? 2 : 1;
}

/* A column that has a title and no other text takes no room. */
static void
grid_measure(const struct grid *g, size_t *width)
{
	struct grid_piece p;
	size_t i, r;

	for (i = 0; i < g->ncolumns; i++) {
		width[i] = 0;
		for (r = 1; r < g->nrows; r++) {
			p = grid_piece(g, &g->row[r], i);
			if (p.n > width[i])
				width[i] = p.n;
		}
		p = grid_piece(g, &g->row[0], i);
		if (width[i] != 0 && p.n > width[i])
			width[i] = p.n;
	}
}

/* Makes flexible columns narrower until they fit. */
static void
grid_fit(const struct grid *g, size_t *width, size_t limit)
{
	size_t i, total = 0, widest;

	for (i = 0; i < g->ncolumns; i++)
		if (width[i] != 0)
			total += width[i] + grid_gap(g, width, i);
	for (; total > limit; total--) {
		widest = g->ncolumns;
		for (i = 0; i < g->ncolumns; i++)
			if (g->column[i].flex && width[i] > GRID_NARROW &&
			    (widest == g->ncolumns || width[i] > width[widest]))
				widest = i;
		if (widest == g->ncolumns)
			return;
		width[widest]--;
	}
}

/* A text that is too long loses its end, or its beginning, to "...". */
static void
grid_add_piece(struct buf *b, struct grid_piece p, size_t width, bool keep_end)
{
	static const char dots[] = "...";
	size_t keep;

	if (p.n <= width || width < sizeof(dots)) {
		buf_add(b, p.s, p.n < width ? p.n : width);
		return;
	}
	keep = width - (sizeof(dots) - 1);
	if (keep_end) {
		buf_adds(b, dots);
		buf_add(b, p.s + p.n - keep, keep);
	} else {
		buf_add(b, p.s, keep);
		buf_adds(b, dots);
	}
}

static void
grid_add_row(struct buf *line, const struct grid *g, const struct grid_row *row,
    const size_t *width)
{
	const struct grid_column *c;
	struct grid_piece p;
	size_t i, fill;

	for (i = 0; i < g->ncolumns; i++) {
		if (width[i] == 0)
			continue;
		c = &g->column[i];
		p = grid_piece(g, row, i);
		fill = p.n < width[i] ? width[i] - p.n : 0;
		buf_addf(line, "%*s",
		    (int)(grid_gap(g, width, i) + (c->right ? fill : 0)), "");
		grid_add_piece(line, p, width[i], c->keep_end);
		if (!c->right)
			buf_addf(line, "%*s", (int)fill, "");
	}
	while (line->len != 0 && line->data[line->len - 1] == ' ')
		buf_truncate(line, line->len - 1);
}

void
grid_add(struct buf *b, const struct grid *g, size_t limit, bool colour)
{
	size_t width[GRID_COLUMNS], r;
	struct buf line = BUF_INIT;

	if (g->text.oom) {
		b->oom = true;
		return;
	}
	grid_measure(g, width);
	grid_fit(g, width, limit);
	for (r = 0; r < g->nrows; r++) {
		buf_truncate(&line, 0);
		grid_add_row(&line, g, &g->row[r], width);
		if (line.oom)
			b->oom = true;
		else
			paint_add(b, g->row[r].paint, line.data, line.len,
			    colour);
		buf_addc(b, '\n');
	}
	buf_free(&line);
}

size_t
grid_width(struct buf *b, const struct grid *g, size_t column, size_t limit)
{
	size_t width[GRID_COLUMNS];

	if (g->text.oom) {
		b->oom = true;
		return 0;
	}
	grid_measure(g, width);
	grid_fit(g, width, limit);
	return width[column];
}
