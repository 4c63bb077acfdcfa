/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge.c - numbers and thresholds in, a result out
 *
 * Pure.  A number that is only a lower bound alerts where every larger one
 * would too; otherwise it is UNKNOWN (or what -t says for a count that was
 * cut short).  Perfdata is left out as a whole as soon as one number is not
 * exact: a graph must not show a count that no one took, and a set of items
 * that changes would spoil the graphs that go by their order.
 *
 * An age that is open, because not all ids could be checked, alerts where the
 * age of those that were checked does.
 */
#include <math.h>

#include "mail/dated.h"
#include "plugins/check_mqueue/judge.h"
#include "plugins/check_mqueue/perf.h"
#include "plugins/check_mqueue/text.h"

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
		*rule = mqueue_config_find(c, metric, levels[i], m->queue->name,
		    m->queue->role);
		if (*rule != NULL &&
		    (exact ? range_alerts(*rule, value) :
			     range_alerts_from(*rule, value)))
			return levels[i];
	}
	return RESULT_OK;
}

/*
 * Adds a finding unless the value is fine.  Its advice is left out when
 * *advised says that another finding gave the same.
 */
static void
mqueue_judge_metric(struct result *node, const struct mqueue_config *c,
    const struct mqueue_measure *m, enum mqueue_config_metric metric,
    double value, bool *advised)
{
	const struct range *rule;
	enum result_state state = mqueue_judge_value(c, m, metric, value,
	    &rule);
	struct buf summary = BUF_INIT, detail = BUF_INIT, advice = BUF_INIT;
	struct result *finding;

	if (state == RESULT_OK)
		return;
	finding = result_add(node, mqueue_text_subject(metric), state);
	mqueue_text_add_alert(&summary, c, m, metric, value, rule);
	result_set(finding, RESULT_SUMMARY, &summary);
	mqueue_text_add_finding(&detail, m, metric, value, rule);
	result_set(finding, RESULT_DETAIL, &detail);
	if (*advised || !mqueue_text_is_too_much(metric, value, rule))
		return;
	*advised = true;
	mqueue_text_add_advice(&advice, c, m, metric);
	result_set(finding, RESULT_ADVICE, &advice);
}

/* What keeps the numbers from being exact. */
static void
mqueue_judge_reading(struct result *node, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	struct buf summary = BUF_INIT, detail = BUF_INIT, advice = BUF_INIT;
	struct result *finding;

	if (m->reason != NULL || m->count.failed != 0) {
		finding = result_add(node, "reading", RESULT_UNKNOWN);
		mqueue_text_add_unread(&summary, m);
		result_set(finding, RESULT_SUMMARY, &summary);
		mqueue_text_add_failure(&detail, m);
		result_set(finding, RESULT_DETAIL, &detail);
		if (m->reason == NULL && m->remedy != NULL) {
			buf_adds(&advice, m->remedy);
			result_set(finding, RESULT_ADVICE, &advice);
		}
	}
	if (m->reason == NULL && m->count.cut_short) {
		finding = result_add(node, "reading", c->timeout_state);
		buf_addf(&summary, "not all counted within %ds", c->timeout);
		result_set(finding, RESULT_SUMMARY, &summary);
		buf_addf(&detail, "not counted to the end within %ds",
		    c->timeout);
		result_set(finding, RESULT_DETAIL, &detail);
		buf_adds(&advice, "give it more time: -t SEC");
		result_set(finding, RESULT_ADVICE, &advice);
	}
}

/* Is the age of the queue's messages held against a limit? */
static bool
mqueue_judge_asks_age(const struct mqueue_config *c, const struct queue *q)
{
	return mqueue_config_find(c, MQUEUE_CONFIG_AGE, RESULT_WARNING, q->name,
		   q->role) != NULL ||
	    mqueue_config_find(c, MQUEUE_CONFIG_AGE, RESULT_CRITICAL, q->name,
		q->role) != NULL;
}

