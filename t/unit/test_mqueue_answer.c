/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqueue_answer.c - numbers and thresholds in, a result and words out */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "plugins/check_mqueue/answer.h"
#include "plugins/check_mqueue/text.h"
#include "words.h"

#define QUEUES 4

static bool
fake_command(struct buf *b, enum mta_command what, const struct queue *q,
    const struct queue_dir *dir, const struct span *id)
{
	static const char *const names[] = { "QUEUED", "HELD", "LOST" };

	if (dir != NULL || id != NULL || q->ndirs > 2)
		return false;
	buf_addf(b, "SHOW %s IN %s", names[what], q->dirs[0].path);
	return true;
}

static const struct mta fake_mta = {
	.name = "fakemail",
	.command = fake_command,
};

/* Options, queues and numbers; the queues' directories do not exist. */
struct world {
	struct words words;
	struct mqueue_config c;
	struct queue_list queues;
	struct mqueue_measure m[QUEUES];
};

static void
world_start(struct world *w, const char *words)
{
	struct words *v = &w->words;
	struct buf why = BUF_INIT;

	*w = (struct world){ .queues = QUEUE_LIST_INIT };
	words_split(v, "check_mqueue", words);
	assert_int_equal(mqueue_config_parse(&w->c, v->argc, v->argv, NULL,
			     &why),
	    0);
}

/* A queue of one directory, or of three when it has that many failed ones. */
static void
world_add(struct world *w, const char *name, const struct scan_count *count,
    double rate)
{
	static char first[QUEUES][6] = { "/no/a", "/no/b", "/no/c", "/no/d" };
	const char *paths[] = { first[w->queues.n], "/no/x", "/no/y" };
	struct mqueue_measure *m = &w->m[w->queues.n];
	size_t i;

	if (queue_list_add(&w->queues, &fake_mta, name, queue_role_of(name),
		"a test", paths, count->failed > 1 ? 3 : 1) != 0)
		fail();
	m->count = *count;
	m->late_after = 900;
	m->has_stranded = true;
	m->has_rate = !isnan(rate);
	m->rate = rate;
	/* The list may have moved. */
	for (i = 0; i < w->queues.n; i++)
		w->m[i].queue = &w->queues.v[i];
	if (count->failed != 0) {
		m->count.failed_dir = &m->queue->dirs[0];
		m->count.error = EACCES;
	}
}

/* Ends the world. */
static char *
world_answer(struct world *w, const char *note)
{
	struct render_options opt = { "MQUEUE", w->c.verbose };
	struct buf out = BUF_INIT;
	struct result *r = mqueue_answer(&w->c, w->m, w->queues.n, note);

	assert_non_null(r);
	assert_int_equal(render_nagios(r, &opt, &out), 0);
	result_free(r);
	queue_list_free(&w->queues);
	mqueue_config_free(&w->c);
	return buf_take(&out);
}

static void
expect(struct world *w, const char *note, const char *want)
{
	char *got = world_answer(w, note);

	assert_string_equal(got, want);
	free(got);
}

/* The example of the issue. */
static void
test_example(void **state)
{
	static const struct scan_count in = { .queued = 1300, .oldest = 840 };
	struct scan_count out = { .queued = 40, .oldest = 7500, .late = 3 };
	struct world w;

	(void)state;
	world_start(&w, "");
	world_add(&w, "mqueue", &out, NAN);
	world_add(&w, "mqueue.in", &in, 45);
	expect(&w, "",
	    "MQUEUE WARNING - mqueue.in 1300 messages, over 1200 (+45/min, 3000"
	    " in 37m), oldest 14m; mqueue 40"
	    " | mqueue_in=1300;1200;3000;0 mqueue_in_oldest=840s;900;3600;0"
	    " mqueue_in_late=0;;;0 mqueue_in_growth=45 mqueue_in_held=0;;;0"
	    " mqueue_in_lost=0;0;;0 mqueue_in_strand=0;0;;0"
	    " mqueue=40;1200;3000;0"
	    " mqueue_oldest=7500s;;;0 mqueue_late=3;;;0 mqueue_growth=U"
	    " mqueue_held=0;;;0 mqueue_lost=0;0;;0 mqueue_strand=0;0;;0\n"
	    "mqueue.in WARNING: 1300 messages, 0 older than 15m, oldest 14m,"
	    " +45/min, 0 quarantined, 0 lost; /no/b\n"
	    "  messages WARNING: 1300, which is over 1200\n"
	    "    -> does one relay fill it, or does MailScanner not keep up"
	    " (its log, the load), as root: qstat -q /no/b\n"
	    "mqueue OK: 40 messages, 3 older than 15m, oldest 2h5m,"
	    " 0 quarantined, 0 lost; /no/a\n");
}

