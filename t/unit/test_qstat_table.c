/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_table.c - a census in, the answer for people out */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "counted.h"
#include "tools/qstat/head.h"
#include "tools/qstat/notes.h"
#include "tools/qstat/table.h"

/* The whole answer. */
static void
add_all(struct buf *b, const struct qstat_view *v)
{
	qstat_head_add(b, v);
	qstat_table_add(b, v);
	qstat_notes_add(b, v);
}

/* 1000 messages: a flooder, two others, and those that no relay sent. */
static void
flood(struct counted *k, const char *words)
{
	struct envelope e = counted_message("127.0.0.1", 600);

	counted_start(k, words);
	counted_add(k, "192.0.2.66", "mail.bad.example", 900, 420, 3, 50);
	counted_add(k, "198.51.100.7", "cpe-7.isp.example", 60, 3540, 10, 3);
	counted_add(k, "2001:db8::10", "", 1, 90, 90, 1);
	e.relay.class = RELAY_LOOPBACK;
	counted_add_like(k, &e, 30);
	e.relay.class = RELAY_BOUNCE;
	counted_add_like(k, &e, 9);
}

static void
test_flood(void **state)
{
	struct counted k;

	(void)state;
	flood(&k, "");
	k.census.survey.queue[1].queued = 40;
	k.census.survey.queue[1].held = 3;
	k.census.survey.queue[0].lost = 1;
	counted_done(&k);
	k.census.survey.queue[0].queued -= 40;
	counted_expect(&k, add_all,
	    "192.0.2.66 (mail.bad.example) holds 900 of 1000 messages (90%),"
	    " since 10:08,\n  129/min\n"
	    "mqueue.in 960, mqueue 40: 1000 messages, oldest 59m\n"
	    "     relay        msgs share oldest newest /min senders rcpts"
	    "  host\n"
	    "!! 1 192.0.2.66    900   90%     7m     3s  129      50  1800"
	    "  mail.bad.example\n"
	    "   2 198.51.100.7   60    6%    59m    10s    1       3   120"
	    "  cpe-7.isp.example\n"
	    "   3 2001:db8::10    1   <1%     1m     1m    1       1     2\n"
	    "\n"
	    "apart from these msgs share oldest\n"
	    "loopback           30    3%    10m  by SMTP from this machine"
	    " (a filter)\n"
	    "bounce              9    1%    10m  made by this server\n"
	    "\n"
	    "!! a flood: over 300 messages (check_relayflood: CRITICAL)\n"
	    "not counted: 1 lost (the mail log says why: Losing) in"
	    " mqueue.in; as root:\n"
	    "  /usr/sbin/sendmail -bp -qL -OQueueDirectory=/no/mqueue.in\n"
	    "not counted: 3 quarantined in mqueue; as root:\n"
	    "  /usr/sbin/sendmail -bp -qQ -OQueueDirectory=/no/mqueue\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages 192.0.2.66\n"
	    "a dry run of their removal:\n"
	    "  qflush 192.0.2.66\n");
	counted_end(&k);
}

/* 26 domains of the same 100 messages: what is not shown is 100 of them. */
static void
overlap(struct counted *k, const char *words, unsigned int more)
{
	struct envelope e = counted_message("192.0.2.66", 60);
	unsigned int i, n;
	char text[26][40];

	counted_start(k, words);
	for (i = 0; i < 100 + more; i++) {
		for (n = 0; n < 26; n++) {
			snprintf(text[n], sizeof(text[n]), "a@%c%s.example",
			    'a' + (int)n, i < 100 ? "" : "-new");
			tally_recipient(&k->census.tally,
			    counted_span(text[n]));
		}
		counted_add_like(k, &e, 1);
	}
	counted_done(k);
}

static void
test_overlapping(void **state)
{
	struct counted k;

	(void)state;
	overlap(&k, "--by recipient-domain -n 1", 0);
	counted_expect(&k, qstat_table_add,
	    "   recipient-domain msgs share oldest newest /min senders rcpts\n"
	    "1  a.example         100  100%     1m     1m  100       1   200\n"
	    "   25 others         100  100%     1m\n");
	counted_end(&k);
	/* Between 100 and 110. */
	overlap(&k, "--by recipient-domain -n 1", 10);
	counted_expect(&k, qstat_table_add,
	    "   recipient-domain  msgs share oldest newest /min senders rcpts\n"
	    "1  a.example          100   91%     1m     1m  100       1   200\n"
	    "   51 others        <=110  100%     1m\n");
	assert_float_equal(k.v.others.low, 100, 0);
	counted_end(&k);
	/* One group is as large as it is. */
	overlap(&k, "--by recipient-domain -n 51", 10);
	assert_false(k.v.others_at_most);
	assert_float_equal(k.v.others.value, 10, 0);
	counted_end(&k);
	/* What does not overlap has a sum. */
	counted_start(&k, "-n 1");
	counted_add(&k, "192.0.2.1", "", 9, 60, 50, 1);
	counted_add(&k, "192.0.2.2", "", 4, 60, 50, 1);
	counted_add(&k, "192.0.2.3", "", 3, 60, 50, 1);
	counted_done(&k);
	assert_float_equal(k.v.others.low, 7, 0);
	counted_end(&k);
}

