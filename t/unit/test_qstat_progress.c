/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_progress.c - how far a long reading is */
#include <unistd.h>

#include "unit.h"

#include "base/fsx.h"
#include "tools/qstat/progress.h"

static int64_t
mono(void *arg)
{
	return *(int64_t *)arg;
}

static void
test_progress(void **state)
{
	static const struct {
		int64_t at; /* milliseconds */
		uint64_t done, total;
	} calls[] = {
		{ 0, 1, 0 },
		{ 999, 10, 0 },
		{ 1000, 4000, 0 },
		{ 1199, 5000, 0 },
		{ 1200, 6000, 50000 },
		{ 1300, 7000, 0 },
	};
	int64_t now = 5000;
	struct when_clock clock = { mono, mono, &now };
	struct qstat_progress p;
	struct buf got = BUF_INIT;
	int fd[2];
	size_t i;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	qstat_progress_start(&p, &clock, fd[1]);
	for (i = 0; i < ROWS(calls); i++) {
		now = 5000 + calls[i].at;
		qstat_progress_show(&p, calls[i].done, calls[i].total);
	}
	qstat_progress_end(&p);
	qstat_progress_end(&p);
	close(fd[1]);
	assert_int_equal(fsx_read_fd(fd[0], 4096, &got), 0);
	close(fd[0]);
	assert_string_equal(buf_str(&got),
	    "\rqstat: read 4000 ..."
	    "\rqstat: read 6000 of 50000 ..."
	    "\r                             \r");
	buf_free(&got);
}

/* No terminal, or a short reading: nothing. */
static void
test_silent(void **state)
{
	int64_t now = 0;
	struct when_clock clock = { mono, mono, &now };
	struct qstat_progress p;
	struct buf got = BUF_INIT;
	int fd[2];

	(void)state;
	qstat_progress_start(&p, &clock, -1);
	now = 100000;
	qstat_progress_show(&p, 1, 2);
	qstat_progress_end(&p);
	assert_int_equal(pipe(fd), 0);
	qstat_progress_start(&p, &clock, fd[1]);
	qstat_progress_show(&p, 1, 2);
	qstat_progress_end(&p);
	close(fd[1]);
	assert_int_equal(fsx_read_fd(fd[0], 4096, &got), 0);
	assert_int_equal(got.len, 0);
	close(fd[0]);
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_silent),
	};

	return UNIT_RUN(tests);
}
