/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remote_mqueue.c - the queues of another host, from its report
 *
 * What is not a whole and recent report has no queues: a server that can't be
 * asked is not one with empty queues.  In place of directories a queue has
 * HOST:PORT, which is also what its history goes by.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/net.h"
#include "base/num.h"
#include "remote_mqueue.h"

#define REMOTE_SHOWN	200

void
remote_free(struct remote *r)
{
	report_free(&r->report);
	queue_list_free(&r->queues);
}

/* "mx1:5119: report cut: its end is missing" */
static int
remote_fail(struct buf *why, const struct config *c, enum report_fault fault,
    const char *text)
{
	clean_adds(why, c->hostname, REMOTE_SHOWN);
	buf_addf(why, ": report %s: ", report_fault_name(fault));
	/* The other texts are our own. */
	if (fault == REPORT_FAILED)
		clean_adds(why, text, REMOTE_SHOWN);
	else
		buf_adds(why, text);
	return -1;
}

/* A report that is too old, or not of now. */
static int
remote_fail_time(struct buf *why, const struct remote *r,
    const struct config *c, enum report_fault fault)
{
	struct buf text = BUF_INIT;

	if (fault == REPORT_FUTURE) {
		buf_adds(&text, "it was made in ");
		num_add_duration(&text, -r->age);
		buf_adds(&text, "; compare the clocks");
	} else {
		buf_adds(&text, "it was made ");
		num_add_duration(&text, r->age);
		buf_adds(&text, " ago, which is over ");
		num_add_duration(&text, c->stale);
	}
	remote_fail(why, c, fault, text.oom ? "" : buf_str(&text));
	buf_free(&text);
	return -1;
}

static int
remote_add_queue(struct remote *r, const struct report_queue *from,
    const struct config *c)
{
	struct queue *q = &r->queues.v[r->queues.n++];

	*q = (struct queue){
		.name = strdup(from->name), .source = strdup(r->report.host),
		.role = from->role, .dirs = calloc(1, sizeof(*q->dirs))
	};
	if (q->dirs == NULL)
		return -1;
	q->ndirs = 1;
	q->dirs[0].path = strdup(c->hostname);
	return q->name != NULL && q->source != NULL &&
	    q->dirs[0].path != NULL ? 0 : -1;
}

static int
remote_add_queues(struct remote *r, const struct config *c)
{
	const struct report *from = &r->report;
	size_t i;

	r->queues.v = calloc(from->nqueues, sizeof(*r->queues.v));
	if (r->queues.v == NULL)
		return -1;
	for (i = 0; i < from->nqueues; i++)
		if (remote_add_queue(r, &from->queues[i], c) != 0)
			return -1;
	return 0;
}

int
remote_take(struct remote *r, const struct config *c, const char *bytes,
    size_t n, int64_t now, struct buf *why)
{
	enum report_fault fault;
	const char *reason;

	*r = (struct remote){ .queues = QUEUE_LIST_INIT };
	fault = report_parse(&r->report, bytes, n, &reason);
	if (fault != REPORT_FINE)
		return remote_fail(why, c, fault, reason);
	r->age = now - r->report.time;
	fault = report_check_time(&r->report, now, c->stale, &reason);
	if (fault != REPORT_FINE)
		return remote_fail_time(why, r, c, fault);
	if (remote_add_queues(r, c) == 0)
		return 0;
	buf_adds(why, "out of memory");
	return -1;
}

int
remote_fetch(struct remote *r, const struct config *c,
    const struct when_deadline *deadline, struct buf *why)
{
	struct buf text = BUF_INIT;
	int rc;

	*r = (struct remote){ .queues = QUEUE_LIST_INIT };
	rc = net_fetch(&c->peer, REPORT_MAX, deadline, &text, why);
	if (rc == 0)
		rc = remote_take(r, c, text.data, text.len,
		    when_wall(deadline->clock), why);
	buf_free(&text);
	return rc;
}
