/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_queues.c - --list-queues
 *
 * The first thing to run as the monitoring user: it names the least that is
 * missing to read the queues, what is in them that no queue run delivers, and
 * what there is beside them that nobody watches.  Owns nothing; without memory,
 * the answer says so.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/shell.h"
#include "look/readable.h"
#include "look/scan.h"
#include "look/stranded.h"
#include "mta/unwatched.h"
#include "plugins/common/list_queues.h"
#include "plugins/common/plugin.h"

#define LIST_SHOWN 200

/* What is told, and what a list for people has to know of it. */
struct list_tree {
	struct result *root;          /* NULL or broken: out of memory */
	const struct result *options; /* all -q of a command line; or NULL */
	size_t dirs, closed;
	uint64_t stranded;
};

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

/* Each text is taken from its buffer; an empty one is none. */
static struct result *
list_add_texts(struct result *parent, const char *subject, struct buf *detail,
    struct buf *advice)
{
	struct result *node = list_add(parent, subject);

	if (detail->oom || detail->len != 0)
		result_set(node, RESULT_DETAIL, detail);
	if (advice->oom || advice->len != 0)
		result_set(node, RESULT_ADVICE, advice);
	return node;
}

/* --- what is watched ------------------------------------------------------ */

static void
list_dir(struct list_tree *t, struct result *queue, const struct queue *q,
    const struct queue_dir *dir, const struct list_queues *l)
{
	struct buf remedy = BUF_INIT, detail = BUF_INIT;
	struct result *node;
	int rc = l->files ? readable_check_files(dir->path, q->mta, &remedy) :
			    readable_check(dir->path, q->mta, &remedy);

	buf_adds(&detail, rc == 0 ? "readable" : "NOT readable");
	if (rc == 0)
		buf_free(&remedy);
	node = list_add_texts(queue, dir->path, &detail, &remedy);
	t->dirs++;
	if (rc == 0)
		return;
	t->closed++;
	if (node != NULL)
		node->state = RESULT_UNKNOWN;
}

static struct result *
list_queue(struct list_tree *t, const struct queue *q,
    const struct list_queues *l)
{
	struct result *node = list_add(t->root, q->name);
	struct buf text = BUF_INIT;
	size_t i;

	buf_addf(&text, "(%s), from ", queue_role_name(q->role));
	clean_adds(&text, q->source, LIST_SHOWN);
	result_set(node, RESULT_DETAIL, &text);
	for (i = 0; i < q->ndirs; i++)
		list_dir(t, node, q, &q->dirs[i], l);
	return node;
}

/* --- what no queue run delivers ------------------------------------------ */

/* "STRANDED: 3 beside the subdirectory qf/: qf6A in /q, for one"; advice. */
static void
list_stranded_kind(struct result *queue, const struct stranded_count *c,
    enum stranded_kind kind, const struct mta *mta)
{
	const char *const mend[] = { mta->mend_beside, mta->mend_draft,
		mta->mend_bodyless };
	const struct stranded_example *one = &c->example[kind];
	struct buf text = BUF_INIT, advice = BUF_INIT;

	if (c->n[kind] == 0)
		return;
	buf_addf(&text, "%" PRIu64, c->n[kind]);
	if (kind == STRANDED_BESIDE) {
		buf_addf(&text,
		    " beside the subdirectory %s/, where no queue run"
		    " looks",
		    mta->dirs[0].subdir);
	} else if (kind == STRANDED_DRAFT) {
		buf_adds(&text, " never finished, for more than ");
		num_add_duration(&text, STRANDED_AGE);
	} else {
		buf_addf(&text, " of %" PRIu64 " looked at without a body",
		    c->looked);
	}
	if (one->dir != NULL) {
		buf_adds(&text, ": ");
		clean_adds(&text, one->name, LIST_SHOWN);
		buf_adds(&text, " in ");
		clean_adds(&text, one->dir->path, LIST_SHOWN);
		if (c->n[kind] > 1)
			buf_adds(&text, ", for one");
	}
	buf_adds(&advice, mend[kind]);
	list_add_texts(queue, "STRANDED", &text, &advice);
}

static void
list_stranded(struct list_tree *t, struct result *queue,
    const struct stranded_count *c, const struct mta *mta)
{
	struct buf text = BUF_INIT, none = BUF_INIT;
	int kind;

	for (kind = 0; kind < STRANDED_KINDS; kind++) {
		t->stranded += c->n[kind];
		list_stranded_kind(queue, c, (enum stranded_kind)kind, mta);
	}
	if (!c->partly)
		return;
	buf_addf(&text,
	    "the %" PRIu64
	    " oldest messages were looked at for a body, and what there"
	    " was time for (-t SEC) and may be read",
	    c->looked);
	list_add_texts(queue, "There may be more that are stranded", &text,
	    &none);
}

