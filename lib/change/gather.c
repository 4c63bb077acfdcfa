/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gather.c - finds the messages that are to be changed
 *
 * Each worker keeps names and a tally of its own; they are put together at the
 * end.  What is found is only a candidate: it may leave or change until it is
 * claimed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "change/gather.h"

struct gather_worker {
	const struct mta_place_list *places;
	const struct wanted *wanted;
	const struct mta_place *last; /* of the message before */
	struct gather_name *v;
	size_t n, size;
	struct tally tally;
	uint64_t verdict[WANTED_VERDICTS];
	uint64_t shared;
	struct selector_recipients to; /* of the message being read */
};

/*
 * Only where ids return it matters which inode it is.  By name, it can be that
 * of a later message; which then has another arrival.
 */
static uint64_t
gather_inode(const struct gather_worker *w, const struct survey_message *m)
{
	const struct mta_change *change = w->last->change;
	struct stat st;

	if (change == NULL || !change->ids_return ||
	    fstatat(m->control_fd, m->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	return (uint64_t)st.st_ino;
}

static int
gather_push(struct gather_worker *w, const struct survey_message *m)
{
	size_t size = w->size == 0 ? 256 : 2 * w->size;
	struct gather_name *v;

	if (w->n == w->size) {
		if ((v = realloc(w->v, size * sizeof(*v))) == NULL)
			return -1;
		w->v = v;
		w->size = size;
	}
	v = &w->v[w->n++];
	v->ino = gather_inode(w, m);
	v->arrival = m->envelope->arrival;
	v->place = (uint32_t)(w->last - w->places->v);
	v->kind = m->kind;
	v->state = m->state;
	memcpy(v->name, m->name, strlen(m->name) + 1);
	return 0;
}

static void
gather_recipient(void *context, struct span address)
{
	struct gather_worker *w = context;

	selector_tell(w->wanted->selector, &w->to, address);
}

static int
gather_visit(void *context, const struct survey_message *m)
{
	struct gather_worker *w = context;
	struct selector_recipients to = w->to;
	enum wanted_verdict verdict = wanted_judge(w->wanted, m->state,
	    m->envelope, &to);

	w->to = (struct selector_recipients){ false, false, false };
	w->verdict[verdict]++;
	if (verdict != WANTED_YES)
		return 0;
	if (w->last == NULL || w->last->dir != m->dir)
		w->last = place_of(w->places, m->dir);
	if (w->last == NULL)
		return 0;
	w->shared += to.other;
	if (tally_add(&w->tally, m->envelope) != 0)
		return -1;
	return gather_push(w, m);
}

/* Moves all that a worker has to the end of the whole. */
static int
gather_merge(struct gather *g, struct gather_worker *w)
{
	struct gather_name *v;
	size_t i;

	for (i = 0; i < WANTED_VERDICTS; i++)
		g->verdict[i] += w->verdict[i];
	g->shared += w->shared;
	if (tally_merge(&g->tally, &w->tally) != 0)
		return -1;
	if (w->n == 0)
		return 0;
	if ((v = realloc(g->v, (g->n + w->n) * sizeof(*v))) == NULL)
		return -1;
	memcpy(v + g->n, w->v, w->n * sizeof(*v));
	g->v = v;
	g->n += w->n;
	return 0;
}

int
gather_take(struct gather *g, const struct queue_list *queues,
    const struct mta_place_list *places, const struct survey_options *opt,
    const struct wanted *wanted)
{
	struct gather_worker worker[SURVEY_WORKERS] = { { 0 } };
	struct survey_sink sink = {
		.ncontexts = survey_workers(0),
		.visit = gather_visit,
	};
	struct survey_options how = *opt;
	size_t i;
	int rc;

	*g = (struct gather){ .v = NULL };
	tally_init(&g->tally, KEY_RELAY, opt->now);
	g->tally.seed = opt->seed;
	for (i = 0; i < sink.ncontexts; i++) {
		worker[i].places = places;
		worker[i].wanted = wanted;
		tally_init(&worker[i].tally, KEY_RELAY, opt->now);
		worker[i].tally.seed = opt->seed;
		sink.context[i] = &worker[i];
	}
	if (wanted->selector != NULL &&
	    selector_asks_recipients(wanted->selector)) {
		sink.recipient = gather_recipient;
		how.all_recipients = true;
	}
	rc = survey_run(queues, &how, &sink, &g->survey);
	for (i = 0; i < sink.ncontexts; i++) {
		if (rc == 0)
			rc = gather_merge(g, &worker[i]);
		tally_free(&worker[i].tally);
		free(worker[i].v);
	}
	tally_sort(&g->tally);
	if (rc != 0)
		errno = ENOMEM;
	return rc;
}

void
gather_free(struct gather *g)
{
	free(g->v);
	tally_free(&g->tally);
	survey_free(&g->survey);
	g->v = NULL;
	g->n = 0;
}
