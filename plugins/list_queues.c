/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_queues.c - --list-queues
 *
 * The first thing to run as the monitoring user: it names the least that is
 * missing to read the queues, what is in them that no queue run delivers, and
 * what there is beside them that nobody watches.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/shell.h"
#include "list_queues.h"
#include "mqueue/access.h"
#include "mqueue/scan.h"
#include "mqueue/stranded.h"
#include "mqueue/unwatched.h"

#define LIST_SHOWN 200

static enum result_state
list_dir(const struct queue_dir *dir, const struct mta *mta, bool files,
    struct buf *out)
{
	struct buf remedy = BUF_INIT;
	enum result_state state = RESULT_OK;
	int rc = files ? access_check_files(dir->path, mta, &remedy) :
			 access_check(dir->path, mta, &remedy);

	buf_adds(out, "  ");
	clean_adds(out, dir->path, LIST_SHOWN);
	if (rc == 0) {
		buf_adds(out, ": readable\n");
	} else {
		buf_addf(out, ": NOT readable\n    -> %s\n",
		    remedy.oom ? "out of memory" : buf_str(&remedy));
		state = RESULT_UNKNOWN;
	}
	buf_free(&remedy);
	return state;
}

/* --- what no queue run delivers ------------------------------------------ */

/* "  3 stranded in /q, beside qf: /q/qf6A for one" and what to do. */
static void
list_stranded_kind(struct buf *out, const struct stranded_count *c,
    enum stranded_kind kind, const struct mta *mta)
{
	const char *const mend[] = { mta->mend_beside, mta->mend_draft,
		mta->mend_bodyless };
	const struct stranded_example *one = &c->example[kind];

	if (c->n[kind] == 0)
		return;
	buf_addf(out, "  STRANDED: %" PRIu64, c->n[kind]);
	if (kind == STRANDED_BESIDE) {
		buf_addf(out,
		    " beside the subdirectory %s/, where no queue run"
		    " looks",
		    mta->control_subdir);
	} else if (kind == STRANDED_DRAFT) {
		buf_adds(out, " never finished, for more than ");
		num_add_duration(out, STRANDED_AGE);
	} else {
		buf_addf(out, " of %" PRIu64 " looked at without a body",
		    c->looked);
	}
	if (one->dir != NULL) {
		buf_adds(out, ": ");
		clean_adds(out, one->name, LIST_SHOWN);
		buf_adds(out, " in ");
		clean_adds(out, one->dir->path, LIST_SHOWN);
		if (c->n[kind] > 1)
			buf_adds(out, ", for one");
	}
	buf_addf(out, "\n    -> %s\n", mend[kind]);
}

static void
list_stranded(struct buf *out, const struct stranded_count *c,
    const struct mta *mta)
{
	int kind;

	for (kind = 0; kind < STRANDED_KINDS; kind++)
		list_stranded_kind(out, c, (enum stranded_kind)kind, mta);
	if (c->partly)
		buf_addf(out,
		    "  There may be more that are stranded: the %" PRIu64
		    " oldest messages were looked at for a body, and what there"
		    " was time for (-t SEC) and may be read\n",
		    c->looked);
}

