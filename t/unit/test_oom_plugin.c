/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_plugin.c - the plugins without memory, from options to output */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "surveyed.h"
#include "words.h"

#include "plugins/check_mqueue/judge.h"
#include "plugins/check_mqueue/remote.h"
#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/judgemerge.h"
#include "plugins/common/list_queues.h"
#include "plugins/common/plugin.h"

#define REPORT                                                         \
	"mqreport 1\nhost mx1\ntime 1795342500\ntook 1 ms\n"           \
	"queue mqueue.in role=in count=exact messages=200 oldest=60"   \
	" late=0 quarantined=0 lost=0\n"                               \
	"queue mqueue role=out count=unreadable reason=no\n"           \
	"relays count=exact read=200 total=200\n"                      \
	"relay 192.0.2.66 messages=150\nrelay 192.0.2.1 messages=50\n" \
	"end\n"

static const struct when_deadline deadline = { &surveyed_still, 600000 };

/* Enough for the counts, too little to wait for a second look. */
static const struct when_deadline hasty = { &surveyed_still, 1500 };

/* Renders a tree, which is none or broken for want of memory, and frees it. */
static int
render(struct result *r, render_fn *how, struct buf *result)
{
	const struct render_options opt = { "MQUEUE", 1 };
	struct buf out = BUF_INIT;
	int rc = r != NULL ? how(r, &opt, &out) : -1;

	oom_pause();
	assert_true(rc != 0 || !out.oom);
	if (rc == 0)
		buf_add(result, out.data, out.len);
	buf_free(&out);
	result_free(r);
	return rc;
}

/* --- check_mqueue -------------------------------------------------------- */

static int
run_mqueue(struct buf *result)
{
	struct buf why = BUF_INIT, note = BUF_INIT;
	struct mqueue_measure m[2] = { { .queue = NULL } };
	struct result *r = NULL;
	struct mqueue_config c;
	struct words w;
	size_t i;
	int rc;

	words_split(&w, "check_mqueue",
	    "-q mqueue.in -q mqueue -q none -w mqueue=1 --state-dir state");
	rc = mqueue_config_parse(&c, w.argc, w.argv, NULL, &why);
	if (rc == 0) {
		queue_list_keep(&c.queues, QUEUE_OUT);
		rc = mqueue_measure_queues(m, &c.queues, &c, &hasty, &note);
		/* Without its history a queue has no growth, which is told. */
		if (rc == 0 && (note.oom || note.len != 0))
			rc = -1;
		/* A queue that can't be opened is UNKNOWN, and why is told. */
		for (i = 0; rc == 0 && i < 2; i++)
			if (m[i].count.error == ENOMEM)
				rc = -1;
		if (rc == 0)
			r = mqueue_judge(&c, m, c.queues.n, "");
	} else {
		assert_true(why.oom || why.len != 0);
	}
	rc = render(r, render_nagios, result);
	mqueue_measure_free(m, 2);
	mqueue_config_free(&c);
	buf_free(&why);
	buf_free(&note);
	return rc;
}

static int
run_remote(struct buf *result)
{
	static const char text[] = REPORT;
	struct buf why = BUF_INIT, note = BUF_INIT;
	struct mqueue_measure m[2] = { { .queue = NULL } };
	struct result *r = NULL;
	struct mqueue_remote remote;
	struct mqueue_config c;
	struct words w;
	int rc;

	words_split(&w, "check_mqueue", "-H mx1 --state-dir state -w 10");
	oom_pause();
	assert_int_equal(mqueue_config_parse(&c, w.argc, w.argv, NULL, &why),
	    0);
	oom_resume();
	rc = mqueue_remote_take(&remote, &c, text, sizeof(text) - 1,
	    SURVEYED_NOW, &why);
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	if (rc == 0 &&
	    mqueue_measure_remote(m, &remote, &c, &deadline, &note) == 0 &&
	    !note.oom && note.len == 0)
		r = mqueue_judge(&c, m, remote.queues.n, "");
	rc = render(r, render_nagios, result);
	mqueue_measure_free(m, 2);
	mqueue_remote_free(&remote);
	mqueue_config_free(&c);
	buf_free(&why);
	buf_free(&note);
	return rc;
}