/*
 * What is not known of the ages.  Messages without one never become too old,
 * so they are a WARNING where that is asked for.
 */
static void
mqueue_judge_ages(struct result *node, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	const struct scan_count *n = &m->count;
	struct buf text = BUF_INIT;
	struct result *finding;

	if (n->future + n->undated != 0) {
		finding = result_add(node, "dates",
		    mqueue_judge_asks_age(c, m->queue) ? RESULT_WARNING :
							 RESULT_OK);
		dated_add(&text, "", n->future, n->undated);
		result_set(finding, RESULT_SUMMARY, &text);
		dated_add(&text, "", n->future, n->undated);
		buf_adds(&text, "; how long they wait is not known");
		result_set(finding, RESULT_DETAIL, &text);
		buf_adds(&text, dated_advice);
		result_set(finding, RESULT_ADVICE, &text);
	}
	if (!mqueue_text_is_age_open(m))
		return;
	finding = result_add(node, "age range", RESULT_OK);
	mqueue_text_add_open_age(&text, m);
	result_set(finding, RESULT_DETAIL, &text);
}

double
mqueue_judge_limit(const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	static const enum result_state levels[] = { RESULT_CRITICAL,
		RESULT_WARNING };
	const struct range *r;
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		r = mqueue_config_find(c, MQUEUE_CONFIG_MESSAGES, levels[i],
		    m->queue->name, m->queue->role);
		if (r != NULL && !r->inside && isfinite(r->end))
			return r->end;
	}
	return INFINITY;
}

double
mqueue_judge_forecast(const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	double left = mqueue_judge_limit(c, m) - (double)m->count.queued;

	if (!m->has_rate || m->rate <= 0 || left < 0 || isinf(left))
		return INFINITY;
	return left / m->rate * 60;
}

/* A warning limit that can't be reached, because the other is a default. */
static void
mqueue_judge_limits(struct result *node, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	const struct range *warning, *critical;
	struct buf detail = BUF_INIT;
	struct result *line;
	int i;

	for (i = MQUEUE_CONFIG_MESSAGES; i < MQUEUE_CONFIG_METRICS; i++) {
		warning = mqueue_config_find(c, (enum mqueue_config_metric)i,
		    RESULT_WARNING, m->queue->name, m->queue->role);
		critical = mqueue_config_find(c, (enum mqueue_config_metric)i,
		    RESULT_CRITICAL, m->queue->name, m->queue->role);
		if (warning == NULL || critical == NULL ||
		    !range_is_shadowed(warning, critical))
			continue;
		line = result_add(node, "limits", RESULT_OK);
		mqueue_text_add_shadowed(&detail, (enum mqueue_config_metric)i,
		    warning, critical);
		result_set(line, RESULT_DETAIL, &detail);
	}
}

/* -v: what the numbers are held against; -vv: where they come from. */
static void
mqueue_judge_explain(struct result *node, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	struct buf detail = BUF_INIT;
	struct result *line;
	size_t i;

	if (c->verbose >= 1) {
		line = result_add(node, "thresholds", RESULT_OK);
		mqueue_text_add_thresholds(&detail, c, m);
		result_set(line, RESULT_DETAIL, &detail);
	}
	for (i = 0; c->verbose >= 2 && i < m->queue->ndirs; i++) {
		line = result_add(node, "directory", RESULT_OK);
		mqueue_text_add_path(&detail, m->queue->dirs[i].path);
		buf_adds(&detail, ", from ");
		mqueue_text_add_path(&detail, m->queue->source);
		result_set(line, RESULT_DETAIL, &detail);
	}
}

