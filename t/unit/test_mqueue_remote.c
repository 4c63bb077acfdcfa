/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqueue_remote.c - a report is judged as a queue of this host is */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "plugins/check_mqueue/answer.h"
#include "plugins/check_mqueue/remote.h"

#define NOW INT64_C(1795200000)

static char name[] = "check_mqueue", opt_h[] = "-H", peer[] = "mx1:99";

static void
set_up(struct mqueue_config *c)
{
	char *argv[] = { name, opt_h, peer, NULL };
	struct buf why = BUF_INIT;

	assert_int_equal(mqueue_config_parse(c, 3, argv, "/no/state", &why), 0);
	assert_string_equal(c->server.peer.host, "mx1");
	assert_string_equal(c->server.peer.port, "99");
	assert_int_equal(c->stale, 300);
}

/* The plugin's output for a report that was made that many seconds ago. */
static char *
judge(const struct mqueue_config *c, const char *queues, int64_t ago)
{
	struct render_options opt = { "MQUEUE", 0 };
	struct when_deadline d = when_after(&when_system, 60000);
	struct buf text = BUF_INIT, why = BUF_INIT, note = BUF_INIT;
	struct mqueue_measure m[3];
	struct result *root;
	struct mqueue_remote r;

	buf_addf(&text,
	    "mqreport 1\nhost mx1.example.net\ntime %lld\n"
	    "took 1 ms\n%send\n",
	    (long long)NOW, queues);
	assert_int_equal(mqueue_remote_take(&r, c, text.data, text.len,
			     NOW + ago, &why),
	    0);
	assert_int_equal(mqueue_measure_remote(m, &r, c, &d, &note), 0);
	root = mqueue_answer(c, m, r.queues.n, "");
	buf_truncate(&text, 0);
	assert_int_equal(render_nagios(root, &opt, &text), 0);
	result_free(root);
	mqueue_measure_free(m, r.queues.n);
	mqueue_remote_free(&r);
	buf_free(&note);
	return buf_take(&text);
}

static void
test_judge(void **state)
{
	static const struct {
		const char *queues, *want;
	} rows[] = {
		/* clang-format off */
		{ "queue mqueue.in role=in count=exact messages=1300"
		  " oldest=840 late=0 quarantined=1 lost=0\n",
		  "MQUEUE WARNING - mqueue.in 1300 messages, over 1200,"
		  " oldest 14m |"
		  " mqueue_in=1300;1200;3000;0 mqueue_in_oldest=840s;900;3600;0"
		  " mqueue_in_late=0;;;0 mqueue_in_growth=U"
		  " mqueue_in_held=1;;;0 mqueue_in_lost=0;0;;0"
		  " mqueue_in_strand=U;0;;0\n"
		  "mqueue.in WARNING: 1300 messages, 0 older than 15m, oldest"
		  " 14m, 1 quarantined, 0 lost; mx1:99\n"
		  "  messages WARNING: 1300, which is over 1200\n"
		  "    -> does one relay fill it, or does MailScanner not keep"
		  " up (its log, the load); there, as root: qstat\n" },
		/* A bound is CRITICAL where the number itself would be. */
		{ "queue a role=out count=at-least messages=3001 oldest=1"
		  " late=0 quarantined=0 lost=0 reason=a$(b): not counted to"
		  " the end within 10s\n",
		  "MQUEUE CRITICAL - a at least 3001 messages, over 3000, not"
		  " all counted: a_(b): not counted to the end within 10s,"
		  " oldest 1s\n"
		  "a CRITICAL: at least 3001 messages, 0 older than 15m, oldest"
		  " 1s, 0 quarantined, 0 lost; mx1:99\n"
		  "  messages CRITICAL: at least 3001, which is over 3000\n"
		  "    -> what do they wait for; there, as root: qstat --by"
		  " status\n"
		  "  reading UNKNOWN: not all counted there: a_(b): not counted"
		  " to the end within 10s\n" },
		{ "queue a role=out count=unreadable\n"
		  "queue b role=out count=exact messages=1 oldest=0 late=0"
		  " quarantined=0 lost=0\n",
		  "MQUEUE UNKNOWN - a cannot be read: it does not say why;"
		  " b 1\n"
		  "a UNKNOWN: not counted; mx1:99\n"
		  "  reading UNKNOWN: cannot be read there: it does not say"
		  " why\n"
		  "b OK: 1 message, 0 older than 15m, oldest 0s, 0 quarantined,"
		  " 0 lost; mx1:99\n" },
		/* clang-format on */
	};
	struct mqueue_config c;
	size_t i;
	char *got;

	(void)state;
	set_up(&c);
	for (i = 0; i < ROWS(rows); i++) {
		got = judge(&c, rows[i].queues, 0);
		assert_string_equal(got, rows[i].want);
		free(got);
	}
	mqueue_config_free(&c);
}

