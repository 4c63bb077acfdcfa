/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_tools.c - the tools without memory, from options to answer */
#include <stdlib.h>
#include <time.h>

#include "oom.h"
#include "surveyed.h"
#include "words.h"

#include "block/plan.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/place.h"
#include "report/metrics.h"
#include "report/write.h"
#include "tools/mqreport/config.h"
#include "tools/mqreport/take.h"
#include "tools/qblock/config.h"
#include "tools/qblock/text.h"
#include "tools/qstat/ages.h"
#include "tools/qstat/config.h"
#include "tools/qstat/head.h"
#include "tools/qstat/json.h"
#include "tools/qstat/list.h"
#include "tools/qstat/notes.h"
#include "tools/qstat/show.h"
#include "tools/qstat/table.h"
#include "tools/qstat/tsv.h"

static const struct when_deadline deadline = { &surveyed_still, 600000 };

/* --- qstat --------------------------------------------------------------- */

static void
add_text(struct buf *out, struct qstat_view *v)
{
	v->width = 80;
	qstat_head_add(out, v);
	qstat_notes_verbose(out, v->queues, &v->census->survey);
	qstat_notes_unread(out, v->queues, &v->census->survey, 80);
	qstat_table_add(out, v);
	qstat_ages_add(out, v);
	qstat_notes_add(out, v);
	qstat_tsv_groups(out, v);
}

/* Words, a census, and one of the answers to it. */
static int
run_groups(int (*add)(struct buf *, struct qstat_view *), const char *words,
    struct buf *result)
{
	struct census_options how = { .by = KEY_RELAY };
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qstat_view v = { .row = NULL };
	struct census census = { .survey = { 0 } };
	struct qstat_config c;
	struct words w;
	int rc;

	words_split(&w, "qstat", words);
	rc = qstat_config_parse(&c, w.argc, w.argv, &why);
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	how.by = c.by;
	how.survey.now = SURVEYED_NOW;
	if (rc == 0)
		rc = census_take(&census, &c.queues, &how);
	if (rc == 0 && census.survey.failed != 0)
		rc = -1;
	if (rc == 0)
		rc = qstat_view_make(&v, &c, &c.queues, &census);
	if (rc == 0)
		rc = add(&out, &v);
	rc = oom_end(rc, &out, result);
	qstat_view_free(&v);
	census_free(&census);
	qstat_config_free(&c);
	buf_free(&why);
	return rc;
}

static int
text(struct buf *out, struct qstat_view *v)
{
	add_text(out, v);
	return 0;
}

static int
run_text(struct buf *result)
{
	return run_groups(text, "-q mqueue.in -q mqueue", result);
}

static int
run_ages(struct buf *result)
{
	return run_groups(text, "-q mqueue.in --by sender --ages", result);
}

#ifdef HAVE_JANSSON
static int
json(struct buf *out, struct qstat_view *v)
{
	return qstat_json_groups(out, v);
}

static int
run_json(struct buf *result)
{
	return run_groups(json, "-q mqueue.in -q mqueue --json", result);
}
#endif

static int
run_messages(struct buf *result)
{
	struct survey_options opt = surveyed_options().survey;
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qstat_messages q = { .survey = { 0 } };
	struct qstat_config c;
	struct words w;
	int rc;

	words_split(&w, "qstat", "-q mqueue --messages 192.0.2.66");
	rc = qstat_config_parse(&c, w.argc, w.argv, &why);
	if (rc == 0)
		rc = qstat_messages_take(&q, &c.queues, &opt, &c.selector, 9);
	if (rc == 0 && q.survey.failed != 0)
		rc = -1;
	if (rc == 0) {
		qstat_list_head(&out, &q, &c, &c.queues, SURVEYED_NOW, 80);
		qstat_list_add(&out, &q, &c, SURVEYED_NOW, 80, false);
		qstat_tsv_messages(&out, &q);
#ifdef HAVE_JANSSON
		rc = qstat_json_messages(&out, &q, &c, &c.queues, SURVEYED_NOW);
#endif
	}
	rc = oom_end(rc, &out, result);
	qstat_messages_free(&q);
	qstat_config_free(&c);
	buf_free(&why);
	return rc;
}

static int
run_show(struct buf *result)
{
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct queue_list list;
	int rc;

	oom_pause();
	list = surveyed_queues("mqueue", NULL);
	oom_resume();
	rc = qstat_show_add(&out, &list, "6AMAF0aA000002", &why);
	if (rc != 0)
		assert_true(why.oom || why.len != 0 || out.len != 0);
	rc = oom_end(rc, &out, result);
	queue_list_free(&list);
	buf_free(&why);
	return rc;
}