/* A name that is not that of the address is not to be believed. */
static void
test_forged(void **state)
{
	struct envelope e = counted_message("192.0.2.66", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "");
	e.relay.host = counted_span("localhost");
	e.relay.forged = true;
	counted_add_like(&k, &e, 2);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "no flood: the largest relay,"
	    " 192.0.2.66 (localhost?), holds 2 of 2 messages\n"
	    "  (100%)\n"
	    "mqueue.in 2, mqueue 0: 2 messages, oldest 1m\n");
	counted_expect(&k, qstat_table_add,
	    "  relay      msgs share oldest newest /min senders rcpts"
	    "  host\n"
	    "1 192.0.2.66    2  100%     1m     1m    2       1     4"
	    "  localhost?\n");
	counted_end(&k);
}

/* Nobody over the limit; an order, a minimum, and the rest. */
static void
test_calm(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		/* clang-format off */
		{ "", "1 192.0.2.1   90   47%     3h     1h  0.8       9"
		  "   180  a.example\n"
		  "2 192.0.2.2   70   37%    10m     5m   14       7   140\n"
		  "3 192.0.2.3   30   16%     1d    23h  0.5       3    60\n" },
		{ "--sort rate -n 1",
		  "1 192.0.2.2   70   37%    10m     5m   14       7   140\n"
		  "  2 others   120   63%     1d\n" },
		{ "--sort oldest -n 2",
		  "1 192.0.2.3   30   16%     1d    23h  0.5       3    60\n"
		  "2 192.0.2.1   90   47%     3h     1h  0.8       9"
		  "   180  a.example\n"
		  "  1 other     70   37%    10m\n" },
		{ "--min 71", "1 192.0.2.1   90   47%     3h     1h  0.8"
		  "       9   180  a.example\n"
		  "  2 others   100   53%     1d\n" },
		{ "-n 0 --min 91", "3 others  190  100%     1d\n" },
		/* clang-format on */
	};
	struct buf got = BUF_INIT;
	const char *body;
	struct counted k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		counted_start(&k, rows[i].words);
		counted_add(&k, "192.0.2.2", "", 70, 600, 300, 7);
		counted_add(&k, "192.0.2.1", "a.example", 90, 10800, 3600, 9);
		counted_add(&k, "192.0.2.3", "", 30, 86400, 82800, 3);
		counted_done(&k);
		qstat_table_add(&got, &k.v);
		body = strchr(buf_str(&got), '\n');
		assert_non_null(body);
		assert_string_equal(body + 1, rows[i].want);
		buf_truncate(&got, 0);
		qstat_head_add(&got, &k.v);
		assert_string_equal(buf_str(&got),
		    "no flood: the largest"
		    " relay, 192.0.2.1 (a.example), holds 90 of 190 messages"
		    "\n  (47%)\nmqueue.in 190, mqueue 0: 190 messages, oldest"
		    " 1d\n");
		buf_free(&got);
		counted_end(&k);
	}
}

/* A time that is not known is not old; several floods are all told. */
static void
test_several(void **state)
{
	struct envelope e = counted_message("192.0.2.9", 0);
	struct counted k;

	(void)state;
	counted_start(&k, "--sort oldest");
	e.arrival = -1;
	counted_add_like(&k, &e, 101);
	counted_add(&k, "192.0.2.1", "", 200, 60, 60, 1);
	counted_add(&k, "192.0.2.2", "", 300, 90, 90, 1);
	counted_done(&k);
	counted_expect(&k, qstat_table_add,
	    "    relay     msgs share oldest newest /min senders rcpts\n"
	    "! 1 192.0.2.2  300   50%     1m     1m  300       1   600\n"
	    "! 2 192.0.2.1  200   33%     1m     1m  200       1   400\n"
	    "! 3 192.0.2.9  101   17%      -      -    -       1   202\n");
	counted_expect(&k, qstat_head_add,
	    "192.0.2.2 holds 300 of 601 messages (50%), since 10:13, 300/min;"
	    " 2 more are over\n"
	    "  the limit\n"
	    "mqueue.in 601, mqueue 0: 601 messages, oldest 1m\n");
	counted_end(&k);

	/* It is over. */
	counted_start(&k, "");
	counted_add(&k, "192.0.2.1", "", 300, 960, 1920, 1);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "192.0.2.1 holds 300 of 300 messages (100%), from 09:43 to 09:59,"
	    " 19/min\n"
	    "mqueue.in 300, mqueue 0: 300 messages, oldest 32m\n");
	counted_end(&k);
}

/* An estimate of the senders is not more than there are messages. */
static void
test_senders(void **state)
{
	struct counted k;
	unsigned int n;

	(void)state;
	for (n = 60; n < 160; n++) {
		counted_start(&k, "");
		counted_add(&k, "192.0.2.1", "", n, 60, 60, n);
		counted_done(&k);
		assert_in_range(k.v.row[0].senders, n / 2, n);
		assert_int_equal(k.v.row[0].senders_exact, n <= DISTINCT_MAX);
		counted_end(&k);
	}
}

