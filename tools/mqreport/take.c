/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * take.c - counts the queues for a report
 *
 * A queue is unreadable if nothing of it could be read.  If a part of it could
 * be read, its numbers are lower bounds.  The time of the report is when the
 * count began; all ages refer to it.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "look/readable.h"
#include "look/scan.h"
#include "mta/queues.h"
#include "tools/mqreport/machine.h"
#include "tools/mqreport/relays.h"
#include "tools/mqreport/take.h"

#define MQREPORT_TAKE_NAME 256 /* of a host; Linux allows 64 */
#define MQREPORT_TAKE_PATH 120

int
mqreport_take_start(struct report *r, const struct when_clock *clock)
{
	char name[MQREPORT_TAKE_NAME];

	*r = (struct report){ .time = when_wall(clock) };
	/* A host name that was too long may have no NUL at its end. */
	if (gethostname(name, sizeof(name)) != 0 || name[0] == '\0')
		memcpy(name, "unknown", sizeof("unknown"));
	name[sizeof(name) - 1] = '\0';
	r->host = strdup(name);
	return r->host != NULL ? 0 : -1;
}

/* Why the numbers are not exact. */
static void
mqreport_take_reason(struct buf *b, const struct queue *q,
    const struct scan_count *n, const struct mqreport_config *c)
{
	if (n->failed == 0) {
		buf_addf(b, "not counted to the end within %ds", c->timeout);
		return;
	}
	if (q->ndirs > 1)
		buf_addf(b, "%zu of %zu directories: ", n->failed, q->ndirs);
	clean_adds(b, n->failed_dir->path, MQREPORT_TAKE_PATH);
	buf_addf(b, ": %s", strerror(n->error));
}

/* How to get at a queue: "NAME: PATH: REASON", and below it the remedy. */
static void
mqreport_take_advice(struct buf *advice, const struct report_queue *to,
    const struct scan_count *n, const struct queue *q)
{
	struct buf remedy = BUF_INIT;

	clean_adds(advice, to->name, MQREPORT_TAKE_PATH);
	buf_addf(advice, ": %s\n", to->reason);
	if (n->failed != 0 &&
	    readable_check(n->failed_dir->path, q->mta, &remedy) != 0 &&
	    !remedy.oom)
		buf_addf(advice, "  -> %s\n", buf_str(&remedy));
	buf_free(&remedy);
}

/*
 * Adds how many messages no queue run will deliver.  This is known only after
 * all queues have been counted.
 */
static int
mqreport_take_stranded(struct report *r, struct stranded *stranded,
    const struct when_deadline *deadline)
{
	size_t i;

	if (stranded_confirm(stranded, STRANDED_GAP, deadline) != 0)
		return -1;
	for (i = 0; i < r->nqueues; i++) {
		r->queues[i].has_stranded =
		    stranded_is_known(&stranded->counts[i]);
		r->queues[i].stranded = stranded_total(&stranded->counts[i]);
	}
	return 0;
}

static int
mqreport_take_queue(struct report_queue *to, const struct queue *q,
    const struct mqreport_config *c, const struct scan_options *opt,
    struct buf *advice)
{
	struct buf reason = BUF_INIT;
	struct scan_count n;

	scan_count_queue(q, opt, &n);
	*to = (struct report_queue){
		.name = strdup(q->name),
		.role = q->role,
		.messages = n.queued,
		.oldest = n.oldest,
		.late = n.late,
		.held = n.held,
		.lost = n.lost,
		.oldest_held = n.oldest_held,
		.undated = n.undated,
		.future = n.future,
		.oldest_max = n.oldest_max,
		.late_max = n.late_max,
	};
	if (to->name == NULL)
		return -1;
	if (n.failed == 0 && !n.cut_short)
		return 0;
	to->count = n.failed == q->ndirs && n.queued + n.held + n.lost == 0 ?
	    REPORT_UNREADABLE :
	    REPORT_AT_LEAST;
	mqreport_take_reason(&reason, q, &n, c);
	if ((to->reason = buf_take(&reason)) == NULL)
		return -1;
	mqreport_take_advice(advice, to, &n, q);
	return 0;
}

/* Finds the queues if need be, and sorts them; a report has one at least. */
static int
mqreport_take_find(struct mqreport_config *c, struct buf *why)
{
	if (queues_find(&c->queues, c->root, why) != 0)
		return -1;
	if (c->queues.n > REPORT_ROWS) {
		buf_addf(why, "a report has %d queues at most", REPORT_ROWS);
		return -1;
	}
	queue_list_sort(&c->queues);
	return 0;
}

/* Counts all queues; -1: out of memory. */
static int
mqreport_take_queues(struct report *r, const struct mqreport_config *c,
    const struct when_deadline *deadline, struct buf *advice)
{
	struct stranded stranded = STRANDED_INIT;
	const struct scan_options opt = {
		.now = r->time,
		.late_after = REPORT_LATE,
		.deadline = deadline,
		.stranded = &stranded,
	};
	int rc = -1;
	size_t i;

	r->queues = calloc(c->queues.n, sizeof(*r->queues));
	if (r->queues == NULL ||
	    stranded_start(&stranded, &c->queues, r->time, STRANDED_FEW) != 0)
		goto out;
	for (i = 0; i < c->queues.n; i++) {
		r->nqueues++;
		if (mqreport_take_queue(&r->queues[i], &c->queues.v[i], c, &opt,
			advice) != 0)
			goto out;
	}
	rc = mqreport_take_stranded(r, &stranded, deadline);
out:
	stranded_free(&stranded);
	return rc;
}

int
mqreport_take(struct report *r, struct mqreport_config *c,
    const struct when_deadline *deadline, struct buf *advice, struct buf *why)
{
	int64_t began = when_mono(deadline->clock);

	*r = (struct report)REPORT_INIT;
	if (mqreport_take_find(c, why) != 0)
		return -1;
	if (mqreport_take_start(r, deadline->clock) != 0 ||
	    mqreport_machine(c->root, &r->machine) != 0 ||
	    mqreport_take_queues(r, c, deadline, advice) != 0)
		goto oom;
	if (c->relays != 0 && mqreport_relays(r, c, deadline, advice) != 0)
		goto oom;
	r->took = when_mono(deadline->clock) - began;
	return 0;
oom:
	buf_adds(why, "out of memory");
	return -1;
}
