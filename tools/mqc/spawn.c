/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spawn.c - a command without a shell, read through two pipes
 *
 * execve(2), not execvp(3): that one hands a file without "#!" to a shell.
 * The file is looked for before the fork, so that the child does nothing but
 * system calls, and a typing error is told as such.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* In the child: never returns. */
static void
mqc_spawn_run(const char *file, char *const *argv, char *const *env, int out,
    int err)
{
	static const char failed[] = "it cannot be run";
	int null = open("/dev/null", O_RDONLY);
	ssize_t n;

	setsid();
	/* What a handler catches is set back by execve(2), not this. */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (null != -1 && dup2(null, STDIN_FILENO) != -1 &&
	    dup2(out, STDOUT_FILENO) != -1 && dup2(err, STDERR_FILENO) != -1)
		execve(file, argv, env);
	n = write(err, failed, sizeof(failed) - 1);
	_exit(n < 0 ? 126 : 127);
}

int
mqc_spawn(struct mqc_spawn *s, char *const *argv, const char *path,
    char *const *env)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, error;
	char *file;

	if ((file = mqc_spawn_find(argv[0], path)) == NULL)
		return -1;
	if (sys_pipe(out, false) != 0 || sys_pipe(err, false) != 0 ||
	    (s->pid = fork()) == -1) {
		error = errno;
		mqc_spawn_close(out);
		mqc_spawn_close(err);
		free(file);
		errno = error;
		return -1;
	}
	if (s->pid == 0)
		mqc_spawn_run(file, argv, env, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	s->out = out[0];
	s->err = err[0];
	free(file);
	return 0;
}

void
mqc_spawn_kill(pid_t pid)
{
	/* There may be no such session yet. */
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
