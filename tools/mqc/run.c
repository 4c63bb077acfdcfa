/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run.c - round after round, until it is enough
 *
 * Owns the event loop.  Rounds begin when cadence.h says so, whatever the hosts
 * do.  A round ends with its last answer, or with the timeout, which is shorter
 * than the interval.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/when.h"
#include "tools/mqc/cadence.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/record.h"
#include "tools/mqc/replay.h"
#include "tools/mqc/run.h"
#include "tools/mqc/signals.h"

#define MQC_RUN_SHOWN 200
#define MQC_RUN_GAP   3 /* intervals; a replay does not wait longer */

struct mqc_run {
	const struct mqc_config *config;
	struct event_base *base;
	struct mqc_signals signals;
	struct event *next; /* round */
	struct event *late; /* this round is over */
	struct mqc_fleet fleet;
	struct mqc_fetch *fetch; /* unless it is a replay */
	struct mqc_replay replay;
	struct mqc_output output;
	int record;          /* descriptor, or -1 */
	struct buf *lines;   /* of each host in this round */
	struct buf recorded; /* what is to be written */
	struct buf note;     /* for people */
	struct buf *why;
	int64_t start;  /* of round 0, mono ms */
	int64_t round;  /* that runs, or ran last */
	int64_t done;   /* rounds that went out */
	size_t pending; /* hosts in this round */
	bool starting;
	bool record_ended; /* too early */
	int status;        /* to exit with */
};

static struct mqc_fleet_time
mqc_run_now(void)
{
	return (struct mqc_fleet_time){ when_wall(&when_system),
		when_mono(&when_system) };
}

static void
mqc_run_after(struct event *event, int64_t ms)
{
	struct timeval tv = { 0, 0 };

	if (ms > 0)
		tv = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	event_add(event, &tv);
}

static void
mqc_run_end(struct mqc_run *r, int status)
{
	r->status = status;
	event_base_loopbreak(r->base);
}

/* A failure that ends it. */
static void
mqc_run_fail(struct mqc_run *r, const char *what, int error)
{
	buf_addf(r->why, "%s: %s", what, strerror(error));
	mqc_run_end(r, 2);
}

/*
 * Adds this round to the recording.  A full disk ends the recording, but not
 * mqc.
 */
static void
mqc_run_record(struct mqc_run *r)
{
	bool oom = false;
	size_t i;

	if (r->record == -1)
		return;
	/*
	 * The lines stand in the order of the hosts and not in the order of
	 * their answers.
	 */
	for (i = 0; i < r->fleet.n; i++) {
		buf_add(&r->recorded, r->lines[i].data, r->lines[i].len);
		oom |= r->lines[i].oom;
		buf_free(&r->lines[i]);
	}
	errno = ENOMEM;
	if (oom || r->recorded.oom ||
	    fsx_write(r->record, r->recorded.data, r->recorded.len) != 0) {
		buf_addf(&r->note, "the recording ends here: %s",
		    strerror(errno));
		close(r->record);
		r->record = -1;
		r->record_ended = true;
	}
	buf_free(&r->recorded);
}

/* What an exit says after the last round. */
static int
mqc_run_status(const struct mqc_run *r)
{
	size_t fresh = mqc_fleet_fresh(&r->fleet);

	if (fresh == 0)
		return 2;
	return fresh < r->fleet.n || r->record_ended ? 1 : 0;
}

/* Writes the round that was done.  False: there will be no other. */
static bool
mqc_run_write(struct mqc_run *r)
{
	int rc, error;

	/* Whoever reads may not read for long. */
	mqc_signals_at_once(&r->signals, true);
	rc = mqc_output_round(&r->output, &r->fleet,
	    r->note.len != 0 ? r->note.data : NULL);
	error = errno;
	mqc_signals_at_once(&r->signals, false);
	buf_truncate(&r->note, 0);
	if (rc != 0 && error == EPIPE) {
		mqc_run_end(r, 0);
		return false;
	}
	if (rc != 0) {
		mqc_run_fail(r, "the output", error);
		return false;
	}
	if (++r->done == r->config->rounds) {
		mqc_run_end(r, mqc_run_status(r));
		return false;
	}
	return true;
}

static void
mqc_run_finish(struct mqc_run *r)
{
	const int64_t interval = r->config->interval * 1000;
	struct mqc_fleet_time now = mqc_run_now();

	event_del(r->late);
	mqc_fleet_end(&r->fleet, now);
	mqc_run_record(r);
	if (!mqc_run_write(r))
		return;
	now = mqc_run_now();
	r->round = mqc_cadence_next(r->start, interval, r->round, now.mono);
	mqc_run_after(r->next,
	    mqc_cadence_wait(r->start, interval, r->round, now.mono));
}

/* The answer of a host, see mqc_fetch.h. */
static void
mqc_run_answer(void *arg, size_t i, int answer, const char *why,
    const char *bytes, size_t n)
{
	struct mqc_run *r = arg;
	const struct mqc_fleet_host *h = &r->fleet.hosts[i];

	if (answer != REPORT_FINE)
		mqc_fleet_fail(&r->fleet, i, answer, why, mqc_run_now());
	else
		mqc_fleet_take(&r->fleet, i, bytes, n, mqc_run_now());
	if (r->record != -1 && h->answer == REPORT_FINE)
		mqc_record_add_report(&r->lines[i], r->fleet.began.wall,
		    h->name, h->delay, bytes, n);
	else if (r->record != -1)
		mqc_record_add_failure(&r->lines[i], r->fleet.began.wall,
		    h->name, h->delay, h->answer, h->why);
	r->pending--;
	if (r->pending == 0 && !r->starting)
		mqc_run_finish(r);
}

