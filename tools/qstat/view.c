/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view.c - what is shown of a census: which groups, in which order
 *
 * Pure.  Owns the rows; what they point to is the census's.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/qstat/view.h"

static const struct flood_rule qstat_view_warning = FLOOD_WARNING;
static const struct flood_rule qstat_view_critical = FLOOD_CRITICAL;

static enum qstat_view_flood
qstat_view_judge(const struct sample_estimate *count, uint64_t total)
{
	const struct flood_rule *doubt;

	switch (flood_level(&qstat_view_warning, &qstat_view_critical, count,
	    total, &doubt)) {
	case FLOOD_LEVEL_CRITICAL:
		return QSTAT_VIEW_CRITICAL;
	case FLOOD_LEVEL_WARNING:
		return QSTAT_VIEW_WARNING;
	default:
		return doubt != NULL ? QSTAT_VIEW_DOUBT : QSTAT_VIEW_NO;
	}
}

bool
qstat_view_is_large(const struct qstat_view *v, uint64_t hits)
{
	struct sample_estimate e = census_scale(v->census, hits);

	return flood_judge(&qstat_view_warning, &e, v->census->survey.total) ==
	    FLOOD_YES;
}

const char *
qstat_view_ask(const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;

	if (v->largest.group != NULL || t->read == 0 || !key_by_is_host(t->by))
		return NULL;
	return key_by_name(t->classes[RELAY_SMTP].count == 0 ? KEY_SENDER :
							       KEY_RELAY);
}

bool
qstat_view_is_blind(const struct qstat_view *v)
{
	return v->judged && census_is_blind(v->census, &qstat_view_warning);
}

static struct qstat_view_row
qstat_view_row(const struct qstat_view *v, const struct tally_group *g)
{
	const struct tally *t = &v->census->tally;
	const struct survey_result *s = &v->census->survey;
	struct qstat_view_row row = {
		.group = g,
		.since = -1,
		.until = -1,
		.per_minute = -1,
	};
	double factor = s->sampled && s->read != 0 ?
	    (double)s->total / (double)s->read :
	    1;
	struct arrivals_flood flood;

	row.count = census_scale(v->census, g->count);
	row.judged = census_scale(v->census, g->smtp);
	row.share = s->total != 0 ? row.count.value / (double)s->total : 0;
	row.recipients = (double)g->recipients * factor;
	row.senders = tally_senders(g, &row.senders_exact);
	if (row.senders > g->count)
		row.senders = g->count; /* an estimate */
	if (tally_flood(g, &flood)) {
		row.since = t->now - flood.since;
		if (flood.ended)
			row.until = t->now - flood.until;
		row.per_minute = flood.per_minute * factor;
	}
	/* A group that cannot be judged is not in doubt either. */
	if (v->judged && g->smtp != 0)
		row.flood = qstat_view_judge(&row.judged, s->total);
	return row;
}

/* The order of two numbers, the larger first. */
static int
qstat_view_more(double a, double b)
{
	return (a < b) - (a > b);
}

static int
qstat_view_by_count(const void *x, const void *y)
{
	const struct qstat_view_row *a = x, *b = y;
	int order = qstat_view_more(a->count.value, b->count.value);

	/* As the tally has them: by key. */
	return order != 0 ? order :
			    (a->group > b->group) - (a->group < b->group);
}

static int
qstat_view_by_oldest(const void *x, const void *y)
{
	const struct qstat_view_row *a = x, *b = y;
	int64_t s = a->group->oldest, t = b->group->oldest;

	if (s == t)
		return qstat_view_by_count(x, y);
	if (s == -1 || t == -1)
		return s == -1 ? 1 : -1;
	return s < t ? -1 : 1;
}

static int
qstat_view_by_rate(const void *x, const void *y)
{
	const struct qstat_view_row *a = x, *b = y;
	int order = qstat_view_more(a->per_minute, b->per_minute);

	return order != 0 ? order : qstat_view_by_count(x, y);
}

