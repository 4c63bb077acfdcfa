/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge.c - numbers and thresholds in, findings out
 *
 * Pure, and without a word of text.  A number that is only a lower bound
 * alerts where every larger one would alert, too; otherwise it is UNKNOWN (or
 * what -t says for a count that was cut short).
 *
 * An age that is open, because not all ids could be checked, alerts where the
 * age of those that were checked does.
 */
#include <math.h>

#include "plugins/check_mqueue/judge.h"

static void
mqueue_judge_add(struct mqueue_judge *j, enum mqueue_judge_kind kind,
    enum result_state state)
{
	j->finding[j->n++] = (struct mqueue_judge_finding){
		.kind = kind,
		.state = state,
	};
}

/* The range that decides about a metric of a queue at one level, or NULL. */
static const struct range *
mqueue_judge_rule(const struct mqueue_config *c, const struct queue *q,
    enum mqueue_config_metric metric, enum result_state level)
{
	return mqueue_config_find(c, metric, level, q->name, q->role);
}

/* Is there a limit for a metric of a queue? */
static bool
mqueue_judge_asks(const struct mqueue_config *c, const struct queue *q,
    enum mqueue_config_metric metric)
{
	return mqueue_judge_rule(c, q, metric, RESULT_WARNING) != NULL ||
	    mqueue_judge_rule(c, q, metric, RESULT_CRITICAL) != NULL;
}

/* The state of one value by its two rules, and the rule that decided. */
static enum result_state
mqueue_judge_value(const struct mqueue_config *c,
    const struct mqueue_measure *m, enum mqueue_config_metric metric,
    double value, const struct range **rule)
{
	static const enum result_state levels[] = { RESULT_CRITICAL,
		RESULT_WARNING };
	bool exact = mqueue_measure_is_exact(m);
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		*rule = mqueue_judge_rule(c, m->queue, metric, levels[i]);
		if (*rule != NULL &&
		    (exact ? range_alerts(*rule, value) :
			     range_alerts_from(*rule, value)))
			return levels[i];
	}
	return RESULT_OK;
}

/* A forecast is bad when it is short; other values when they are large. */
static bool
mqueue_judge_is_too_much(enum mqueue_config_metric metric, double value,
    const struct range *r)
{
	return metric == MQUEUE_CONFIG_FORECAST ||
	    (!r->inside && value > r->end);
}

/*
 * Adds a finding unless the value is fine.  *advised says whether a finding
 * before it has the same advice.
 */
static void
mqueue_judge_metric(struct mqueue_judge *j, const struct mqueue_config *c,
    enum mqueue_config_metric metric, double value, bool *advised)
{
	struct mqueue_judge_finding f = {
		.kind = MQUEUE_JUDGE_VALUE,
		.metric = metric,
		.value = value,
	};

	f.state = mqueue_judge_value(c, j->m, metric, value, &f.rule);
	if (f.state == RESULT_OK)
		return;
	f.advise = !*advised && mqueue_judge_is_too_much(metric, value, f.rule);
	*advised |= f.advise;
	j->finding[j->n++] = f;
}

/* What keeps the numbers from being exact. */
static void
mqueue_judge_reading(struct mqueue_judge *j, const struct mqueue_config *c)
{
	const struct mqueue_measure *m = j->m;

	if (m->reason != NULL || m->count.failed != 0)
		mqueue_judge_add(j, MQUEUE_JUDGE_UNREAD, RESULT_UNKNOWN);
	if (m->reason == NULL && m->count.cut_short)
		mqueue_judge_add(j, MQUEUE_JUDGE_LATE, c->timeout_state);
}

/*
 * What is not known of the ages.  Messages without one never become too old,
 * so they are a WARNING where the age is judged.
 */
static void
mqueue_judge_ages(struct mqueue_judge *j, const struct mqueue_config *c)
{
	const struct mqueue_measure *m = j->m;

	if (m->count.future + m->count.undated != 0)
		mqueue_judge_add(j, MQUEUE_JUDGE_UNDATED,
		    mqueue_judge_asks(c, m->queue, MQUEUE_CONFIG_AGE) ?
			RESULT_WARNING :
			RESULT_OK);
	if (mqueue_measure_is_age_open(m))
		mqueue_judge_add(j, MQUEUE_JUDGE_OPEN_AGE, RESULT_OK);
}

