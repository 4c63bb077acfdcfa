/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remote.c - the queues of another host, from its report
 *
 * In place of directories a queue has HOST:PORT, which is also what its history
 * goes by.
 */
#include <stdlib.h>
#include <string.h>

#include "mta/table.h"
#include "plugins/check_mqueue/remote.h"

void
mqueue_remote_free(struct mqueue_remote *r)
{
	report_free(&r->report);
	queue_list_free(&r->queues);
}

static int
mqueue_remote_add_queue(struct mqueue_remote *r,
    const struct report_queue *from, const struct mqueue_config *c)
{
	struct queue *q = &r->queues.v[r->queues.n++];

	/* A report does not say of which server it is: it is of sendmail. */
	*q = (struct queue){
		.mta = mta_table_find("sendmail"),
		.name = strdup(from->name),
		.source = strdup(r->report.host),
		.role = from->role,
		.dirs = calloc(1, sizeof(*q->dirs)),
	};
	if (q->dirs == NULL)
		return -1;
	q->ndirs = 1;
	q->dirs[0].path = strdup(c->server.name);
	return q->name != NULL && q->source != NULL && q->dirs[0].path != NULL ?
	    0 :
	    -1;
}

static int
mqueue_remote_add_queues(struct mqueue_remote *r, const struct mqueue_config *c)
{
	const struct report *from = &r->report;
	size_t i;

	r->queues.v = calloc(from->nqueues, sizeof(*r->queues.v));
	if (r->queues.v == NULL)
		return -1;
	for (i = 0; i < from->nqueues; i++)
		if (mqueue_remote_add_queue(r, &from->queues[i], c) != 0)
			return -1;
	return 0;
}

/* What the report has, at this time. */
static int
mqueue_remote_fill(struct mqueue_remote *r, const struct mqueue_config *c,
    int64_t now, struct buf *why)
{
	r->age = now - r->report.time;
	if (mqueue_remote_add_queues(r, c) == 0)
		return 0;
	buf_adds(why, "out of memory");
	return -1;
}

int
mqueue_remote_take(struct mqueue_remote *r, const struct mqueue_config *c,
    const char *bytes, size_t n, int64_t now, struct buf *why)
{
	*r = (struct mqueue_remote){ .queues = QUEUE_LIST_INIT };
	return server_take(&c->server, c->stale, bytes, n, now, &r->report,
		   why) == 0 ?
	    mqueue_remote_fill(r, c, now, why) :
	    -1;
}

int
mqueue_remote_fetch(struct mqueue_remote *r, const struct mqueue_config *c,
    const struct when_deadline *deadline, struct buf *why)
{
	*r = (struct mqueue_remote){ .queues = QUEUE_LIST_INIT };
	return server_fetch(&c->server, c->stale, deadline, &r->report, why) ==
		0 ?
	    mqueue_remote_fill(r, c, when_wall(deadline->clock), why) :
	    -1;
}
