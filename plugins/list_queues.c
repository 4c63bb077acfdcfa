/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_queues.c - --list-queues
 *
 * The first thing to run as the monitoring user: it names the least that is
 * missing.  Owns nothing; without memory, the answer says so.
 */
#include "base/clean.h"
#include "list_queues.h"
#include "mqueue/access.h"
#include "plugin.h"

#define LIST_SHOWN 200

static struct result *
list_add(struct result *parent, const char *subject)
{
	struct buf text = BUF_INIT;
	struct result *node;

	clean_adds(&text, subject, LIST_SHOWN);
	node = result_add(parent, buf_str(&text), RESULT_OK);
	buf_free(&text);
	return node;
}

/* A directory; returns whether it can be read. */
static bool
list_dir(struct result *queue, const struct queue_dir *dir,
    const struct mta *mta, bool files)
{
	struct result *node = list_add(queue, dir->path);
	struct buf remedy = BUF_INIT, detail = BUF_INIT;
	int rc = files ? access_check_files(dir->path, mta, &remedy) :
			 access_check(dir->path, mta, &remedy);

	buf_adds(&detail, rc == 0 ? "readable" : "NOT readable");
	result_set(node, RESULT_DETAIL, &detail);
	if (rc == 0)
		return true;
	result_set(node, RESULT_ADVICE, &remedy);
	if (node != NULL)
		node->state = RESULT_UNKNOWN;
	return false;
}

/* The list as a tree, with a summary; NULL or broken: out of memory. */
static struct result *
list_make(const struct queue_list *queues, const struct mta *mta, bool files)
{
	struct result *root = result_new("queues"), *node;
	size_t i, j, dirs = 0, closed = 0;
	struct buf text = BUF_INIT;
	const struct queue *q;

	for (i = 0; root != NULL && i < queues->n; i++) {
		q = &queues->v[i];
		node = list_add(root, q->name);
		buf_addf(&text, "(%s), from ", queue_role_name(q->role));
		clean_adds(&text, q->source, LIST_SHOWN);
		result_set(node, RESULT_DETAIL, &text);
		for (j = 0; j < q->ndirs; j++, dirs++)
			closed += !list_dir(node, &q->dirs[j], mta, files);
	}
	buf_addf(&text, "%zu queue%s, %zu of %zu director%s readable",
	    queues->n, queues->n == 1 ? "" : "s", dirs - closed, dirs,
	    dirs == 1 ? "y" : "ies");
	if (root != NULL)
		result_set(root, RESULT_SUMMARY, &text);
	buf_free(&text);
	return root;
}

/* As people read it. */
static void
list_print(const struct result *root, struct buf *out)
{
	const struct result *queue, *dir;
	size_t i, j;

	for (i = 0; i < root->nchild; i++) {
		queue = root->child[i];
		buf_addf(out, "%s %s\n", queue->subject,
		    queue->text[RESULT_DETAIL]);
		for (j = 0; j < queue->nchild; j++) {
			dir = queue->child[j];
			buf_addf(out, "  %s: %s\n", dir->subject,
			    dir->text[RESULT_DETAIL]);
			if (dir->text[RESULT_ADVICE] != NULL)
				buf_addf(out, "    -> %s\n",
				    dir->text[RESULT_ADVICE]);
		}
	}
}

enum result_state
list_queues(const struct queue_list *queues, const struct mta *mta, bool files,
    render_fn *render, const struct render_options *opt, struct buf *out)
{
	struct result *root = list_make(queues, mta, files);
	enum result_state state = RESULT_UNKNOWN;
	int rc = -1;

	if (root != NULL && !result_is_broken(root)) {
		/* Before it is sorted: the order is that of the queues. */
		if (render == render_nagios)
			list_print(root, out);
		result_settle(root);
		rc = render == render_nagios ? 0 : render(root, opt, out);
	}
	if (rc == 0)
		state = root->state;
	else
		plugin_fail_text(opt->service, out, "out of memory");
	result_free(root);
	return state;
}
