/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * messages.c - the messages that a selector means, oldest first
 *
 * Each worker keeps the oldest it has met in a heap whose first item is the
 * newest of them.  Sizes are asked for at the end, of those that are listed: a
 * worker's descriptors may be its own.  A body is never opened.  A message that
 * leaves meanwhile is listed as it was, without a size.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/qstat/messages.h"

#define QSTAT_MESSAGES_TEXT 256 /* bytes kept of a text */

struct qstat_messages_worker {
	const struct survey_options *opt;
	const struct selector *selector;
	size_t max;
	struct qstat_messages_item *item; /* a heap */
	size_t n;
	size_t size;
	uint64_t matched;
	uint64_t matched_fair;

	/* The first recipient of the message that is being read. */
	char recipient[QSTAT_MESSAGES_TEXT];
	size_t recipient_len;
	bool has_recipient;
	struct selector_recipients to;
};

/* --- the heap ------------------------------------------------------------ */

/* Oldest first; a message without a time comes last, equals go by id. */
static int
qstat_messages_compare(const void *x, const void *y)
{
	const struct qstat_messages_item *a = x, *b = y;
	size_t n = a->id.n < b->id.n ? a->id.n : b->id.n;
	int order;

	if (a->arrival != b->arrival) {
		if (a->arrival == -1 || b->arrival == -1)
			return a->arrival == -1 ? 1 : -1;
		return a->arrival < b->arrival ? -1 : 1;
	}
	order = memcmp(a->id.p, b->id.p, n);
	return order != 0 ? order : (a->id.n > b->id.n) - (a->id.n < b->id.n);
}

static void
qstat_messages_swap(struct qstat_messages_item *a,
    struct qstat_messages_item *b)
{
	struct qstat_messages_item t = *a;

	*a = *b;
	*b = t;
}

static void
qstat_messages_up(struct qstat_messages_item *v, size_t i)
{
	for (; i != 0 && qstat_messages_compare(&v[i], &v[(i - 1) / 2]) > 0;
	     i = (i - 1) / 2)
		qstat_messages_swap(&v[i], &v[(i - 1) / 2]);
}

static void
qstat_messages_down(struct qstat_messages_item *v, size_t n)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n &&
		    qstat_messages_compare(&v[child], &v[child + 1]) < 0)
			child++;
		if (qstat_messages_compare(&v[i], &v[child]) >= 0)
			return;
		qstat_messages_swap(&v[i], &v[child]);
		i = child;
	}
}

/* Room for one more, or the place of the newest. */
static int
qstat_messages_push(struct qstat_messages_worker *w,
    const struct qstat_messages_item *item)
{
	size_t size = w->size == 0 ? 64 : 2 * w->size;
	struct qstat_messages_item *v;

	if (w->n == w->max) {
		free(w->item[0].bytes);
		w->item[0] = *item;
		qstat_messages_down(w->item, w->n);
		return 0;
	}
	if (w->n == w->size) {
		v = realloc(w->item, size * sizeof(*v));
		if (v == NULL)
			return -1;
		w->item = v;
		w->size = size;
	}
	w->item[w->n] = *item;
	qstat_messages_up(w->item, w->n++);
	return 0;
}

/* --- one message --------------------------------------------------------- */

static struct span
qstat_messages_cut(struct span s)
{
	if (s.n > QSTAT_MESSAGES_TEXT)
		s.n = QSTAT_MESSAGES_TEXT;
	return s;
}

/* Moves a text to the item's own bytes. */
static void
qstat_messages_own(struct span *s, char **at)
{
	if (s->n != 0)
		memcpy(*at, s->p, s->n);
	s->p = *at;
	*at += s->n;
}

static int
qstat_messages_copy(struct qstat_messages_item *item)
{
	enum { TEXTS = 5 };
	struct span *const text[TEXTS] = { &item->name, &item->sender,
		&item->recipient, &item->host, &item->status };
	size_t i, n = 1, prefix = (size_t)(item->id.p - item->name.p);
	char *at;

	for (i = 0; i < TEXTS; i++) {
		*text[i] = qstat_messages_cut(*text[i]);
		n += text[i]->n;
	}
	if ((at = item->bytes = malloc(n)) == NULL)
		return -1;
	qstat_messages_own(&item->name, &at);
	*at++ = '\0';
	item->id.p = item->name.p + prefix;
	for (i = 1; i < TEXTS; i++)
		qstat_messages_own(text[i], &at);
	return 0;
}

/* Adds a message, unless enough older ones are there. */
static int
qstat_messages_keep(struct qstat_messages_worker *w,
    const struct survey_message *m)
{
	const struct envelope *e = m->envelope;
	struct qstat_messages_item item = {
		.arrival = e->arrival,
		.dated = e->dated,
		.size = -1,
		.tries = e->tries,
		.recipients = e->recipients,
		.recipients_more = e->recipients_more,
		.queue = m->queue,
		.dir = m->dir,
		.kind = m->kind,
		.class = e->relay.class,
		.addr = e->relay.addr,
		.name = { m->name, strlen(m->name) },
		.id = m->id,
		.sender = e->sender,
		.recipient = { w->recipient,
		    w->has_recipient ? w->recipient_len : 0 },
		.host = e->relay.host,
		.status = e->status,
	};

	if (w->n == w->max && qstat_messages_compare(&item, &w->item[0]) >= 0)
		return 0;
	if (qstat_messages_copy(&item) != 0)
		return -1;
	if (qstat_messages_push(w, &item) == 0)
		return 0;
	free(item.bytes);
	return -1;
}

