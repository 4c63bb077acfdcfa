/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - runs a program without a shell, and takes what it says
 *
 * Owns the child until it is gone: it never outlives the call.  Signals that
 * the caller holds back are let through to it.  Limit: a program that closes
 * both its outputs and goes on is waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"
#include "base/when.h"
#include "tools/qblock/child.h"

#define QBLOCK_CHILD_CHUNK 16384
#define QBLOCK_CHILD_ERR   4096 /* of standard error that is kept */

/* One of the two pipes. */
struct qblock_child_stream {
	struct buf *to;
	size_t max;
	bool cut; /* the rest is dropped; else it is an error */
};

static int
qblock_child_fail(struct buf *why, const char *program, const char *reason)
{
	buf_addf(why, "%s: %s", program, reason);
	return -1;
}

static int
qblock_child_spawn(const char *const *argv, int input, const int *to,
    pid_t *pid)
{
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		"LC_ALL=C", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	int rc;

	sigemptyset(&none);
	/* What the caller ignores, the program must not find ignored. */
	sigemptyset(&usual);
	sigaddset(&usual, SIGXFSZ);
	if ((rc = posix_spawn_file_actions_init(&actions)) != 0)
		return rc;
	if ((rc = posix_spawnattr_init(&attr)) != 0)
		goto out;
	rc = input != -1 ?
	    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) :
	    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
		"/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, to[0],
		    STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, to[1],
		    STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawnattr_setsigmask(&attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(&attr, &usual);
	if (rc == 0)
		rc = posix_spawnattr_setflags(&attr,
		    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (rc == 0)
		rc = posix_spawn(pid, argv[0], &actions, &attr,
		    (char *const *)(uintptr_t)argv,
		    (char *const *)(uintptr_t)env);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Reads once.  1, 0 at the end, or -1 with errno; EFBIG: too much. */
static int
qblock_child_read(int fd, struct qblock_child_stream *s)
{
	char chunk[QBLOCK_CHILD_CHUNK];
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
qblock_child_take(struct pollfd *p, struct qblock_child_stream *stream)
{
	int rc;

	if (p->fd == -1 || p->revents == 0)
		return NULL;
	rc = qblock_child_read(p->fd, stream);
	if (rc == 0)
		p->fd = -1;
	if (rc >= 0)
		return NULL;
	return errno == EFBIG ? "wrote too much" : strerror(errno);
}

/* Until both pipes end.  NULL, or what went wrong. */
static const char *
qblock_child_listen(const int *from, struct qblock_child_stream *stream,
    const struct when_deadline *deadline)
{
	struct pollfd p[2] = { { from[0], POLLIN, 0 }, { from[1], POLLIN, 0 } };
	const char *wrong = NULL;
	int64_t left;
	int i, n;

	while (wrong == NULL && (p[0].fd != -1 || p[1].fd != -1)) {
		left = deadline->at - when_mono(deadline->clock);
		if (left <= 0)
			return "did not end in time";
		n = poll(p, 2, left > 1000 ? 1000 : (int)left);
		if (n < 0 && errno != EINTR)
			return strerror(errno);
		for (i = 0; n > 0 && wrong == NULL && i < 2; i++)
			wrong = qblock_child_take(&p[i], stream + i);
	}
	return wrong;
}

/* Its exit status, or -1. */
static int
qblock_child_wait(pid_t pid, const char *program, struct buf *why)
{
	int status;
	pid_t rc;

	do
		rc = waitpid(pid, &status, 0);
	while (rc == -1 && errno == EINTR);
	if (rc == -1)
		return qblock_child_fail(why, program, strerror(errno));
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	buf_addf(why, "%s: ended by signal %d", program, WTERMSIG(status));
	return -1;
}

int
qblock_child_run(const char *const *argv, int input, int64_t ms, size_t max,
    struct buf *out, struct buf *err, struct buf *why)
{
	struct qblock_child_stream stream[2] = { { out, max, false },
		{ err, QBLOCK_CHILD_ERR, true } };
	struct when_deadline deadline = when_after(&when_system, ms);
	int o[2] = { -1, -1 }, e[2] = { -1, -1 }, rc = -1, error, i;
	struct buf unused = BUF_INIT;
	const char *reason;
	pid_t pid;

	if (sys_pipe(o, true) != 0 || sys_pipe(e, true) != 0) {
		rc = qblock_child_fail(why, argv[0], strerror(errno));
		goto out;
	}
	error = qblock_child_spawn(argv, input, (int[]){ o[1], e[1] }, &pid);
	if (error != 0) {
		rc = qblock_child_fail(why, argv[0], strerror(error));
		goto out;
	}
	close(o[1]);
	close(e[1]);
	o[1] = e[1] = -1;
	reason = qblock_child_listen((int[]){ o[0], e[0] }, stream, &deadline);
	if (reason != NULL) {
		kill(pid, SIGKILL);
		qblock_child_fail(why, argv[0], reason);
		qblock_child_wait(pid, argv[0], &unused);
	} else {
		rc = qblock_child_wait(pid, argv[0], why);
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
