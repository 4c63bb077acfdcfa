/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - the groups as a table for people
 *
 * An address is never cut, because the next command needs it.  A host name that
 * is cut keeps its end, because that part tells whose host it is.
 */
#include <inttypes.h>

#include "base/num.h"
#include "tools/common/text.h"
#include "tools/qstat/table.h"

enum {
	COL_MARK,
	COL_RANK,
	COL_KEY,
	COL_COUNT,
	COL_RANGE,
	COL_SHARE,
	COL_OLDEST,
	COL_NEWEST,
	COL_RATE,
	COL_SENDERS,
	COL_RECIPIENTS,
	COL_HOST,
	COLS,
};

static const struct grid_column qstat_table_columns[COLS] = {
	[COL_MARK] = { "", false, false, false },
	[COL_RANK] = { "", true, false, false },
	[COL_KEY] = { "", false, false, false },
	[COL_COUNT] = { "msgs", true, false, false },
	[COL_RANGE] = { "95% range", true, false, false },
	[COL_SHARE] = { "share", true, false, false },
	[COL_OLDEST] = { "oldest", true, false, false },
	[COL_NEWEST] = { "newest", true, false, false },
	[COL_RATE] = { "/min", true, false, false },
	[COL_SENDERS] = { "senders", true, false, false },
	[COL_RECIPIENTS] = { "rcpts", true, false, false },
	[COL_HOST] = { "host", false, true, true },
};

const char *
qstat_table_mark(enum qstat_view_flood flood)
{
	static const char *const marks[] = { "", "?", "!", "!!" };

	return marks[flood];
}

enum paint
qstat_table_paint(enum qstat_view_flood flood)
{
	static const enum paint paint[] = { PAINT_PLAIN, PAINT_PLAIN,
		PAINT_WARNING, PAINT_CRITICAL };

	return paint[flood];
}

/* "2790-2950", if only a sample was read. */
static void
qstat_table_range(struct buf *cell, const struct qstat_view *v,
    const struct sample_estimate *e)
{
	if (v->census->survey.sampled && e->low < e->high)
		buf_addf(cell, "%.0f-%.0f", e->low, e->high);
}

/*
 * A number that was counted; "~" before it means that it is estimated, and "+"
 * after it that only a sample was read.
 */
static void
qstat_table_senders(struct buf *cell, const struct qstat_view *v,
    const struct qstat_view_row *r)
{
	if (r->senders == 0) {
		buf_addc(cell, '-');
		return;
	}
	if (r->senders_exact)
		buf_addf(cell, "%" PRIu64, r->senders);
	else
		tool_text_about(cell, r->senders);
	if (v->census->survey.sampled)
		buf_addc(cell, '+');
}

static void
qstat_table_row(struct grid *g, const struct qstat_view *v, size_t i)
{
	const struct qstat_view_row *r = &v->row[i];
	const struct tally *t = &v->census->tally;

	grid_row(g, qstat_table_paint(r->flood));
	grid_text(g, qstat_table_mark(r->flood));
	buf_addf(grid_cell(g), "%zu", i + 1);
	tool_text_key(grid_cell(g), t, r->group);
	tool_text_count(grid_cell(g), r->count.value);
	qstat_table_range(grid_cell(g), v, &r->count);
	tool_text_share(grid_cell(g), r->share);
	tool_text_age(grid_cell(g), r->group->oldest, v->now);
	tool_text_age(grid_cell(g), r->group->newest, v->now);
	if (r->per_minute < 0)
		grid_text(g, "-");
	else
		tool_text_rate(grid_cell(g), r->per_minute);
	qstat_table_senders(grid_cell(g), v, r);
	tool_text_count(grid_cell(g), r->recipients);
	if (v->config->by == KEY_RELAY)
		tool_text_host(grid_cell(g), r->group);
}

/* The groups that are not shown. */
static void
qstat_table_others(struct grid *g, const struct qstat_view *v)
{
	const struct survey_result *s = &v->census->survey;

	if (v->nothers == 0 && !v->others_more)
		return;
	grid_row(g, PAINT_PLAIN);
	grid_text(g, "");
	grid_text(g, "");
	buf_addf(grid_cell(g), "%zu%s other%s", v->nothers,
	    v->others_more ? "+" : "", v->nothers == 1 ? "" : "s");
	buf_addf(grid_cell(g), "%s%.0f", v->others_at_most ? "<=" : "",
	    v->others.value);
	qstat_table_range(grid_cell(g), v, &v->others);
	tool_text_share(grid_cell(g),
	    s->total != 0 ? v->others.value / (double)s->total : 0);
	tool_text_age(grid_cell(g), v->others_oldest, v->now);
}

void
qstat_table_fill(struct qstat_table *t, const struct qstat_view *v)
{
	struct grid *g = &t->grid;
	struct grid_column *column = t->column;
	size_t i;

	for (i = 0; i < COLS; i++)
		column[i] = qstat_table_columns[i];
	column[COL_KEY].title = key_by_name(v->config->by);
	column[COL_KEY].flex = v->config->by != KEY_RELAY &&
	    v->config->by != KEY_NETWORK;
	t->key = COL_KEY;
	grid_init(g, column, COLS);
	for (i = 0; i < v->nrows; i++)
		qstat_table_row(g, v, i);
	qstat_table_others(g, v);
}

void
qstat_table_add(struct buf *b, const struct qstat_view *v)
{
	struct qstat_table t;

	qstat_table_fill(&t, v);
	if (grid_has_rows(&t.grid))
		grid_add(b, &t.grid, v->width, v->colour);
	grid_free(&t.grid);
}
