/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure.c - the numbers that check_mqueue judges
 *
 * Joins the scan with the history of earlier runs.  A history belongs to a
 * queue, not to a service: two services that watch one queue share it.  Only
 * exact counts enter it.  A queue of this host has a file of its own, but all
 * queues of another host have one file together: whoever names the queues there
 * must not decide how many files there are here.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look/readable.h"
#include "mail/dated.h"
#include "plug/perf.h"
#include "plug/state.h"
#include "plug/trend.h"
#include "plug/trends.h"
#include "plugins/check_mqueue/measure.h"

#define MQUEUE_MEASURE_LATE (15 * 60) /* where no age is judged */
#define MQUEUE_MEASURE_KEY  40        /* readable part of a state file */
#define MQUEUE_MEASURE_KEEP \
	(24 * 3600) /* a history that is not written; seconds */

bool
mqueue_measure_is_exact(const struct mqueue_measure *m)
{
	return !m->count.cut_short && m->count.failed == 0;
}

bool
mqueue_measure_is_age_open(const struct mqueue_measure *m)
{
	return m->count.oldest_max > m->count.oldest;
}

void
mqueue_measure_free(struct mqueue_measure *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(m[i].remedy);
}

/* The limit of one level; 0: none. */
static int64_t
mqueue_measure_age_limit(const struct mqueue_config *c, const struct queue *q,
    enum result_state level)
{
	const struct range *r = mqueue_config_find(c, MQUEUE_CONFIG_AGE, level,
	    q->name, q->role);

	return r != NULL ? (int64_t)r->end : 0;
}

static int64_t
mqueue_measure_late_after(const struct mqueue_config *c, const struct queue *q)
{
	const struct range *r = mqueue_config_find(c, MQUEUE_CONFIG_AGE,
	    RESULT_WARNING, q->name, q->role);

	return r != NULL ? (int64_t)r->end : MQUEUE_MEASURE_LATE;
}

static int
mqueue_measure_count(struct mqueue_measure *m, const struct mqueue_config *c,
    const struct when_deadline *deadline, struct stranded *stranded)
{
	struct scan_options opt = {
		.now = stranded->now,
		.deadline = deadline,
		.stranded = stranded,
	};
	struct buf remedy = BUF_INIT;

	m->late_after = mqueue_measure_late_after(c, m->queue);
	opt.late_after = m->late_after;
	opt.look_over = mqueue_measure_age_limit(c, m->queue, RESULT_CRITICAL);
	scan_count_queue(m->queue, &opt, &m->count);
	if (m->count.failed == 0)
		return 0;
	/*
	 * By now the directory may be readable; then there is nothing to
	 * advise.
	 */
	if (readable_check(m->count.failed_dir->path, m->queue->mta, &remedy) ==
	    0)
		return 0;
	m->remedy = buf_take(&remedy);
	return m->remedy != NULL ? 0 : -1;
}

static void
mqueue_measure_take(struct mqueue_measure *m, struct trend *trend,
    const struct when_clock *clock)
{
	const struct trend_sample now = { when_wall(clock) - m->age,
		when_mono(clock) - m->age * 1000, (int64_t)m->count.queued };

	m->has_rate = trend_take(trend, &now, &m->rate);
}

/*
 * The name of a history file, from what identifies the queue.  People can read
 * the part of it that is made from name.
 */
static int
mqueue_measure_key(struct buf *key, const char *name, const char *first,
    const char *second)
{
	struct buf identity = BUF_INIT;
	char label[MQUEUE_MEASURE_KEY + 1];

	perf_label(label, MQUEUE_MEASURE_KEY, name);
	buf_addf(&identity, "%s\n%s", first, second);
	if (!identity.oom)
		state_key(key, label, buf_str(&identity));
	if (identity.oom || key->oom)
		errno = ENOMEM;
	buf_free(&identity);
	return key->len == 0 || key->oom ? -1 : 0;
}

/* The growth of a queue of this host; 0, or -1 with errno. */
static int
mqueue_measure_growth(struct mqueue_measure *m, int dir,
    const struct when_clock *clock)
{
	struct buf key = BUF_INIT, text = BUF_INIT;
	struct trend trend;
	int rc = -1, error;

	if (mqueue_measure_key(&key, m->queue->name, m->queue->name,
		m->queue->dirs[0].path) != 0 ||
	    state_load(dir, buf_str(&key), &text) != 0)
		goto out;
	trend_parse(&trend, text.data, text.len);
	mqueue_measure_take(m, &trend, clock);
	buf_truncate(&text, 0);
	trend_format(&trend, &text);
	rc = state_save(dir, buf_str(&key), &text);
out:
	error = errno;
	buf_free(&key);
	buf_free(&text);
	errno = error;
	return rc;
}

/*
 * The same for all queues of another host, which have one file together.  A
 * queue that is no longer in the report is dropped from it.
 */
