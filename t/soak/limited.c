/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * limited.c - runs a program within limits, and notes what it took
 *
 * limited NOTES AS NOFILE FSIZE SECONDS COMMAND [ARGUMENT]...
 *
 * A line is added to the file NOTES:
 * NAME STATUS SIGNAL MAXRSS-KB MICROSECONDS ORPHANS, where orphans is 1 if a
 * process that the command started is still there when it ended.  The exit
 * status is the command's, or 128 and the number of its signal; 125 if this
 * program failed.  AS 0 is no limit.  After SECONDS the command is killed; 0:
 * it may run on.
 *
 * A small program, because the peak of memory that the kernel tells of a
 * process is never less than that of the one it was forked from.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"

static volatile sig_atomic_t child;

static void
on_signal(int sig)
{
	if (child > 0)
		(void)kill(child, sig == SIGALRM ? SIGKILL : sig);
}

static void
die(const char *what)
{
	(void)fprintf(stderr, "limited: %s: %s\n", what, strerror(errno));
	_exit(125);
}

static rlim_t
number(const char *text)
{
	const char *why;
	int64_t n;

	if (num_int64(text, 0, INT64_MAX, &n, &why) != 0) {
		(void)fprintf(stderr, "limited: %s: %s\n", text, why);
		_exit(125);
	}
	return (rlim_t)n;
}

static void
limit(int what, rlim_t most)
{
	const struct rlimit rl = { .rlim_cur = most, .rlim_max = most };

	if (setrlimit(what, &rl) != 0)
		die("setrlimit");
}

static int64_t
microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
execute(char **av)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, number(av[4]));
	limit(RLIMIT_NOFILE, number(av[3]));
	if (number(av[2]) != 0)
		limit(RLIMIT_AS, number(av[2]));
	/* Whatever happens to this program: nothing is left. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)execv(av[6], av + 6);
	die(av[6]);
}

/* The status of the child; a signal that was passed on is no reason to go. */
static int
await(struct rusage *used)
{
	int status;

	while (wait4((pid_t)child, &status, 0, used) == -1) {
		if (errno != EINTR)
			die("wait4");
	}
	child = 0;
	return status;
}

static int
has_orphan(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid == 0;
}

/* One write, because several of these share the file. */
static void
note(const char *file, const char *name, int status, const struct rusage *used,
    int64_t took)
{
	const int exited = WIFEXITED(status);
	char line[200];
	int fd, n;

	n = snprintf(line, sizeof(line), "%s %d %d %ld %lld %d\n", name,
	    exited ? WEXITSTATUS(status) : 0, exited ? 0 : WTERMSIG(status),
	    used->ru_maxrss, (long long)took, has_orphan());
	fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd == -1 || write(fd, line, (size_t)n) != n)
		die(file);
}

int
main(int ac, char **av)
{
	struct sigaction act = { .sa_handler = on_signal };
	struct rusage used;
	sigset_t all, old;
	const char *slash;
	int64_t began;
	int status;

	if (ac < 7) {
		(void)fprintf(stderr,
		    "usage: limited NOTES AS NOFILE FSIZE "
		    "SECONDS COMMAND [ARGUMENT]...\n");
		return 125;
	}
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &old);
	(void)sigaction(SIGALRM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	began = microseconds();
	child = (sig_atomic_t)fork();
	if (child == -1)
		die("fork");
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	if (child == 0)
		execute(av);
	(void)alarm((unsigned)number(av[5]));
	status = await(&used);
	slash = strrchr(av[6], '/');
	note(av[1], slash == NULL ? av[6] : slash + 1, status, &used,
	    microseconds() - began);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
