/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fetch.c - the reports of all hosts at once
 *
 * Owns the descriptors and processes of a round.  Nothing here waits.  A host
 * that hangs costs a descriptor until the round ends.  A host that never stops
 * sending is cut off after the length of the longest report.  If a host has
 * sent a report and did not close the connection, the report is taken at the
 * end of the round.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/when.h"
#include "report/read.h"
#include "report/report.h"
#include "tools/mqc/dial.h"
#include "tools/mqc/fetch.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/names.h"
#include "tools/mqc/pipe.h"
#include "tools/mqc/spawn.h"

#define MQC_FETCH_WORDS 512 /* of what a command says on its stderr */
#define MQC_FETCH_OWN   64  /* descriptors beside those of the hosts */

enum mqc_fetch_phase {
	MQC_FETCH_IDLE,
	MQC_FETCH_NAMING,
	MQC_FETCH_DIALLING,
	MQC_FETCH_READING,
};

struct mqc_fetch_one {
	struct mqc_fetch *all;
	const struct mqc_hosts_one *host;
	size_t index;
	enum mqc_fetch_phase phase;
	struct mqc_name name;
	struct mqc_dial dial;
	struct mqc_pipe out;
	struct mqc_pipe err; /* of a command */
	pid_t pid;           /* until it was waited for */
	int status;
	pid_t old; /* killed before */
};

struct mqc_fetch {
	struct event_base *base;
	const struct mqc_fetch_env *env;
	mqc_fetch_fn *done;
	void *arg;
	struct mqc_names *names;
	struct event *child; /* SIGCHLD */
	struct mqc_fetch_one *v;
	size_t n;
	int64_t ms; /* of a round */
	int64_t deadline;
};

size_t
mqc_fetch_descriptors(size_t hosts)
{
	/* A command has two pipes. */
	return MQC_FETCH_OWN + 2 * hosts;
}

/* Ends the round of a host. */
static void
mqc_fetch_end(struct mqc_fetch_one *o, int answer, const char *why)
{
	struct buf bytes = o->out.bytes;

	mqc_dial_stop(&o->dial);
	mqc_pipe_close(&o->out);
	mqc_pipe_close(&o->err);
	o->phase = MQC_FETCH_IDLE;
	if (bytes.oom) {
		answer = REPORT_NO_MEMORY;
		why = "out of memory";
	}
	o->all->done(o->all->arg, o->index, answer, why, bytes.data,
	    answer == REPORT_FINE ? bytes.len : 0);
	/*
	 * The memory is freed in each round.  Otherwise each of a thousand
	 * hosts would keep room for its longest report.
	 */
	buf_free(&o->out.bytes);
	buf_free(&o->err.bytes);
}

/* The last line that a command wrote on its standard error, or its status. */
static void
mqc_fetch_add_reason(struct mqc_fetch_one *o, struct buf *why)
{
	const char *s = o->err.bytes.data;
	size_t n = o->err.bytes.len, start;

	while (n != 0 && strchr("\r\n ", s[n - 1]) != NULL)
		n--;
	for (start = n; start != 0 && s[start - 1] != '\n'; start--)
		;
	if (n != 0)
		buf_add(why, s + start, n - start);
	else if (o->pid == 0)
		mqc_spawn_add_status(why, o->status);
	else
		buf_adds(why, "it printed nothing");
}

/*
 * A command that printed something has ended for us when its output ends.  If
 * it printed nothing, its standard error or its exit status has the reason, so
 * this waits for them.
 */
static void
mqc_fetch_check_command(struct mqc_fetch_one *o)
{
	struct buf why = BUF_INIT;

	if (o->phase != MQC_FETCH_READING || o->out.fd != -1)
		return;
	if (o->out.bytes.len != 0) {
		mqc_fetch_end(o, REPORT_FINE, "");
		return;
	}
	if (o->pid != 0 && (o->err.fd != -1 || o->err.bytes.len == 0))
		return;
	if (o->err.fd != -1)
		mqc_pipe_read(&o->err);
	mqc_fetch_add_reason(o, &why);
	mqc_fetch_end(o, MQC_FLEET_COMMAND,
	    buf_str(&why) != NULL ? buf_str(&why) : "");
	buf_free(&why);
}

static void
mqc_fetch_on_err(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_fetch_one *o = arg;

	(void)fd;
	(void)what;
	if (mqc_pipe_read(&o->err) > 0)
		return;
	mqc_pipe_close(&o->err);
	mqc_fetch_check_command(o);
}

