/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqueue_config.c - check_mqueue's options */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "words.h"

#include "plugins/check_mqueue/config.h"

/* Needs mqueue_config_free() when the words are fine. */
static void
parse(struct mqueue_config *c, struct words *l, const char *words)
{
	struct buf why = BUF_INIT;

	words_split(l, "check_mqueue", words);
	if (mqueue_config_parse(c, l->argc, l->argv, NULL, &why) != 0)
		fail_msg("'%s': %s", words, buf_str(&why));
	assert_int_equal(why.len, 0);
}

/* The range as text; "-" for none. */
static const char *
found(const struct mqueue_config *c, enum mqueue_config_metric metric,
    enum result_state level, const char *queue, enum queue_role role)
{
	static char text[64];
	const struct range *r = mqueue_config_find(c, metric, level, queue,
	    role);
	struct buf b = BUF_INIT;

	if (r == NULL)
		return "-";
	range_add(&b, r);
	snprintf(text, sizeof(text), "%s", buf_str(&b));
	buf_free(&b);
	return text;
}

/* What holds for each role without any option. */
static void
test_default_thresholds(void **state)
{
	static const struct {
		enum mqueue_config_metric metric;
		enum queue_role role;
		const char *warn, *crit;
	} rows[] = {
		{ MQUEUE_CONFIG_MESSAGES, QUEUE_IN, "1200", "3000" },
		{ MQUEUE_CONFIG_MESSAGES, QUEUE_OUT, "1200", "3000" },
		{ MQUEUE_CONFIG_MESSAGES, QUEUE_CLIENT, "1200", "3000" },
		{ MQUEUE_CONFIG_AGE, QUEUE_IN, "900", "3600" },
		{ MQUEUE_CONFIG_AGE, QUEUE_OUT, "-", "-" },
		{ MQUEUE_CONFIG_AGE, QUEUE_CLIENT, "-", "-" },
		{ MQUEUE_CONFIG_FORECAST, QUEUE_IN, "-", "-" },
		{ MQUEUE_CONFIG_FORECAST, QUEUE_OUT, "-", "-" },
		{ MQUEUE_CONFIG_QUARANTINED, QUEUE_IN, "-", "-" },
		{ MQUEUE_CONFIG_QUARANTINED, QUEUE_OUT, "-", "-" },
		{ MQUEUE_CONFIG_LOST, QUEUE_IN, "0", "-" },
		{ MQUEUE_CONFIG_LOST, QUEUE_OUT, "0", "-" },
		{ MQUEUE_CONFIG_LOST, QUEUE_CLIENT, "0", "-" },
	};
	struct mqueue_config c;
	struct words l;
	size_t i;

	(void)state;
	parse(&c, &l, "");
	for (i = 0; i < ROWS(rows); i++) {
		assert_string_equal(found(&c, rows[i].metric, RESULT_WARNING,
					"any", rows[i].role),
		    rows[i].warn);
		assert_string_equal(found(&c, rows[i].metric, RESULT_CRITICAL,
					"any", rows[i].role),
		    rows[i].crit);
	}
	mqueue_config_free(&c);
}

