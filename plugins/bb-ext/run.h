/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h - a child process with a time limit, and what it printed */
#ifndef PLUGINS_BB_EXT_RUN_H
#define PLUGINS_BB_EXT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct bbext_job {
	/*
	 * What the child does.  Its result is the child's exit status; -1
	 * with errno: it could not begin.
	 */
	int (*work)(void *arg);
	void *arg;
	bool errors_too; /* standard error goes where the output goes */
	int seconds;     /* the time limit */
	size_t max;      /* bytes of output to keep, the rest is lost */
};

struct bbext_ran {
	struct buf out;
	int error;  /* errno if it could not begin, else 0 */
	int unread; /* errno if its output could not be read, else 0 */
	bool late;  /* the time limit ended it */
	int signal; /* the one that ended us meanwhile, or 0 */
	int status; /* as of waitpid(2), if none of these */
};

/*
 * Runs the job in a process group of its own, with /dev/null as its input, and
 * waits for its end.  When the time is up, or this process gets a SIGTERM,
 * SIGINT or SIGHUP, the whole group gets a SIGTERM, and soon after a SIGKILL.
 * A process that the job leaves behind when it ends by itself is left alone,
 * and not waited for.
 */
void bbext_run(const struct bbext_job *, struct bbext_ran *);

/* A job's work: the program argv[0], a path, with these arguments. */
int bbext_run_program(void *argv);

/* Adds in words why there is no exit status; false if there is one. */
bool bbext_run_failed(const struct bbext_job *, const struct bbext_ran *,
    struct buf *why);

#endif
