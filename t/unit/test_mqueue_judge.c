/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqueue_judge.c - numbers and thresholds in, findings out */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "plugins/check_mqueue/judge.h"
#include "words.h"

/* Judges one queue by these options; the ranges of the findings are gone. */
static void
judged(struct mqueue_judge *j, const char *words,
    const struct mqueue_measure *m)
{
	struct words w;
	struct mqueue_config c;
	struct buf why = BUF_INIT;

	words_split(&w, "check_mqueue", words);
	assert_int_equal(mqueue_config_parse(&c, w.argc, w.argv, NULL, &why),
	    0);
	mqueue_judge(j, &c, m);
	mqueue_config_free(&c);
}

static char incoming_name[] = "mqueue.in";
static const struct queue incoming = { .name = incoming_name,
	.role = QUEUE_IN };

/* What is found, in this order: kind, metric, state; a '!' if it advises. */
static const struct {
	const char *words;
	struct mqueue_measure m;
	const char *want;
} findings[] = {
	{ "", { .count = { .queued = 1200, .oldest = 900 } }, "" },
	{ "", { .count = { .queued = 1201, .oldest = 3601 } },
	    " value-0-1! value-1-2" },
	{ "-w 1300:", { .count = { .queued = 1201 } }, " value-0-1" },
	{ "--forecast-warning 1h",
	    { .count = { .queued = 2970 }, .has_rate = true, .rate = 1 },
	    " value-0-1! value-2-1" },
	{ "",
	    { .count = { .lost = 1, .oldest_held = 86401 },
		.has_stranded = true,
		.nstranded = 1 },
	    " value-4-1! value-6-1! value-5-1!" },
	{ "", { .nstranded = 1 }, "" },
	{ "", { .count = { .failed = 1, .queued = 3001 } },
	    " unread-3 value-0-2!" },
	{ "-w 5000 -c 10:", { .count = { .cut_short = true, .queued = 9 } },
	    " late-3" },
	{ "-t 5:ok", { .count = { .cut_short = true } }, " late-0" },
	{ "", { .reason = "x", .count = { .cut_short = true } }, " unread-3" },
	{ "", { .count = { .queued = 2, .future = 1 } }, " undated-1" },
	{ "", { .count = { .queued = 2, .oldest = 5, .oldest_max = 6 } },
	    " open-0" },
	{ "-w 3001 --age-warning 61m", { .queue = NULL },
	    " shadowed-0-0 shadowed-1-0" },
};

static const char *const kinds[] = {
	[MQUEUE_JUDGE_UNREAD] = "unread",
	[MQUEUE_JUDGE_LATE] = "late",
	[MQUEUE_JUDGE_VALUE] = "value",
	[MQUEUE_JUDGE_UNDATED] = "undated",
	[MQUEUE_JUDGE_OPEN_AGE] = "open",
	[MQUEUE_JUDGE_SHADOWED] = "shadowed",
};

static void
test_findings(void **state)
{
	const struct mqueue_judge_finding *f;
	struct buf got = BUF_INIT;
	struct mqueue_measure m;
	struct mqueue_judge j;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(findings); i++) {
		m = findings[i].m;
		m.queue = &incoming;
		judged(&j, findings[i].words, &m);
		buf_truncate(&got, 0);
		for (k = 0; k < j.n; k++) {
			f = &j.finding[k];
			buf_addf(&got, " %s", kinds[f->kind]);
			if (f->kind == MQUEUE_JUDGE_VALUE ||
			    f->kind == MQUEUE_JUDGE_SHADOWED)
				buf_addf(&got, "-%d", (int)f->metric);
			buf_addf(&got, "-%d%s", (int)f->state,
			    f->advise ? "!" : "");
		}
		unit_assert_text(buf_str(&got), findings[i].want,
		    findings[i].words);
	}
	buf_free(&got);
}

/* The limit of messages, and the minutes until it is reached. */
static void
test_forecast(void **state)
{
	static const struct {
		const char *words;
		double rate, limit, minutes;
	} rows[] = {
		{ "", 10, 3000, 200 },
		{ "-w 1100 -c mqueue.in=5:", 10, 1100, 10 },
		{ "-c mqueue.in=1500", 10, 1500, 50 },
		{ "-w 10: -c 5:", 10, INFINITY, INFINITY },
		{ "-w @3000 -c @1200", 10, INFINITY, INFINITY },
		{ "-w 5 -c 900", 10, 900, INFINITY },
		{ "", 0, 3000, INFINITY },
		{ "", -10, 3000, INFINITY },
	};
	struct mqueue_measure m = { .queue = &incoming,
		.count = { .queued = 1000 } };
	struct mqueue_judge j;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		m.has_rate = true;
		m.rate = rows[i].rate;
		judged(&j, rows[i].words, &m);
		if (j.limit != rows[i].limit ||
		    j.forecast != rows[i].minutes * 60)
			fail_msg("%s: %g in %g s", rows[i].words, j.limit,
			    j.forecast);
	}
	/* A rate that is not known makes no forecast. */
	m.has_rate = false;
	m.rate = 10;
	judged(&j, "", &m);
	assert_true(isinf(j.forecast));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_forecast),
	};

	return UNIT_RUN(tests);
}