static void
mqc_fetch_on_out(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_fetch_one *o = arg;
	int rc = mqc_pipe_read(&o->out);

	(void)fd;
	(void)what;
	/* One byte too many tells report_read() that it is too long. */
	if (rc > 0 && o->out.bytes.len < o->out.max)
		return;
	if (rc < 0 && o->out.bytes.len == 0) {
		mqc_fetch_end(o, MQC_FLEET_NO_CONNECTION, strerror(errno));
		return;
	}
	mqc_pipe_close(&o->out);
	if (o->host->argv != NULL)
		mqc_fetch_check_command(o);
	else
		mqc_fetch_end(o, REPORT_FINE, "");
}

/*
 * Ends the round of a host that could not be asked, because this machine has no
 * descriptor or no memory left.  Nothing is known of the host then.
 */
static void
mqc_fetch_not_asked(struct mqc_fetch_one *o, int error)
{
	struct buf why = BUF_INIT;

	if (error == EMFILE)
		buf_addf(&why,
		    "no file descriptor is left; allow mqc %zu of them"
		    " (ulimit -n)",
		    mqc_fetch_descriptors(o->all->n));
	else
		buf_addf(&why, "this machine is short: %s", strerror(error));
	mqc_fetch_end(o, MQC_FLEET_NOT_ASKED,
	    buf_str(&why) != NULL ? buf_str(&why) : "");
	buf_free(&why);
}

/* Is this machine the cause of an error of socket(2) or fork(2)? */
static bool
mqc_fetch_is_own(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM || error == EAGAIN;
}

static void
mqc_fetch_connected(void *arg, int fd, int error)
{
	struct mqc_fetch_one *o = arg;

	if (fd == -1 && mqc_fetch_is_own(error)) {
		mqc_fetch_not_asked(o, error);
		return;
	}
	if (fd == -1) {
		mqc_names_doubt(&o->name);
		mqc_fetch_end(o,
		    error == ETIMEDOUT ? MQC_FLEET_TIMEOUT :
					 MQC_FLEET_NO_CONNECTION,
		    strerror(error));
		return;
	}
	o->phase = MQC_FETCH_READING;
	if (mqc_pipe_open(&o->out, o->all->base, fd, REPORT_MAX + 1,
		mqc_fetch_on_out, o) != 0)
		mqc_fetch_end(o, REPORT_NO_MEMORY, "out of memory");
}

static void
mqc_fetch_dial(struct mqc_fetch_one *o, const struct evutil_addrinfo *list)
{
	o->phase = MQC_FETCH_DIALLING;
	mqc_dial_start(&o->dial, list, o->all->deadline);
}

static void
mqc_fetch_named(void *arg)
{
	struct mqc_fetch_one *o = arg;

	/* An answer may come between two rounds as well. */
	if (o->phase != MQC_FETCH_NAMING)
		return;
	if (o->name.error != 0)
		mqc_fetch_end(o, MQC_FLEET_NO_ADDRESS,
		    evutil_gai_strerror(o->name.error));
	else
		mqc_fetch_dial(o, mqc_names_list(o->all->names, &o->name));
}

static void
mqc_fetch_command(struct mqc_fetch_one *o)
{
	struct mqc_spawn s;

	o->phase = MQC_FETCH_READING;
	/*
	 * The command of an earlier round sent its report and did not end, or
	 * was killed and did not end.
	 */
	if (o->pid != 0 && o->old == 0) {
		mqc_spawn_kill(o->pid);
		o->old = o->pid;
		o->pid = 0;
	}
	if (o->pid != 0) {
		mqc_fetch_end(o, MQC_FLEET_COMMAND,
		    "those of earlier rounds cannot be killed");
		return;
	}
	if (mqc_spawn(&s, o->host->argv, o->all->env->path, o->all->env->env) !=
	    0) {
		if (mqc_fetch_is_own(errno))
			mqc_fetch_not_asked(o, errno);
		else
			mqc_fetch_end(o, MQC_FLEET_COMMAND, strerror(errno));
		return;
	}
	o->pid = s.pid;
	if (mqc_pipe_open(&o->out, o->all->base, s.out, REPORT_MAX + 1,
		mqc_fetch_on_out, o) != 0 ||
	    mqc_pipe_open(&o->err, o->all->base, s.err, MQC_FETCH_WORDS,
		mqc_fetch_on_err, o) != 0)
		mqc_fetch_end(o, REPORT_NO_MEMORY, "out of memory");
}

static void
mqc_fetch_start_one(struct mqc_fetch_one *o)
{
	const struct evutil_addrinfo *list;

	if (o->host->argv != NULL) {
		mqc_fetch_command(o);
		return;
	}
	o->phase = MQC_FETCH_NAMING;
	list = mqc_names_list(o->all->names, &o->name);
	/* mqc_fetch_named() may have been called before this line. */
	if (o->phase == MQC_FETCH_NAMING && list != NULL)
		mqc_fetch_dial(o, list);
}