/* The same as a count of check_mqueue, but more is looked at. */
static int
list_look(struct stranded *s, const struct list_queues *l,
    const struct when_deadline *deadline)
{
	const struct scan_options opt = {
		.now = when_wall(deadline->clock),
		.deadline = deadline,
		.stranded = s,
	};
	struct scan_count count;
	size_t i;

	if (stranded_start(s, l->queues, opt.now, STRANDED_MORE) != 0)
		return -1;
	for (i = 0; i < l->queues->n; i++) {
		scan_count_queue(&l->queues->v[i], &opt, &count);
		if (count.cut_short)
			s->counts[i].partly = true;
	}
	return stranded_confirm(s, STRANDED_GAP, deadline);
}

/* --- what is not watched -------------------------------------------------- */

/*
 * A word as a shell takes it.  One that can't be shown is one that no shell
 * finds: it fails, and does not look somewhere else.
 */
static void
list_add_word(struct buf *out, const char *word)
{
	struct buf text = BUF_INIT;

	if (!shell_adds(out, word)) {
		clean_adds(&text, word, LIST_SHOWN * 2);
		if (buf_str(&text) == NULL || !shell_adds(out, buf_str(&text)))
			out->oom = true;
	}
	buf_free(&text);
}

/*
 * The -q of a queue that is not watched.  A queue that is watched keeps its
 * name: what a threshold is for must not change by the command that is pasted.
 */
static void
list_add_unwatched(struct buf *out, const struct queue_list *known,
    const char *spec)
{
	const char *slash = strrchr(spec, '/');
	const char *name = slash != NULL ? slash + 1 : spec;
	struct buf word = BUF_INIT;

	if (strchr(spec, '=') == NULL && queue_list_find(known, name) != NULL)
		buf_addf(&word, "unwatched-%s=", name);
	buf_adds(&word, spec);
	if (buf_str(&word) != NULL)
		list_add_word(out, buf_str(&word));
	else
		out->oom = true;
	buf_free(&word);
}

/* The -q of one directory of a queue: one name is for one -q. */
static void
list_add_known(struct buf *out, const struct queue *q, size_t i)
{
	const char *path = q->dirs[i].path, *slash = strrchr(path, '/');
	struct buf word = BUF_INIT;

	buf_adds(&word, q->name);
	if (q->ndirs > 1)
		buf_addf(&word, "-%s", slash != NULL ? slash + 1 : path);
	buf_addf(&word, "=%s", path);
	if (buf_str(&word) != NULL)
		list_add_word(out, buf_str(&word));
	else
		out->oom = true;
	buf_free(&word);
}

static void
list_unwatched_row(struct result *root, const struct queue_list *known,
    const struct unwatched_row *r)
{
	struct buf text = BUF_INIT, advice = BUF_INIT;

	clean_adds(&text, r->spec, LIST_SHOWN);
	if (r->source != NULL) {
		buf_adds(&text, ", a queue in ");
		clean_adds(&text, r->source, LIST_SHOWN);
	}
	if (r->error != 0)
		buf_addf(&text, ": %s", strerror(r->error));
	else if (r->messages == 1)
		buf_adds(&text, ": 1 control file");
	else
		buf_addf(&text, ": %" PRIu64 " control files", r->messages);
	buf_adds(&advice, "to watch it: -q ");
	list_add_unwatched(&advice, known, r->spec);
	list_add_texts(root, "NOT WATCHED", &text, &advice);
}

/* -q takes the place of what is found by itself, so all have to be given. */
static void
list_all_options(struct list_tree *t, const struct list_queues *l,
    const struct unwatched *u)
{
	struct buf text = BUF_INIT, none = BUF_INIT;
	size_t i, j;

	for (i = 0; i < l->known->n; i++) {
		for (j = 0; j < l->known->v[i].ndirs; j++) {
			buf_adds(&text, text.len == 0 ? "-q " : " -q ");
			list_add_known(&text, &l->known->v[i], j);
		}
	}
	for (i = 0; i < u->n; i++) {
		buf_adds(&text, text.len == 0 ? "-q " : " -q ");
		list_add_unwatched(&text, l->known, u->v[i].spec);
	}
	t->options = list_add_texts(t->root,
	    "With -q only the queues that are given are watched.  All that were"
	    " found",
	    &text, &none);
}

/* What may hide more of them. */
static void
list_unseen(struct result *root, const struct unwatched *u)
{
	struct buf subject = BUF_INIT, text = BUF_INIT, advice = BUF_INIT;

	if (u->unread != 0) {
		buf_addf(&subject, "%zu configuration file%s not read",
		    u->unread, u->unread == 1 ? "" : "s");
		clean_adds(&text, u->unread_path, LIST_SHOWN);
		buf_addf(&text, ": %s", strerror(u->unread_error));
		buf_adds(&advice,
		    "run this as root to see which queues it names");
		list_add_texts(root, buf_str(&subject), &text, &advice);
	}
	buf_truncate(&subject, 0);
	if (u->closed != 0) {
		buf_addf(&subject,
		    "%zu director%s beside the queues not listed", u->closed,
		    u->closed == 1 ? "y" : "ies");
		clean_adds(&text, u->closed_path, LIST_SHOWN);
		buf_adds(&advice,
		    "run this as root to see whether there are queues in it");
		list_add_texts(root, buf_str(&subject), &text, &advice);
	}
	if (u->cut)
		list_add_texts(root,
		    "Not everything beside the queues was looked at; -t SEC"
		    " gives more time",
		    &text, &advice);
	buf_free(&subject);
}

