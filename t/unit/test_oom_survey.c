/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_survey.c - reading queues, by several threads, without memory */
#include <errno.h>
#include <stdlib.h>

#include "oom.h"
#include "surveyed.h"

#include "look/draw.h"
#include "look/lister.h"
#include "look/seen.h"
#include "mta/sendmail/sendmail.h"

#define MESSAGES 300

/* A directory that can't be opened is counted as that; all else is -1. */
static int
run_census(struct census_options *opt, struct buf *result)
{
	struct queue_list list;
	struct census c;
	size_t i;
	int rc;

	oom_pause();
	list = surveyed_queues("mqueue.in", "mqueue");
	oom_resume();
	rc = census_take(&c, &list, opt);
	oom_pause();
	if (rc != 0) {
		assert_int_equal(errno, ENOMEM);
	} else if (c.survey.failed != 0) {
		assert_int_equal(c.survey.error, ENOMEM);
		rc = -1;
	}
	buf_addf(result, "%d of %d,", (int)c.survey.read, (int)c.survey.total);
	for (i = 0; i < c.tally.ngroups; i++)
		buf_addf(result, " %d", (int)c.tally.group[i].count);
	census_free(&c);
	queue_list_free(&list);
	return rc;
}

static int
run_alone(struct buf *result)
{
	struct census_options opt = surveyed_options();

	opt.workers = 1;
	return run_census(&opt, result);
}

static int
run_threads(struct buf *result)
{
	struct census_options opt = surveyed_options();

	opt.workers = 4;
	return run_census(&opt, result);
}

static int
run_domains(struct buf *result)
{
	struct census_options opt = surveyed_options();

	opt.workers = 2;
	opt.by = KEY_RECIPIENT_DOMAIN;
	opt.detail_all = true;
	opt.survey.all_recipients = true;
	return run_census(&opt, result);
}

static int
run_deadline(struct buf *result)
{
	struct surveyed_script script = { .looks_a_ms = 1000 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 100000 };
	struct census_options opt = surveyed_options();

	opt.workers = 2;
	opt.survey.deadline = &deadline;
	return run_census(&opt, result);
}

/* --- what these are made of ---------------------------------------------- */

static int
run_lister(struct buf *result)
{
	struct lister_entry entry[LISTER_BLOCK];
	struct queue_list list;
	struct lister l;
	size_t n, total = 0;
	int rc;

	oom_pause();
	list = surveyed_queues("mqueue", NULL);
	oom_resume();
	rc = lister_open(&l, &list.v[0], 0, &list.v[0].dirs[0],
	    sendmail_mta.dirs, 0, false);
	if (rc != 0)
		assert_int_equal(errno, ENOMEM);
	while (rc == 0 && (n = lister_next(&l, entry)) != 0)
		total += n;
	oom_pause();
	buf_addf(result, "%zu", total);
	if (rc == 0)
		lister_close(&l);
	queue_list_free(&list);
	return rc;
}

static int
run_draw(struct buf *result)
{
	struct lister_entry e = { .name = "qf6AMAF0aA000001" };
	struct draw d;
	int rc = draw_init(&d);

	if (rc == 0) {
		draw_offer(&d, NULL, &e);
		draw_sort(&d);
		oom_pause();
		buf_addf(result, "%zu", d.n);
		draw_free(&d);
	}
	return rc;
}

static int
run_seen(struct buf *result)
{
	struct seen *s = seen_new();

	if (s == NULL)
		return -1;
	seen_add(s, 4711);
	oom_pause();
	buf_addf(result, "%d%d", seen_has(s, 4711), seen_has(s, 4712));
	seen_free(s);
	return 0;
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "census, one worker", run_alone },
		{ "census, four workers", run_threads },
		{ "census by recipient-domain", run_domains },
		{ "census with a deadline", run_deadline },
		{ "lister", run_lister },
		{ "draw", run_draw },
		{ "seen", run_seen },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < MESSAGES; i++)
		surveyed_make(i % 3 == 0 ? "mqueue.in" : "mqueue", i,
		    i % 2 == 0 ? 66 : i % 60);
	oom_try(rows, ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_all),
	};

	return UNIT_RUN(tests);
}
