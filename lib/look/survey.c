/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * survey.c - reads the control files of queues, all of them or a sample
 *
 * Passes over the directories.  Without a deadline there is one, in which
 * names are listed and read at once.  With one, a first pass only lists, counts
 * and draws some names; these are read in the order of their hashes, so that
 * the sample is fair wherever time runs out.  Then as much of the rest as
 * there is time for, a range of hashes at a time: a range that was not
 * finished, for want of time or because a listing broke off, is not fair, and
 * is forgotten.
 *
 * Workers are threads that share the listing and nothing else.  The calling
 * thread is the first of them, and alone until a block of names was full.
 *
 * Limit: a system call that hangs, as on a dead NFS server, is not ended by
 * the deadline; the caller needs an alarm behind it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look/survey.h"
#include "look/survey_pass.h"

#define SURVEY_LIST_PART 0.6  /* of the time, for the listing */
#define SURVEY_SAFE      0.7  /* of the time, for what is planned */
#define SURVEY_WORTH     1024 /* messages that are worth a pass */

/* --- opening ----------------------------------------------------------- */

static void
survey_dir_failed(struct survey_result *r, size_t nqueue, const struct queue *q,
    const struct queue_dir *dir, int error)
{
	r->queue[nqueue].failed++;
	if (r->failed++ == 0 && r->unreadable == 0) {
		r->failed_queue = q;
		r->failed_dir = dir;
		r->failed_name[0] = '\0';
		r->error = error;
	}
}

/* Opens a queue directory, of each kind. */
static void
survey_open_dir(struct survey_pass *p, size_t nqueue, const struct queue *q,
    const struct queue_dir *dir, struct survey_result *r)
{
	const struct survey_options *opt = p->opt;
	int error = 0;
	size_t k;

	for (k = 0; k < q->mta->ndirs; k++)
		if (lister_open(&p->lister[p->nlisters], q, nqueue, dir,
			&q->mta->dirs[k], opt->seed, opt->held) == 0)
			p->nlisters++;
		else if (error == 0)
			error = errno;
	if (error != 0)
		survey_dir_failed(r, nqueue, q, dir, error);
}

/* Opens the directories of the queues of one role, or of all others. */
static void
survey_open(struct survey_pass *p, const struct queue_list *list, bool incoming,
    struct survey_result *r)
{
	const struct queue *q;
	size_t i, j;

	for (i = 0; i < list->n; i++) {
		q = &list->v[i];
		if ((q->role == QUEUE_IN) != incoming)
			continue;
		for (j = 0; j < q->ndirs; j++)
			survey_open_dir(p, i, q, &q->dirs[j], r);
	}
}

/* Can a message be in two of the queues? */
static bool
survey_can_move(const struct queue_list *list)
{
	bool in = false, out = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		in = in || list->v[i].role == QUEUE_IN;
		out = out || list->v[i].role == QUEUE_OUT;
	}
	return in && out;
}

static int
survey_prepare(struct survey_pass *p, const struct queue_list *list,
    struct survey_result *r)
{
	size_t i, ndirs = 0;

	for (i = 0; i < list->n; i++)
		ndirs += list->v[i].ndirs * list->v[i].mta->ndirs;
	r->queue = calloc(list->n + 1, sizeof(*r->queue));
	p->lister = calloc(ndirs + 1, sizeof(*p->lister));
	if (r->queue == NULL || p->lister == NULL)
		return -1;
	if (survey_can_move(list) && (p->seen = seen_new()) == NULL)
		return -1;
	survey_open(p, list, true, r);
	survey_open(p, list, false, r);
	return survey_pass_init(p);
}

/* --- what came out ----------------------------------------------------- */

/* Takes over what was read since the last time, as a fair part of it all. */
static int
survey_commit(struct survey_pass *p, struct survey_result *r)
{
	struct reader_count c = { 0 };
	size_t i;

	survey_pass_take(p, &c);
	r->read += c.read;
	r->vanished += c.vanished;
	r->held += c.refused;
	r->unreadable += c.unreadable;
	if (r->failed_dir == NULL && c.failed_dir != NULL) {
		r->failed_queue = c.failed_queue;
		r->failed_dir = c.failed_dir;
		r->error = c.error;
		memcpy(r->failed_name, c.failed_name, sizeof(r->failed_name));
	}
	for (i = 0; i < p->sink->ncontexts; i++)
		if (p->sink->commit != NULL &&
		    p->sink->commit(p->sink->context[i]) != 0)
			return -1;
	return 0;
}

/* How many names came to an end. */
static uint64_t
survey_met(const struct survey_result *r)
{
	return r->read + r->vanished + r->unreadable + r->held;
}

/* What the names say, after a pass that listed all of them. */
static void
survey_take_names(const struct survey_pass *p, struct survey_result *r)
{
	const struct lister *l;
	struct survey_queue *q;
	size_t i;

	for (i = 0; i < p->nlisters; i++) {
		l = &p->lister[i];
		q = &r->queue[l->nqueue];
		q->queued += l->count[MTA_QUEUED];
		q->held += l->count[MTA_HELD];
		q->lost += l->count[MTA_LOST];
		if (l->error != 0)
			survey_dir_failed(r, l->nqueue, l->queue, l->dir,
			    l->error);
	}
}