/* What to do about too much of something in a queue. */
static void
add_advice(struct buf *b, const struct queue *q,
    enum mqueue_config_metric metric)
{
	static const struct mqueue_config c = { .timeout = 0 };
	const struct mqueue_measure m = { .queue = q };
	const struct mqueue_judge j = { .m = &m };
	const struct mqueue_judge_finding f = {
		.kind = MQUEUE_JUDGE_VALUE,
		.metric = metric,
		.advise = true,
	};

	mqueue_text_add_finding(b, RESULT_ADVICE, &c, &j, &f);
}

/* A command that can be pasted, for these directories; or that says it can't */
static void
test_advice(void **state)
{
	static const struct {
		const char *name, *path;
		size_t ndirs;
		enum mqueue_config_metric metric;
		const char *want;
	} rows[] = {
		{ "q.in", "/var/spool/q.in", 1, MQUEUE_CONFIG_AGE,
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load), as root: qstat -q /var/spool/q.in" },
		{ "q", "/var/q", 1, MQUEUE_CONFIG_AGE,
		    "what do they wait for, as root: qstat -q /var/q --by"
		    " status" },
		{ "q", "/q", 8, MQUEUE_CONFIG_AGE,
		    "what do they wait for, as root: qstat -q /q -q /q -q /q -q"
		    " /q -q /q -q /q -q /q -q /q --by status" },
		{ "q", "/q", 9, MQUEUE_CONFIG_AGE,
		    "what do they wait for, as root: qstat -q ... --by status,"
		    " where ... is as for this check" },
		{ "q", "/a b", 1, MQUEUE_CONFIG_AGE,
		    "what do they wait for, as root: qstat -q ... --by status,"
		    " where ... is as for this check" },
		{ "q.in", "/q;reboot", 1, MQUEUE_CONFIG_AGE,
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load), as root: qstat -q ..., where ... is"
		    " as for this check" },
		{ "q.in", "/q.in", 1, MQUEUE_CONFIG_HELD_AGE,
		    "whose it is (a dry run; --yes releases it, --any-reason"
		    " adds what others hold), as root: qflush --release -q"
		    " /q.in 0.0.0.0/0 ::/0" },
		{ "mqueue-client", "/q", 1, MQUEUE_CONFIG_AGE,
		    "does the main fakemail take mail, as root: SHOW QUEUED IN"
		    " /q" },
	};
	struct queue_dir dirs[9];
	struct buf got = BUF_INIT;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		char path[32], name[32];
		const struct queue q = { .mta = &fake_mta,
			.name = name,
			.role = queue_role_of(rows[i].name),
			.dirs = dirs,
			.ndirs = rows[i].ndirs };

		snprintf(path, sizeof(path), "%s", rows[i].path);
		snprintf(name, sizeof(name), "%s", rows[i].name);
		for (k = 0; k < rows[i].ndirs; k++)
			dirs[k] = (struct queue_dir){ .path = path };
		buf_truncate(&got, 0);
		add_advice(&got, &q, rows[i].metric);
		unit_assert_text(buf_str(&got), rows[i].want, rows[i].path);
	}
	buf_free(&got);
}