/* What is held is older by now than the report says. */
static void
test_held(void **state)
{
	static const struct {
		const char *word;
		int64_t ago;
		const char *want;
	} rows[] = {
		{ "", 100, "MQUEUE OK - q 0 messages |" },
		{ "", 100000, "MQUEUE OK - q 0 messages |" },
		{ " oldest-held=86300", 100, "MQUEUE OK - q 0 messages |" },
		{ " oldest-held=86301", 100,
		    "MQUEUE WARNING - q oldest held 86401s, over 86400s, 0"
		    " messages |" },
	};
	struct buf queue = BUF_INIT;
	struct mqueue_config c;
	size_t i;
	char *got;

	(void)state;
	set_up(&c);
	c.stale = 200000;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&queue, 0);
		buf_addf(&queue,
		    "queue q role=out count=exact messages=0 oldest=0 late=0"
		    " quarantined=3 lost=0%s\n",
		    rows[i].word);
		got = judge(&c, buf_str(&queue), rows[i].ago);
		got[strlen(rows[i].want)] = '\0';
		unit_assert_text(got, rows[i].want, rows[i].word);
		free(got);
	}
	buf_free(&queue);
	mqueue_config_free(&c);
}

static const struct {
	const char *words;
	int64_t ago;
	const char *want;
} elapsed[] = {
	/* clang-format off */
	{ "messages=9 oldest=880 late=0", 0,
	  "OK: 9 messages, 0 older than 15m, oldest 14m," },
	{ "messages=9 oldest=880 late=0", 20,
	  "OK: 9 messages, 0 older than 15m, oldest 15m," },
	{ "messages=9 oldest=880 late=0", 21,
	  "WARNING: 9 messages, 1 to 9 older than 15m, oldest 15m," },
	{ "messages=9 oldest=880 late=0", 290,
	  "WARNING: 9 messages, 1 to 9 older than 15m, oldest 19m," },
	{ "messages=9 oldest=3500 late=4", 100,
	  "WARNING: 9 messages, 4 to 9 older than 15m, oldest 1h," },
	{ "messages=9 oldest=3500 late=4", 101,
	  "CRITICAL: 9 messages, 4 to 9 older than 15m, oldest 1h," },
	/* A report of a clock that is ahead is of now. */
	{ "messages=9 oldest=880 late=0", -60,
	  "OK: 9 messages, 0 older than 15m, oldest 14m," },
	/* A message that came in the same second. */
	{ "messages=1 oldest=0 late=0", 290,
	  "OK: 1 message, 0 older than 15m, oldest 4m," },
	/* Where there is none, or none with an age. */
	{ "messages=0 oldest=0 late=0", 290,
	  "OK: 0 messages, 0 older than 15m, 0 quarantined" },
	{ "messages=3 oldest=0 late=0 future=2 undated=1", 1000,
	  "WARNING: 3 messages, 0 older than 15m, 2 dated in the"
	  " future, 1 with an impossible date," },
	/* Both ends of an age that is open. */
	{ "messages=9 oldest=20 late=0 oldest-max=7200 late-max=3",
	  100, "OK: 9 messages, 0 to 9 older than 15m, oldest between"
	  " 2m and 2h1m," },
	/* What 0.1.0 makes of a date in 1976. */
	{ "messages=1 oldest=1603411200 late=1", 100,
	  "WARNING: 1 message, 0 older than 15m, 1 with an impossible"
	  " date," },
	{ "messages=2 oldest=1603411200 late=2", 0,
	  "WARNING: 2 messages, 0 to 1 older than 15m, oldest between"
	  " 0s and 1826d, 1 with an impossible date," },
	/* clang-format on */
};