void
mqc_fetch_start(struct mqc_fetch *f, int64_t ms)
{
	size_t i;

	f->ms = ms;
	f->deadline = when_mono(&when_system) + ms;
	for (i = 0; i < f->n; i++)
		mqc_fetch_start_one(&f->v[i]);
}

/* The time is over. */
static void
mqc_fetch_late(struct mqc_fetch_one *o)
{
	struct buf why = BUF_INIT;
	int answer = MQC_FLEET_TIMEOUT;
	enum report_fault fault;
	struct report r;
	const char *ignored;

	if (o->phase == MQC_FETCH_NAMING) {
		answer = MQC_FLEET_NO_ADDRESS;
		buf_adds(&why, "no answer of a name server");
	} else if (o->phase == MQC_FETCH_DIALLING) {
		mqc_names_doubt(&o->name);
		buf_adds(&why, "no connection");
	} else if (o->out.bytes.len == 0) {
		buf_adds(&why, "no report");
	} else {
		fault = report_read(&r, o->out.bytes.data, o->out.bytes.len,
		    &ignored);
		if (fault == REPORT_FINE || fault == REPORT_FAILED) {
			report_free(&r);
			answer = REPORT_FINE;
		}
		buf_adds(&why, "the report did not end");
	}
	buf_adds(&why, " within ");
	num_add_decimal(&why, (double)o->all->ms / 1000);
	buf_addc(&why, 's');
	mqc_fetch_end(o, answer, buf_str(&why) != NULL ? buf_str(&why) : "");
	buf_free(&why);
}

void
mqc_fetch_stop(struct mqc_fetch *f)
{
	struct mqc_fetch_one *o;

	for (o = f->v; o < f->v + f->n; o++) {
		if (o->phase != MQC_FETCH_IDLE)
			mqc_fetch_late(o);
		if (o->pid != 0)
			mqc_spawn_kill(o->pid);
	}
}

static void
mqc_fetch_on_child(evutil_socket_t sig, short what, void *arg)
{
	struct mqc_fetch *f = arg;
	struct mqc_fetch_one *o;

	(void)sig;
	(void)what;
	for (o = f->v; o < f->v + f->n; o++) {
		if (o->old != 0 && waitpid(o->old, NULL, WNOHANG) == o->old)
			o->old = 0;
		if (o->pid != 0 &&
		    waitpid(o->pid, &o->status, WNOHANG) == o->pid) {
			o->pid = 0;
			mqc_fetch_check_command(o);
		}
	}
}

struct mqc_fetch *
mqc_fetch_new(struct event_base *base, const struct mqc_hosts *hosts,
    const struct mqc_fetch_env *env, mqc_fetch_fn *done, void *arg)
{
	struct mqc_fetch *f = calloc(1, sizeof(*f));
	struct mqc_fetch_one *o;
	size_t i;

	if (f == NULL)
		return NULL;
	*f = (struct mqc_fetch){ .base = base,
		.env = env,
		.done = done,
		.arg = arg };
	f->names = mqc_names_new(base);
	f->child = evsignal_new(base, SIGCHLD, mqc_fetch_on_child, f);
	f->v = calloc(hosts->n, sizeof(*f->v));
	if (f->names == NULL || f->v == NULL || f->child == NULL ||
	    event_add(f->child, NULL) != 0) {
		mqc_fetch_free(f);
		return NULL;
	}
	f->n = hosts->n;
	for (i = 0; i < f->n; i++) {
		o = &f->v[i];
		*o = (struct mqc_fetch_one){ .all = f,
			.host = &hosts->v[i],
			.index = i,
			.out = MQC_PIPE_INIT,
			.err = MQC_PIPE_INIT };
		o->name = (struct mqc_name){ .peer = &o->host->peer,
			.told = mqc_fetch_named,
			.arg = o };
		mqc_dial_init(&o->dial, base, mqc_fetch_connected, o);
	}
	return f;
}

void
mqc_fetch_free(struct mqc_fetch *f)
{
	struct mqc_fetch_one *o;

	for (o = f->v; o != NULL && o < f->v + f->n; o++) {
		o->phase = MQC_FETCH_IDLE;
		mqc_dial_stop(&o->dial);
		mqc_pipe_close(&o->out);
		mqc_pipe_close(&o->err);
		buf_free(&o->out.bytes);
		buf_free(&o->err.bytes);
		if (o->pid != 0)
			mqc_spawn_kill(o->pid);
	}
	mqc_names_free(f->names);
	for (o = f->v; o != NULL && o < f->v + f->n; o++)
		mqc_names_clear(&o->name);
	if (f->child != NULL)
		event_free(f->child);
	free(f->v);
	free(f);
}