/* "STATE", then each finding as ", SUBJECT STATE DETAIL". */
static void
mqueue_answer_one(struct world *w, struct buf *got)
{
	struct result *r = mqueue_answer(&w->c, w->m, w->queues.n, "");
	const struct result *f;
	size_t i;

	assert_non_null(r);
	buf_truncate(got, 0);
	buf_adds(got, result_state_name(r->state));
	for (i = 0; i < r->child[0]->nchild; i++) {
		f = r->child[0]->child[i];
		buf_addf(got, ", %s %s %s", f->subject,
		    result_state_name(f->state), f->text[RESULT_DETAIL]);
		/* Only what there is too much of has advice. */
		if (strstr(f->text[RESULT_DETAIL], "which is ") != NULL &&
		    strcmp(f->subject, "forecast") != 0)
			assert_int_equal(f->text[RESULT_ADVICE] != NULL,
			    strstr(f->text[RESULT_DETAIL], "over ") != NULL);
	}
	result_free(r);
	queue_list_free(&w->queues);
	mqueue_config_free(&w->c);
}

/* One queue each. */
static const struct one {
	const char *words, *name;
	struct scan_count count;
	double rate;
	const char *want;
} ones[] = {
	/* clang-format off */
	{ "", "q", { .queued = 1200 }, NAN, "OK" },
	{ "", "q", { .queued = 1201 }, NAN,
	  "WARNING, messages WARNING 1201, which is over 1200" },
	{ "", "q", { .queued = 3000 }, NAN,
	  "WARNING, messages WARNING 3000, which is over 1200" },
	{ "", "q", { .queued = 3001 }, NAN,
	  "CRITICAL, messages CRITICAL 3001, which is over 3000" },
	{ "-w 10: -c @3:4", "q", { .queued = 9 }, NAN,
	  "WARNING, messages WARNING 9, which is under 10" },
	{ "-w 10: -c @3:4", "q", { .queued = 4 }, NAN,
	  "CRITICAL, messages CRITICAL 4, which is within 3:4" },
	/* The age, of an incoming queue only unless asked for. */
	{ "", "q.in", { .queued = 1, .oldest = 900 }, NAN, "OK" },
	{ "", "q.in", { .queued = 1, .oldest = 901 }, NAN,
	  "WARNING, age WARNING the oldest is 901s, over 900s" },
	{ "", "q.in", { .queued = 1, .oldest = 3600 }, NAN,
	  "WARNING, age WARNING the oldest is 1h, over 15m" },
	{ "", "q.in", { .queued = 1, .oldest = 3601 }, NAN,
	  "CRITICAL, age CRITICAL the oldest is 3601s, over 3600s" },
	{ "", "q", { .queued = 1, .oldest = 999999 }, NAN, "OK" },
	/* An age that is open alerts on the sure side. */
	{ "", "q.in", { .queued = 70, .oldest = 20, .oldest_max = 7200,
	  .late_max = 6 }, NAN, "OK, age range OK by the queue ids the oldest"
	  " may be 2h old; of those that were looked at it is 20s. All messages"
	  " of a long SMTP session have ids of its beginning" },
	{ "", "q.in", { .queued = 70, .oldest = 960, .oldest_max = 7200 }, NAN,
	  "WARNING, age WARNING the oldest is at least 960s, over 900s, age"
	  " range OK by the queue ids the oldest may be 2h old; of those that"
	  " were looked at it is 16m. All messages of a long SMTP session have"
	  " ids of its beginning" },
	{ "", "q.in", { .queued = 1, .oldest = 20, .oldest_max = 20 }, NAN,
	  "OK" },
	/* Messages without an age matter where one is asked for. */
	{ "", "q.in", { .queued = 3, .future = 3 }, NAN,
	  "WARNING, dates WARNING 3 dated in the future; how long they wait is"
	  " not known" },
	{ "", "q", { .queued = 3, .undated = 1 }, NAN,
	  "OK, dates OK 1 with an impossible date; how long they wait is not"
	  " known" },
	{ "--age-critical 1h", "q", { .queued = 3, .undated = 1 }, NAN,
	  "WARNING, dates WARNING 1 with an impossible date; how long they wait"
	  " is not known" },
	{ "", "q", { .lost = 1 }, NAN,
	  "WARNING, lost WARNING 1, which is over 0" },
	{ "--lost-warning 1", "q", { .lost = 1 }, NAN, "OK" },
	{ "--quarantined-warning 4", "q", { .held = 5 }, NAN,
	  "WARNING, quarantined WARNING 5, which is over 4" },
	/* Held mail is remembered after a day, in any queue. */
	{ "", "q", { .held = 5, .oldest_held = 86400 }, NAN, "OK" },
	{ "", "q", { .held = 5, .oldest_held = 86401 }, NAN,
	  "WARNING, held WARNING 5 in quarantine, of which the oldest came"
	  " 86401s ago, over 86400s" },
	{ "", "q.in", { .held = 5, .oldest_held = 900000 }, NAN,
	  "WARNING, held WARNING 5 in quarantine, of which the oldest came"
	  " 10d10h ago, over 1d" },
	{ "--held-age-warning 3d --held-age-critical q=7d", "q",
	  { .held = 5, .oldest_held = 900000 }, NAN,
	  "CRITICAL, held CRITICAL 5 in quarantine, of which the oldest came"
	  " 10d10h ago, over 7d" },
	{ "--held-age-warning 30d", "q",
	  { .held = 5, .oldest_held = 900000 }, NAN, "OK" },
	{ "-t 5:OK", "q", { .held = 5, .oldest_held = 900000,
	  .cut_short = true }, NAN,
	  "WARNING, held WARNING at least 5 in quarantine, of which the oldest"
	  " came at least 10d10h ago, over 1d, reading OK not counted to the"
	  " end within 5s" },
	/* The forecast: 3000 is the limit. */
	{ "", "q", { .queued = 1000 }, 1000, "OK" },
	{ "--forecast-warning 1h --forecast-critical 10m", "q",
	  { .queued = 0 }, 50, "OK" },
	{ "--forecast-warning 1h --forecast-critical 10m", "q",
	  { .queued = 60 }, 50, "WARNING, forecast WARNING the limit is"
	  " reached in 3528s, which is under 3600s" },
	{ "--forecast-warning 1h --forecast-critical 10m", "q",
	  { .queued = 1000 }, 250, "CRITICAL, forecast CRITICAL the limit is"
	  " reached in 8m, which is under 10m" },
	{ "--forecast-warning 1h", "q", { .queued = 1000 }, -50, "OK" },
	{ "--forecast-warning 1h", "q", { .queued = 3001 }, 50,
	  "CRITICAL, messages CRITICAL 3001, which is over 3000" },
	/* A lower bound. */
	{ "", "q", { .queued = 3001, .cut_short = true }, NAN,
	  "CRITICAL, messages CRITICAL at least 3001, which is over 3000,"
	  " reading UNKNOWN not counted to the end within 10s" },
	{ "", "q", { .queued = 1201, .cut_short = true }, NAN,
	  "UNKNOWN, reading UNKNOWN not counted to the end within 10s,"
	  " messages WARNING at least 1201, which is over 1200" },
	{ "-t 5:CRITICAL", "q", { .queued = 5, .cut_short = true }, NAN,
	  "CRITICAL, reading CRITICAL not counted to the end within 5s" },
	{ "-t 5:OK", "q", { .queued = 5, .cut_short = true }, NAN,
	  "OK, reading OK not counted to the end within 5s" },
	/* It may still be 10, and leave 10:20. */
	{ "-w 10: -t 5:OK", "q", { .queued = 5, .cut_short = true }, NAN,
	  "OK, reading OK not counted to the end within 5s" },
	{ "-w @10: -t 5:OK", "q", { .queued = 15, .cut_short = true }, NAN,
	  "WARNING, messages WARNING at least 15, which is within 10:,"
	  " reading OK not counted to the end within 5s" },
	/* Directories that can't be read; -t has nothing to say there. */
	{ "-t 5:OK", "q", { .failed = 1 }, NAN,
	  "UNKNOWN, reading UNKNOWN cannot be read: /no/a: Permission denied" },
	{ "", "q", { .queued = 3001, .failed = 2 }, NAN,
	  "CRITICAL, messages CRITICAL at least 3001, which is over 3000,"
	  " reading UNKNOWN 2 of 3 directories cannot be read: /no/a:"
	  " Permission denied" },
	/* clang-format on */
};