/* Time has passed since the report was made. */
static void
test_elapsed(void **state)
{
	struct buf queues = BUF_INIT;
	struct mqueue_config c;
	char *got, *line;
	size_t i;

	(void)state;
	set_up(&c);
	c.stale = 3600;
	for (i = 0; i < ROWS(elapsed); i++) {
		buf_truncate(&queues, 0);
		buf_addf(&queues,
		    "queue q.in role=in count=exact %s quarantined=0 lost=0\n",
		    elapsed[i].words);
		got = judge(&c, buf_str(&queues), elapsed[i].ago);
		line = strstr(got, "\nq.in ");
		assert_non_null(line);
		if (strncmp(line + 6, elapsed[i].want,
			strlen(elapsed[i].want)) != 0)
			fail_msg("row %zu: %s", i, got);
		free(got);
	}
	buf_free(&queues);
	mqueue_config_free(&c);
}

static void
test_faults(void **state)
{
	static const char head[] = "mqreport 1\nhost h\ntime 1795200000\n",
			  tail[] =
			      "took 1\nqueue a role=in count=unreadable\nend\n";
	static const struct {
		const char *head, *tail;
		int64_t now;
		const char *why;
	} rows[] = {
		{ head, tail, NOW + 300, "" },
		{ head, tail, NOW + 301,
		    "mx1:99: report stale: it was made"
		    " 5m ago, which is over 5m" },
		{ head, tail, NOW - 7200,
		    "mx1:99: report from the future: it"
		    " was made in 2h; compare the clocks" },
		{ head, "", NOW, "mx1:99: report cut: its end is missing" },
		{ "", "", NOW,
		    "mx1:99: report refused: the connection was"
		    " closed without an answer; may this host connect there?" },
		{ "", "HTTP/1.0 400\r\n", NOW,
		    "mx1:99: report garbage: it"
		    " does not begin like a report of mqreport" },
		{ "mqreport 9\n", "", NOW,
		    "mx1:99: report too new: a newer"
		    " mqreport made it; update this program" },
		{ head, "error no `queue`|\nend\n", NOW,
		    "mx1:99: report failed: no _queue__" },
	};
	struct buf why = BUF_INIT;
	struct mqueue_config c;
	struct mqueue_remote r;
	char text[200];
	size_t i;

	(void)state;
	set_up(&c);
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&why, 0);
		snprintf(text, sizeof(text), "%s%s", rows[i].head,
		    rows[i].tail);
		assert_int_equal(mqueue_remote_take(&r, &c, text, strlen(text),
				     rows[i].now, &why),
		    *rows[i].why == '\0' ? 0 : -1);
		assert_string_equal(buf_str(&why), rows[i].why);
		mqueue_remote_free(&r);
	}
	buf_free(&why);
	mqueue_config_free(&c);
}

