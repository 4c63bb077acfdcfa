/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - a child process: its start, its end, and what it wrote
 *
 * child_run() owns its child until that is gone: it never outlives the call.
 * Limit: a program that closes both its outputs and goes on is waited for.
 *
 * Between fork(2) and exec(2) a child calls only functions that are safe in a
 * signal handler, because another thread may have held a lock at the fork.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/sys.h"

#define CHILD_CHUNK 16384
#define CHILD_ERR   4096 /* of standard error that is kept */

/* --- the start ----------------------------------------------------------- */

/*
 * Makes a descriptor another one, unless it is -1.  Exec does not close the
 * other one, even if they are the same: a caller without standard descriptors
 * gets their numbers for files of its own.  0; or -1 with errno.
 */
static int
child_put(int from, int to)
{
	if (from == -1)
		return 0;
	if (from == to)
		return fcntl(to, F_SETFD, 0) == -1 ? -1 : 0;
	return dup2(from, to) == -1 ? -1 : 0;
}

/* Connects the standard descriptors.  0; or -1 with errno. */
static int
child_connect(const struct child_job *job)
{
	int null;

	if (job->in != -1) {
		if (child_put(job->in, STDIN_FILENO) != 0)
			return -1;
	} else {
		null = open("/dev/null", O_RDONLY);
		if (null == -1 || dup2(null, STDIN_FILENO) == -1)
			return -1;
		if (null != STDIN_FILENO)
			close(null);
	}
	if (child_put(job->out, STDOUT_FILENO) != 0)
		return -1;
	return child_put(job->err, STDERR_FILENO);
}

/* Tells the parent that the work could not begin.  The exit status. */
static int
child_tell(const struct child_job *job, int error)
{
	size_t n;

	if (job->begun != -1 &&
	    write(job->begun, &error, sizeof(error)) != sizeof(error))
		return 126;
	if (job->failed == NULL)
		return 127;
	n = strlen(job->failed);
	return write(job->err, job->failed, n) == (ssize_t)n ? 127 : 126;
}

/* All that the child does.  Never returns. */
static void
child_begin(const struct child_job *job)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;
	size_t i;
	int rc = -1;

	if (job->place == CHILD_GROUP)
		setpgid(0, 0);
	else if (job->place == CHILD_SESSION)
		setsid();
	for (i = 0; i < job->nsignals; i++)
		sigaction(job->signals[i], &usual, NULL);
	sigaction(SIGPIPE, &usual, NULL);
	sigaction(SIGXFSZ, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, job->mask != NULL ? job->mask : &none, NULL);
	if (child_connect(job) == 0)
		rc = job->work(job->arg);
	_exit(rc != -1 ? rc : child_tell(job, errno));
}

int
child_start(const struct child_job *job, pid_t *pid)
{
	if ((*pid = fork()) == -1)
		return -1;
	if (*pid == 0)
		child_begin(job);
	/* Parent and child both do this, as either may come first. */
	if (job->place == CHILD_GROUP)
		setpgid(*pid, *pid);
	return 0;
}

int
child_exec(void *program)
{
	const struct child_program *p = program;
	char *const *argv = (char *const *)(uintptr_t)p->argv;

	if (p->env != NULL)
		execve(p->file, argv, (char *const *)(uintptr_t)p->env);
	else
		execv(p->file, argv);
	return -1;
}

int
child_wait(pid_t pid, int *status)
{
	pid_t rc;

	do
		rc = waitpid(pid, status, 0);
	while (rc == -1 && errno == EINTR);
	return rc == -1 ? -1 : 0;
}

/* --- a program, from its start to its end -------------------------------- */

/* One of the two pipes. */
struct child_stream {
	struct buf *to;
	size_t max;
	bool cut; /* the rest is dropped; else it is an error */
};

static int
child_fail(struct buf *why, const char *program, const char *reason)
{
	buf_addf(why, "%s: %s", program, reason);
	return -1;
}