/* Each option sets its own metric and level, and no other. */
static void
test_each_threshold(void **state)
{
	static const struct {
		const char *words;
		enum mqueue_config_metric metric;
		enum result_state level;
		const char *want;
	} rows[] = {
		{ "-w 7", MQUEUE_CONFIG_MESSAGES, RESULT_WARNING, "7" },
		{ "--warning=5:7", MQUEUE_CONFIG_MESSAGES, RESULT_WARNING,
		    "5:7" },
		{ "-c @5:", MQUEUE_CONFIG_MESSAGES, RESULT_CRITICAL, "@5:" },
		{ "--critical 0", MQUEUE_CONFIG_MESSAGES, RESULT_CRITICAL,
		    "0" },
		{ "--age-warning 1h30m", MQUEUE_CONFIG_AGE, RESULT_WARNING,
		    "5400" },
		{ "--age-critical 2d", MQUEUE_CONFIG_AGE, RESULT_CRITICAL,
		    "172800" },
		{ "--forecast-warning 1h", MQUEUE_CONFIG_FORECAST,
		    RESULT_WARNING, "3600:" },
		{ "--forecast-critical 90", MQUEUE_CONFIG_FORECAST,
		    RESULT_CRITICAL, "90:" },
		{ "--lost-warning 3", MQUEUE_CONFIG_LOST, RESULT_WARNING, "3" },
		{ "--quarantined-warning ~:9", MQUEUE_CONFIG_QUARANTINED,
		    RESULT_WARNING, "~:9" },
		{ "--stranded-warning 2:4", MQUEUE_CONFIG_STRANDED,
		    RESULT_WARNING, "2:4" },
		{ "--held-age-warning 3d", MQUEUE_CONFIG_HELD_AGE,
		    RESULT_WARNING, "259200" },
		{ "--held-age-critical 90", MQUEUE_CONFIG_HELD_AGE,
		    RESULT_CRITICAL, "90" },
	};
	struct mqueue_config c, none;
	struct words l, empty;
	const char *got;
	char want[64];
	size_t i;
	int m, level;

	(void)state;
	parse(&none, &empty, "");
	for (i = 0; i < ROWS(rows); i++) {
		parse(&c, &l, rows[i].words);
		assert_int_equal(c.nrules, 1);
		for (m = MQUEUE_CONFIG_MESSAGES; m <= MQUEUE_CONFIG_LOST; m++)
			for (level = RESULT_WARNING; level <= RESULT_CRITICAL;
			     level++) {
				snprintf(want, sizeof(want), "%s",
				    found(&none, (enum mqueue_config_metric)m,
					(enum result_state)level, "q",
					QUEUE_IN));
				if (m == (int)rows[i].metric &&
				    level == (int)rows[i].level)
					snprintf(want, sizeof(want), "%s",
					    rows[i].want);
				got = found(&c, (enum mqueue_config_metric)m,
				    (enum result_state)level, "q", QUEUE_IN);
				assert_string_equal(got, want);
			}
		mqueue_config_free(&c);
	}
	mqueue_config_free(&none);
}

/* One that names the queue, then the later, then the default. */
static void
test_precedence(void **state)
{
	static const struct {
		const char *words, *queue, *want;
	} rows[] = {
		{ "-w 7 -w 8", "mqueue", "8" },
		{ "-w 7 -w mqueue=8", "mqueue", "8" },
		{ "-w mqueue=8 -w 7", "mqueue", "8" },
		{ "-w mqueue=8 -w 7", "other", "7" },
		{ "-w mqueue=8 -w mqueue=9", "mqueue", "9" },
		{ "-w mqueue=8", "other", "1200" },
		/* The whole name only. */
		{ "-w mqueue=8", "mqueue.in", "1200" },
		{ "-w mqueue.in=8", "mqueue", "1200" },
		{ "-w mqueue=8", "MQUEUE", "1200" },
		{ "-w mqueue=1:2", "mqueue", "1:2" },
		{ "--warning=mqueue=8", "mqueue", "8" },
		/* A name may hold '=' itself. */
		{ "-w a=b=8", "a=b", "8" },
		{ "-w a=b=8", "a", "1200" },
		{ "-w ==8", "=", "8" },
		/* The other level does not matter. */
		{ "-c 7", "mqueue", "1200" },
		{ "-c q=8", "q", "1200" },
	};
	struct mqueue_config c;
	struct words l;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		parse(&c, &l, rows[i].words);
		if (strcmp(found(&c, MQUEUE_CONFIG_MESSAGES, RESULT_WARNING,
			       rows[i].queue, QUEUE_OUT),
			rows[i].want) != 0)
			fail_msg("'%s', %s: not %s", rows[i].words,
			    rows[i].queue, rows[i].want);
		mqueue_config_free(&c);
	}
}