static int
mqueue_measure_growth_remote(struct mqueue_measure *m, size_t n, int dir,
    const char *host, const struct when_clock *clock)
{
	struct buf key = BUF_INIT, text = BUF_INIT;
	struct trends trends = TRENDS_INIT;
	struct trend trend;
	int rc = -1, error;
	size_t i;

	if (mqueue_measure_key(&key, host, "report of", host) != 0 ||
	    state_load(dir, buf_str(&key), &text) != 0)
		goto out;
	errno = ENOMEM;
	if (trends_parse(&trends, text.data, text.len) != 0)
		goto out;
	buf_truncate(&text, 0);
	for (i = 0; i < n; i++) {
		trends_get(&trends, m[i].queue->name, &trend);
		if (mqueue_measure_is_exact(&m[i]))
			mqueue_measure_take(&m[i], &trend, clock);
		trends_add(&text, m[i].queue->name, &trend,
		    (STATE_MAX - text.len) / (n - i));
	}
	rc = state_save(dir, buf_str(&key), &text);
out:
	error = errno;
	trends_free(&trends);
	buf_free(&key);
	buf_free(&text);
	errno = error;
	return rc;
}

/*
 * The growth of all queues of this host; 0, or -1 with the errno of the last
 * failure.
 */
static int
mqueue_measure_growth_local(struct mqueue_measure *m, size_t n, int dir,
    const struct when_clock *clock)
{
	int error = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (mqueue_measure_is_exact(&m[i]) &&
		    mqueue_measure_growth(&m[i], dir, clock) != 0)
			error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}

static void
mqueue_measure_trends(struct mqueue_measure *m, size_t n,
    const struct mqueue_config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	int dir = state_open(c->state_dir, geteuid(), "check_mqueue",
	    state_note);
	int rc;

	if (dir == -1)
		return;
	if (c->server.name != NULL)
		rc = mqueue_measure_growth_remote(m, n, dir, c->server.name,
		    deadline->clock);
	else
		rc = mqueue_measure_growth_local(m, n, dir, deadline->clock);
	if (rc != 0)
		buf_addf(state_note, "history: %s", strerror(errno));
	state_expire(dir, MQUEUE_MEASURE_KEEP, deadline);
	close(dir);
}

static int
mqueue_measure_all_trends(struct mqueue_measure *m, size_t n,
    const struct mqueue_config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	/* Where no time is left, the answer comes without the growth. */
	if (!when_passed(deadline))
		mqueue_measure_trends(m, n, c, deadline, state_note);
	return state_note->oom ? -1 : 0;
}

int
mqueue_measure_queues(struct mqueue_measure *m, const struct queue_list *queues,
    const struct mqueue_config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	struct stranded stranded = STRANDED_INIT;
	int rc = -1;
	size_t i;

	memset(m, 0, queues->n * sizeof(*m));
	if (stranded_start(&stranded, queues, when_wall(deadline->clock),
		STRANDED_FEW) != 0)
		goto out;
	for (i = 0; i < queues->n; i++) {
		m[i].queue = &queues->v[i];
		if (mqueue_measure_count(&m[i], c, deadline, &stranded) != 0)
			goto out;
	}
	if (stranded_confirm(&stranded, STRANDED_GAP, deadline) != 0)
		goto out;
	for (i = 0; i < queues->n; i++) {
		m[i].has_stranded = stranded_is_known(&stranded.counts[i]);
		m[i].stranded = stranded.counts[i];
		m[i].nstranded = stranded_total(&m[i].stranded);
	}
	rc = mqueue_measure_all_trends(m, queues->n, c, deadline, state_note);
out:
	stranded_free(&stranded);
	return rc;
}

/*
 * The ages of a report are those at the time when it was made.  Messages that
 * still wait have grown older since: the oldest is older by that time; others
 * may have become late, or may not.  mqreport 0.1.0 takes a date that cannot be
 * true for an age, and then it does not say how old the other messages are.
 */
static void
mqueue_measure_grow(struct scan_count *n, int64_t elapsed)
{
	uint64_t aged;

	if (n->oldest_held != 0)
		n->oldest_held += elapsed;
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
mqueue_measure_report(struct mqueue_measure *m, const struct report_queue *from)
{
	static const char no_reason[] = "it does not say why";

	m->late_after = REPORT_LATE;
	m->count = (struct scan_count){
		.queued = from->messages,
		.held = from->held,
		.lost = from->lost,
		.oldest_held = from->oldest_held,
		.future = from->future,
		.undated = from->undated,
		.oldest = from->oldest,
		.oldest_max = from->oldest_max,
		.late = from->late,
		.late_max = from->late_max,
		.cut_short = from->count == REPORT_AT_LEAST,
		.failed = from->count == REPORT_UNREADABLE,
	};
	mqueue_measure_grow(&m->count, m->age);
	if (m->count.failed != 0)
		m->count.failed_dir = &m->queue->dirs[0];
	m->has_stranded = from->has_stranded;
	m->nstranded = from->stranded;
	if (from->count != REPORT_EXACT)
		m->reason = from->reason != NULL ? from->reason : no_reason;
}

int
mqueue_measure_remote(struct mqueue_measure *m, const struct mqueue_remote *r,
    const struct mqueue_config *c, const struct when_deadline *deadline,
    struct buf *state_note)
{
	size_t i;

	memset(m, 0, r->queues.n * sizeof(*m));
	for (i = 0; i < r->queues.n; i++) {
		m[i].queue = &r->queues.v[i];
		/* Its clock may be a little ahead of ours. */
		m[i].age = r->age > 0 ? r->age : 0;
		m[i].report = &r->report;
		mqueue_measure_report(&m[i], &r->report.queues[i]);
	}
	return mqueue_measure_all_trends(m, r->queues.n, c, deadline,
	    state_note);
}
