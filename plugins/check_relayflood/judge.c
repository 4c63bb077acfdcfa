/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge.c - a census and two rules in, a result out
 *
 * Decides by numbers alone.  A state is claimed only where a sample proves it
 * (sample.c); else it is the next milder one, and the text tells the doubt:
 * the interval and the limit.  An OK with a doubt is an OK, since otherwise a
 * queue that is always too large to be read would never be OK.  What could not
 * be looked at is UNKNOWN, unless what was looked at is critical already; so
 * is a sample that is too small to prove any flood, whatever is in it.  Groups
 * come largest first, so that no state is worse than that of the group before
 * it.
 */
#include <stdlib.h>

#include "mail/dated.h"
#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/perf.h"
#include "plugins/check_relayflood/text.h"
#include "plugins/check_relayflood/total.h"

#define JUDGE_SHOWN 20 /* groups that alert, listed at most */

bool
relayflood_judge_is_whole(const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;

	return s->failed == 0 && !s->cut_short;
}

enum result_state
relayflood_judge_state(const struct relayflood_config *c,
    const struct sample_estimate *e, uint64_t total,
    const struct flood_rule **doubt)
{
	switch (flood_level(&c->warning, &c->critical, e, total, doubt)) {
	case FLOOD_LEVEL_CRITICAL:
		return RESULT_CRITICAL;
	case FLOOD_LEVEL_WARNING:
		return RESULT_WARNING;
	default:
		return RESULT_OK;
	}
}

bool
relayflood_judge_is_blind(const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	return census_is_blind(&m->census, &c->warning);
}

static struct relayflood_judge_group
judge_group(const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct tally_group *g)
{
	struct relayflood_judge_group j = {
		.group = g,
		.count = census_scale(&m->census, g->count),
	};

	j.state = relayflood_judge_state(c, &j.count, m->census.survey.total,
	    &j.doubt);
	return j;
}

static int64_t
judge_older(int64_t a, int64_t b)
{
	return a == -1 || (b != -1 && b < a) ? b : a;
}

/* Messages that don't alert, and when the oldest of them came. */
static void
judge_other(struct relayflood_judge *j, uint64_t count, int64_t oldest)
{
	j->has_other = j->has_other || count != 0;
	j->oldest_other = judge_older(j->oldest_other, oldest);
}

static void
judge_rest(struct relayflood_judge_rest *r, const struct tally_group *g)
{
	r->groups++;
	r->count += g->count;
	if (g->count > r->largest)
		r->largest = g->count;
	r->oldest = judge_older(r->oldest, g->oldest);
}

/* Sorts the groups into those that are shown, ignored, and all others. */
static void
judge_groups(struct relayflood_judge *j, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct tally *t = &m->census.tally;
	struct relayflood_judge_group one;
	size_t i;

	for (i = 0; i < t->ngroups; i++) {
		if (relayflood_ignore_matches(&c->ignore, t, &t->group[i])) {
			judge_rest(&j->ignored, &t->group[i]);
			continue;
		}
		one = judge_group(c, m, &t->group[i]);
		if (j->top.group == NULL)
			j->top = one;
		if (one.state != RESULT_OK)
			j->over++;
		else
			judge_other(j, t->group[i].count, t->group[i].oldest);
		if (j->nshown < c->top ||
		    (one.state != RESULT_OK && j->nshown < JUDGE_SHOWN))
			j->shown[j->nshown++] = one;
		else
			judge_rest(&j->others, &t->group[i]);
	}
	j->others.count += t->others.count;
	j->others.oldest = judge_older(j->others.oldest, t->others.oldest);
}

/* 0; or -1, out of memory. */
static int
judge_sift(struct relayflood_judge *j, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct tally *t = &m->census.tally;
	size_t room = c->top > JUDGE_SHOWN ? c->top : JUDGE_SHOWN;
	int i;

	*j = (struct relayflood_judge){
		.shown = calloc(room, sizeof(*j->shown)),
		.ignored = { .oldest = -1 },
		.others = { .oldest = -1 },
		.oldest_other = -1,
	};
	if (j->shown == NULL)
		return -1;
	judge_groups(j, c, m);
	judge_other(j, t->others.count, t->others.oldest);
	judge_other(j, t->unnamed.count, t->unnamed.oldest);
	judge_other(j, j->ignored.count, j->ignored.oldest);
	for (i = 0; i < RELAY_CLASSES; i++)
		if (i != RELAY_SMTP)
			judge_other(j, t->classes[i].count,
			    t->classes[i].oldest);
	return 0;
}

/* A line of its own, with what there is to say about it in *text. */
static struct result *
judge_line(struct result *parent, const char *subject, enum result_state state,
    struct buf *text)
{
	struct result *line = result_add(parent, subject, state);

	result_set(line, RESULT_DETAIL, text);
	return line;
}

/* What keeps the numbers from being all. */
static void
judge_reading(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;
	bool blind = relayflood_judge_is_blind(c, m);
	struct buf text = BUF_INIT;
	struct result *line;

	if (s->failed != 0 || s->unreadable != 0) {
		relayflood_total_add_failure(&text, m, true);
		line = judge_line(root, "reading", RESULT_UNKNOWN, &text);
		relayflood_total_add_failure(&text, m, false);
		result_set(line, RESULT_SUMMARY, &text);
		if (m->remedy != NULL) {
			buf_adds(&text, m->remedy);
			result_set(line, RESULT_ADVICE, &text);
		}
	}
	if (!s->cut_short && !blind &&
	    (s->read != 0 || s->total == 0 || s->unreadable != 0))
		return;
	/* What was not looked at at all is never fine. */
	relayflood_total_add_late(&text, c, m);
	line = judge_line(root, "reading",
	    s->read != 0 && !blind ?
		c->timeout_state :
		result_worse(c->timeout_state, RESULT_UNKNOWN),
	    &text);
	relayflood_total_add_late(&text, c, m);
	result_set(line, RESULT_SUMMARY, &text);
	buf_adds(&text, "give it more time: -t SEC");
	result_set(line, RESULT_ADVICE, &text);
}