static const struct {
	const char *words, *want;
} refused[] = {
	{ "-w x", "--warning 'x': expected a number like 10 or 0.5" },
	{ "-w 1200k", "--warning '1200k': expected a number like 10 or 0.5" },
	{ "--warning=", "--warning '': expected a number like 10 or 0.5" },
	{ "-c 20:10", "--critical '20:10': the start is greater than the end" },
	{ "-w q=", "--warning 'q=': expected a number like 10 or 0.5" },
	{ "-w 1|2\x1b;$x",
	    "--warning '1_2?__x': "
	    "expected a number like 10 or 0.5" },
	{ "-c -5",
	    "--critical '-5': the end is below 0, where a range "
	    "starts by itself (~:END starts at minus infinity)" },
	{ "--age-warning 5x",
	    "--age-warning '5x': expected a duration like 90s, 15m, 2h "
	    "or 1d" },
	{ "--age-critical q=10:20",
	    "--age-critical 'q=10:20': expected a duration like 90s, "
	    "15m, 2h or 1d" },
	{ "--forecast-critical 9999d",
	    "--forecast-critical '9999d': "
	    "a duration is at most ten years" },
	{ "--quarantined-warning 1e3",
	    "--quarantined-warning '1e3': "
	    "expected a number like 10 or 0.5" },
	{ "-t 0", "--timeout '0': the number is too small" },
	{ "-t 86401", "--timeout '86401': the number is too large" },
	{ "-t 5s",
	    "--timeout '5s': "
	    "expected a whole number and nothing after it" },
	{ "-t :OK", "--timeout ':OK': expected a whole number" },
	{ "-t 5:",
	    "--timeout '5:': expected a state after ':', "
	    "OK, WARNING, CRITICAL or UNKNOWN" },
	{ "-t 5:4",
	    "--timeout '5:4': expected a state after ':', "
	    "OK, WARNING, CRITICAL or UNKNOWN" },
	{ "-q =/x", "--queue '=/x': expected DIR or NAME=DIR" },
	{ "-q x=", "--queue 'x=': expected DIR or NAME=DIR" },
	{ "-q /nowhere/a -q /nowhere/a",
	    "--queue '/nowhere/a': this "
	    "name or this directory was given before (NAME=DIR gives a "
	    "name)" },
	{ "-q x=/nowhere/a -q x=/nowhere/b",
	    "--queue 'x=/nowhere/b': "
	    "this name or this directory was given before (NAME=DIR "
	    "gives a name)" },
	{ "-q x=/ -q y=/.",
	    "--queue 'y=/.': this name or this "
	    "directory was given before (NAME=DIR gives a name)" },
	{ "--state-dir=", "--state-dir '': expected a directory" },
	{ "--output-format xml",
	    "--output-format 'xml': this build "
	    "does not have this format" },
	{ "--nosuch", "unknown option '--nosuch'" },
	{ "-x", "unknown option '-x'" },
	{ "-w 10 20", "unexpected argument '20'" },
	{ "-w", "a value is needed after '-w'" },
	{ "--list-queues=x", "--list-queues takes no value" },
	/* 80 bytes are shown. */
	{ "-w 12345678901234567890123456789012345678901234567890123456"
	  "7890123456789012345678901",
	    "--warning '1234567890123456789"
	    "0123456789012345678901234567890123456789012345678901234567"
	    "...': the number is too large" },
};

static void
test_refuse(void **state)
{
	struct buf why = BUF_INIT;
	struct mqueue_config c;
	struct words l;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(refused); i++) {
		buf_truncate(&why, 0);
		words_split(&l, "check_mqueue", refused[i].words);
		if (mqueue_config_parse(&c, l.argc, l.argv, NULL, &why) != -1)
			fail_msg("'%s' was taken", refused[i].words);
		assert_string_equal(buf_str(&why), refused[i].want);
	}
	buf_free(&why);
}

