/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_progress.c - how far a long task is, on a terminal */
#include <unistd.h>

#include "unit.h"

#include "base/fsx.h"
#include "tools/common/progress.h"

static int64_t
mono(void *arg)
{
	return *(int64_t *)arg;
}

struct call {
	int64_t at; /* milliseconds */
	uint64_t done, total;
};

/* What a terminal gets of these calls. */
static void
run_calls(struct progress *p, int64_t *now, const struct call *calls, size_t n,
    struct buf *got)
{
	int64_t began = *now;
	int fd[2];
	size_t i;

	assert_int_equal(pipe(fd), 0);
	p->fd = fd[1];
	progress_start(p);
	for (i = 0; i < n; i++) {
		*now = began + calls[i].at;
		progress_show(p, calls[i].done, calls[i].total);
	}
	progress_end(p);
	progress_end(p);
	close(fd[1]);
	assert_int_equal(fsx_read_fd(fd[0], 4096, got), 0);
	close(fd[0]);
}

static void
test_progress(void **state)
{
	static const struct call calls[] = {
		{ 0, 1, 0 },
		{ 999, 10, 0 },
		{ 1000, 4000, 0 },
		{ 1199, 5000, 0 },
		{ 1200, 6000, 50000 },
		{ 1300, 7000, 0 },
	};
	int64_t now = 5000;
	struct when_clock clock = { mono, mono, &now };
	struct progress p = {
		.clock = &clock,
		.program = "qstat",
		.what = "read",
	};
	struct buf got = BUF_INIT;

	(void)state;
	run_calls(&p, &now, calls, ROWS(calls), &got);
	assert_string_equal(buf_str(&got),
	    "\rqstat: read 4000 ..."
	    "\rqstat: read 6000 of 50000 ..."
	    "\r                             \r");
	buf_free(&got);
}

/* A shorter line is written over all of a longer one. */
static void
test_paced(void **state)
{
	static const struct call calls[] = {
		{ 999, 999, 3000 },
		{ 1200, 1000, 3000 },
		{ 1399, 1100, 3000 },
		{ 9000, 2, 3 },
	};
	int64_t now = 0;
	const struct when_clock clock = { mono, mono, &now };
	struct progress p = {
		.clock = &clock,
		.program = "qflush",
		.what = "held",
		.paced = true,
	};
	struct buf got = BUF_INIT;

	(void)state;
	run_calls(&p, &now, calls, ROWS(calls), &got);
	unit_assert_text(buf_str(&got),
	    "\rqflush: held 1000 of 3000, 833/s, 3s left"
	    "\rqflush: held 2 of 3                      "
	    "\r                   \r",
	    "terminal");
	buf_free(&got);
}

static void
test_text(void **state)
{
	static const struct progress p = {
		.program = "qflush",
		.what = "held",
		.paced = true,
	};
	static const struct {
		uint64_t done, total;
		int64_t ms;
		const char *want;
	} rows[] = {
		{ 1200, 2871, 1700,
		    "qflush: held 1200 of 2871, 705/s, 3s left" },
		{ 0, 10, 5000, "qflush: held 0 of 10" },
		{ 10, 10, 1000, "qflush: held 10 of 10, 10/s" },
		{ 500, 0, 1000, "qflush: held 500, 500/s" },
		{ 60, 100000, 60000,
		    "qflush: held 60 of 100000, 1/s, 1d3h left" },
		{ 5, 9, 0, "qflush: held 5 of 9" },
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		progress_text(&b, &p, rows[i].done, rows[i].total, rows[i].ms);
		unit_assert_text(buf_str(&b), rows[i].want, "progress");
		buf_truncate(&b, 0);
	}
	buf_free(&b);
}

/* Without a terminal, or for a short task, nothing is written. */
static void
test_silent(void **state)
{
	static const struct call calls[] = { { 0, 1, 2 } };
	int64_t now = 0;
	struct when_clock clock = { mono, mono, &now };
	struct progress p = {
		.clock = &clock,
		.fd = -1,
		.program = "qflush",
		.what = "held",
		.paced = true,
	};
	struct buf got = BUF_INIT;

	(void)state;
	progress_start(&p);
	now = 100000;
	progress_show(&p, 1, 2);
	progress_end(&p);
	assert_int_equal(p.shown, 0);
	run_calls(&p, &now, calls, ROWS(calls), &got);
	assert_int_equal(got.len, 0);
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_paced),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_silent),
	};

	return UNIT_RUN(tests);
}
