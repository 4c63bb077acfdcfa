/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * answer.c - measured queues in, check_mqueue's result out
 *
 * Makes the tree: a node for each queue, and below it one for each finding of
 * judge.c in the words of text.c.  As soon as one number is not exact, there is
 * no perfdata at all: a graph must not show a lower bound as a count, and
 * graphs that go by the order of the items would mistake one for another if
 * only some were left out.
 */
#include <stdlib.h>

#include "plugins/check_mqueue/answer.h"
#include "plugins/check_mqueue/judge.h"
#include "plugins/check_mqueue/perf.h"
#include "plugins/check_mqueue/text.h"

static void
mqueue_answer_findings(struct result *node, const struct mqueue_config *c,
    const struct mqueue_judge *j)
{
	const struct mqueue_judge_finding *f;
	struct buf text = BUF_INIT;
	struct result *line;
	size_t i, k;

	for (i = 0; i < j->n; i++) {
		f = &j->finding[i];
		line = result_add(node, mqueue_text_subject(f), f->state);
		for (k = 0; k < RESULT_TEXTS; k++) {
			mqueue_text_add_finding(&text, (enum result_text)k, c,
			    j, f);
			if (text.oom || text.len != 0)
				result_set(line, (enum result_text)k, &text);
		}
	}
	buf_free(&text);
}

/* -v: the thresholds; -vv: the directories, and where each was found. */
static void
mqueue_answer_explain(struct result *node, const struct mqueue_config *c,
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

/* The node of one queue, settled. */
static void
mqueue_answer_queue(struct result *root, const struct mqueue_config *c,
    const struct mqueue_judge *j)
{
	struct buf text = BUF_INIT;
	struct result *node;

	mqueue_text_add_name(&text, j->m->queue->name);
	node = result_add(root, buf_str(&text), RESULT_OK);
	mqueue_answer_findings(node, c, j);
	mqueue_answer_explain(node, c, j->m);
	buf_truncate(&text, 0);
	mqueue_text_add_detail(&text, j->m);
	result_set(node, RESULT_DETAIL, &text);
	result_settle(node);
}

/*
 * The first line tells the worst queue, and all that are not OK, in full; the
 * others by name and count.
 */
static void
mqueue_answer_summaries(struct result *root, const struct mqueue_judge *j)
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
			mqueue_text_add_summary(&text, node, &j[i]);
		else
			mqueue_text_add_short(&text, j[i].m);
		result_set(node, RESULT_SUMMARY, &text);
	}
}

/* Why the growth of none of the queues is known. */
static void
mqueue_answer_no_growth(struct result *root, enum result_state state,
    const char *why)
{
	struct result *node = result_add(root, "growth", state);
	struct buf text = BUF_INIT;
	size_t k;

	for (k = 0; k < RESULT_TEXTS; k++) {
		mqueue_text_add_no_growth(&text, (enum result_text)k, state,
		    why);
		if (text.oom || text.len != 0)
			result_set(node, (enum result_text)k, &text);
	}
}

struct result *
mqueue_answer(const struct mqueue_config *c, const struct mqueue_measure *m,
    size_t n, const char *state_note)
{
	struct mqueue_judge *j = calloc(n, sizeof(*j));
	struct result *root = result_new("queues");
	bool exact = true;
	size_t i;

	if (root == NULL || j == NULL)
		goto fail;
	for (i = 0; i < n; i++) {
		mqueue_judge(&j[i], c, &m[i]);
		mqueue_answer_queue(root, c, &j[i]);
		exact = exact && mqueue_measure_is_exact(&m[i]);
	}
	if (!result_is_broken(root))
		mqueue_answer_summaries(root, j);
	if (exact)
		mqueue_perf(root, c, m, n);
	if (*state_note != '\0')
		mqueue_answer_no_growth(root, mqueue_judge_no_growth(c, m, n),
		    state_note);
	result_settle(root);
	if (result_is_broken(root))
		goto fail;
	free(j);
	return root;
fail:
	free(j);
	result_free(root);
	return NULL;
}
