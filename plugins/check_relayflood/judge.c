/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge.c - a census and two rules in, findings out
 *
 * Decides by numbers alone, and makes no text.  A state is claimed only where
 * a sample proves it (sample.c); else it is the next milder one, and the
 * group's doubt says which rule the sample leaves open.  An OK with a doubt is
 * an OK, since otherwise a queue that is always too large to be read would
 * never be OK.  What could not be looked at is UNKNOWN, unless what was looked
 * at is critical already; so is a sample that is too small to prove any flood,
 * whatever is in it.  Groups come largest first, so that no state is worse
 * than that of the group before it.
 */
#include <stdlib.h>

#include "plugins/check_relayflood/judge.h"

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

/* Messages that don't alert, and when the oldest of them came. */
static void
judge_other(struct relayflood_judge *j, uint64_t count, int64_t oldest)
{
	j->has_other = j->has_other || count != 0;
	j->oldest_other = tally_older(j->oldest_other, oldest);
}

static void
judge_rest(struct relayflood_judge_rest *r, const struct tally_group *g)
{
	r->groups++;
	r->count += g->count;
	if (g->count > r->largest)
		r->largest = g->count;
	r->oldest = tally_older(r->oldest, g->oldest);
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
		    (one.state != RESULT_OK &&
			j->nshown < RELAYFLOOD_JUDGE_SHOWN))
			j->shown[j->nshown++] = one;
		else
			judge_rest(&j->others, &t->group[i]);
	}
	j->others.count += t->others.count;
	j->others.oldest = tally_older(j->others.oldest, t->others.oldest);
}

/* What keeps the numbers from being all. */
static void
judge_reading(struct relayflood_judge *j, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;
	bool none = s->read == 0 && s->total != 0;

	j->is_blind = census_is_blind(&m->census, &c->warning);
	j->is_unread = s->failed != 0 || s->unreadable != 0;
	j->is_late = s->cut_short || j->is_blind ||
	    (none && s->unreadable == 0);
	/* What was not looked at at all is never fine. */
	j->late = s->read != 0 && !j->is_blind ?
	    c->timeout_state :
	    result_worse(c->timeout_state, RESULT_UNKNOWN);
}

int
relayflood_judge(struct relayflood_judge *j, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct tally *t = &m->census.tally;
	size_t room = c->top > RELAYFLOOD_JUDGE_SHOWN ? c->top :
							RELAYFLOOD_JUDGE_SHOWN;
	int i;

	*j = (struct relayflood_judge){
		.shown = calloc(room, sizeof(*j->shown)),
		.ignored = { .oldest = -1 },
		.others = { .oldest = -1 },
		.oldest_other = -1,
	};
	if (j->shown == NULL)
		return -1;
	judge_reading(j, c, m);
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

void
relayflood_judge_free(struct relayflood_judge *j)
{
	free(j->shown);
	j->shown = NULL;
}