static int
run_list_as(render_fn *how, struct buf *result)
{
	const struct render_options opt = { "MQUEUE", 0 };
	struct buf out = BUF_INIT;
	enum result_state state;
	struct list_queues what;
	struct queue_list list;
	int rc;

	oom_pause();
	list = surveyed_queues("mqueue.in", "mqueue");
	oom_resume();
	what = (struct list_queues){ .queues = &list,
		.known = &list,
		.root = "root",
		.files = true };
	state = list_queues(&what, &hasty, how, &opt, &out);
	oom_pause();
	rc = out.oom || state != RESULT_OK ? -1 : 0;
	if (rc == 0)
		buf_add(result, out.data, out.len);
	buf_free(&out);
	queue_list_free(&list);
	return rc;
}

static int
run_list(struct buf *result)
{
	return run_list_as(render_nagios, result);
}

#ifdef HAVE_JANSSON
static int
run_list_json(struct buf *result)
{
	return run_list_as(render_json, result);
}
#endif

/* Why there is no answer, which is one in its format. */
static int
run_failure(struct buf *result)
{
	static const char no_memory[] = "MQUEUE UNKNOWN - out of memory\n";
	struct buf out = BUF_INIT;
	int rc = -1;

	assert_int_equal(plugin_fail_text("MQUEUE", &out, "no \"queue\""),
	    RESULT_UNKNOWN);
	oom_pause();
	if (!out.oom && strcmp(buf_str(&out), no_memory) != 0) {
		buf_add(result, out.data, out.len);
		rc = 0;
	}
	buf_free(&out);
	return rc;
}

/* --- check_relayflood ---------------------------------------------------- */

static int
run_flood(const char *words, render_fn *how, struct buf *result)
{
	struct buf why = BUF_INIT;
	struct relayflood_config c;
	struct relayflood_measure m = { .remedy = NULL };
	struct result *r = NULL;
	struct words w;
	int rc;

	words_split(&w, "check_relayflood", words);
	/* It frees what it made, if it fails. */
	if (relayflood_config_parse(&c, w.argc, w.argv, &why) != 0) {
		assert_true(why.oom || why.len != 0);
		buf_free(&why);
		return -1;
	}
	if (relayflood_measure(&m, &c.queues, &c, &deadline) == 0 &&
	    m.census.survey.failed == 0)
		r = relayflood_judge(&c, &m);
	rc = render(r, how, result);
	relayflood_measure_free(&m);
	relayflood_config_free(&c);
	buf_free(&why);
	return rc;
}

static int
run_relays(struct buf *result)
{
	return run_flood("-q mqueue.in -q mqueue -w 10 -v --ignore 192.0.2.1",
	    render_nagios, result);
}

static int
run_growth(struct buf *result)
{
	return run_flood("-q mqueue.in -w 10 --by recipient-domain --growth",
	    render_nagios, result);
}

/* Servers of which one is down. */
static int
run_merge(struct buf *result)
{
	static const char text[] = REPORT;
	struct buf why = BUF_INIT;
	struct relayflood_config c;
	struct relayflood_merge m = { .server = NULL };
	struct result *r = NULL;
	struct report report;
	const char *reason;
	struct words w;
	int rc;

	words_split(&w, "check_relayflood", "--merge mx1 mx2 -w 10");
	oom_pause();
	assert_int_equal(report_parse(&report, text, sizeof(text) - 1, &reason),
	    REPORT_FINE);
	oom_resume();
	oom_pause();
	assert_int_equal(relayflood_config_parse(&c, w.argc, w.argv, &why), 0);
	oom_resume();
	if (relayflood_merge_start(&m, &c) == 0 &&
	    relayflood_merge_add(&m, 0, &report, NULL) == 0 &&
	    relayflood_merge_add(&m, 1, NULL, strdup("mx2: refused")) == 0) {
		relaysum_finish(&m.sum);
		r = relayflood_judgemerge(&c, &m);
	}
	rc = render(r, render_nagios, result);
	relayflood_merge_free(&m);
	relayflood_config_free(&c);
	report_free(&report);
	buf_free(&why);
	return rc;
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "check_mqueue", run_mqueue },
		{ "check_mqueue -H", run_remote },
		{ "--list-queues", run_list },
#ifdef HAVE_JANSSON
		{ "--list-queues as JSON", run_list_json },
#endif
		{ "a failure", run_failure },
		{ "check_relayflood", run_relays },
		{ "check_relayflood --growth", run_growth },
		{ "check_relayflood --merge", run_merge },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 60; i++)
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
