/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run.c - a child process with a time limit, and what it printed
 *
 * Owns the handlers of SIGCHLD, SIGTERM, SIGINT and SIGHUP while a child runs.
 * These signals are blocked outside pselect(2), so that none is missed between
 * a look at the child and the wait.  One child at a time.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/sys.h"
#include "base/when.h"
#include "plugins/bb-ext/run.h"

#define RUN_GRACE 1000 /* milliseconds between SIGTERM and SIGKILL */
#define RUN_CHUNK 4096

static const int run_signals[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
#define RUN_SIGNALS (sizeof(run_signals) / sizeof(*run_signals))

static volatile sig_atomic_t run_got; /* the signal that is to end us */

struct run {
	const struct bbext_job *job;
	struct bbext_ran *ran;
	pid_t pid;
	int out[2], begun[2]; /* pipes */
	struct sigaction old[RUN_SIGNALS];
	sigset_t old_mask, wait_mask;
};

static void
run_on_signal(int sig)
{
	if (sig != SIGCHLD)
		run_got = sig;
}

static void
run_take_signals(struct run *r)
{
	struct sigaction sa = { .sa_handler = run_on_signal };
	sigset_t set;
	size_t i;

	run_got = 0;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&set);
	for (i = 0; i < RUN_SIGNALS; i++)
		sigaddset(&set, run_signals[i]);
	sigprocmask(SIG_BLOCK, &set, &r->old_mask);
	r->wait_mask = r->old_mask;
	for (i = 0; i < RUN_SIGNALS; i++) {
		sigdelset(&r->wait_mask, run_signals[i]);
		sigaction(run_signals[i], &sa, &r->old[i]);
	}
}

static void
run_return_signals(const struct run *r)
{
	size_t i;

	for (i = 0; i < RUN_SIGNALS; i++)
		sigaction(run_signals[i], &r->old[i], NULL);
	sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
}

static void
run_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* Takes what is there, until so many bytes came; closes the pipe at its end. */
static void
run_read(struct run *r, size_t enough)
{
	struct bbext_ran *ran = r->ran;
	char chunk[RUN_CHUNK];
	size_t room, total = 0;
	ssize_t n;

	while (r->out[0] != -1 && total < enough) {
		n = read(r->out[0], chunk, sizeof(chunk));
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			ran->unread = errno;
		if (n == 0 || ran->unread != 0)
			run_close(&r->out[0]);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			continue;
		total += (size_t)n;
		room = r->job->max - ran->out.len;
		buf_add(&ran->out, chunk, (size_t)n < room ? (size_t)n : room);
	}
}

/*
 * Has the leader of the group ended?  It is not waited for yet: its number is
 * the number of the group, and must not become another's before the group has
 * got its last signal.
 */
static bool
run_ended(const struct run *r)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)r->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid != 0;
}

/* Waits for something to happen, until the deadline at most. */
static void
run_wait(const struct run *r, const struct when_deadline *deadline)
{
	int64_t left = deadline->at - when_mono(deadline->clock);
	struct timespec ts;
	fd_set set;

	if (left < 0)
		left = 0;
	ts.tv_sec = (time_t)(left / 1000);
	ts.tv_nsec = (long)(left % 1000) * 1000000;
	FD_ZERO(&set);
	if (r->out[0] != -1)
		FD_SET(r->out[0], &set);
	pselect(r->out[0] + 1, &set, NULL, NULL, &ts, &r->wait_mask);
}

/* Reads until the child ends or its time is up. */
static void
run_follow(struct run *r)
{
	struct when_deadline deadline = when_after(&when_system,
	    INT64_C(1000) * r->job->seconds);
	bool told = false;

	while (!run_ended(r)) {
		run_wait(r, &deadline);
		run_read(r, 1);
		if (run_got == 0 && !when_passed(&deadline))
			continue;
		if (told && when_passed(&deadline))
			break;
		if (told)
			continue;
		told = true;
		r->ran->late = run_got == 0;
		kill(-r->pid, SIGTERM);
		deadline = when_after(&when_system, RUN_GRACE);
	}
	r->ran->signal = run_got;
	if (told)
		kill(-r->pid, SIGKILL);
	/*
	 * Reads what is in the pipe by now, and does not wait for what
	 * processes that are left behind write later.
	 */
	run_read(r, r->job->max);
}

/* Starts the child.  0; or -1 with errno. */
static int
run_start(struct run *r)
{
	struct child_job job = {
		.work = r->job->work,
		.arg = r->job->arg,
		.place = CHILD_GROUP,
		.in = -1,
		.signals = run_signals,
		.nsignals = RUN_SIGNALS,
		.mask = &r->wait_mask,
	};

	if (sys_pipe(r->out, false) != 0 || sys_pipe(r->begun, false) != 0)
		return -1;
	job.out = r->out[1];
	job.err = r->job->errors_too ? r->out[1] : -1;
	job.begun = r->begun[1];
	if (child_start(&job, &r->pid) != 0)
		return -1;
	run_close(&r->out[1]);
	run_close(&r->begun[1]);
	return 0;
}

void
bbext_run(const struct bbext_job *job, struct bbext_ran *ran)
{
	struct run r = {
		.job = job,
		.ran = ran,
		.out = { -1, -1 },
		.begun = { -1, -1 },
	};
	int error;

	*ran = (struct bbext_ran){ .out = BUF_INIT };
	run_take_signals(&r);
	if (run_start(&r) != 0) {
		ran->error = errno;
	} else {
		run_follow(&r);
		child_wait(r.pid, &ran->status);
		if (read(r.begun[0], &error, sizeof(error)) == sizeof(error))
			ran->error = error;
	}
	run_close(&r.out[0]);
	run_close(&r.out[1]);
	run_close(&r.begun[0]);
	run_close(&r.begun[1]);
	run_return_signals(&r);
}

int
bbext_run_program(void *argv)
{
	char **v = argv;

	execv(v[0], v);
	return -1;
}

bool
bbext_run_failed(const struct bbext_job *job, const struct bbext_ran *ran,
    struct buf *why)
{
	if (ran->error != 0)
		buf_addf(why, "cannot be run: %s", strerror(ran->error));
	else if (ran->signal != 0)
		buf_addf(why, "ended because bb-ext got signal %d",
		    ran->signal);
	else if (ran->late)
		buf_addf(why, "did not end within %ds", job->seconds);
	else if (ran->unread != 0)
		buf_addf(why, "printed something, but reading it failed: %s",
		    strerror(ran->unread));
	else if (WIFSIGNALED(ran->status))
		buf_addf(why, "was ended by signal %d", WTERMSIG(ran->status));
	else
		return false;
	return true;
}
