/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qflush_plan.c - what qflush says before it does something
 *
 * The question that it has to answer is which of the messages may be no flood.
 * Mail that a relay sent before its flood began is what tells: a relay that
 * never sent any is nobody's mail server.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/num.h"
#include "mqueue/flood.h"
#include "qflush_text.h"

#define QFLUSH_PLAN_ROWS	10
#define QFLUSH_PLAN_EXAMPLES	5
#define QFLUSH_PLAN_KEY		40	/* columns */
#define QFLUSH_PLAN_NAME	40

/* One relay's part. */
struct qflush_plan_row {
	const struct tally_group	*group;
	bool		 flood;		/* it has one */
	int64_t		 since;		/* age of the first of it, seconds */
	uint64_t	 before;	/* older than that */
};

const char *
qflush_text_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

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
qflush_plan_stands_out(const struct arrivals *a,
    const struct arrivals_flood *f)
{
	size_t i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++)
		if (a->n[i] != 0 && ((int64_t)a->oldest[i] > f->since ||
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

static void
qflush_plan_age(struct buf *b, int64_t when, int64_t now)
{
	if (when == -1)
		buf_addc(b, '-');
	else
		num_add_duration(b, now - when);
}

/* Right or left in a column; a text that is too long moves the rest. */
static void
qflush_plan_cell(struct buf *b, const struct buf *text, int width)
{
	buf_addf(b, "%*s  ", width, text->oom ? "" : buf_str(text));
	b->oom = b->oom || text->oom;
}

/* "09:41", or with the day if it was another one. */
static void
qflush_plan_time(struct buf *b, int64_t when, int64_t now)
{
	time_t t = (time_t)when, today = (time_t)now;
	struct tm tm, other;
	char text[32] = "";

	if (localtime_r(&t, &tm) != NULL &&
	    localtime_r(&today, &other) != NULL &&
	    strftime(text, sizeof(text), tm.tm_yday == other.tm_yday &&
	    tm.tm_year == other.tm_year ? "%H:%M" : "%b %d %H:%M", &tm) == 0)
		text[0] = '\0';
	buf_adds(b, text);
}

static void
qflush_plan_add_row(struct buf *b, const struct tally *t,
    const struct qflush_plan_row *row, int key_width, int64_t now)
{
	const struct tally_group *g = row->group;
	struct buf cell = BUF_INIT;
	struct span host = tally_host(g);
	uint64_t senders;
	bool exact;

	tally_add_key(&cell, t, g);
	qflush_plan_cell(b, &cell, -key_width);
	buf_addf(b, "%8" PRIu64 "  ", g->count);
	if (row->flood)
		buf_addf(b, "%6" PRIu64 "  ", row->before);
	else
		buf_addf(b, "%6s  ", "?");
	buf_truncate(&cell, 0);
	senders = tally_senders(g, &exact);
	if (senders > g->count)
		senders = g->count;
	buf_addf(&cell, "%s%" PRIu64, exact ? "" : "~", senders);
	qflush_plan_cell(b, &cell, 7);
	buf_truncate(&cell, 0);
	qflush_plan_age(&cell, g->oldest, now);
	qflush_plan_cell(b, &cell, 7);
	buf_truncate(&cell, 0);
	qflush_plan_age(&cell, g->newest, now);
	qflush_plan_cell(b, &cell, 7);
	buf_truncate(&cell, 0);
	if (row->flood)
		qflush_plan_time(&cell, now - row->since, now);
	else
		buf_addc(&cell, '-');
	qflush_plan_cell(b, &cell, -12);
	clean_add(b, host.p, host.n, QFLUSH_PLAN_NAME);
	while (b->len != 0 && b->data[b->len - 1] == ' ')
		buf_truncate(b, b->len - 1);
	buf_addc(b, '\n');
	buf_free(&cell);
}

static int
qflush_plan_key_width(const struct tally *t, size_t rows)
{
	struct buf key = BUF_INIT;
	size_t i, width = strlen("relay");

	for (i = 0; i < rows; i++) {
		buf_truncate(&key, 0);
		tally_add_key(&key, t, &t->group[i]);
		if (key.len > width)
			width = key.len;
	}
	buf_free(&key);
	return (int)(width < QFLUSH_PLAN_KEY ? width : QFLUSH_PLAN_KEY);
}

/* What is not of class smtp, and so of no relay. */
static void
qflush_plan_classes(struct buf *b, const struct tally *t)
{
	size_t i;

	for (i = 0; i < RELAY_CLASSES; i++)
		if (i != RELAY_SMTP && t->class[i].count != 0)
			buf_addf(b, "%" PRIu64 " of class %s\n",
			    t->class[i].count,
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
	size_t rows = t->ngroups < max ? t->ngroups : max;
	int width = qflush_plan_key_width(t, rows);
	struct qflush_plan_row row;
	uint64_t others = 0;

	if (rows != 0)
		buf_addf(b, "\n%-*s  %8s  %6s  %7s  %7s  %7s  %-12s  %s\n",
		    width, "relay", "messages", "before", "senders",
		    "oldest", "newest", "flood began", "host");
	for (i = 0; i < t->ngroups; i++) {
		row = qflush_plan_row(&t->group[i], g->survey.total);
		*before += row.before;
		*told = *told && row.flood;
		if (row.before != 0 && worst->group == NULL)
			*worst = row;
		if (i < rows)
			qflush_plan_add_row(b, t, &row, width, now);
		else
			others += row.group->count;
	}
	others += t->others.count;
	if (others != 0)
		buf_addf(b, "%-*s  %8" PRIu64 "\n", width, "others", others);
	qflush_plan_classes(b, t);
}

/* --- the rest ------------------------------------------------------------ */

static void
qflush_plan_collateral(struct buf *b, const struct tally *t,
    const struct qflush_plan_row *worst, uint64_t before, bool told)
{
	if (t->ngroups == 0)
		return;
	if (worst->group != NULL) {
		buf_addf(b, "%" PRIu64 " came before the flood of their relay"
		    " began, and may be wanted: look at them first\n"
		    "  qstat --messages ", before);
		tally_add_key(b, t, worst->group);
		buf_addf(b, " older:%" PRId64 "s\n", worst->since);
	} else if (told) {
		buf_adds(b, "none came before the flood of its relay began\n");
	}
	if (!told)
		buf_adds(b, "where it says ?, no flood stands out: all of it"
		    " may be wanted\n");
}

/* Five of them, from the first to the last that were found. */
static void
qflush_plan_examples(struct buf *b, const struct qflush_config *c,
    const struct gather *g)
{
	size_t n = g->n < QFLUSH_PLAN_EXAMPLES ? g->n : QFLUSH_PLAN_EXAMPLES;
	const char *id;
	size_t i;

	buf_adds(b, "examples:");
	for (i = 0; i < n; i++) {
		id = c->mta->id(g->v[n == 1 ? 0 :
		    i * (g->n - 1) / (n - 1)].name);
		buf_addc(b, ' ');
		clean_adds(b, id, LISTER_NAME);
	}
	buf_addc(b, '\n');
}

/* How many are in which directory. */
static void
qflush_plan_where(struct buf *b, const struct gather *g,
    const struct place_list *places)
{
	const struct place *p;
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
qflush_text_plan(struct buf *b, const struct qflush_config *c,
    const struct gather *g, const struct place_list *places, int64_t now)
{
	struct qflush_plan_row worst = { .group = NULL };
	uint64_t before = 0, total = g->survey.total, limit;
	bool told = true;

	buf_addf(b, "would %s %zu of %" PRIu64 " message%s",
	    change_action_name(c->action), g->n, total,
	    qflush_text_plural(total));
	if (total != 0)
		buf_addf(b, " (%.0f%%)", 100.0 * (double)g->n /
		    (double)total);
	buf_adds(b, "; nothing is changed\n");
	if (g->n != 0) {
		qflush_plan_where(b, g, places);
		qflush_plan_table(b, c, g, now, &worst, &before, &told);
		buf_addc(b, '\n');
		if (c->action != CHANGE_RELEASE &&
		    c->action != CHANGE_RESTORE)
			qflush_plan_collateral(b, &g->tally, &worst, before,
			    told);
		qflush_plan_examples(b, c, g);
	}
	qflush_text_left(b, c, g);
	limit = qflush_config_limit(c, total);
	if (g->n > limit)
		buf_addf(b, "to do it: --yes --max %zu (it is over the limit"
		    " of %" PRIu64 ")\n", g->n, limit);
	else if (g->n != 0)
		buf_adds(b, "to do it: --yes\n");
}
