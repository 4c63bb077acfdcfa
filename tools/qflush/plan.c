/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - what qflush says before it does something
 *
 * It has to show which of the messages may not belong to a flood.  This can be
 * told from the mail that a relay sent before its flood began: a relay that
 * never sent any is nobody's mail server.
 */
#include <inttypes.h>

#include "base/clean.h"
#include "count/flood.h"
#include "mta/queues.h"
#include "tools/common/grid.h"
#include "tools/common/text.h"
#include "tools/qflush/plan.h"
#include "tools/qflush/report.h"

#define QFLUSH_PLAN_ROWS     10
#define QFLUSH_PLAN_EXAMPLES 5
#define QFLUSH_PLAN_WIDTH    100 /* columns */

/* One relay's part. */
struct qflush_plan_row {
	const struct tally_group *group;
	bool flood;      /* it has one */
	int64_t since;   /* age of the first of it, seconds */
	uint64_t before; /* older than that */
};

/* How many of a group's messages are older than its flood. */
static uint64_t
qflush_plan_before(const struct tally_group *g, int64_t since)
{
	const struct arrivals *a = &g->detail->arrivals;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++)
		if (a->n[i] != 0 && (int64_t)a->newest[i] > since)
			n += a->n[i];
	return n;
}

/* Does the flood leave any message out? */
static bool
qflush_plan_stands_out(const struct arrivals *a, const struct arrivals_flood *f)
{
	size_t i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++)
		if (a->n[i] != 0 &&
		    ((int64_t)a->oldest[i] > f->since ||
			(int64_t)a->newest[i] < f->until))
			return true;
	return false;
}

static struct qflush_plan_row
qflush_plan_row(const struct tally_group *g, uint64_t total)
{
	static const struct flood_rule rule = FLOOD_WARNING;
	struct qflush_plan_row row = { .group = g };
	struct arrivals_flood f;

	if (g->detail == NULL || !tally_flood(g, &f))
		return row;
	row.since = f.since;
	row.before = qflush_plan_before(g, f.since);
	/* A relay that never sent anything else shows by how much it is. */
	row.flood = qflush_plan_stands_out(&g->detail->arrivals, &f) ||
	    (double)g->count > flood_limit(&rule, total);
	return row;
}

/* --- the table ----------------------------------------------------------- */

enum {
	COL_RELAY,
	COL_COUNT,
	COL_BEFORE,
	COL_SENDERS,
	COL_OLDEST,
	COL_NEWEST,
	COL_BEGAN,
	COL_HOST,
	COLS,
};

static const struct grid_column qflush_plan_columns[COLS] = {
	[COL_RELAY] = { "relay", false, false, false },
	[COL_COUNT] = { "messages", true, false, false },
	[COL_BEFORE] = { "before", true, false, false },
	[COL_SENDERS] = { "senders", true, false, false },
	[COL_OLDEST] = { "oldest", true, false, false },
	[COL_NEWEST] = { "newest", true, false, false },
	[COL_BEGAN] = { "flood began", false, false, false },
	[COL_HOST] = { "host", false, true, true },
};

static void
qflush_plan_add_row(struct grid *grid, const struct tally *t,
    const struct qflush_plan_row *row, int64_t now)
{
	const struct tally_group *g = row->group;
	uint64_t senders;
	bool exact;

	grid_row(grid, PAINT_PLAIN);
	tool_text_key(grid_cell(grid), t, g);
	buf_addf(grid_cell(grid), "%" PRIu64, g->count);
	if (row->flood)
		buf_addf(grid_cell(grid), "%" PRIu64, row->before);
	else
		grid_text(grid, "?");
	senders = tally_senders(g, &exact);
	if (exact)
		buf_addf(grid_cell(grid), "%" PRIu64, senders);
	else
		tool_text_about(grid_cell(grid),
		    senders < g->count ? senders : g->count);
	tool_text_age(grid_cell(grid), g->oldest, now);
	tool_text_age(grid_cell(grid), g->newest, now);
	if (row->flood)
		tool_text_time(grid_cell(grid), now - row->since, now);
	else
		grid_text(grid, "-");
	tool_text_host(grid_cell(grid), g);
}

static void
qflush_plan_add_others(struct grid *grid, uint64_t n)
{
	if (n == 0)
		return;
	grid_row(grid, PAINT_PLAIN);
	grid_text(grid, "others");
	buf_addf(grid_cell(grid), "%" PRIu64, n);
}

/* What is not of class smtp, and so of no relay. */
static void
qflush_plan_classes(struct buf *b, const struct tally *t)
{
	size_t i;

	for (i = 0; i < RELAY_CLASSES; i++)
		if (i != RELAY_SMTP && t->classes[i].count != 0)
			buf_addf(b, "%" PRIu64 " of class %s\n",
			    t->classes[i].count,
			    relay_class_name((enum relay_class)i));
}