/* Judges one queue; the node is settled. */
static void
mqueue_judge_queue(struct result *root, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	struct buf text = BUF_INIT;
	struct result *node;
	double forecast = mqueue_judge_forecast(c, m);
	bool queued = false, lost = false, quarantined = false;
	bool stranded = false, held = false;

	mqueue_text_add_name(&text, m->queue->name);
	node = result_add(root, buf_str(&text), RESULT_OK);
	mqueue_judge_reading(node, c, m);
	mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_MESSAGES,
	    (double)m->count.queued, &queued);
	mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_AGE,
	    (double)m->count.oldest, &queued);
	if (isfinite(forecast))
		mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_FORECAST,
		    forecast, &queued);
	mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_LOST,
	    (double)m->count.lost, &lost);
	mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_QUARANTINED,
	    (double)m->count.quarantined, &quarantined);
	mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_HELD_AGE,
	    (double)m->count.oldest_held, &held);
	mqueue_judge_ages(node, c, m);
	if (m->has_stranded)
		mqueue_judge_metric(node, c, m, MQUEUE_CONFIG_STRANDED,
		    (double)m->nstranded, &stranded);
	mqueue_judge_limits(node, c, m);
	mqueue_judge_explain(node, c, m);
	buf_truncate(&text, 0);
	mqueue_text_add_detail(&text, m);
	result_set(node, RESULT_DETAIL, &text);
	result_settle(node);
}

/*
 * The first line tells the worst queue, and all that are not OK, in full; the
 * others by name and count.
 */
static void
mqueue_judge_summaries(struct result *root, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	struct buf text = BUF_INIT;
	struct result *node;
	size_t i, worst = 0;

	for (i = 1; i < root->nchild; i++)
		if (result_is_worse(root->child[i], root->child[worst]))
			worst = i;
	for (i = 0; i < root->nchild; i++) {
		node = root->child[i];
		if (i == worst || node->state != RESULT_OK)
			mqueue_text_add_summary(&text, node, c, &m[i]);
		else
			mqueue_text_add_short(&text, &m[i]);
		result_set(node, RESULT_SUMMARY, &text);
	}
}

/* Is a forecast to be judged?  Then it has to be known. */
static bool
mqueue_judge_asks_forecast(const struct mqueue_config *c,
    const struct mqueue_measure *m, size_t n)
{
	const struct queue *q;
	size_t i;

	for (i = 0; i < n; i++) {
		q = m[i].queue;
		if (mqueue_config_find(c, MQUEUE_CONFIG_FORECAST,
			RESULT_WARNING, q->name, q->role) != NULL ||
		    mqueue_config_find(c, MQUEUE_CONFIG_FORECAST,
			RESULT_CRITICAL, q->name, q->role) != NULL)
			return true;
	}
	return false;
}

struct result *
mqueue_judge(const struct mqueue_config *c, const struct mqueue_measure *m,
    size_t n, const char *state_note)
{
	struct result *root = result_new("queues"), *node;
	struct buf text = BUF_INIT;
	bool exact = true, asked;
	size_t i;

	if (root == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		mqueue_judge_queue(root, c, &m[i]);
		exact = exact && mqueue_measure_is_exact(&m[i]);
	}
	if (!result_is_broken(root))
		mqueue_judge_summaries(root, c, m);
	if (exact)
		mqueue_perf(root, c, m, n);
	if (*state_note != '\0') {
		asked = mqueue_judge_asks_forecast(c, m, n);
		node = result_add(root, "growth",
		    asked ? RESULT_UNKNOWN : RESULT_OK);
		if (asked) {
			buf_addf(&text, "no forecast: %s", state_note);
			result_set(node, RESULT_SUMMARY, &text);
		}
		buf_addf(&text, "not known: %s", state_note);
		result_set(node, RESULT_DETAIL, &text);
		buf_adds(&text,
		    "name a directory that this user may write:"
		    " --state-dir DIR or MP_STATE_PATH");
		result_set(node, RESULT_ADVICE, &text);
	}
	result_settle(root);
	if (result_is_broken(root)) {
		result_free(root);
		return NULL;
	}
	return root;
}
