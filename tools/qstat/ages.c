/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ages.c - how old the messages of each group are
 *
 * The table reads like that of qshape(1).  T counts all messages of a line, and
 * each column after it counts older messages than the column before.  A message
 * without a time of arrival is counted in T only.
 */
#include <math.h>

#include "tools/common/text.h"
#include "tools/qstat/ages.h"
#include "tools/qstat/table.h"

enum { COL_MARK, COL_KEY, COL_TOTAL, COL_AGE, COLS = COL_AGE + QSTAT_AGES };

int
qstat_ages_edge(size_t i)
{
	return i + 1 < QSTAT_AGES ? 5 << i : 0;
}

uint64_t
qstat_ages_count(const struct arrivals *a, size_t i)
{
	int64_t min = i == 0 ? 0 : INT64_C(60) * qstat_ages_edge(i - 1);
	int64_t max = INT64_C(60) * qstat_ages_edge(i);

	return arrivals_between(a, min, max != 0 ? max : INT64_MAX);
}

/*
 * The number of messages in the queue that so many messages of the sample stand
 * for.
 */
static double
qstat_ages_scale(const struct qstat_view *v, double n)
{
	const struct survey_result *s = &v->census->survey;

	return s->sampled && s->read != 0 ?
	    round(n * (double)s->total / (double)s->read) :
	    n;
}

/* Adds the counts of a line, and takes them away from the rest. */
static void
qstat_ages_counts(struct grid *g, const struct qstat_view *v,
    const struct arrivals *a, double *rest)
{
	double n;
	size_t i;

	for (i = 0; i < QSTAT_AGES; i++) {
		n = qstat_ages_scale(v, (double)qstat_ages_count(a, i));
		tool_text_count(grid_cell(g), n);
		rest[i] -= n;
	}
}

static void
qstat_ages_row(struct grid *g, const struct qstat_view *v,
    const struct qstat_view_row *r, double *rest)
{
	grid_row(g, qstat_table_paint(r->flood));
	grid_text(g, qstat_table_mark(r->flood));
	tool_text_key(grid_cell(g), &v->census->tally, r->group);
	tool_text_count(grid_cell(g), r->count.value);
	if (r->group->detail != NULL)
		qstat_ages_counts(g, v, &r->group->detail->arrivals, rest);
}

/* Everything that is not in a line above. */
static void
qstat_ages_rest(struct grid *g, const struct qstat_view *v, double *rest)
{
	double total = (double)v->census->survey.total;
	size_t i;

	for (i = 0; i < v->nrows; i++)
		total -= v->row[i].count.value;
	if (round(total) <= 0)
		return;
	grid_row(g, PAINT_PLAIN);
	grid_text(g, "");
	grid_text(g, "(all others)");
	tool_text_count(grid_cell(g), total);
	for (i = 0; i < QSTAT_AGES; i++)
		tool_text_count(grid_cell(g), rest[i] > 0 ? rest[i] : 0);
}

void
qstat_ages_fill(struct qstat_table *t, const struct qstat_view *v)
{
	struct grid *g = &t->grid;
	struct grid_column *column = t->column;
	static const char *const titles[QSTAT_AGES] = { "5", "10", "20", "40",
		"80", "160", "320", "640", "1280", "1280+" };
	const bool address = v->config->by == KEY_RELAY ||
	    v->config->by == KEY_NETWORK;
	double rest[QSTAT_AGES] = { 0 };
	size_t i;

	column[COL_MARK] = (struct grid_column){ "", false, false, false };
	column[COL_KEY] = (struct grid_column){ key_by_name(v->config->by),
		false, !address, false };
	column[COL_TOTAL] = (struct grid_column){ "T", true, false, false };
	for (i = 0; i < QSTAT_AGES; i++)
		column[COL_AGE + i] = (struct grid_column){ titles[i], true,
			false, false };
	t->key = COL_KEY;
	grid_init(g, column, COLS);
	grid_row(g, PAINT_PLAIN);
	grid_text(g, "");
	grid_text(g, "TOTAL");
	tool_text_count(grid_cell(g), (double)v->census->survey.total);
	qstat_ages_counts(g, v, &v->census->tally.arrivals, rest);
	for (i = 0; i < QSTAT_AGES; i++)
		rest[i] = -rest[i];
	for (i = 0; i < v->nrows; i++)
		qstat_ages_row(g, v, &v->row[i], rest);
	/*
	 * If a message can be in several groups, the groups do not add up to
	 * the total.
	 */
	if (v->config->by != KEY_RECIPIENT_DOMAIN)
		qstat_ages_rest(g, v, rest);
}

void
qstat_ages_add(struct buf *b, const struct qstat_view *v)
{
	struct qstat_table t;

	qstat_ages_fill(&t, v);
	grid_add(b, &t.grid, v->width, v->colour);
	buf_adds(b,
	    "columns: minutes; messages younger than that, and not"
	    " counted further left\n");
	grid_free(&t.grid);
}
