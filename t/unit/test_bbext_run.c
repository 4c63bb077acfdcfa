/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bbext_run.c - a child process with a time limit */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"

#include "base/when.h"
#include "plugins/bb-ext/run.h"

/* Runs a script of sh; the test frees the output. */
static struct bbext_ran
run_script(const char *script, int seconds, bool errors_too, size_t max)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	struct bbext_job job = {
		.work = bbext_run_program,
		.arg = argv,
		.seconds = seconds,
		.errors_too = errors_too,
		.max = max,
	};
	struct bbext_ran ran;

	bbext_run(&job, &ran);
	return ran;
}

/* No child is left, not even a dead one. */
static void
assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
test_end(void **state)
{
	static const struct {
		const char *script, *out;
		int exit;
		bool errors_too;
		size_t max;
	} rows[] = {
		{ "exit 0", "", 0, false, 100 },
		{ "echo a b; exit 2", "a b\n", 2, false, 100 },
		{ "echo a; echo b >&2; exit 255", "a\nb\n", 255, true, 100 },
		{ "cat; echo $?", "0\n", 0, false, 100 },
		{ "printf abcdefgh", "abcde", 0, false, 5 },
		{ "exec >&-; exit 7", "", 7, false, 100 },
		/* A signal's disposition is the usual one. */
		{ "trap - PIPE; kill -CHLD $$; echo ok", "ok\n", 0, false,
		    100 },
	};
	struct bbext_ran ran;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		ran = run_script(rows[i].script, 30, rows[i].errors_too,
		    rows[i].max);
		assert_int_equal(ran.error, 0);
		assert_int_equal(ran.signal, 0);
		assert_false(ran.late);
		assert_true(WIFEXITED(ran.status));
		assert_int_equal(WEXITSTATUS(ran.status), rows[i].exit);
		assert_string_equal(buf_str(&ran.out), rows[i].out);
		buf_free(&ran.out);
		assert_no_child();
	}
}

/* More than is kept, and more than a pipe takes: it ends all the same. */
static void
test_much(void **state)
{
	struct bbext_ran ran =
	    run_script("i=0; while [ $i -lt 3000 ]; do"
		       " printf %0100d 1; i=$((i + 1)); done",
		60, false, 65536);

	(void)state;
	assert_true(WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == 0);
	assert_int_equal(ran.out.len, 65536);
	buf_free(&ran.out);
}

static void
test_cannot_begin(void **state)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{ "/nowhere/at/all", ENOENT },
		{ "/", EACCES },
		{ "/dev/null", EACCES },
		{ "", ENOENT },
	};
	struct bbext_job job = {
		.work = bbext_run_program,
		.seconds = 30,
		.max = 100,
	};
	struct buf why = BUF_INIT;
	struct bbext_ran ran;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		const char *argv[] = { rows[i].path, NULL };

		job.arg = argv;
		bbext_run(&job, &ran);
		assert_int_equal(ran.error, rows[i].error);
		assert_int_equal(ran.out.len, 0);
		assert_no_child();
	}
	assert_true(bbext_run_failed(&job, &ran, &why));
	assert_string_equal(buf_str(&why),
	    "cannot be run: No such file or directory");
	buf_free(&why);
}

static void
test_signalled(void **state)
{
	struct bbext_job job = { .seconds = 30 };
	struct bbext_ran ran = run_script("kill -USR1 $$", 30, false, 100);
	struct buf why = BUF_INIT;
	char want[64];

	(void)state;
	assert_true(WIFSIGNALED(ran.status));
	assert_true(bbext_run_failed(&job, &ran, &why));
	snprintf(want, sizeof(want), "was ended by signal %d", SIGUSR1);
	assert_string_equal(buf_str(&why), want);
	buf_free(&why);
}

/* Who holds the write end of a FIFO?  None: read gives the end at once. */
static void
assert_nobody_writes(int fifo)
{
	struct when_deadline end = when_after(&when_system, 10000);
	char byte;
	ssize_t n;

	/* The kernel may be a moment behind with the last of the group. */
	while ((n = read(fifo, &byte, 1)) != 0 && !when_passed(&end))
		assert_true(n == -1 && errno == EAGAIN);
	assert_int_equal(n, 0);
}

/* The whole group ends, also what ignores a SIGTERM. */
static void
test_late(void **state)
{
	static const char *const scripts[] = {
		"echo before; exec 3>fifo; sleep 600 & sleep 600",
		"echo before; exec 3>fifo; trap '' TERM; sleep 600 & sleep 600;"
		" sleep 600",
		"echo before; exec 3>fifo; trap '' TERM;"
		" (sleep 600; sleep 600) & trap - TERM; kill -STOP $$",
	};
	struct bbext_job job = { .seconds = 1 };
	struct buf why = BUF_INIT;
	struct bbext_ran ran;
	int64_t began;
	size_t i;
	int fifo;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	fifo = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	for (i = 0; i < ROWS(scripts); i++) {
		began = when_mono(&when_system);
		ran = run_script(scripts[i], 1, false, 100);
		assert_true(ran.late);
		assert_string_equal(buf_str(&ran.out), "before\n");
		assert_true(when_mono(&when_system) - began >= 990);
		buf_free(&ran.out);
		assert_no_child();
		assert_nobody_writes(fifo);
	}
	close(fifo);
	assert_int_equal(unlink("fifo"), 0);
	assert_true(bbext_run_failed(&job, &ran, &why));
	assert_string_equal(buf_str(&why), "did not end within 1s");
	buf_free(&why);
}

/*
 * What it leaves behind, holding its output, is not waited for: it still runs
 * when the answer is there.
 */
static void
test_left_behind(void **state)
{
	struct bbext_ran ran;
	char *end;
	pid_t pid;

	(void)state;
	ran = run_script("sleep 600 & echo $!", 500, false, 100);
	assert_false(ran.late);
	assert_true(ran.out.len > 1);
	for (pid = 0, end = ran.out.data; *end != '\n'; end++)
		pid = 10 * pid + (*end - '0');
	assert_int_equal(kill(pid, SIGKILL), 0);
	buf_free(&ran.out);
	assert_no_child();
}

/* A signal to this process ends the child, and is told. */
static void
test_interrupted(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	char script[64];
	struct bbext_ran ran;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(signals); i++) {
		snprintf(script, sizeof(script), "kill -%d $PPID; sleep 60",
		    signals[i]);
		ran = run_script(script, 50, false, 100);
		assert_int_equal(ran.signal, signals[i]);
		assert_false(ran.late);
		buf_free(&ran.out);
		assert_no_child();
	}
	/* And the next one runs as ever. */
	ran = run_script("echo again", 50, false, 100);
	assert_int_equal(ran.signal, 0);
	assert_string_equal(buf_str(&ran.out), "again\n");
	buf_free(&ran.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_much),
		cmocka_unit_test(test_cannot_begin),
		cmocka_unit_test(test_signalled),
		TREE_TEST(test_late),
		cmocka_unit_test(test_left_behind),
		cmocka_unit_test(test_interrupted),
	};

	return UNIT_RUN(tests);
}