/* --- the passes -------------------------------------------------------- */

/* Everything, as it is listed. */
static int
survey_all(struct survey_pass *p, struct survey_result *r)
{
	p->high = UINT64_MAX;
	if (survey_pass_read(p) != 0)
		return -1;
	r->moved = survey_pass_moved(p);
	survey_take_names(p, r);
	if (survey_commit(p, r) != 0)
		return -1;
	r->total = r->read + r->unreadable;
	return 0;
}

/*
 * How far the next range goes, for what can be read in the time that is left:
 * to the end, or as far as half of that time takes it.  False: it is not
 * worth while.
 */
static bool
survey_plan(struct survey_pass *p, double per_ms, int64_t list_ms,
    uint64_t left)
{
	int64_t ms = p->opt->deadline->at - when_mono(p->opt->deadline->clock) -
	    list_ms;
	double can = (double)ms * per_ms * SURVEY_SAFE;

	if (ms <= 0 || left == 0)
		return false;
	if (can >= (double)left) {
		p->high = UINT64_MAX;
		return true;
	}
	if (can / 2 < SURVEY_WORTH)
		return false;
	p->high = p->low +
	    (uint64_t)(can / 2 / (double)left * (double)(UINT64_MAX - p->low));
	return true;
}

/* Did a listing break off? */
static bool
survey_is_broken(const struct survey_pass *p)
{
	size_t i;

	for (i = 0; i < p->nlisters; i++)
		if (p->lister[i].error != 0)
			return true;
	return false;
}

/* The names that were not drawn, as far as time goes. */
static int
survey_rest(struct survey_pass *p, struct survey_result *r, int64_t list_ms,
    double per_ms, uint64_t left)
{
	const struct when_clock *clock = p->opt->deadline->clock;
	uint64_t before;
	int64_t began;

	p->low = p->draw.v[p->draw.n - 1].entry.hash + 1;
	while (survey_plan(p, per_ms, list_ms, left)) {
		before = survey_met(r);
		began = when_mono(clock);
		if (survey_pass_read(p) != 0)
			return -1;
		if (p->late || survey_is_broken(p))
			return 0;
		if (survey_commit(p, r) != 0)
			return -1;
		before = survey_met(r) - before;
		per_ms = (double)before /
		    (double)(when_mono(clock) - began + 1);
		if (p->high == UINT64_MAX) {
			r->sampled = false;
			return 0;
		}
		left -= before < left ? before : left;
		p->low = p->high + 1;
	}
	return 0;
}

/*
 * What there is in all: as many as in the sample have vanished elsewhere, and
 * are held.
 */
static uint64_t
survey_total(const struct survey_result *r, uint64_t listed)
{
	uint64_t here = r->read + r->unreadable;
	double started = (double)survey_met(r);

	if (!r->sampled)
		return here;
	if (started == 0)
		return listed;
	return (uint64_t)((double)listed * (double)here / started + 0.5);
}

static int
survey_in_time(struct survey_pass *p, struct survey_result *r)
{
	const struct when_deadline *deadline = p->opt->deadline;
	int64_t began = when_mono(deadline->clock), drawn, listed_at;
	uint64_t listed;

	if (draw_init(&p->draw) != 0)
		return -1;
	listed_at = began +
	    (int64_t)((double)(deadline->at - began) * SURVEY_LIST_PART);
	r->cut_short = !survey_pass_list(p, listed_at);
	survey_take_names(p, r);
	listed = p->listed;
	r->moved = survey_pass_moved(p);
	listed_at = when_mono(deadline->clock);
	draw_sort(&p->draw);
	if (survey_pass_draw(p) != 0 || survey_commit(p, r) != 0)
		return -1;
	r->sampled = survey_met(r) < listed;
	drawn = when_mono(deadline->clock) - listed_at + 1;
	if (r->sampled && !p->late && !r->cut_short &&
	    survey_rest(p, r, listed_at - began,
		(double)p->draw.n / (double)drawn, listed - p->draw.n) != 0)
		return -1;
	r->total = survey_total(r, listed);
	return 0;
}

size_t
survey_workers(unsigned int wanted)
{
	long n = wanted != 0 ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > SURVEY_WORKERS ? SURVEY_WORKERS : (size_t)n;
}

int
survey_run(const struct queue_list *list, const struct survey_options *opt,
    const struct survey_sink *sink, struct survey_result *r)
{
	struct survey_pass p = { .opt = opt, .sink = sink };
	int rc;

	*r = (struct survey_result){ 0 };
	rc = survey_prepare(&p, list, r);
	if (rc == 0)
		rc = opt->deadline != NULL ? survey_in_time(&p, r) :
					     survey_all(&p, r);
	survey_pass_free(&p);
	if (rc != 0)
		errno = ENOMEM;
	return rc;
}

void
survey_free(struct survey_result *r)
{
	free(r->queue);
	r->queue = NULL;
}