/* Starts a program.  0; or an errno, also if it could not be executed. */
static int
child_spawn(const char *const *argv, int input, int out, int err, pid_t *pid)
{
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		"LC_ALL=C", NULL };
	struct child_program program = { argv[0], argv, env };
	struct child_job job = {
		.work = child_exec,
		.arg = &program,
		.in = input,
		.out = out,
		.err = err,
	};
	int begun[2], error = 0, status;
	ssize_t n;

	if (sys_pipe(begun, true) != 0)
		return errno;
	job.begun = begun[1];
	if (child_start(&job, pid) != 0) {
		error = errno;
		close(begun[1]);
	} else {
		close(begun[1]);
		/* This ends when exec closes the pipe. */
		do
			n = read(begun[0], &error, sizeof(error));
		while (n == -1 && errno == EINTR);
		if (n == sizeof(error))
			child_wait(*pid, &status);
		else
			error = 0;
	}
	close(begun[0]);
	return error;
}

/* Reads once.  1, 0 at the end, or -1 with errno; EFBIG: too much. */
static int
child_read(int fd, struct child_stream *s)
{
	char chunk[CHILD_CHUNK];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EINTR ? 1 : -1;
	if ((size_t)n > s->max) {
		if (!s->cut) {
			errno = EFBIG;
			return -1;
		}
		n = (ssize_t)s->max;
		if (n == 0)
			return 1;
	} else if (n == 0) {
		return 0;
	}
	s->max -= (size_t)n;
	buf_add(s->to, chunk, (size_t)n);
	errno = ENOMEM;
	return s->to->oom ? -1 : 1;
}

/* What is there of a pipe, if anything.  NULL, or what went wrong. */
static const char *
child_take(struct pollfd *p, struct child_stream *stream)
{
	int rc;

	if (p->fd == -1 || p->revents == 0)
		return NULL;
	rc = child_read(p->fd, stream);
	if (rc == 0)
		p->fd = -1;
	if (rc >= 0)
		return NULL;
	return errno == EFBIG ? "wrote too much" : strerror(errno);
}

/* Until both pipes end.  NULL, or what went wrong. */
static const char *
child_listen(const int *from, struct child_stream *stream,
    const struct when_deadline *deadline)
{
	struct pollfd p[2] = { { from[0], POLLIN, 0 }, { from[1], POLLIN, 0 } };
	const char *wrong = NULL;
	int64_t left;
	int i, n;

	while (wrong == NULL && (p[0].fd != -1 || p[1].fd != -1)) {
		left = when_left(deadline);
		if (left <= 0)
			return "did not end in time";
		n = poll(p, 2, left > 1000 ? 1000 : (int)left);
		if (n < 0 && errno != EINTR)
			return strerror(errno);
		for (i = 0; n > 0 && wrong == NULL && i < 2; i++)
			wrong = child_take(&p[i], stream + i);
	}
	return wrong;
}

/* Its exit status, or -1. */
static int
child_end(pid_t pid, const char *program, struct buf *why)
{
	int status;

	if (child_wait(pid, &status) != 0)
		return child_fail(why, program, strerror(errno));
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	buf_addf(why, "%s: ended by signal %d", program, WTERMSIG(status));
	return -1;
}

int
child_run(const char *const *argv, int input,
    const struct when_deadline *deadline, size_t max, struct buf *out,
    struct buf *err, struct buf *why)
{
	struct child_stream stream[2] = { { out, max, false },
		{ err, CHILD_ERR, true } };
	int o[2] = { -1, -1 }, e[2] = { -1, -1 }, rc = -1, error, i;
	struct buf unused = BUF_INIT;
	const char *reason;
	pid_t pid = -1;

	if (sys_pipe(o, true) != 0 || sys_pipe(e, true) != 0) {
		rc = child_fail(why, argv[0], strerror(errno));
		goto out;
	}
	error = child_spawn(argv, input, o[1], e[1], &pid);
	if (error != 0) {
		rc = child_fail(why, argv[0], strerror(error));
		goto out;
	}
	close(o[1]);
	close(e[1]);
	o[1] = e[1] = -1;
	reason = child_listen((int[]){ o[0], e[0] }, stream, deadline);
	if (reason != NULL) {
		kill(pid, SIGKILL);
		child_fail(why, argv[0], reason);
		child_end(pid, argv[0], &unused);
	} else {
		rc = child_end(pid, argv[0], why);
	}
out:
	for (i = 0; i < 2; i++) {
		if (o[i] != -1)
			close(o[i]);
		if (e[i] != -1)
			close(e[i]);
	}
	buf_free(&unused);
	return rc;
}
