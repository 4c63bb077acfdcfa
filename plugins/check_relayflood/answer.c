/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * answer.c - measured numbers in, check_relayflood's result out
 *
 * Makes the tree: a line for each finding of judge.c, or for --merge of
 * judgemerge.c, in the words of text.c, total.c and textmerge.c.  Perfdata is
 * left out where the numbers are not those of all queues or servers.
 */
#include "mail/dated.h"
#include "plugins/check_relayflood/answer.h"
#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/judgemerge.h"
#include "plugins/check_relayflood/perf.h"
#include "plugins/check_relayflood/text.h"
#include "plugins/check_relayflood/textmerge.h"
#include "plugins/check_relayflood/total.h"

/* A line of its own, with what there is to say about it in *text. */
static struct result *
answer_line(struct result *parent, const char *subject, enum result_state state,
    struct buf *text)
{
	struct result *line = result_add(parent, subject, state);

	result_set(line, RESULT_DETAIL, text);
	return line;
}

/* What keeps the numbers from being all. */
static void
answer_reading(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	struct buf text = BUF_INIT;
	struct result *line;

	if (j->is_unread) {
		relayflood_total_add_failure(&text, m, true);
		line = answer_line(root, "reading", RESULT_UNKNOWN, &text);
		relayflood_total_add_failure(&text, m, false);
		result_set(line, RESULT_SUMMARY, &text);
		if (m->remedy != NULL) {
			buf_adds(&text, m->remedy);
			result_set(line, RESULT_ADVICE, &text);
		}
	}
	if (!j->is_late)
		return;
	relayflood_total_add_late(&text, c, m, j);
	line = answer_line(root, "reading", j->late, &text);
	relayflood_total_add_late(&text, c, m, j);
	result_set(line, RESULT_SUMMARY, &text);
	buf_adds(&text, "give it more time: -t SEC");
	result_set(line, RESULT_ADVICE, &text);
}

static void
answer_shown(struct result *root, const struct relayflood_config *c,
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
			answer_line(line, "growth", RESULT_OK, &text);
		}
	}
	buf_free(&text);
}

/* A line each for messages that are in none of the groups shown. */
static void
answer_rests(struct result *root, const struct relayflood_measure *m,
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
		answer_line(root, "others", RESULT_OK, &text);
	if (relayflood_total_add_rest(&text, m, &j->ignored))
		answer_line(root, "ignored", RESULT_OK, &text);
	if (relayflood_total_add_rest(&text, m, &unnamed))
		answer_line(root, relayflood_total_unnamed(t->by), RESULT_OK,
		    &text);
	for (i = 0; i < RELAY_CLASSES; i++) {
		if (i == RELAY_SMTP)
			continue;
		r.count = r.largest = t->classes[i].count;
		r.oldest = t->classes[i].oldest;
		if (relayflood_total_add_rest(&text, m, &r))
			answer_line(root, relay_class_name((enum relay_class)i),
			    RESULT_OK, &text);
	}
}

/* Messages whose date can't be true. */
static void
answer_dates(struct result *root, const struct relayflood_measure *m)
{
	struct buf text = BUF_INIT;
	struct result *line;

	relayflood_total_add_dates(&text, m, "");
	if (!text.oom && text.len == 0)
		return;
	buf_adds(&text, "; they are counted, but in no age, onset or rate");
	line = answer_line(root, "dates", RESULT_OK, &text);
	buf_adds(&text, dated_advice);
	result_set(line, RESULT_ADVICE, &text);
}

/* A line if the limits leave no room for a WARNING. */
static void
answer_limits(struct result *root, const struct relayflood_config *c)
{
	struct buf text = BUF_INIT;

	if (relayflood_text_add_shadowed(&text, c))
		answer_line(root, "limits", RESULT_OK, &text);
}

/* All messages; with -v the rules and what was read, -vv the directories. */
static void
answer_total(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct queue *q;
	struct buf text = BUF_INIT;
	struct result *line;
	size_t i, k;

	relayflood_total_add(&text, m);
	line = answer_line(root, "messages", RESULT_OK, &text);
	relayflood_total_add_summary(&text, c, m, j);
	if (text.oom || text.len != 0)
		result_set(line, RESULT_SUMMARY, &text);
	if (c->verbose >= 1) {
		relayflood_total_add_thresholds(&text, c, m);
		answer_line(root, "thresholds", RESULT_OK, &text);
		relayflood_total_add_reading(&text, m);
		answer_line(root, "reading", RESULT_OK, &text);
	}
	for (i = 0; c->verbose >= 2 && i < m->queues->n; i++) {
		q = &m->queues->v[i];
		for (k = 0; k < q->ndirs; k++) {
			relayflood_total_add_directory(&text, q, &q->dirs[k]);
			answer_line(root, "directory", RESULT_OK, &text);
		}
	}
}

