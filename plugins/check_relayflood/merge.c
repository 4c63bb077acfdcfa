/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.c - the relays that several servers report, summed
 *
 * Each server is asked by a thread of its own, because one that hangs must not
 * take the time of the others.  A server without a usable report has no part in
 * the sum, and the output names it; the sum is a lower bound then.  A server
 * that is named twice counts once: its reports say which server it is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/thread.h"
#include "plugins/check_relayflood/merge.h"

#define MERGE_SHOWN 120 /* of a server's name */

/* One server while it is asked. */
struct merge_task {
	const struct server *server;
	const struct when_deadline *deadline;
	int64_t stale;
	pthread_t thread;
	bool started;
	int rc;
	struct report report;
	struct buf why;
};

int
relayflood_merge_start(struct relayflood_merge *m,
    const struct relayflood_config *c)
{
	size_t i;

	*m = (struct relayflood_merge){ .sum = RELAYSUM_INIT };
	m->server = calloc(c->nservers, sizeof(*m->server));
	if (m->server == NULL)
		return -1;
	m->n = c->nservers;
	for (i = 0; i < m->n; i++)
		m->server[i].name = c->servers[i].name;
	return 0;
}

void
relayflood_merge_free(struct relayflood_merge *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		free(m->server[i].failure);
		report_free(&m->server[i].report);
	}
	free(m->server);
	relaysum_free(&m->sum);
}

static int
merge_fail(struct relayflood_merge *m, size_t i, char *failure)
{
	m->server[i].failure = failure;
	m->failed++;
	return failure != NULL ? 0 : -1;
}

/* A report that says nothing of relays. */
static int
merge_fail_silent(struct relayflood_merge *m, size_t i, const char *reason)
{
	struct buf text = BUF_INIT;

	clean_adds(&text, m->server[i].name, MERGE_SHOWN);
	buf_addf(&text, ": %s", reason);
	return merge_fail(m, i, buf_take(&text));
}

/* Is it a server that was named before it and counts already? */
static bool
merge_is_again(struct relayflood_merge *m, size_t i)
{
	struct relayflood_merge_server *s = &m->server[i], *before;

	for (s->before = 0; s->before < i; s->before++) {
		before = &m->server[s->before];
		if (before->failure != NULL || before->again != REPORT_NEWS)
			continue;
		s->again = report_again(&s->report, &before->report);
		s->told = s->report.machine != NULL &&
		    before->report.machine != NULL;
		if (s->again != REPORT_NEWS)
			return true;
	}
	return false;
}

int
relayflood_merge_add(struct relayflood_merge *m, size_t i, struct report *r,
    char *failure)
{
	struct relayflood_merge_server *s = &m->server[i];

	if (r == NULL)
		return merge_fail(m, i, failure);
	s->report = *r;
	*r = (struct report)REPORT_INIT;
	if (merge_is_again(m, i)) {
		m->again++;
		/*
		 * Then all of its queues, or some, may be missing in the sum.
		 */
		m->sum.bound |= s->again == REPORT_PARTLY_AGAIN || !s->told;
		return 0;
	}
	if (!s->report.has_relays)
		return merge_fail_silent(m, i,
		    "its report tells no relays:"
		    " run mqreport --relays 50 there");
	if (s->report.relays_count == REPORT_UNREADABLE)
		return merge_fail_silent(m, i,
		    "it could not read the messages of its queues");
	m->read += s->report.relays_read;
	return relaysum_add(&m->sum, &s->report);
}

static void *
merge_run(void *arg)
{
	struct merge_task *t = arg;

	t->rc = server_fetch(t->server, t->stale, t->deadline, &t->report,
	    &t->why);
	return NULL;
}

int
relayflood_merge_fetch(struct relayflood_merge *m,
    const struct relayflood_config *c, const struct when_deadline *deadline)
{
	struct merge_task *task;
	size_t i;
	int rc = 0;

	if (relayflood_merge_start(m, c) != 0 ||
	    (task = calloc(m->n, sizeof(*task))) == NULL)
		return -1;
	for (i = 0; i < m->n; i++) {
		task[i] = (struct merge_task){
			.server = &c->servers[i],
			.deadline = deadline,
			.stale = c->stale,
			.why = BUF_INIT,
		};
		task[i].started = thread_start(&task[i].thread, merge_run,
				      &task[i]) == 0;
		if (!task[i].started)
			merge_run(&task[i]);
	}
	for (i = 0; i < m->n; i++) {
		if (task[i].started)
			pthread_join(task[i].thread, NULL);
		if (relayflood_merge_add(m, i,
			task[i].rc == 0 ? &task[i].report : NULL,
			task[i].rc == 0 ? NULL : buf_take(&task[i].why)) != 0)
			rc = -1;
		buf_free(&task[i].why);
	}
	free(task);
	relaysum_finish(&m->sum);
	return rc;
}
