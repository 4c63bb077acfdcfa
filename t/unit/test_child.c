/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_child.c - a child process: its start, its end, and what it wrote */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "base/child.h"
#include "base/fsx.h"
#include "base/sys.h"

/* No child is left, not even a dead one. */
static void
assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* --- child_run() --------------------------------------------------------- */

/* Runs a script of sh, with a limit of 100 bytes. */
static int
run_script(const char *script, int input, int64_t ms, struct buf *out,
    struct buf *err, struct buf *why)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	const struct when_deadline deadline = when_after(&when_system, ms);

	buf_truncate(out, 0);
	buf_truncate(err, 0);
	buf_truncate(why, 0);
	return child_run(argv, input, &deadline, 100, out, err, why);
}

static void
test_run(void **state)
{
	static const struct {
		const char *script;
		int rc;
		const char *out, *err, *why;
		int signal;
	} rows[] = {
		{ "exit 0", 0, "", "", "", 0 },
		{ "echo a; echo b >&2; exit 3", 3, "a\n", "b\n", "", 0 },
		{ "cat; echo $?", 0, "0\n", "", "", 0 },
		{ "echo $PATH $LC_ALL $HOME", 0,
		    "/usr/sbin:/usr/bin:/sbin:/bin C\n", "", "", 0 },
		{ "kill -USR1 $$", -1, "", "", NULL, SIGUSR1 },
		{ "printf %0101d 1; exec sleep 1000", -1, "", "",
		    "/bin/sh: wrote too much", 0 },
		{ "kill -PIPE $$", -1, "", "", NULL, SIGPIPE },
		{ "kill -XFSZ $$", -1, "", "", NULL, SIGXFSZ },
	};
	struct buf out = BUF_INIT, err = BUF_INIT, why = BUF_INIT;
	char ended[64];
	size_t i;
	int rc;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (i = 0; i < ROWS(rows); i++) {
		rc = run_script(rows[i].script, -1, 60000, &out, &err, &why);
		snprintf(ended, sizeof(ended), "/bin/sh: ended by signal %d",
		    rows[i].signal);
		unit_assert_text(buf_str(&why),
		    rows[i].signal != 0 ? ended : rows[i].why, rows[i].script);
		assert_int_equal(rc, rows[i].rc);
		unit_assert_text(buf_str(&out), rows[i].out, rows[i].script);
		unit_assert_text(buf_str(&err), rows[i].err, rows[i].script);
		assert_no_child();
	}
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	buf_free(&out);
	buf_free(&err);
	buf_free(&why);
}

static void
test_run_input(void **state)
{
	struct buf out = BUF_INIT, err = BUF_INIT, why = BUF_INIT;
	int fd[2];

	(void)state;
	assert_int_equal(sys_pipe(fd, true), 0);
	assert_int_equal(fsx_write(fd[1], "some text", 9), 0);
	close(fd[1]);
	assert_int_equal(run_script("cat", fd[0], 60000, &out, &err, &why), 0);
	close(fd[0]);
	assert_string_equal(buf_str(&out), "some text");
	buf_free(&out);
	buf_free(&err);
	buf_free(&why);
}

