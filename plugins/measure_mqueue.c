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
#include "mqueue/dated.h"
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

/* The limit of one level; 0: none. */
static int64_t
measure_age_limit(const struct config *c, const struct queue *q,
    enum result_state level)
{
	const struct range *r = config_find(c, CONFIG_AGE, level, q->name,
	    q->role);

	return r != NULL ? (int64_t)r->end : 0;
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
    const struct when_deadline *deadline)
{
	struct scan_options opt = {
		.mta = c->mta,
		.now = when_wall(deadline->clock),
		.deadline = deadline,
	};
	struct buf remedy = BUF_INIT;

	m->late_after = measure_late_after(c, m->queue);
	opt.late_after = m->late_after;
	opt.look_over = measure_age_limit(c, m->queue, RESULT_CRITICAL);
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
	size_t i;

	memset(m, 0, queues->n * sizeof(*m));
	for (i = 0; i < queues->n; i++) {
		m[i].queue = &queues->v[i];
		if (measure_count(&m[i], c, deadline) != 0)
			return -1;
	}
	return measure_all_trends(m, queues->n, c, deadline, state_note);
}

/*
 * The ages of a report are of its moment, and messages that still wait have
 * grown older since: the oldest by that time, while others may have become
 * late, or not.  An mqreport of 0.1.0 takes a date that cannot be true for an
 * age; how old the others are it does not say.
 */
static void
measure_grow(struct scan_count *n, int64_t elapsed)
{
	uint64_t aged;

	if (n->oldest > DATED_LONGEST) {
		n->undated += n->undated + n->future < n->queued;
		n->oldest = n->oldest_max = 0;
		if (n->undated + n->future < n->queued)
			n->oldest_max = DATED_LONGEST;
		n->late = 0;
		n->late_max -= n->late_max != 0;
		return;
	}
	aged = n->queued - n->undated - n->future;
	if (aged == 0)
		return;
	n->oldest += elapsed;
	n->oldest_max += elapsed;
	if (elapsed != 0 && n->oldest_max > REPORT_LATE)
		n->late_max = aged;
	if (n->oldest > REPORT_LATE && n->late == 0)
		n->late = 1;
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
		.future = from->future,
		.undated = from->undated,
		.oldest = from->oldest,
		.oldest_max = from->oldest_max,
		.late = from->late,
		.late_max = from->late_max,
		.cut_short = from->count == REPORT_AT_LEAST,
		.failed = from->count == REPORT_UNREADABLE,
	};
	measure_grow(&m->count, m->age);
	if (m->count.failed != 0)
		m->count.failed_dir = &m->queue->dirs[0];
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