static void
list_unwatched(struct list_tree *t, const struct list_queues *l,
    const struct unwatched *u)
{
	struct buf text = BUF_INIT, none = BUF_INIT;
	size_t i;

	for (i = 0; i < u->n; i++)
		list_unwatched_row(t->root, l->known, &u->v[i]);
	if (u->more != 0) {
		buf_addf(&text, "%zu more", u->more);
		list_add_texts(t->root, "NOT WATCHED", &text, &none);
	}
	if (u->n != 0 && !l->named)
		list_all_options(t, l, u);
	list_unseen(t->root, u);
}

/* --- all of it ------------------------------------------------------------ */

static void
list_summary(const struct list_tree *t, const struct list_queues *l,
    const struct unwatched *u)
{
	struct buf text = BUF_INIT;
	size_t n = u->n + u->more;

	buf_addf(&text, "%zu queue%s, %zu of %zu director%s readable",
	    l->queues->n, l->queues->n == 1 ? "" : "s", t->dirs - t->closed,
	    t->dirs, t->dirs == 1 ? "y" : "ies");
	if (t->stranded != 0)
		buf_addf(&text, ", %" PRIu64 " stranded message%s", t->stranded,
		    t->stranded == 1 ? "" : "s");
	if (n != 0)
		buf_addf(&text, ", %zu queue%s not watched", n,
		    n == 1 ? "" : "s");
	result_set(t->root, RESULT_SUMMARY, &text);
}

/* The list as a tree with a summary: the queues first, each with its own. */
static void
list_make(struct list_tree *t, const struct list_queues *l,
    const struct when_deadline *deadline)
{
	struct stranded stranded = STRANDED_INIT;
	struct unwatched unwatched = UNWATCHED_INIT;
	struct result *node;
	size_t i;

	if (list_look(&stranded, l, deadline) == 0 &&
	    unwatched_find(&unwatched, l->known, l->root, !l->named,
		deadline) == 0 &&
	    (t->root = result_new("queues")) != NULL) {
		for (i = 0; i < l->queues->n; i++) {
			node = list_queue(t, &l->queues->v[i], l);
			list_stranded(t, node, &stranded.counts[i],
			    l->queues->v[i].mta);
		}
		list_unwatched(t, l, &unwatched);
		list_summary(t, l, &unwatched);
	}
	stranded_free(&stranded);
	unwatched_free(&unwatched);
}

static void
list_print_node(const struct result *r, const char *indent, const char *between,
    struct buf *out)
{
	buf_addf(out, "%s%s", indent, r->subject);
	if (r->text[RESULT_DETAIL] != NULL)
		buf_addf(out, "%s%s", between, r->text[RESULT_DETAIL]);
	buf_addc(out, '\n');
	if (r->text[RESULT_ADVICE] != NULL)
		buf_addf(out, "    -> %s\n", r->text[RESULT_ADVICE]);
}

/* As people read it; what follows the queues is about others. */
static void
list_print(const struct list_tree *t, size_t nqueues, struct buf *out)
{
	const struct result *r;
	const char *between;
	size_t i, j;

	for (i = 0; i < t->root->nchild; i++) {
		r = t->root->child[i];
		/* The options have a line of their own, to be pasted. */
		between = t->options != NULL && r == t->options ? ":\n    " :
								  ": ";
		list_print_node(r, "", i < nqueues ? " " : between, out);
		for (j = 0; j < r->nchild; j++)
			list_print_node(r->child[j], "  ", ": ", out);
	}
}

enum result_state
list_queues(const struct list_queues *l, const struct when_deadline *deadline,
    render_fn *render, const struct render_options *opt, struct buf *out)
{
	struct list_tree t = { .root = NULL };
	enum result_state state = RESULT_UNKNOWN;
	int rc = -1;

	list_make(&t, l, deadline);
	if (t.root != NULL && !result_is_broken(t.root)) {
		/* Before it is sorted: the order is that of the queues. */
		if (render == render_nagios)
			list_print(&t, l->queues->n, out);
		result_settle(t.root);
		rc = render == render_nagios ? 0 : render(t.root, opt, out);
	}
	if (rc == 0)
		state = t.root->state;
	else
		plugin_fail_text(opt->service, out, "out of memory");
	result_free(t.root);
	return state;
}
