/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * survey_pass.c - one pass of a survey over the queues, by several threads
 *
 * Owns the workers and closes the listers.  A directory is finished before
 * the next one is begun, so that the ids of the incoming queues are known
 * before another queue is read.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/sys.h"
#include "base/thread.h"
#include "look/survey_pass.h"

#define SURVEY_WINDOW 128 /* reads under way a worker */
#define SURVEY_SPARE  16  /* descriptors that others may need */

struct survey_worker {
	struct survey_pass *pass;
	void *context; /* the sink's */
	struct reader reader;
	pthread_t thread;
	uint64_t moved;
	struct lister_entry block[LISTER_BLOCK];
};

static int
survey_done(void *arg, const struct lister *l, const struct lister_entry *e,
    const struct envelope *env)
{
	struct survey_worker *w = arg;
	struct survey_message m = {
		.queue = l->queue,
		.dir = l->dir,
		.control_fd = l->fd,
		.name = e->name,
		.kind = l->kind,
		.id = lister_id(e),
		.state = e->state,
		.envelope = env,
	};

	if (w->pass->seen != NULL && l->queue->role == QUEUE_IN)
		seen_add(w->pass->seen, e->hash);
	/* Of some servers only the file tells that a message is held. */
	if (env->held && m.state == MTA_QUEUED) {
		m.state = MTA_HELD;
		if (!w->pass->opt->held)
			return 1;
	}
	return w->pass->sink->visit(w->context, &m) == 0 ? 0 : -1;
}

/*
 * Of names that were listed long ago: what the content scanner has taken out
 * of an incoming queue is in one of the others.
 */
static const struct lister *
survey_elsewhere(void *arg, const struct lister *l, size_t i)
{
	const struct survey_worker *w = arg;
	const struct survey_pass *p = w->pass;
	size_t k;

	/* A directory that is read as it is listed comes after the first. */
	if (p->at != NULL || p->seen == NULL || l->queue->role != QUEUE_IN)
		return NULL;
	for (k = 0; k < p->nlisters; k++)
		if (p->lister[k].queue->role == QUEUE_OUT && i-- == 0)
			return &p->lister[k];
	return NULL;
}

static void
survey_recipient(void *arg, struct span address)
{
	struct survey_worker *w = arg;

	w->pass->sink->recipient(w->context, address);
}

/* How many reads a worker may have under way: each holds a descriptor. */
static size_t
survey_window(const struct survey_pass *p)
{
	size_t window = p->opt->window != 0 ? p->opt->window : SURVEY_WINDOW;
	size_t taken = SURVEY_SPARE, each = window, i;
	struct rlimit limit;

	for (i = 0; i < p->nlisters; i++)
		taken += p->lister[i].walk.nparts;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		each = limit.rlim_cur > taken ?
		    (size_t)(limit.rlim_cur - taken) / p->nworkers :
		    1;
	if (each < 1)
		each = 1;
	return each < window ? each : window;
}

int
survey_pass_init(struct survey_pass *p)
{
	size_t window, room = 1, i; /* malloc(3) may have NULL for 0 */
	struct survey_worker *w;

	p->nworkers = p->sink->ncontexts;
	if ((p->worker = calloc(p->nworkers, sizeof(*p->worker))) == NULL)
		return -1;
	window = survey_window(p);
	for (i = 0; i < p->nlisters; i++)
		if (p->lister[i].queue->mta->most > room)
			room = p->lister[i].queue->mta->most;
	for (i = 0; i < p->nworkers; i++) {
		w = &p->worker[i];
		w->pass = p;
		w->context = p->sink->context[i];
		w->reader = (struct reader){
			.clock = p->opt->deadline != NULL ?
			    p->opt->deadline->clock :
			    &when_system,
			.deadline = p->opt->deadline,
			.all_recipients = p->opt->all_recipients,
			.recipient = p->sink->recipient != NULL ?
			    survey_recipient :
			    NULL,
			.done = survey_done,
			.elsewhere = survey_elsewhere,
			.arg = w,
		};
		if (reader_init(&w->reader, window, room) != 0)
			return -1;
	}
	return 0;
}

void
survey_pass_free(struct survey_pass *p)
{
	size_t i;

	for (i = 0; p->worker != NULL && i < p->nworkers; i++)
		reader_free(&p->worker[i].reader);
	for (i = 0; i < p->nlisters; i++)
		lister_close(&p->lister[i]);
	free(p->worker);
	free(p->lister);
	seen_free(p->seen);
	draw_free(&p->draw);
}

void
survey_pass_take(struct survey_pass *p, struct reader_count *c)
{
	size_t i;

	for (i = 0; i < p->nworkers; i++) {
		reader_count_add(c, &p->worker[i].reader.count);
		p->worker[i].reader.count = (struct reader_count){ 0 };
	}
}

uint64_t
survey_pass_moved(const struct survey_pass *p)
{
	uint64_t moved = 0;
	size_t i;

	for (i = 0; i < p->nworkers; i++)
		moved += p->worker[i].moved;
	return moved;
}

/* Was this message counted in an incoming queue? */
static bool
survey_is_moved(const struct survey_pass *p, const struct lister *l,
    const struct lister_entry *e)
{
	return p->seen != NULL && l->queue->role == QUEUE_OUT &&
	    seen_has(p->seen, e->hash);
}

