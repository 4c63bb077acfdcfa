/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure_mqueue.c - the numbers that check_mqueue judges
 *
 * Joins the scan with the history of earlier runs.  A history belongs to a
 * queue, not to a service: two services that watch one queue share it.  Only
 * exact counts enter it.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure_mqueue.h"
#include "mqueue/access.h"
#include "plug/perf.h"
#include "plug/state.h"
#include "plug/trend.h"

#define MEASURE_LATE (15 * 60) /* where no age is judged */
#define MEASURE_KEY  40        /* readable part of a state file */

bool
measure_is_exact(const struct measure *m)
{
	return !m->count.cut_short && m->count.failed == 0;
}

void
measure_free(struct measure *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(m[i].remedy);
}

static int64_t
measure_late_after(const struct config *c, const struct queue *q)
{
	const struct range *r = config_find(c, CONFIG_AGE, RESULT_WARNING,
	    q->name, q->role);

	return r != NULL ? (int64_t)r->end : MEASURE_LATE;
}

static int
measure_count(struct measure *m, const struct config *c,
    const struct when_deadline *deadline, struct stranded *stranded)
{
	struct scan_options opt = {
		.mta = c->mta,
		.now = stranded->now,
		.deadline = deadline,
		.stranded = stranded,
	};
	struct buf remedy = BUF_INIT;

	m->late_after = measure_late_after(c, m->queue);
	opt.late_after = m->late_after;
	scan_count_queue(m->queue, &opt, &m->count);
	if (m->count.failed == 0)
		return 0;
	/* It may be readable by now: then there is nothing to advise. */
	if (access_check(m->count.failed_dir->path, opt.mta, &remedy) == 0)
		return 0;
	m->remedy = buf_take(&remedy);
	return m->remedy != NULL ? 0 : -1;
}

/* One queue's growth; 0, or -1 with errno. */
static int
measure_growth(struct measure *m, int dir, const struct when_clock *clock)
{
	struct trend_sample now = { when_wall(clock) - m->age,
		when_mono(clock) - m->age * 1000, (int64_t)m->count.queued };
	struct buf key = BUF_INIT, identity = BUF_INIT, text = BUF_INIT;
	char label[MEASURE_KEY + 1];
	struct trend trend;
	int rc = -1, error;

	perf_label(label, MEASURE_KEY, m->queue->name);
	buf_addf(&identity, "%s\n%s", m->queue->name, m->queue->dirs[0].path);
	if (identity.oom) {
		errno = ENOMEM;
		goto out;
	}
	state_key(&key, label, buf_str(&identity));
	if (key.oom || state_load(dir, buf_str(&key), &text) != 0)
		goto out;
	trend_parse(&trend, text.data, text.len);
	trend_prune(&trend, &now);
	m->has_rate = trend_rate(&trend, &now, &m->rate);
	trend_add(&trend, &now);
	buf_truncate(&text, 0);
	trend_format(&trend, &text);
	rc = state_save(dir, buf_str(&key), &text);
out:
	error = errno;
	buf_free(&key);
	buf_free(&identity);
	buf_free(&text);
	errno = error;
	return rc;
}

static void
measure_trends(struct measure *m, size_t n, const struct config *c,
    const struct when_clock *clock, struct buf *state_note)
{
	int dir = state_open(c->state_dir, geteuid(), "check_mqueue",
	    state_note);
	size_t i;

	if (dir == -1)
		return;
	for (i = 0; i < n; i++) {
		if (!measure_is_exact(&m[i]) ||
		    measure_growth(&m[i], dir, clock) == 0)
			continue;
		buf_truncate(state_note, 0);
		buf_addf(state_note, "history: %s", strerror(errno));
	}
	close(dir);
}

static int
measure_all_trends(struct measure *m, size_t n, const struct config *c,
    const struct when_deadline *deadline, struct buf *state_note)
{
	/* Without time for it, the history is not worth the answer. */
	if (!when_passed(deadline))
		measure_trends(m, n, c, deadline->clock, state_note);
	return state_note->oom ? -1 : 0;
}

int
measure_queues(struct measure *m, const struct queue_list *queues,
    const struct config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	struct stranded stranded = STRANDED_INIT;
	int rc = -1;
	size_t i;

	memset(m, 0, queues->n * sizeof(*m));
	if (stranded_start(&stranded, queues, c->mta,
		when_wall(deadline->clock), STRANDED_FEW) != 0)
		goto out;
	for (i = 0; i < queues->n; i++) {
		m[i].queue = &queues->v[i];
		if (measure_count(&m[i], c, deadline, &stranded) != 0)
			goto out;
	}
	if (stranded_confirm(&stranded, STRANDED_GAP, deadline) != 0)
		goto out;
	for (i = 0; i < queues->n; i++) {
		m[i].has_stranded = true;
		m[i].stranded = stranded.counts[i];
		m[i].nstranded = stranded_total(&m[i].stranded);
	}
	rc = measure_all_trends(m, queues->n, c, deadline, state_note);
out:
	stranded_free(&stranded);
	return rc;
}

/* An entry of a report as if it had been counted here. */
static void
measure_report(struct measure *m, const struct report_queue *from)
{
	static const char no_reason[] = "it does not say why";

	m->late_after = REPORT_LATE;
	m->count = (struct scan_count){
		.queued = from->messages,
		.quarantined = from->quarantined,
		.lost = from->lost,
		.late = from->late,
		.oldest = from->oldest,
		.cut_short = from->count == REPORT_AT_LEAST,
		.failed = from->count == REPORT_UNREADABLE,
	};
	if (m->count.failed != 0)
		m->count.failed_dir = &m->queue->dirs[0];
	m->has_stranded = from->has_stranded;
	m->nstranded = from->stranded;
	if (from->count != REPORT_EXACT)
		m->reason = from->reason != NULL ? from->reason : no_reason;
}

int
measure_remote(struct measure *m, const struct remote *r,
    const struct config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	size_t i;

	memset(m, 0, r->queues.n * sizeof(*m));
	for (i = 0; i < r->queues.n; i++) {
		m[i].queue = &r->queues.v[i];
		/* Its clock may be a little ahead of ours. */
		m[i].age = r->age > 0 ? r->age : 0;
		measure_report(&m[i], &r->report.queues[i]);
	}
	return measure_all_trends(m, r->queues.n, c, deadline, state_note);
}