/* An older mqreport tells nothing of it, and then it is not judged. */
static void
test_stranded(void **state)
{
	struct mqueue_config c;
	char *got;

	(void)state;
	set_up(&c);
	got = judge(&c,
	    "queue q role=out count=exact messages=1 oldest=0 late=0"
	    " quarantined=0 lost=0 stranded=2\n",
	    0);
	assert_string_equal(strstr(got, "q_strand"),
	    "q_strand=2;0;;0\n"
	    "q WARNING: 1 message, 0 older than 15m, oldest 0s, 0 quarantined,"
	    " 0 lost, 2 stranded; mx1:99\n"
	    "  stranded WARNING: 2, which is over 0\n"
	    "    -> which they are: check_mqueue --list-queues there\n");
	free(got);
	mqueue_config_free(&c);
}

/* What its relays tell is in the advice. */
static void
test_relays(void **state)
{
	static const struct {
		const char *relays, *want;
	} rows[] = {
		{ "relays count=exact read=2000 total=2000\n"
		  "relay 192.0.2.66 messages=1601\n"
		  "relay 198.51.100.7 messages=9\n",
		    "192.0.2.66 has sent 1601 of 2000 messages that were read"
		    " there (80%); there, as root: qstat --messages"
		    " 192.0.2.66" },
		{ "relays count=exact read=1000 total=1000\n"
		  "relay 2001:db8::7 messages=301\n",
		    "2001:db8::7 has sent 301 of 1000 messages that were read"
		    " there (30%); there, as root: qstat --messages"
		    " 2001:db8::7" },
		{ "relays count=exact read=1000 total=1000\n"
		  "relay 192.0.2.66 messages=300\n",
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load); there, as root: qstat" },
		{ "relays count=exact read=0 total=0\n"
		  "relay 192.0.2.66 messages=0\n",
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load); there, as root: qstat" },
		{ "relays count=exact read=2000 total=2000\n",
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load); there, as root: qstat" },
		{ "relays count=exact read=0 total=0\n",
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load); there, as root: qstat" },
	};
	struct buf report = BUF_INIT;
	struct mqueue_config c;
	size_t i;
	char *got, *advice;

	(void)state;
	set_up(&c);
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&report, 0);
		buf_addf(&report,
		    "queue q.in role=in count=exact messages=2000 oldest=1"
		    " late=0 quarantined=0 lost=0\n%s",
		    rows[i].relays);
		got = judge(&c, buf_str(&report), 0);
		advice = strstr(got, "    -> ");
		assert_non_null(advice);
		advice[strcspn(advice, "\n")] = '\0';
		unit_assert_text(advice + 7, rows[i].want, rows[i].relays);
		free(got);
	}
	buf_free(&report);
	mqueue_config_free(&c);
}

static void
test_options(void **state)
{
	static const struct {
		const char *words[3];
		const char *why;
	} rows[] = {
		{ { "-H", "mx1:x", NULL },
		    "--hostname 'mx1:x': expected a"
		    " port from 1 to 65535 after the ':'" },
		{ { "--stale", "soon", NULL },
		    "--stale 'soon': expected a"
		    " duration like 90s, 15m, 2h or 1d" },
		{ { "-Hmx1", "--list-queues", NULL },
		    "-H takes the queues"
		    " from a report, so it doesn't go with -q, --root or"
		    " --list-queues" },
		{ { "-q/tmp", "-Hmx1", NULL },
		    "-H takes the queues from a"
		    " report, so it doesn't go with -q, --root or"
		    " --list-queues" },
	};
	char text[3][40], *argv[4] = { name, text[0], text[1], NULL };
	struct buf why = BUF_INIT;
	struct mqueue_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&why, 0);
		snprintf(text[0], sizeof(text[0]), "%s", rows[i].words[0]);
		snprintf(text[1], sizeof(text[1]), "%s", rows[i].words[1]);
		assert_int_equal(mqueue_config_parse(&c, 3, argv, NULL, &why),
		    -1);
		assert_string_equal(buf_str(&why), rows[i].why);
	}
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_elapsed),
		cmocka_unit_test(test_stranded),
		cmocka_unit_test(test_relays),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_options),
	};

	return UNIT_RUN(tests);
}
