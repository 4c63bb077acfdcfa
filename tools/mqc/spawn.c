/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spawn.c - a command without a shell, read through two pipes
 *
 * The file is looked for here and not by execvp(3), which would give a file
 * without "#!" to a shell.  It is looked for before the fork, so that the
 * reason is known when a command is misspelt.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/sys.h"
#include "tools/mqc/spawn.h"

static bool
mqc_spawn_is_program(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(file, X_OK) == 0;
}

/* The file of a command; an empty part of the path is skipped. */
static char *
mqc_spawn_find(const char *command, const char *path)
{
	struct buf file = BUF_INIT;
	size_t n;

	if (strchr(command, '/') != NULL)
		return strdup(command);
	for (; *path != '\0'; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		if (n == 0)
			continue;
		buf_truncate(&file, 0);
		buf_add(&file, path, n);
		buf_addf(&file, "/%s", command);
		if (buf_str(&file) == NULL)
			break;
		if (mqc_spawn_is_program(buf_str(&file)))
			return buf_take(&file);
	}
	errno = file.oom ? ENOMEM : ENOENT;
	buf_free(&file);
	return NULL;
}

static void
mqc_spawn_close(int fd[2])
{
	if (fd[0] != -1)
		close(fd[0]);
	if (fd[1] != -1)
		close(fd[1]);
}

int
mqc_spawn(struct mqc_spawn *s, char *const *argv, const char *path,
    char *const *env)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, error;
	struct child_program program = {
		.argv = (const char *const *)argv,
		.env = (const char *const *)env,
	};
	struct child_job job = {
		.work = child_exec,
		.arg = &program,
		.place = CHILD_SESSION,
		.in = -1,
		.begun = -1,
		.failed = "it cannot be run",
	};
	char *file;

	if ((file = mqc_spawn_find(argv[0], path)) == NULL)
		return -1;
	program.file = file;
	if (sys_pipe(out, false) != 0 || sys_pipe(err, false) != 0)
		goto fail;
	job.out = out[1];
	job.err = err[1];
	if (child_start(&job, &s->pid) != 0)
		goto fail;
	close(out[1]);
	close(err[1]);
	s->out = out[0];
	s->err = err[0];
	free(file);
	return 0;
fail:
	error = errno;
	mqc_spawn_close(out);
	mqc_spawn_close(err);
	free(file);
	errno = error;
	return -1;
}

void
mqc_spawn_kill(pid_t pid)
{
	/* The child may not have made its session yet. */
	if (kill(-pid, SIGKILL) != 0)
		kill(pid, SIGKILL);
}

void
mqc_spawn_add_status(struct buf *out, int status)
{
	if (WIFSIGNALED(status))
		buf_addf(out, "killed by signal %d", WTERMSIG(status));
	else
		buf_addf(out, "exit status %d", WEXITSTATUS(status));
}