/* Exactly at the limits of the default rule: 100 or 10%, 300 or 30%. */
static void
test_marks(void **state)
{
	static const struct {
		unsigned int n, rest;
		const char *mark;
		size_t floods;
	} rows[] = {
		{ 100, 0, "", 0 },
		{ 101, 0, "!", 1 },
		{ 300, 0, "!", 1 },
		{ 301, 0, "!!", 1 },
		{ 100, 900, "", 0 },
		{ 101, 899, "!", 1 },
		{ 101, 909, "", 0 },
		{ 102, 908, "!", 1 },
		{ 301, 703, "!", 1 },
		{ 302, 703, "!!", 1 },
	};
	struct envelope e = counted_message("127.0.0.1", 60);
	struct counted k;
	size_t i;

	(void)state;
	e.relay.class = RELAY_LOCAL;
	for (i = 0; i < ROWS(rows); i++) {
		counted_start(&k, "");
		counted_add(&k, "192.0.2.1", "", rows[i].n, 600, 0, 1);
		counted_add_like(&k, &e, rows[i].rest);
		counted_done(&k);
		assert_string_equal(qstat_table_mark(k.v.row[0].flood),
		    rows[i].mark);
		assert_int_equal(k.v.nfloods, rows[i].floods);
		counted_end(&k);
	}
}

static void
test_nothing(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "");
	counted_done(&k);
	counted_expect(&k, add_all,
	    "no messages\n"
	    "mqueue.in 0, mqueue 0: 0 messages\n");
	counted_end(&k);
	/* Nothing but what no relay sent. */
	e.relay.class = RELAY_INCOMPLETE;
	counted_start(&k, "");
	counted_add_like(&k, &e, 1);
	counted_done(&k);
	counted_expect(&k, add_all,
	    "no message is known to come from another host: 1 incomplete;"
	    " --by sender tells\n  whose mail it is\n"
	    "mqueue.in 1, mqueue 0: 1 message, oldest 1m\n"
	    "\n"
	    "apart from these msgs share oldest\n"
	    "incomplete          1  100%     1m  still being written, or cut"
	    " off\n"
	    "\n"
	    "whose mail it is:\n"
	    "  qstat --by sender\n");
	counted_end(&k);
}

/* What was not read is not nothing. */
static void
test_partial(void **state)
{
	struct survey_result *s;
	struct counted k;

	(void)state;
	counted_start(&k, "");
	s = &k.census.survey;
	s->failed = s->queue[0].failed = s->queue[1].failed = 1;
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "nothing could be read\n"
	    "mqueue.in not read, mqueue not read\n");
	counted_end(&k);

	counted_start(&k, "");
	s = &k.census.survey;
	s->failed = s->queue[1].failed = 1;
	s->unreadable = 8;
	counted_add(&k, "192.0.2.1", "", 92, 60, 30, 1);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "no flood among the 92 messages"
	    " that could be read: the largest relay, 192.0.2.1,\n"
	    "  holds 92 of 100 messages (92%)\n"
	    "mqueue.in 100, mqueue not read: at least 100 messages, oldest"
	    " 1m\n");
	counted_end(&k);
}

/* A part was read: the numbers are those of all, and doubt is told. */
static void
test_sampled(void **state)
{
	struct counted k;

	(void)state;
	counted_start(&k, "");
	counted_add(&k, "192.0.2.66", "", 880, 600, 0, 10);
	counted_add(&k, "198.51.100.7", "", 105, 600, 0, 1);
	counted_add(&k, "198.51.100.8", "", 15, 600, 0, 1);
	counted_sampled(&k, 50000);
	counted_expect(&k, add_all,
	    "192.0.2.66 holds about 44000 (42931 to 44927) of 50000 messages"
	    " (88%), since\n"
	    "  10:05, 4400/min\n"
	    "mqueue.in 50000, mqueue 0: 50000 messages, oldest seen 10m\n"
	    "sampled 1000 of 50000: numbers are estimates for all of them\n"
	    "     relay         msgs   95% range share oldest newest /min"
	    " senders rcpts\n"
	    "!! 1 192.0.2.66   44000 42931-44927   88%    10m     0s 4400"
	    "     10+ 88000\n"
	    "?  2 198.51.100.7  5250   4382-6266   11%    10m     0s  525"
	    "      1+ 10500\n"
	    "   3 198.51.100.8   750    457-1225    2%    10m     0s   75"
	    "      1+  1500\n"
	    "\n"
	    "!! a flood: over 15000 messages (check_relayflood: CRITICAL)\n"
	    "?  maybe over 5000 messages: the sample is too small to tell\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages 192.0.2.66\n"
	    "a dry run of their removal:\n"
	    "  qflush 192.0.2.66\n");
	counted_end(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_overlapping),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_sampled),
	};

	return UNIT_RUN(tests);
}