static void
test_findings(void **state)
{
	struct buf got = BUF_INIT;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(ones); i++) {
		world_start(&w, ones[i].words);
		world_add(&w, ones[i].name, &ones[i].count, ones[i].rate);
		mqueue_answer_one(&w, &got);
		assert_string_equal(buf_str(&got), ones[i].want);
	}
	buf_free(&got);
}

/* The text of the first line. */
static const struct one summaries[] = {
	/* clang-format off */
	{ "", "q", { .queued = 0 }, NAN, "OK - q 0 messages" },
	{ "", "q", { .queued = 5, .oldest = 59 }, NAN,
	  "OK - q 5 messages, oldest 59s" },
	{ "", "q", { .queued = 5, .oldest = 20, .oldest_max = 7200 },
	  NAN, "OK - q 5 messages, oldest between 20s and 2h" },
	{ "", "q", { .queued = 5, .future = 3, .undated = 2 }, NAN,
	  "OK - q 5 messages, 3 dated in the future, 2 with an"
	  " impossible date" },
	{ "", "q", { .queued = 5, .future = 3, .undated = 1 }, NAN,
	  "OK - q 5 messages, oldest 0s, 3 dated in the future, 1 with"
	  " an impossible date" },
	{ "", "q", { .queued = 0 }, 0.04, "OK - q 0 messages" },
	{ "", "q", { .queued = 5 }, -0.52,
	  "OK - q 5 messages (-0.5/min), oldest 0s" },
	{ "", "q", { .queued = 5 }, -12.6,
	  "OK - q 5 messages (-13/min), oldest 0s" },
	{ "", "q", { .queued = 480 }, 0.25,
	  "OK - q 480 messages (+0.3/min, 3000 in 7d), oldest 0s" },
	{ "", "q", { .queued = 479 }, 0.25,
	  "OK - q 479 messages (+0.3/min), oldest 0s" },
	{ "-w 8 -c ~:", "q", { .queued = 5 }, 9.96,
	  "OK - q 5 messages (+10/min, 8 in 18s), oldest 0s" },
	{ "-w ~: -c @5:6", "q", { .queued = 1 }, 45.4,
	  "OK - q 1 message (+45/min), oldest 0s" },
	{ "", "q", { .queued = 1, .lost = 2, .held = 3 }, NAN,
	  "WARNING - q 2 lost, over 0, 1 message, oldest 0s" },
	{ "--quarantined-warning 2", "q",
	  { .queued = 1, .held = 3 }, NAN,
	  "WARNING - q 3 quarantined, over 2, 1 message, oldest 0s" },
	{ "-t 7", "q", { .queued = 40, .cut_short = true }, NAN,
	  "UNKNOWN - q not all counted within 7s, at least 40"
	  " messages, oldest 0s" },
	{ "", "q", { .failed = 3 }, NAN,
	  "UNKNOWN - q cannot be read: Permission denied" },
	{ "", "q", { .queued = 7, .failed = 2, .cut_short = true },
	  NAN, "UNKNOWN - q 2 of 3 directories cannot be read:"
	  " Permission denied, not all counted within 10s, at least 7 messages,"
	  " oldest 0s" },
	/* What alerts comes first, the worst of it before the rest. */
	{ "-t 7:OK", "q", { .queued = 40, .cut_short = true }, NAN,
	  "OK - q at least 40 messages, oldest 0s, not all counted within 7s" },
	{ "-t 7:CRITICAL", "q",
	  { .queued = 1201, .failed = 2, .cut_short = true }, NAN,
	  "CRITICAL - q not all counted within 7s, 2 of 3 directories cannot be"
	  " read: Permission denied, at least 1201 messages, over 1200, oldest"
	  " 0s" },
	{ "", "q.in", { .queued = 485, .oldest = 1020 }, 12,
	  "WARNING - q.in oldest 17m, over 15m, 485 messages (+12/min, 3000 in"
	  " 3h29m)" },
	{ "", "q.in", { .queued = 485, .oldest = 901 }, NAN,
	  "WARNING - q.in oldest 901s, over 900s, 485 messages" },
	{ "", "q.in", { .queued = 485, .oldest = 960 }, NAN,
	  "WARNING - q.in oldest 16m, over 15m, 485 messages" },
	{ "", "q.in", { .queued = 5, .oldest = 960, .oldest_max = 7200 }, NAN,
	  "WARNING - q.in oldest between 16m and 2h, over 15m, 5 messages" },
	{ "", "q.in", { .queued = 5, .oldest = 901, .oldest_max = 7200 }, NAN,
	  "WARNING - q.in oldest at least 901s, over 900s, 5 messages" },
	{ "", "q.in", { .queued = 1201, .oldest = 3700, .lost = 1 }, 45,
	  "CRITICAL - q.in oldest 1h1m, over 1h, 1201 messages, over 1200"
	  " (+45/min, 3000 in 39m), 1 lost, over 0" },
	{ "", "q", { .queued = 9, .held = 5, .oldest_held = 900000 },
	  NAN, "WARNING - q oldest held 10d10h, over 1d, 9 messages, oldest"
	  " 0s" },
	{ "", "q", { .held = 5, .oldest_held = 86401 }, NAN,
	  "WARNING - q oldest held 86401s, over 86400s, 0 messages" },
	{ "-w 10:", "q", { .queued = 9 }, NAN,
	  "WARNING - q 9 messages, under 10, oldest 0s" },
	{ "-w @9:10", "q", { .queued = 9 }, NAN,
	  "WARNING - q 9 messages, within 9:10, oldest 0s" },
	{ "--forecast-warning 1h", "q", { .queued = 600 }, 50,
	  "WARNING - q reaches 3000 in 48m, under 1h, 600 messages (+50/min),"
	  " oldest 0s" },
	{ "--forecast-warning 3620s", "q", { .queued = 0 }, 50,
	  "WARNING - q reaches 3000 in 3600s, under 3620s, 0 messages"
	  " (+50/min)" },
	{ "--forecast-warning 1h", "q", { .queued = 1300 }, 50,
	  "WARNING - q 1300 messages, over 1200 (+50/min), reaches 3000 in 34m,"
	  " under 1h, oldest 0s" },
	{ "", "q.in", { .queued = 3, .future = 3, .lost = 1 }, NAN,
	  "WARNING - q.in 1 lost, over 0, 3 dated in the future, 3"
	  " messages" },
	{ "", "a queue with a name of more than 40 bytes",
	  { .queued = 0 }, NAN,
	  "OK - a queue with a name of more than 40 b... 0 messages" },
	/* clang-format on */
};