static double
mqueue_judge_limit(const struct mqueue_config *c, const struct queue *q)
{
	static const enum result_state levels[] = { RESULT_CRITICAL,
		RESULT_WARNING };
	const struct range *r;
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		r = mqueue_judge_rule(c, q, MQUEUE_CONFIG_MESSAGES, levels[i]);
		if (r != NULL && !r->inside && isfinite(r->end))
			return r->end;
	}
	return INFINITY;
}

static double
mqueue_judge_forecast(const struct mqueue_measure *m, double limit)
{
	double left = limit - (double)m->count.queued;

	if (!m->has_rate || m->rate <= 0 || left < 0 || isinf(left))
		return INFINITY;
	return left / m->rate * 60;
}

/*
 * Warning limits that can't be reached, because the critical one is a default
 * that is reached before.
 */
static void
mqueue_judge_limits(struct mqueue_judge *j, const struct mqueue_config *c)
{
	const struct queue *q = j->m->queue;
	const struct range *warning, *critical;
	enum mqueue_config_metric metric;
	int i;

	for (i = MQUEUE_CONFIG_MESSAGES; i < MQUEUE_CONFIG_METRICS; i++) {
		metric = (enum mqueue_config_metric)i;
		warning = mqueue_judge_rule(c, q, metric, RESULT_WARNING);
		critical = mqueue_judge_rule(c, q, metric, RESULT_CRITICAL);
		if (warning == NULL || critical == NULL ||
		    !range_is_shadowed(warning, critical))
			continue;
		j->finding[j->n++] = (struct mqueue_judge_finding){
			.kind = MQUEUE_JUDGE_SHADOWED,
			.state = RESULT_OK,
			.metric = metric,
			.rule = warning,
			.critical = critical,
		};
	}
}

void
mqueue_judge(struct mqueue_judge *j, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	const struct scan_count *n = &m->count;
	bool queued = false, lost = false, held = false, old = false;
	bool stranded = false;

	*j = (struct mqueue_judge){ .m = m };
	j->limit = mqueue_judge_limit(c, m->queue);
	j->forecast = mqueue_judge_forecast(m, j->limit);
	mqueue_judge_reading(j, c);
	mqueue_judge_metric(j, c, MQUEUE_CONFIG_MESSAGES, (double)n->queued,
	    &queued);
	mqueue_judge_metric(j, c, MQUEUE_CONFIG_AGE, (double)n->oldest,
	    &queued);
	if (isfinite(j->forecast))
		mqueue_judge_metric(j, c, MQUEUE_CONFIG_FORECAST, j->forecast,
		    &queued);
	mqueue_judge_metric(j, c, MQUEUE_CONFIG_LOST, (double)n->lost, &lost);
	mqueue_judge_metric(j, c, MQUEUE_CONFIG_QUARANTINED, (double)n->held,
	    &held);
	mqueue_judge_metric(j, c, MQUEUE_CONFIG_HELD_AGE,
	    (double)n->oldest_held, &old);
	mqueue_judge_ages(j, c);
	if (m->has_stranded)
		mqueue_judge_metric(j, c, MQUEUE_CONFIG_STRANDED,
		    (double)m->nstranded, &stranded);
	mqueue_judge_limits(j, c);
}

bool
mqueue_judge_alerts(const struct mqueue_judge *j,
    enum mqueue_config_metric metric)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (j->finding[i].kind == MQUEUE_JUDGE_VALUE &&
		    j->finding[i].metric == metric)
			return true;
	return false;
}

enum result_state
mqueue_judge_no_growth(const struct mqueue_config *c,
    const struct mqueue_measure *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (mqueue_judge_asks(c, m[i].queue, MQUEUE_CONFIG_FORECAST))
			return RESULT_UNKNOWN;
	return RESULT_OK;
}