/* All that is no threshold and no queue; path is MP_STATE_PATH. */
static void
test_others(void **state)
{
	static const char *const actions[] = { "check", "list", "help",
		"version" };
	static const struct {
		const char *words, *path, *want;
	} rows[] = {
		{ "", NULL, "check 0 '' " MQ_STATEDIR " 10 UNKNOWN" },
		{ "", "", "check 0 '' " MQ_STATEDIR " 10 UNKNOWN" },
		{ "", "/env", "check 0 '' /env 10 UNKNOWN" },
		{ "--state-dir /opt", "/env", "check 0 '' /opt 10 UNKNOWN" },
		{ "--root /r", "/e", "check 0 '/r' /e 10 UNKNOWN" },
		{ "--root /", "/e", "check 0 '' /e 10 UNKNOWN" },
		{ "-v", "/e", "check 1 '' /e 10 UNKNOWN" },
		{ "-vv --verbose", "/e", "check 3 '' /e 10 UNKNOWN" },
		{ "--output-format nagios", "/e", "check 0 '' /e 10 UNKNOWN" },
		{ "-t 1", "/e", "check 0 '' /e 1 UNKNOWN" },
		{ "-t 86400:3", "/e", "check 0 '' /e 86400 UNKNOWN" },
		{ "-t 5:critical", "/e", "check 0 '' /e 5 CRITICAL" },
		{ "--timeout=30:1", "/e", "check 0 '' /e 30 WARNING" },
		{ "-t 5:2 -t 6:OK", "/e", "check 0 '' /e 6 OK" },
		{ "--list-queues", "/e", "list 0 '' /e 10 UNKNOWN" },
		/* They answer at once. */
		{ "-h", "/e", "help 0 '' /e 10 UNKNOWN" },
		{ "-h -w junk --nosuch", "/e", "help 0 '' /e 10 UNKNOWN" },
		{ "-V -h", "/e", "version 0 '' /e 10 UNKNOWN" },
		{ "--list-queues --help", "/e", "help 0 '' /e 10 UNKNOWN" },
	};
	struct buf why = BUF_INIT, got = BUF_INIT;
	struct mqueue_config c;
	struct words l;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		words_split(&l, "check_mqueue", rows[i].words);
		assert_int_equal(mqueue_config_parse(&c, l.argc, l.argv,
				     rows[i].path, &why),
		    0);
		buf_truncate(&got, 0);
		buf_addf(&got, "%s %d '%s' %s %d %s", actions[c.action],
		    c.verbose, c.root, c.state_dir, c.timeout,
		    result_state_name(c.timeout_state));
		assert_string_equal(buf_str(&got), rows[i].want);
		assert_true(c.render == render_nagios);
		assert_int_equal(c.queues.n + c.nrules, 0);
		mqueue_config_free(&c);
	}
#ifdef HAVE_JANSSON
	parse(&c, &l, "--output-format=json");
	assert_true(c.render == render_json);
	mqueue_config_free(&c);
#endif
	buf_free(&got);
}

/* The first rule whose queue is not watched. */
static void
test_queues_and_strays(void **state)
{
	static const char queues[] = "-q /nowhere/mqueue.in -q b=/nowhere/c ";
	static const struct {
		const char *words, *stray;
	} rows[] = {
		{ "", NULL },
		{ "-w 5 -c 6", NULL },
		{ "-w mqueue.in=5 -w b=5", NULL },
		{ "-w mqueue=5", "mqueue" },
		{ "-c b.=5", "b." },
		{ "-w c=5", "c" },
		{ "-w =5", "" },
		{ "-w b=5 --age-warning x=1h --lost-warning y=2", "x" },
	};
	const struct mqueue_config_rule *stray;
	char words[200];
	struct mqueue_config c;
	struct words l;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(words, sizeof(words), "%s%s", queues, rows[i].words);
		parse(&c, &l, words);
		assert_int_equal(c.queues.n, 2);
		assert_string_equal(c.queues.v[0].name, "mqueue.in");
		assert_int_equal(c.queues.v[0].role, QUEUE_IN);
		assert_string_equal(c.queues.v[1].name, "b");
		assert_int_equal(c.queues.v[1].role, QUEUE_OUT);
		stray = mqueue_config_stray(&c, &c.queues);
		if (rows[i].stray == NULL) {
			assert_null(stray);
		} else {
			assert_non_null(stray);
			assert_int_equal(stray->queue_len,
			    strlen(rows[i].stray));
			assert_memory_equal(stray->queue, rows[i].stray,
			    stray->queue_len);
		}
		mqueue_config_free(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_thresholds),
		cmocka_unit_test(test_each_threshold),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_queues_and_strays),
	};

	return UNIT_RUN(tests);
}