static void
test_summary(void **state)
{
	struct world w;
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(summaries); i++) {
		world_start(&w, summaries[i].words);
		world_add(&w, summaries[i].name, &summaries[i].count,
		    summaries[i].rate);
		got = world_answer(&w, "");
		/* Perfdata as a whole or, with a lower bound, none. */
		assert_int_equal(strchr(got, '|') != NULL,
		    !summaries[i].count.cut_short &&
			summaries[i].count.failed == 0);
		got[strcspn(got, "|\n")] = '\0';
		if (got[strlen(got) - 1] == ' ')
			got[strlen(got) - 1] = '\0';
		assert_string_equal(got + strlen("MQUEUE "), summaries[i].want);
		free(got);
	}
}

/* Worst first; what is OK in short; perfdata of all queues or of none. */
static void
test_queues(void **state)
{
	struct scan_count a = { .queued = 10 }, c = { .queued = 3001 };
	struct scan_count d = { .failed = 1 };
	struct scan_count b = { .queued = 1, .oldest = 960, .late = 1 };
	struct scan_count e = { .queued = 40, .cut_short = true };
	struct world w;
	char *got;

	(void)state;
	b.lost = 1;
	world_start(&w, "");
	world_add(&w, "a", &a, 0.01);
	world_add(&w, "b.in", &b, NAN);
	world_add(&w, "clientmqueue", &c, NAN);
	world_add(&w, "d", &d, NAN);
	w.m[3].remedy = (char[]){ "join the group" };
	expect(&w, "",
	    "MQUEUE CRITICAL - clientmqueue 3001 messages, over 3000, oldest"
	    " 0s; d cannot be read: Permission denied; b.in oldest 16m, over"
	    " 15m, 1 lost, over 0, 1 message; a 10\n"
	    "clientmqueue CRITICAL: 3001 messages, 0 older than 15m, oldest 0s,"
	    " 0 quarantined, 0 lost; /no/c\n"
	    "  messages CRITICAL: 3001, which is over 3000\n"
	    "    -> does the main fakemail take mail, as"
	    " root: SHOW QUEUED IN /no/c\n"
	    "d UNKNOWN: not counted; /no/d\n"
	    "  reading UNKNOWN: cannot be read: /no/d: Permission denied\n"
	    "    -> join the group\n"
	    "b.in WARNING: 1 message, 1 older than 15m, oldest 16m,"
	    " 0 quarantined, 1 lost; /no/b\n"
	    "  age WARNING: the oldest is 960s, over 900s\n"
	    "    -> does one relay fill it, or does MailScanner not keep up"
	    " (its log, the load), as root: qstat -q /no/b\n"
	    "  lost WARNING: 1, which is over 0\n"
	    "    -> the mail log says why (Losing); list them, as root:"
	    " SHOW LOST IN /no/b\n"
	    "a OK: 10 messages, 0 older than 15m, oldest 0s, steady,"
	    " 0 quarantined, 0 lost; /no/a\n");
	/* A lower bound is told as one in short, too. */
	world_start(&w, "-t 5:OK");
	world_add(&w, "a", &a, NAN);
	world_add(&w, "b", &e, NAN);
	got = world_answer(&w, "");
	got[strcspn(got, "\n")] = '\0';
	unit_assert_text(got,
	    "MQUEUE OK - a 10 messages, oldest 0s; b at least 40", "-t 5:OK");
	free(got);
}

