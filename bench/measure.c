/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure.c - what one command cost: time, peak memory, disk reads
 *
 * measure COMMAND [ARGUMENT ...]
 *
 * Runs COMMAND and then writes one line to stderr:
 *
 *     measure ns=WALL cpu=CPU kib=PEAK blocks=READ status=STATUS
 *
 * WALL and CPU are nanoseconds, CPU the user and system time of all
 * processes in COMMAND; PEAK is the resident set of the largest of them.  READ
 * counts 512-byte blocks that came from a device, so 0 says that the cache was
 * warm.  STATUS is 128 and the signal for a command that was killed.
 *
 * Linux counts the memory of the parent before the exec as the child's: that
 * is why this is a small program and not part of the script.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int64_t
timeval_ns(const struct timeval *tv)
{
	return ((int64_t)tv->tv_sec * 1000000 + tv->tv_usec) * 1000;
}

static int64_t
now_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		err(1, "clock_gettime");
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	int64_t start, ns;
	int status, error;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: measure COMMAND [ARGUMENT ...]");
	start = now_ns();
	error = posix_spawnp(&pid, argv[1], NULL, NULL, argv + 1, environ);
	if (error != 0) {
		errno = error;
		err(1, "%s", argv[1]);
	}
	while (wait4(pid, &status, 0, &usage) == -1)
		if (errno != EINTR)
			err(1, "wait4");
	ns = now_ns() - start;
	fprintf(stderr,
	    "measure ns=%" PRId64 " cpu=%" PRId64 " kib=%ld "
	    "blocks=%ld status=%d\n",
	    ns, timeval_ns(&usage.ru_utime) + timeval_ns(&usage.ru_stime),
	    usage.ru_maxrss, usage.ru_inblock,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