/* --- mqreport ------------------------------------------------------------ */

static int
run_report(struct buf *result)
{
	struct buf out = BUF_INIT, why = BUF_INIT, advice = BUF_INIT;
	struct report r = REPORT_INIT;
	struct mqreport_config c;
	struct words w;
	int rc;

	words_split(&w, "mqreport", "-q mqueue.in -q mqueue --relays 5");
	rc = mqreport_config_parse(&c, w.argc, w.argv, 0, &why);
	if (rc == 0)
		rc = mqreport_take(&r, &c, &deadline, &advice, &why);
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	/* A queue that can't be listed is unreadable in the report. */
	if (advice.oom || advice.len != 0)
		rc = -1;
	if (rc == 0) {
		report_write(&r, &out);
		metrics_write(&r, &out);
	}
	rc = oom_end(rc, &out, result);
	report_free(&r);
	mqreport_config_free(&c);
	buf_free(&why);
	buf_free(&advice);
	return rc;
}

/* --- qblock -------------------------------------------------------------- */

static int
run_block(const char *words, struct buf *result)
{
	static const char access[] =
	    "# ours\nConnect:198.51.100\tRELAY\n"
	    "# qblock 192.0.2.66 added 2026-11-22T08:00:00Z until"
	    " 2026-11-22T09:00:00Z by amy: old\nConnect:192.0.2.66\tREJECT\n";
	static const struct sendmail_access_place place =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
	static struct names names;
	const struct guard guard = { NULL, 0, "" };
	const struct plan_env env = { &guard, &names, &place.place, "bob",
		SURVEYED_NOW };
	struct buf out = BUF_INIT, why = BUF_INIT, bytes = BUF_INIT;
	struct plan plan = PLAN_INIT;
	struct qblock_config c;
	struct plan_wish wish;
	struct words w;
	size_t i;
	int rc;

	words_split(&w, "qblock", words);
	buf_adds(&bytes, access);
	rc = bytes.oom ? -1 : 0;
	if (rc != 0)
		return rc;
	rc = qblock_config_parse(&c, &sendmail_block, w.argc, w.argv, &why);
	if (rc == 0) {
		wish = qblock_config_wish(&c);
		rc = plan_make(&plan, &wish, &env, &bytes, &why);
	}
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	for (i = 0; rc == 0 && i < plan.nsteps; i++)
		plan_add_step(&out, plan.step + i, false);
	if (rc == 0) {
		buf_add(&out, plan.notes.data, plan.notes.len);
		out.oom |= plan.notes.oom;
		buf_add(&out, plan.edit.bytes.data, plan.edit.bytes.len);
		qblock_text_list(&out, &plan.edit.map, "access", SURVEYED_NOW,
		    80);
#ifdef HAVE_JANSSON
		rc = qblock_text_json(&out, &plan.edit.map, "access",
		    SURVEYED_NOW);
#endif
	}
	rc = oom_end(rc, &out, result);
	plan_free(&plan);
	qblock_config_free(&c);
	buf_free(&bytes);
	buf_free(&why);
	return rc;
}

/* The place of a file that is given, so that nothing is read. */
static int
run_place(struct buf *result)
{
	const struct block_given given = { .file = "/etc/mail/access",
		.text_only = true };
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct block_place *place = sendmail_block.find(&given, &why);
	int rc = place != NULL ? 0 : -1;

	if (place != NULL)
		buf_addf(&out, "%s%s", place->file, place->map_suffix);
	else
		assert_true(why.oom || why.len != 0);
	rc = oom_end(rc, &out, result);
	sendmail_block.free(place);
	buf_free(&why);
	return rc;
}

static int
run_add(struct buf *result)
{
	return run_block("add 192.0.2.7 bad.example --expire 1h --reason x",
	    result);
}

static int
run_remove(struct buf *result)
{
	return run_block("remove 192.0.2.66", result);
}

static int
run_expire(struct buf *result)
{
	return run_block("expire", result);
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "qstat", run_text },
		{ "qstat --ages", run_ages },
#ifdef HAVE_JANSSON
		{ "qstat --json", run_json },
#endif
		{ "qstat --messages", run_messages },
		{ "qstat --show", run_show },
		{ "mqreport", run_report },
		{ "qblock add", run_add },
		{ "qblock, its place", run_place },
		{ "qblock remove", run_remove },
		{ "qblock expire", run_expire },
	};

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	surveyed_fill(60);
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