/* The groups that are large enough, in the order asked for. */
static int
qstat_view_choose(struct qstat_view *v)
{
	static int (*const order[])(const void *,
	    const void *) = { qstat_view_by_count, qstat_view_by_oldest,
		qstat_view_by_rate };
	const struct qstat_config *c = v->config;
	const struct tally *t = &v->census->tally;
	const struct tally_group *g;
	struct qstat_view_row row;
	size_t i;

	v->row = calloc(t->ngroups != 0 ? t->ngroups : 1, sizeof(*v->row));
	if (v->row == NULL)
		return -1;
	for (i = 0; i < t->ngroups; i++) {
		g = &t->group[i];
		row = qstat_view_row(v, g);
		if (i == 0)
			v->largest = row;
		if (v->worst.group == NULL || g->smtp > v->worst.group->smtp)
			v->worst = row;
		if (row.flood >= QSTAT_VIEW_WARNING)
			v->nfloods++;
		if (row.count.value >= (double)c->min)
			v->row[v->nrows++] = row;
	}
	qsort(v->row, v->nrows, sizeof(*v->row), order[c->sort]);
	return 0;
}

/* Cuts the rows to the first ones, and returns the sum of all the others. */
static uint64_t
qstat_view_cut(struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	size_t top = v->config->all ? SIZE_MAX :
	    v->config->top != 0     ? v->config->top :
				      QSTAT_VIEW_TOP;
	struct tally_rest rest = t->others;
	uint64_t shown = 0;
	size_t i;

	if (v->nrows > top)
		v->nrows = top;
	for (i = 0; i < v->nrows; i++)
		shown += v->row[i].group->count;
	for (i = 0; i < t->ngroups; i++)
		rest.count += t->group[i].count;
	rest.count -= shown;
	v->nothers = t->ngroups - v->nrows;
	v->others_more = t->others.count != 0;
	v->others_oldest = rest.oldest;
	return rest.count;
}

/* How many messages are in groups that are not shown. */
static void
qstat_view_count_others(struct qstat_view *v, uint64_t sum, uint64_t largest)
{
	v->others = census_scale(v->census, sum);
	v->others_at_most = census_is_bound(v->census, sum, largest);
	if (v->others_at_most)
		v->others.low = census_scale(v->census, largest).low;
}

/* The oldest and the largest of the groups that are not shown. */
static int
qstat_view_look_at_others(struct qstat_view *v, uint64_t sum)
{
	const struct tally *t = &v->census->tally;
	uint64_t largest = 0;
	bool *shown = calloc(t->ngroups != 0 ? t->ngroups : 1, sizeof(*shown));
	int64_t oldest;
	size_t i;

	if (shown == NULL)
		return -1;
	for (i = 0; i < v->nrows; i++)
		shown[v->row[i].group - t->group] = true;
	for (i = 0; i < t->ngroups; i++) {
		oldest = t->group[i].oldest;
		if (!shown[i] && t->group[i].count > largest)
			largest = t->group[i].count;
		if (!shown[i] && oldest != -1 &&
		    (v->others_oldest == -1 || oldest < v->others_oldest))
			v->others_oldest = oldest;
	}
	free(shown);
	qstat_view_count_others(v, sum, largest);
	return 0;
}

static int64_t
qstat_view_oldest(const struct arrivals *a)
{
	int64_t oldest = -1;
	size_t i;

	for (i = 0; i < ARRIVALS_BUCKETS; i++)
		if (a->n[i] != 0 && (int64_t)a->oldest[i] > oldest)
			oldest = a->oldest[i];
	return oldest;
}

int
qstat_view_make(struct qstat_view *v, const struct qstat_config *c,
    const struct queue_list *queues, const struct census *census)
{
	uint64_t total = census->survey.total;

	*v = (struct qstat_view){
		.config = c,
		.queues = queues,
		.census = census,
		.now = census->tally.now,
		.width = QSTAT_VIEW_WIDTH,
		.warning = flood_limit(&qstat_view_warning, total),
		.critical = flood_limit(&qstat_view_critical, total),
		/*
		 * These keys are not judged: most mail of a site goes to its
		 * own domain, and most mail that waits does so for one reason.
		 */
		.judged = c->by != KEY_RECIPIENT_DOMAIN && c->by != KEY_STATUS,
		.oldest = qstat_view_oldest(&census->tally.arrivals),
	};
	if (qstat_view_choose(v) != 0)
		return -1;
	return qstat_view_look_at_others(v, qstat_view_cut(v));
}

void
qstat_view_free(struct qstat_view *v)
{
	free(v->row);
}

bool
qstat_view_is_partial(const struct survey_result *s)
{
	return s->failed != 0 || s->unreadable != 0 || s->cut_short;
}

bool
qstat_view_is_unread(const struct survey_result *s)
{
	return s->read == 0 && qstat_view_is_partial(s);
}
