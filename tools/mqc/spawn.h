/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spawn.h - a command without a shell, read through two pipes */
#ifndef TOOLS_MQC_SPAWN_H
#define TOOLS_MQC_SPAWN_H

#include <sys/types.h>

#include "base/buf.h"

struct mqc_spawn {
	pid_t pid;
	int out; /* its standard output, not to block */
	int err; /* its standard error, not to block */
};

/*
 * Runs the command argv with the environment env.  path is a list of
 * directories like $PATH, in which the command is searched.  The command leads
 * a session of its own: so it has no terminal on which it could ask for a
 * password, and mqc_spawn_kill() reaches all that it started.  0; or -1 with
 * errno.
 */
int mqc_spawn(struct mqc_spawn *, char *const *argv, const char *path,
    char *const *env);

/* Ends it and all that it started.  The caller still has to wait for it. */
void mqc_spawn_kill(pid_t);

/* Adds how a process ended, as wait(2) tells: "exit status 255". */
void mqc_spawn_add_status(struct buf *, int status);

#endif