static void
mqc_run_round(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_run *r = arg;

	(void)fd;
	(void)what;
	mqc_fleet_begin(&r->fleet, mqc_run_now());
	r->pending = r->fleet.n;
	mqc_run_after(r->late, r->config->timeout);
	/* Hosts that fail at once must not end the round before the others. */
	r->starting = true;
	mqc_fetch_start(r->fetch, r->config->timeout);
	r->starting = false;
	if (r->pending == 0)
		mqc_run_finish(r);
}

static void
mqc_run_late(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_run *r = arg;

	(void)fd;
	(void)what;
	mqc_fetch_stop(r->fetch);
}

static void
mqc_run_replay(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_run *r = arg;
	int64_t wait, most;
	int rc;

	(void)fd;
	(void)what;
	/*
	 * A recording that comes through a pipe may have nothing to read for a
	 * long time.
	 */
	mqc_signals_at_once(&r->signals, true);
	rc = mqc_replay_round(&r->replay, &r->fleet, r->why);
	mqc_signals_at_once(&r->signals, false);
	if (rc < 0) {
		mqc_run_end(r, 2);
		return;
	}
	if (rc == 0 && r->done == 0)
		buf_adds(r->why, "the recording has no round");
	if (rc == 0) {
		mqc_run_end(r, r->done == 0 ? 2 : mqc_run_status(r));
		return;
	}
	if (!mqc_run_write(r))
		return;
	wait = mqc_replay_next(&r->replay) - r->fleet.began.wall;
	most = MQC_RUN_GAP * r->fleet.interval;
	if (wait > most)
		wait = most;
	mqc_run_after(r->next,
	    r->config->speed == 0 || wait < 0 ?
		0 :
		(int64_t)((double)wait * 1000 / r->config->speed));
}

static void
mqc_run_signal(evutil_socket_t sig, short what, void *arg)
{
	struct mqc_run *r = arg;

	(void)what;
	if (sig == SIGCONT)
		mqc_output_disturb(&r->output);
	else
		mqc_run_end(r, 0);
}

static int
mqc_run_open_record(struct mqc_run *r)
{
	r->record = open(r->config->record,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (r->record == -1) {
		clean_adds(r->why, r->config->record, MQC_RUN_SHOWN);
		buf_addf(r->why, ": %s", strerror(errno));
		return -1;
	}
	mqc_record_add_head(&r->recorded, r->config->interval);
	r->lines = calloc(r->config->hosts.n, sizeof(*r->lines));
	if (r->lines == NULL)
		buf_adds(r->why, "out of memory");
	return r->lines != NULL ? 0 : -1;
}

/* All that a run needs; -1 with *why told. */
static int
mqc_run_open(struct mqc_run *r, const struct mqc_run_env *env)
{
	const struct mqc_config *c = r->config;
	bool replay = c->replay != NULL;
	size_t i;

	if (replay && mqc_replay_open(&r->replay, c->replay, r->why) != 0)
		return -1;
	if (c->record != NULL && mqc_run_open_record(r) != 0)
		return -1;
	if ((r->base = event_base_new()) == NULL ||
	    mqc_signals_open(&r->signals, r->base, mqc_run_signal, r) != 0)
		goto fail;
	r->next = evtimer_new(r->base, replay ? mqc_run_replay : mqc_run_round,
	    r);
	r->late = evtimer_new(r->base, mqc_run_late, r);
	for (i = 0; i < c->hosts.n; i++)
		if (mqc_fleet_add(&r->fleet, c->hosts.v[i].name) != 0)
			goto fail;
	if (!replay)
		r->fetch = mqc_fetch_new(r->base, &c->hosts, &env->fetch,
		    mqc_run_answer, r);
	if (r->next != NULL && r->late != NULL && (replay || r->fetch != NULL))
		return 0;
fail:
	buf_adds(r->why,
	    "the event loop cannot be set up: out of memory or"
	    " of file descriptors");
	return -1;
}

static void
mqc_run_close(struct mqc_run *r)
{
	size_t i;

	/* What follows lets the loop run once more. */
	mqc_signals_close(&r->signals);
	if (r->next != NULL)
		event_free(r->next);
	if (r->late != NULL)
		event_free(r->late);
	if (r->fetch != NULL)
		mqc_fetch_free(r->fetch);
	if (r->base != NULL)
		event_base_free(r->base);
	if (r->record >= 0)
		close(r->record);
	mqc_replay_close(&r->replay);
	mqc_output_free(&r->output);
	mqc_fleet_free(&r->fleet);
	for (i = 0; r->lines != NULL && i < r->config->hosts.n; i++)
		buf_free(&r->lines[i]);
	free(r->lines);
	buf_free(&r->recorded);
	buf_free(&r->note);
}

int
mqc_run(const struct mqc_config *c, const struct mqc_run_env *env,
    struct buf *why)
{
	struct mqc_run r = { .config = c,
		.record = -1,
		.why = why,
		.status = 2 };

	mqc_fleet_init(&r.fleet, &c->columns, c->interval, c->stale_after);
	r.fleet.sums = c->total || c->relays;
	mqc_output_init(&r.output, c, STDOUT_FILENO, &env->output);
	if (mqc_run_open(&r, env) == 0) {
		r.start = when_mono(&when_system);
		mqc_run_after(r.next, 0);
		event_base_dispatch(r.base);
	}
	mqc_run_close(&r);
	return r.status;
}