/* The rows; *worst is the first that has mail from before its flood. */
static void
qflush_plan_table(struct buf *b, const struct qflush_config *c,
    const struct gather *g, int64_t now, struct qflush_plan_row *worst,
    uint64_t *before, bool *told)
{
	const struct tally *t = &g->tally;
	size_t max = c->verbose > 0 ? t->ngroups : QFLUSH_PLAN_ROWS, i;
	struct qflush_plan_row row;
	uint64_t others = t->others.count;
	struct grid grid;

	grid_init(&grid, qflush_plan_columns, COLS);
	for (i = 0; i < t->ngroups; i++) {
		row = qflush_plan_row(&t->group[i], g->survey.total);
		*before += row.before;
		*told = *told && row.flood;
		if (row.before != 0 && worst->group == NULL)
			*worst = row;
		if (i < max)
			qflush_plan_add_row(&grid, t, &row, now);
		else
			others += row.group->count;
	}
	qflush_plan_add_others(&grid, others);
	if (grid_has_rows(&grid)) {
		buf_addc(b, '\n');
		grid_add(b, &grid, QFLUSH_PLAN_WIDTH, false);
	}
	grid_free(&grid);
	qflush_plan_classes(b, t);
}

/* --- the rest ------------------------------------------------------------ */

static void
qflush_plan_collateral(struct buf *b, const struct qflush_config *c,
    const struct tally *t, const struct qflush_plan_row *worst, uint64_t before,
    bool told)
{
	size_t start;

	if (t->ngroups == 0)
		return;
	if (worst->group != NULL) {
		buf_addf(b,
		    "%" PRIu64 " came before the flood of their relay"
		    " began, and may be wanted: look at them first\n",
		    before);
		start = b->len;
		buf_adds(b, "  qstat");
		if (queues_add(b, c->root, c->specs, c->nspecs)) {
			buf_adds(b, " --messages ");
			tally_add_key(b, t, worst->group);
			buf_addf(b, " older:%" PRId64 "s\n", worst->since);
		} else {
			buf_truncate(b, start);
		}
	} else if (told) {
		buf_adds(b, "none came before the flood of its relay began\n");
	}
	if (!told)
		buf_adds(b,
		    "where it says ?, no flood stands out: all of it"
		    " may be wanted\n");
}

/* Five of them, from the first to the last that were found. */
static void
qflush_plan_examples(struct buf *b, const struct gather *g,
    const struct mta_place_list *places)
{
	size_t n = g->n < QFLUSH_PLAN_EXAMPLES ? g->n : QFLUSH_PLAN_EXAMPLES;
	const struct gather_name *name;
	struct span id;
	size_t i;

	buf_adds(b, "examples:");
	for (i = 0; i < n; i++) {
		name = &g->v[n == 1 ? 0 : i * (g->n - 1) / (n - 1)];
		id = mta_id(places->v[name->place].queue->mta, name->name);
		buf_addc(b, ' ');
		clean_add(b, id.p, id.n, LISTER_NAME);
	}
	buf_addc(b, '\n');
}

/* How many are in which directory. */
static void
qflush_plan_where(struct buf *b, const struct gather *g,
    const struct mta_place_list *places)
{
	const struct mta_place *p;
	uint64_t n;
	size_t i, j;

	for (i = 0; i < places->n; i++) {
		for (j = n = 0; j < g->n; j++)
			n += g->v[j].place == i;
		if (n == 0)
			continue;
		p = places->v[i].home != NULL ? places->v[i].home :
						&places->v[i];
		buf_addf(b, "  %" PRIu64 " in ", n);
		clean_adds(b, p->dir->path, 200);
		buf_addc(b, '\n');
	}
}

void
qflush_plan_add(struct buf *b, const struct qflush_config *c,
    const struct gather *g, const struct mta_place_list *places, int64_t now)
{
	struct qflush_plan_row worst = { .group = NULL };
	uint64_t before = 0, total = g->survey.total, limit;
	bool told = true;

	buf_addf(b, "would %s %zu of %" PRIu64 " message%s",
	    change_action_name(c->action), g->n, total,
	    tool_text_plural(total));
	if (total != 0) {
		buf_adds(b, " (");
		tool_text_share(b, (double)g->n / (double)total);
		buf_addc(b, ')');
	}
	buf_adds(b, "; nothing is changed\n");
	if (g->n != 0) {
		qflush_plan_where(b, g, places);
		qflush_plan_table(b, c, g, now, &worst, &before, &told);
		buf_addc(b, '\n');
		if (c->action != CHANGE_RELEASE && c->action != CHANGE_RESTORE)
			qflush_plan_collateral(b, c, &g->tally, &worst, before,
			    told);
		qflush_plan_examples(b, g, places);
	}
	qflush_report_left(b, c, g);
	limit = qflush_config_limit(c, total);
	if (g->n > limit)
		buf_addf(b,
		    "to do it: --yes --max %zu (it is over the limit"
		    " of %" PRIu64 ")\n",
		    g->n, limit);
	else if (g->n != 0)
		buf_adds(b, "to do it: --yes\n");
}