/* Is there no time for another read, and to finish those under way? */
static bool
survey_is_late(struct survey_pass *p, const struct reader *r)
{
	const struct when_deadline *d = p->opt->deadline;

	if (d == NULL)
		return false;
	if (!p->late && when_mono(d->clock) + reader_backlog(r) >= d->at)
		p->late = true;
	return p->late;
}

/* --- listing ----------------------------------------------------------- */

/* One block of a listing that reads nothing. */
static void
survey_note(struct survey_pass *p, struct lister *l, size_t n)
{
	struct survey_worker *w = &p->worker[0];
	const struct lister_entry *e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = &w->block[i];
		if (survey_is_moved(p, l, e)) {
			w->moved++;
			continue;
		}
		if (p->seen != NULL && l->queue->role == QUEUE_IN)
			seen_add(p->seen, e->hash);
		p->listed++;
		draw_offer(&p->draw, l, e);
	}
}

/* Lists all directories until a time.  False: that was not enough. */
static bool
survey_list(struct survey_pass *p, int64_t until)
{
	struct survey_worker *w = &p->worker[0];
	size_t i, n;

	for (i = 0; i < p->nlisters; i++)
		while ((n = lister_next(&p->lister[i], w->block)) != 0) {
			survey_note(p, &p->lister[i], n);
			if (when_mono(p->opt->deadline->clock) >= until)
				return false;
		}
	return true;
}

bool
survey_pass_list(struct survey_pass *p, int64_t until)
{
	bool whole = survey_list(p, until);

	/* From here on, seen is what was read: what was listed may move. */
	if (p->seen != NULL)
		seen_clear(p->seen);
	return whole;
}

/* --- reading ----------------------------------------------------------- */

static void
survey_progress(struct survey_worker *w, uint64_t n)
{
	struct survey_pass *p = w->pass;
	uint64_t done = atomic_fetch_add(&p->done, n) + n;

	if (w != &p->worker[0] || p->opt->progress == NULL)
		return;
	/* A second pass meets names that the first one has read. */
	if (p->listed != 0 && done > p->listed)
		done = p->listed;
	p->opt->progress(p->opt->progress_arg, done, p->listed);
}

/* Reads the files of one block.  False: the pass is over for all. */
static bool
survey_block(struct survey_worker *w, size_t n)
{
	struct survey_pass *p = w->pass;
	const struct lister_entry *e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = &w->block[i];
		if (e->hash < p->low || e->hash > p->high)
			continue;
		if (survey_is_moved(p, p->at, e)) {
			w->moved++;
			continue;
		}
		if (p->failed || survey_is_late(p, &w->reader))
			return false;
		if (reader_start(&w->reader, p->at, e) != 0) {
			p->failed = true;
			return false;
		}
	}
	survey_progress(w, n);
	return true;
}

/* The drawn names, one at a time, so that a first part of them is read. */
static void
survey_drawn(struct survey_worker *w)
{
	struct survey_pass *p = w->pass;
	const struct draw_name *d;
	size_t i;

	while (!p->failed && !survey_is_late(p, &w->reader) &&
	    (i = atomic_fetch_add(&p->next, 1)) < p->draw.n) {
		d = &p->draw.v[i];
		if (reader_start(&w->reader, d->lister, &d->entry) != 0)
			p->failed = true;
		if (i % LISTER_BLOCK == 0)
			survey_progress(w, LISTER_BLOCK);
	}
}

static void *
survey_work(void *arg)
{
	struct survey_worker *w = arg;
	struct survey_pass *p = w->pass;
	size_t n;

	if (p->at == NULL)
		survey_drawn(w);
	else
		while ((n = lister_next(p->at, w->block)) != 0 &&
		    survey_block(w, n))
			;
	if (reader_drain(&w->reader) != 0)
		p->failed = true;
	return NULL;
}

static void *
survey_help(void *arg)
{
	sys_own_descriptors();
	return survey_work(arg);
}

/* All workers at once, the calling thread as the first. */
static void
survey_together(struct survey_pass *p)
{
	size_t started, i;

	for (started = 1; started < p->nworkers; started++)
		if (thread_start(&p->worker[started].thread, survey_help,
			&p->worker[started]) != 0)
			break;
	survey_work(&p->worker[0]);
	for (i = 1; i < started; i++)
		pthread_join(p->worker[i].thread, NULL);
}

int
survey_pass_draw(struct survey_pass *p)
{
	p->at = NULL;
	if (p->draw.n > LISTER_BLOCK)
		survey_together(p);
	else
		survey_work(&p->worker[0]);
	return p->failed ? -1 : 0;
}

int
survey_pass_read(struct survey_pass *p)
{
	struct survey_worker *w = &p->worker[0];
	size_t i, n;

	for (i = 0; i < p->nlisters && !p->failed && !p->late; i++) {
		p->at = &p->lister[i];
		lister_rewind(p->at);
		n = lister_next(p->at, w->block);
		if (!survey_block(w, n))
			break;
		/* Helpers are worth their start once a block was full. */
		if (n == LISTER_BLOCK)
			survey_together(p);
		else if (reader_drain(&w->reader) != 0)
			p->failed = true;
	}
	if (reader_drain(&w->reader) != 0)
		p->failed = true;
	return p->failed ? -1 : 0;
}