/* What no queue run delivers: which kinds, and of how many that is known. */
static void
test_stranded(void **state)
{
	static const struct {
		const char *options;
		struct stranded_count found;
		const char *want; /* of the finding, or NULL */
	} rows[] = {
		{ "", { .looked = 7 }, NULL },
		{ "", { .n = { [STRANDED_BESIDE] = 2 } },
		    "2, which is over 0 (2 beside their directory)" },
		{ "", { .n = { [STRANDED_DRAFT] = 1 } },
		    "1, which is over 0 (1 never finished)" },
		{ "", { .n = { [STRANDED_BODYLESS] = 1 }, .looked = 40 },
		    "1, which is over 0 (1 of 40 looked at without a body)" },
		{ "", { .n = { 1, 2, 3 }, .looked = 1024, .partly = true },
		    "6, which is over 0 (1 beside their directory, 2 never"
		    " finished, 3 of 1024 looked at without a body)" },
		{ "--stranded-warning 6", { .n = { 1, 2, 3 } }, NULL },
		{ "--stranded-warning other=6", { .n = { 1 } },
		    "1, which is over 0 (1 beside their directory)" },
	};
	struct scan_count count = { .queued = 1 };
	struct buf want = BUF_INIT;
	struct world w;
	size_t i;
	char *got;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		world_start(&w, rows[i].options);
		world_add(&w, "q", &count, NAN);
		w.m[0].stranded = rows[i].found;
		w.m[0].nstranded = stranded_total(&rows[i].found);
		got = world_answer(&w, "");
		buf_truncate(&want, 0);
		if (rows[i].want != NULL)
			buf_addf(&want,
			    "\n  stranded WARNING: %s\n    -> which they are,"
			    " and what to do: the same command with"
			    " --list-queues\n",
			    rows[i].want);
		else
			buf_addf(&want, "%s; /no/a\n",
			    w.m[0].nstranded != 0 ? "6 stranded" : "0 lost");
		if (strstr(got, buf_str(&want)) == NULL)
			fail_msg("%s", got);
		assert_int_equal(strstr(got, "WARNING") != NULL,
		    rows[i].want != NULL);
		assert_int_equal(strstr(got, " stranded") != NULL,
		    w.m[0].nstranded != 0);
		free(got);
	}
	buf_free(&want);
	/* What an older report does not tell is not 0. */
	world_start(&w, "--stranded-warning 1:");
	world_add(&w, "q", &count, NAN);
	w.m[0].has_stranded = false;
	got = world_answer(&w, "");
	assert_null(strstr(got, "WARNING"));
	free(got);
}

