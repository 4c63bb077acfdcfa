/* SPDX-License-Identifier: GPL-3.0-or-later */
/* child.h - a child process: its start, its end, and what it wrote */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/when.h"

/* Who gets the signals of the terminal, and what kill(-pid) reaches. */
enum child_place {
	CHILD_BESIDE, /* the child is in our process group */
	CHILD_GROUP,  /* it leads a process group */
	CHILD_SESSION /* it leads a session, which has no terminal */
};

struct child_job {
	/*
	 * What the child does.  Its result is the exit status of the child; or
	 * -1 with errno if it could not begin.
	 */
	int (*work)(void *arg);
	void *arg;
	enum child_place place;
	int in;  /* standard input; -1: empty */
	int out; /* standard output; -1: ours */
	int err; /* standard error, perhaps the same; -1: ours */
	/*
	 * How the parent learns that the child could not begin: an int, errno,
	 * is written to begun, which exec closes (-1: nowhere); failed is
	 * written to err (NULL: nothing).
	 */
	int begun;
	const char *failed;
	/*
	 * The signals that the caller handles or ignores.  The child has the
	 * usual dispositions of these, of SIGPIPE and of SIGXFSZ.
	 */
	const int *signals;
	size_t nsignals;
	const sigset_t *mask; /* what the child holds back; NULL: nothing */
};

/*
 * Starts the child.  The caller closes its own copies of the descriptors, and
 * has to wait for the child.  0; or -1 with errno.
 */
int child_start(const struct child_job *, pid_t *);

/* The work of running a program.  There is no shell in between. */
struct child_program {
	const char *file; /* a path */
	const char *const *argv;
	const char *const *env; /* NULL: ours */
};

int child_exec(void *program); /* -1 with errno */

/* Waits for the end of the child.  0; or -1 with errno. */
int child_wait(pid_t, int *status);

/*
 * Runs argv[0], which is a path, with standard input from a descriptor (-1:
 * empty), in an environment of its own, until the deadline at most.
 * What it writes is added to out, at most max bytes, and to err.  Returns its
 * exit status; or -1 with a line added to *why: it could not be started, or
 * was ended by a signal, took too long, or wrote too much.
 */
int child_run(const char *const *argv, int input, const struct when_deadline *,
    size_t max, struct buf *out, struct buf *err, struct buf *why);

#endif