/* Runs a script while none of the standard descriptors is open. */
static int
run_closed(const char *script, bool input, struct buf *out, struct buf *err)
{
	struct buf why = BUF_INIT;
	int fd[2] = { -1, -1 }, kept[3], i, rc;

	for (i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
	for (i = 0; i < 3; i++)
		close(i);
	rc = input ? sys_pipe(fd, true) : 0;
	if (rc == 0 && input) {
		rc = fd[0] == 0 ? fsx_write(fd[1], "some text", 9) : -1;
		close(fd[1]);
	}
	if (rc == 0)
		rc = run_script(script, fd[0], 60000, out, err, &why);
	for (i = 0; i < 3; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	unit_assert_text(buf_str(&why), "", script);
	buf_free(&why);
	return rc;
}

/* Then its pipes, and its input, have the numbers of these. */
static void
test_run_closed(void **state)
{
	struct buf out = BUF_INIT, err = BUF_INIT;

	(void)state;
	assert_int_equal(run_closed("cat; echo b >&2", true, &out, &err), 0);
	assert_string_equal(buf_str(&out), "some text");
	assert_string_equal(buf_str(&err), "b\n");
	assert_int_equal(run_closed("cat; echo a; echo b >&2", false, &out,
			     &err),
	    0);
	assert_string_equal(buf_str(&out), "a\n");
	assert_string_equal(buf_str(&err), "b\n");
	buf_free(&out);
	buf_free(&err);
}

static void
test_run_late(void **state)
{
	struct buf out = BUF_INIT, err = BUF_INIT, why = BUF_INIT;

	(void)state;
	assert_int_equal(run_script("exec sleep 1000", -1, 1, &out, &err, &why),
	    -1);
	assert_string_equal(buf_str(&why), "/bin/sh: did not end in time");
	assert_no_child();
	buf_free(&out);
	buf_free(&err);
	buf_free(&why);
}

static void
test_run_nothing(void **state)
{
	static const struct {
		const char *path, *why;
	} rows[] = {
		{ "/nowhere/at/all",
		    "/nowhere/at/all: No such file or directory" },
		{ "/", "/: Permission denied" },
	};
	const struct when_deadline deadline = when_after(&when_system, 60000);
	struct buf out = BUF_INIT, err = BUF_INIT, why = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		const char *const argv[] = { rows[i].path, NULL };

		buf_truncate(&why, 0);
		assert_int_equal(child_run(argv, -1, &deadline, 100, &out, &err,
				     &why),
		    -1);
		assert_string_equal(buf_str(&why), rows[i].why);
		assert_no_child();
	}
	buf_free(&out);
	buf_free(&err);
	buf_free(&why);
}

/* --- child_start() ------------------------------------------------------- */

struct seen {
	pid_t parent_group, parent_session;
};

/* The exit status tells where the child is: 1 a group, 2 a session. */
static int
tell_place(void *arg)
{
	const struct seen *seen = arg;

	if (getsid(0) != seen->parent_session)
		return getsid(0) == getpid() ? 2 : 99;
	if (getpgrp() != seen->parent_group)
		return getpgrp() == getpid() ? 1 : 99;
	return 0;
}

static void
test_place(void **state)
{
	static const struct {
		enum child_place place;
		int status;
	} rows[] = {
		{ CHILD_BESIDE, 0 },
		{ CHILD_GROUP, 1 },
		{ CHILD_SESSION, 2 },
	};
	struct seen seen = { getpgrp(), getsid(0) };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		const struct child_job job = {
			.work = tell_place,
			.arg = &seen,
			.place = rows[i].place,
			.in = -1,
			.out = -1,
			.err = -1,
			.begun = -1,
		};
		int status;
		pid_t pid;

		assert_int_equal(child_start(&job, &pid), 0);
		assert_int_equal(child_wait(pid, &status), 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), rows[i].status);
		assert_no_child();
	}
}

static int
refuse(void *arg)
{
	errno = *(const int *)arg;
	return -1;
}

/* Both ways to tell that the work could not begin. */
static void
test_failed(void **state)
{
	int error = ENOEXEC, told = 0, status, begun[2], err[2];
	struct child_job job = {
		.work = refuse,
		.arg = &error,
		.in = -1,
		.out = -1,
		.failed = "it cannot be run",
	};
	struct buf got = BUF_INIT;
	pid_t pid;

	(void)state;
	assert_int_equal(sys_pipe(begun, true), 0);
	assert_int_equal(sys_pipe(err, true), 0);
	job.begun = begun[1];
	job.err = err[1];
	assert_int_equal(child_start(&job, &pid), 0);
	close(begun[1]);
	close(err[1]);
	assert_int_equal(child_wait(pid, &status), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 127);
	assert_int_equal(read(begun[0], &told, sizeof(told)), sizeof(told));
	assert_int_equal(told, ENOEXEC);
	assert_int_equal(fsx_read_fd(err[0], 100, &got), 0);
	assert_string_equal(buf_str(&got), "it cannot be run");
	close(begun[0]);
	close(err[0]);
	buf_free(&got);
}

/* A signal that the parent handles ends the child; one may be held back. */
static volatile sig_atomic_t caught;

static void catch (int sig)
{
	caught = sig;
}

static int
get_signal(void *arg)
{
	(void)arg;
	raise(SIGTERM);
	return caught != 0 ? 1 : 0;
}

static void
test_signals(void **state)
{
	static const int signals[] = { SIGTERM };
	struct sigaction sa = { .sa_handler = catch }, old;
	struct child_job job = {
		.work = get_signal,
		.in = -1,
		.out = -1,
		.err = -1,
		.begun = -1,
		.signals = signals,
		.nsignals = ROWS(signals),
	};
	sigset_t held, before;
	int status;
	pid_t pid;

	(void)state;
	sigemptyset(&sa.sa_mask);
	assert_int_equal(sigaction(SIGTERM, &sa, &old), 0);
	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, &before);
	assert_int_equal(child_start(&job, &pid), 0);
	assert_int_equal(child_wait(pid, &status), 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	job.mask = &held;
	assert_int_equal(child_start(&job, &pid), 0);
	assert_int_equal(child_wait(pid, &status), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGTERM, &old, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_run_input),
		cmocka_unit_test(test_run_closed),
		cmocka_unit_test(test_run_late),
		cmocka_unit_test(test_run_nothing),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_signals),
	};

	return UNIT_RUN(tests);
}