/* -vv, no history, and a name that is not fit for output. */
static void
test_verbose(void **state)
{
	struct scan_count count = { .queued = 1201, .held = 1 };
	struct world w;

	(void)state;
	count.failed = 2;
	count.cut_short = true;
	world_start(&w,
	    "-vv -w 5:9 --age-critical 1h30m --forecast-warning 1h"
	    " --quarantined-warning 0");
	world_add(&w, "a|<b>\n\xe4;$", &count, NAN);
	expect(&w, "the reason",
	    "MQUEUE UNKNOWN - a__b_??__ 2 of 3 directories cannot be read:"
	    " Permission denied, not all counted within 10s, at least 1201"
	    " messages, over 9, at least 1 quarantined, over 0, oldest 0s; no"
	    " forecast: the reason\n"
	    "a__b_??__ UNKNOWN: at least 1201 messages, 0 older than 15m,"
	    " oldest 0s, 1 quarantined, 0 lost; /no/a and 2 more\n"
	    "  reading UNKNOWN: 2 of 3 directories cannot be read: /no/a:"
	    " Permission denied\n"
	    "  reading UNKNOWN: not counted to the end within 10s\n"
	    "    -> give it more time: -t SEC\n"
	    "  messages WARNING: at least 1201, which is over 9\n"
	    "    -> what do they wait for, as root: qstat -q /no/a -q /no/x -q"
	    " /no/y --by status\n"
	    "  quarantined WARNING: at least 1, which is over 0\n"
	    "    -> list them: see below the table of qstat -q ..., where"
	    " ... is as for this check\n"
	    "  thresholds OK: messages 5:9 3000, age - 1h30m, forecast 1h -,"
	    " quarantined 0 -, lost 0 -, stranded 0 -, held 1d -\n"
	    "  directory OK: /no/a, from a test\n"
	    "  directory OK: /no/x, from a test\n"
	    "  directory OK: /no/y, from a test\n"
	    "growth UNKNOWN: not known: the reason\n"
	    "  -> name a directory that this user may write: --state-dir DIR"
	    " or MP_STATE_PATH\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_queues),
		cmocka_unit_test(test_stranded),
		cmocka_unit_test(test_verbose),
	};

	return UNIT_RUN(tests);
}