static void
judge_shown(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct relayflood_judge_group *g;
	struct buf text = BUF_INIT;
	struct result *line;
	size_t i;

	for (i = 0; i < j->nshown; i++) {
		g = &j->shown[i];
		relayflood_text_add_key(&text, m, g->group);
		line = result_add(root, buf_str(&text), g->state);
		buf_truncate(&text, 0);
		relayflood_text_add_detail(&text, c, m, g);
		result_set(line, RESULT_DETAIL, &text);
		if (g->state == RESULT_OK)
			continue;
		relayflood_text_add_advice(&text, c, m, g);
		result_set(line, RESULT_ADVICE, &text);
		if (i == 0) {
			relayflood_text_add_flood(&text, c, m, g);
			result_set(line, RESULT_SUMMARY, &text);
		}
		if (c->growth) {
			relayflood_text_add_growth(&text, m, g);
			judge_line(line, "growth", RESULT_OK, &text);
		}
	}
	buf_free(&text);
}

/* What is in no group that is shown, one line each. */
static void
judge_rests(struct result *root, const struct relayflood_measure *m,
    const struct relayflood_judge *j)
{
	const struct tally *t = &m->census.tally;
	const struct relayflood_judge_rest unnamed = {
		.count = t->unnamed.count,
		.oldest = t->unnamed.oldest,
		.largest = t->unnamed.count,
	};
	struct relayflood_judge_rest r = { .groups = 0 };
	struct buf text = BUF_INIT;
	int i;

	if (relayflood_total_add_rest(&text, m, &j->others))
		judge_line(root, "others", RESULT_OK, &text);
	if (relayflood_total_add_rest(&text, m, &j->ignored))
		judge_line(root, "ignored", RESULT_OK, &text);
	if (relayflood_total_add_rest(&text, m, &unnamed))
		judge_line(root, relayflood_total_unnamed(t->by), RESULT_OK,
		    &text);
	for (i = 0; i < RELAY_CLASSES; i++) {
		if (i == RELAY_SMTP)
			continue;
		r.count = r.largest = t->classes[i].count;
		r.oldest = t->classes[i].oldest;
		if (relayflood_total_add_rest(&text, m, &r))
			judge_line(root, relay_class_name((enum relay_class)i),
			    RESULT_OK, &text);
	}
}

/* Messages that are in no age, onset or rate. */
static void
judge_dates(struct result *root, const struct relayflood_measure *m)
{
	struct buf text = BUF_INIT;
	struct result *line;

	relayflood_total_add_dates(&text, m, "");
	if (!text.oom && text.len == 0)
		return;
	buf_adds(&text, "; they are counted, but in no age, onset or rate");
	line = judge_line(root, "dates", RESULT_OK, &text);
	buf_adds(&text, dated_advice);
	result_set(line, RESULT_ADVICE, &text);
}

void
relayflood_judge_limits(struct result *root, const struct relayflood_config *c)
{
	struct buf text = BUF_INIT;

	if (relayflood_text_add_shadowed(&text, c))
		judge_line(root, "limits", RESULT_OK, &text);
}

/* All messages; with -v the rules and what was read, -vv the directories. */
static void
judge_total(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct queue *q;
	struct buf text = BUF_INIT;
	struct result *line;
	size_t i, k;

	relayflood_total_add(&text, m);
	line = judge_line(root, "messages", RESULT_OK, &text);
	relayflood_total_add_summary(&text, c, m, j);
	if (text.oom || text.len != 0)
		result_set(line, RESULT_SUMMARY, &text);
	if (c->verbose >= 1) {
		relayflood_total_add_thresholds(&text, c, m);
		judge_line(root, "thresholds", RESULT_OK, &text);
		relayflood_total_add_reading(&text, m);
		judge_line(root, "reading", RESULT_OK, &text);
	}
	for (i = 0; c->verbose >= 2 && i < m->queues->n; i++) {
		q = &m->queues->v[i];
		for (k = 0; k < q->ndirs; k++) {
			relayflood_total_add_directory(&text, q, &q->dirs[k]);
			judge_line(root, "directory", RESULT_OK, &text);
		}
	}
}

struct result *
relayflood_judge(const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	struct result *root = result_new("relays");
	struct relayflood_judge j;

	if (root == NULL || judge_sift(&j, c, m) != 0) {
		result_free(root);
		return NULL;
	}
	judge_reading(root, c, m);
	judge_shown(root, c, m, &j);
	judge_rests(root, m, &j);
	judge_dates(root, m);
	judge_total(root, c, m, &j);
	relayflood_judge_limits(root, c);
	if (relayflood_judge_is_whole(m) &&
	    (m->census.survey.read != 0 || m->census.survey.total == 0))
		relayflood_perf(root, c, m, &j);
	free(j.shown);
	result_settle(root);
	if (result_is_broken(root)) {
		result_free(root);
		return NULL;
	}
	return root;
}