static int
qstat_messages_visit(void *context, const struct survey_message *m)
{
	struct qstat_messages_worker *w = context;
	int rc = 0;

	if (selector_matches(w->selector, m->envelope, &w->to, w->opt->now,
		true)) {
		w->matched++;
		rc = qstat_messages_keep(w, m);
	}
	w->has_recipient = false;
	w->to = (struct selector_recipients){ false, false, false };
	return rc;
}

/* What matched is true whether it is fair or not; only its share is not. */
static int
qstat_messages_commit(void *context)
{
	struct qstat_messages_worker *w = context;

	w->matched_fair = w->matched;
	return 0;
}

static void
qstat_messages_recipient(void *context, struct span address)
{
	struct qstat_messages_worker *w = context;

	selector_tell(w->selector, &w->to, address);
	if (w->has_recipient)
		return;
	address = qstat_messages_cut(address);
	if (address.n != 0)
		memcpy(w->recipient, address.p, address.n);
	w->recipient_len = address.n;
	w->has_recipient = true;
}

/* --- all of them --------------------------------------------------------- */

/* Takes over what a worker kept. */
static int
qstat_messages_gather(struct qstat_messages *q, struct qstat_messages_worker *w)
{
	struct qstat_messages_item *v;

	q->matched += w->matched;
	q->matched_fair += w->matched_fair;
	if (w->n == 0)
		return 0;
	v = realloc(q->item, (q->n + w->n) * sizeof(*v));
	if (v == NULL)
		return -1;
	q->item = v;
	memcpy(v + q->n, w->item, w->n * sizeof(*v));
	q->n += w->n;
	w->n = 0;
	return 0;
}

static void
qstat_messages_end(struct qstat_messages_worker *w)
{
	while (w->n != 0)
		free(w->item[--w->n].bytes);
	free(w->item);
}

/* Sizes of the bodies of messages in one directory, where there are any. */
static void
qstat_messages_sizes(struct qstat_messages *q, const struct mta *mta,
    const struct queue_dir *dir, const struct mta_dir *kind)
{
	int control_fd = queue_open_kind(dir, kind);
	int body_fd = mta->body_subdir != NULL ?
	    queue_open_dir(dir, mta->body_subdir) :
	    queue_open_kind(dir, kind);
	int64_t bytes;
	size_t i;

	for (i = 0; i < q->n && control_fd != -1 && body_fd != -1; i++)
		if (q->item[i].dir == dir && q->item[i].kind == kind &&
		    mta->body_size(control_fd, body_fd, q->item[i].name.p,
			&bytes) == 0)
			q->item[i].size = bytes;
	if (control_fd != -1)
		close(control_fd);
	if (body_fd != -1)
		close(body_fd);
}

static void
qstat_messages_all_sizes(struct qstat_messages *q,
    const struct queue_list *queues)
{
	const struct queue *of;
	size_t i, j, k;

	for (i = 0; i < queues->n; i++) {
		of = &queues->v[i];
		for (j = 0; j < of->ndirs; j++)
			for (k = 0; k < of->mta->ndirs; k++)
				qstat_messages_sizes(q, of->mta, &of->dirs[j],
				    &of->mta->dirs[k]);
	}
}

int
qstat_messages_take(struct qstat_messages *q, const struct queue_list *queues,
    const struct survey_options *opt, const struct selector *selector,
    size_t max)
{
	struct qstat_messages_worker worker[SURVEY_WORKERS];
	struct survey_sink sink = {
		.ncontexts = survey_workers(0),
		.visit = qstat_messages_visit,
		.commit = qstat_messages_commit,
		.recipient = qstat_messages_recipient,
	};
	const size_t nworkers = sink.ncontexts;
	size_t i;
	int rc;

	*q = (struct qstat_messages){ .item = NULL };
	for (i = 0; i < nworkers; i++) {
		worker[i] = (struct qstat_messages_worker){
			.opt = opt,
			.selector = selector,
			.max = max,
		};
		sink.context[i] = &worker[i];
	}
	rc = survey_run(queues, opt, &sink, &q->survey);
	for (i = 0; i < nworkers; i++) {
		if (rc == 0)
			rc = qstat_messages_gather(q, &worker[i]);
		qstat_messages_end(&worker[i]);
	}
	if (q->n != 0)
		qsort(q->item, q->n, sizeof(*q->item), qstat_messages_compare);
	while (q->n > max)
		free(q->item[--q->n].bytes);
	if (q->n != 0)
		qstat_messages_all_sizes(q, queues);
	if (rc != 0)
		errno = ENOMEM;
	return rc;
}

void
qstat_messages_free(struct qstat_messages *q)
{
	while (q->n != 0)
		free(q->item[--q->n].bytes);
	free(q->item);
	survey_free(&q->survey);
}

struct sample_estimate
qstat_messages_scale(const struct qstat_messages *q)
{
	const struct survey_result *s = &q->survey;

	return s->sampled ? sample_scale(q->matched_fair, s->read, s->total) :
			    sample_scale(q->matched, s->read, s->read);
}