/* Settles a tree; NULL if a part of it was lost for want of memory. */
static struct result *
answer_settle(struct result *root)
{
	result_settle(root);
	if (!result_is_broken(root))
		return root;
	result_free(root);
	return NULL;
}

struct result *
relayflood_answer(const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;
	struct result *root = result_new("relays");
	struct relayflood_judge j;

	if (root == NULL)
		return NULL;
	if (relayflood_judge(&j, c, m) != 0) {
		result_free(root);
		return NULL;
	}
	answer_reading(root, c, m, &j);
	answer_shown(root, c, m, &j);
	answer_rests(root, m, &j);
	answer_dates(root, m);
	answer_total(root, c, m, &j);
	answer_limits(root, c);
	if (relayflood_measure_is_whole(m) && (s->read != 0 || s->total == 0))
		relayflood_perf(root, c, m, &j);
	relayflood_judge_free(&j);
	return answer_settle(root);
}

/* --- the sums of several servers --------------------------------------- */

static void
answer_sums(struct result *root, const struct relayflood_config *c,
    const struct relayflood_merge *m, const struct relayflood_judgemerge *j)
{
	const struct relayflood_judgemerge_row *row;
	struct buf text = BUF_INIT;
	struct result *line;
	size_t i;

	for (i = 0; i < j->nshown; i++) {
		row = &j->shown[i];
		addr_add(&text, &row->sum->addr);
		line = result_add(root, buf_str(&text), row->state);
		buf_truncate(&text, 0);
		relayflood_textmerge_add_sum(&text, c, m, row);
		result_set(line, RESULT_DETAIL, &text);
		if (i == 0) {
			relayflood_textmerge_add_first(&text, c, m, row);
			result_set(line, RESULT_SUMMARY, &text);
		}
		if (row->state != RESULT_OK) {
			relayflood_textmerge_add_advice(&text, row);
			result_set(line, RESULT_ADVICE, &text);
		}
	}
	buf_free(&text);
}

static void
answer_sum_total(struct result *root, const struct relayflood_merge *m)
{
	struct buf text = BUF_INIT;
	struct result *line;

	relayflood_textmerge_add_total(&text, m);
	line = answer_line(root, "messages",
	    m->sum.bound ? RESULT_UNKNOWN : RESULT_OK, &text);
	if (relayflood_textmerge_counted(m) == 0)
		return;
	relayflood_textmerge_add_total_summary(&text, m);
	result_set(line, RESULT_SUMMARY, &text);
}

/*
 * A line for each server, and why one has no part in the sum: on the first
 * line, too, for the first that failed and the first that was named before.
 */
static void
answer_servers(struct result *root, const struct relayflood_merge *m)
{
	const struct relayflood_merge_server *s;
	struct buf text = BUF_INIT;
	size_t i, failed = 0, again = 0;
	struct result *line;
	bool first;

	for (i = 0; i < m->n; i++) {
		s = &m->server[i];
		first = s->failure != NULL ?
		    failed++ == 0 :
		    s->again != REPORT_NEWS && again++ == 0;
		relayflood_textmerge_add_server_name(&text, s);
		line = result_add(root, buf_str(&text),
		    relayflood_judgemerge_server(s));
		buf_truncate(&text, 0);
		relayflood_textmerge_add_server(&text, m, s);
		result_set(line, RESULT_DETAIL, &text);
		if (!first)
			continue;
		relayflood_textmerge_add_left_out(&text, m, s);
		result_set(line, RESULT_SUMMARY, &text);
	}
}

struct result *
relayflood_answer_merge(const struct relayflood_config *c,
    const struct relayflood_merge *m)
{
	struct result *root = result_new("relays");
	struct relayflood_judgemerge j;
	struct relayflood_perf v = {
		.messages = m->sum.total,
		.relays = m->sum.n,
		.read = m->read,
	};

	if (root == NULL)
		return NULL;
	if (relayflood_judgemerge(&j, c, m) != 0) {
		result_free(root);
		return NULL;
	}
	v.over = j.over;
	v.top = j.top;
	answer_sums(root, c, m, &j);
	answer_sum_total(root, m);
	answer_servers(root, m);
	answer_limits(root, c);
	if (m->failed == 0 && !m->sum.bound)
		relayflood_perf_values(root, c, &v);
	relayflood_judgemerge_free(&j);
	return answer_settle(root);
}