/* The same as a count of check_mqueue, but more is looked at. */
static int
list_look(struct stranded *s, const struct list_queues *l,
    const struct when_deadline *deadline)
{
	const struct scan_options opt = {
		.mta = l->mta,
		.now = when_wall(deadline->clock),
		.deadline = deadline,
		.stranded = s,
	};
	struct scan_count count;
	size_t i;

	if (stranded_start(s, l->queues, l->mta, opt.now, STRANDED_MORE) != 0)
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

static void
list_unwatched_row(struct buf *out, const struct unwatched_row *r)
{
	buf_adds(out, "NOT WATCHED: ");
	clean_adds(out, r->spec, LIST_SHOWN);
	if (r->source != NULL) {
		buf_adds(out, ", a queue in ");
		clean_adds(out, r->source, LIST_SHOWN);
	}
	if (r->error != 0)
		buf_addf(out, ": %s", strerror(r->error));
	else if (r->messages == 1)
		buf_adds(out, ": 1 control file");
	else
		buf_addf(out, ": %" PRIu64 " control files", r->messages);
	buf_adds(out, "\n    -> to watch it: -q ");
	list_add_word(out, r->spec);
	buf_addc(out, '\n');
}

/* -q takes the place of what is found by itself, so all have to be given. */
static void
list_all_options(struct buf *out, const struct list_queues *l,
    const struct unwatched *u)
{
	struct buf word = BUF_INIT;
	const struct queue *q;
	size_t i, j;

	buf_adds(out,
	    "With -q only the queues that are given are watched.  All that were"
	    " found:\n   ");
	for (i = 0; i < l->known->n; i++) {
		q = &l->known->v[i];
		for (j = 0; j < q->ndirs; j++) {
			buf_truncate(&word, 0);
			/* One name is for one -q. */
			if (q->ndirs == 1)
				buf_addf(&word, "%s=", q->name);
			buf_adds(&word, q->dirs[j].path);
			buf_adds(out, " -q ");
			if (buf_str(&word) != NULL)
				list_add_word(out, buf_str(&word));
		}
	}
	for (i = 0; i < u->n; i++) {
		buf_adds(out, " -q ");
		list_add_word(out, u->v[i].spec);
	}
	buf_addc(out, '\n');
	out->oom = out->oom || word.oom;
	buf_free(&word);
}

static void
list_unwatched(struct buf *out, const struct list_queues *l,
    const struct unwatched *u)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		list_unwatched_row(out, &u->v[i]);
	if (u->more != 0)
		buf_addf(out, "NOT WATCHED: %zu more\n", u->more);
	if (u->n != 0 && !l->named)
		list_all_options(out, l, u);
	if (u->unread != 0) {
		buf_addf(out, "%zu configuration file%s not read: ", u->unread,
		    u->unread == 1 ? "" : "s");
		clean_adds(out, u->unread_path, LIST_SHOWN);
		buf_addf(out,
		    ": %s\n    -> run this as root to see which"
		    " queues it names\n",
		    strerror(u->unread_error));
	}
	if (u->closed != 0) {
		buf_addf(out,
		    "%zu director%s beside the queues not listed: ", u->closed,
		    u->closed == 1 ? "y" : "ies");
		clean_adds(out, u->closed_path, LIST_SHOWN);
		buf_adds(out,
		    "\n    -> run this as root to see whether there"
		    " are queues in it\n");
	}
	if (u->cut)
		buf_adds(out,
		    "Not everything beside the queues was looked at;"
		    " -t SEC gives more time\n");
}

enum result_state
list_queues(const struct list_queues *l, const struct when_deadline *deadline,
    struct buf *out)
{
	enum result_state state = RESULT_OK;
	struct stranded stranded = STRANDED_INIT;
	struct unwatched unwatched = UNWATCHED_INIT;
	const struct queue *q;
	size_t i, j;

	if (list_look(&stranded, l, deadline) != 0 ||
	    unwatched_find(&unwatched, l->known, l->mta, l->root, !l->named,
		deadline) != 0) {
		out->oom = true;
		state = RESULT_UNKNOWN;
		goto out;
	}
	for (i = 0; i < l->queues->n; i++) {
		q = &l->queues->v[i];
		clean_adds(out, q->name, LIST_SHOWN);
		buf_addf(out, " (%s), from ", queue_role_name(q->role));
		clean_adds(out, q->source, LIST_SHOWN);
		buf_addc(out, '\n');
		for (j = 0; j < q->ndirs; j++)
			state = result_worse(state,
			    list_dir(&q->dirs[j], l->mta, l->files, out));
		list_stranded(out, &stranded.counts[i], l->mta);
	}
	list_unwatched(out, l, &unwatched);
out:
	stranded_free(&stranded);
	unwatched_free(&unwatched);
	return state;
}
