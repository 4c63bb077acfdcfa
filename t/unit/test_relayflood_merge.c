/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_merge.c - relays summed over the reports of servers */
#include <stdlib.h>

#include "unit.h"
#include "words.h"

#include "plugins/check_relayflood/answer.h"
#include "report/read.h"

/* A report as the server would send it, but for what is in front. */
static void
add(struct relayflood_merge *m, size_t i, const char *relays)
{
	struct buf text = BUF_INIT;
	struct report r;
	const char *why;

	buf_adds(&text, "mqreport 1\ntime 1795200000\ntook 1 ms\n");
	if (strncmp(relays, "host ", 5) != 0)
		buf_addf(&text, "host mx%zu\n", i);
	buf_addf(&text,
	    "%squeue a role=in count=exact messages=500 oldest=1 late=0"
	    " quarantined=0 lost=0\nend\n",
	    relays);
	assert_int_equal(report_read(&r, text.data, text.len, &why),
	    REPORT_FINE);
	assert_int_equal(relayflood_merge_add(m, i, &r, NULL), 0);
	buf_free(&text);
}

/* The plugin's output; reports: NULL stands for a server that is down. */
static void
judge(const char *options, const char *const *reports, struct buf *out)
{
	struct render_options opt = { "RELAYFLOOD", 0 };
	struct relayflood_config c;
	struct buf why = BUF_INIT;
	struct relayflood_merge m;
	struct result *r;
	struct words w;
	size_t i;

	words_split(&w, "check_relayflood", options);
	assert_int_equal(relayflood_config_parse(&c, w.argc, w.argv, &why), 0);
	assert_int_equal(relayflood_merge_start(&m, &c), 0);
	for (i = 0; i < m.n; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core*): it has m.n. */
		if (reports[i] != NULL)
			add(&m, i, reports[i]);
		else
			assert_int_equal(relayflood_merge_add(&m, i, NULL,
					     strdup("mx9: Connection refused")),
			    0);
	relaysum_finish(&m.sum);
	r = relayflood_answer_merge(&c, &m);
	assert_non_null(r);
	assert_int_equal(render_nagios(r, &opt, out), 0);
	result_free(r);
	relayflood_merge_free(&m);
	relayflood_config_free(&c);
}

static void
expect(const char *options, const char *const *reports, const char *want)
{
	struct buf out = BUF_INIT;

	judge(options, reports, &out);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void
expect_start(const char *options, const char *const *reports, const char *want)
{
	struct buf out = BUF_INIT;

	judge(options, reports, &out);
	if (strncmp(buf_str(&out), want, strlen(want)) != 0)
		fail_msg("%s is not at the start of %s", want, buf_str(&out));
	buf_free(&out);
}

static void
expect_part(const char *options, const char *const *reports, const char *want)
{
	struct buf out = BUF_INIT;

	judge(options, reports, &out);
	if (strstr(buf_str(&out), want) == NULL)
		fail_msg("%s is not in %s", want, buf_str(&out));
	buf_free(&out);
}

#define EIGHTY                                    \
	"relays count=exact read=500 total=500\n" \
	"relay 192.0.2.66 messages=80\nrelay 192.0.2.10 messages=9\n"

/* 80 on each of six are 480. */
static void
test_sum(void **state)
{
	static const char *const reports[] = { EIGHTY, EIGHTY, EIGHTY, EIGHTY,
		EIGHTY, EIGHTY };

	(void)state;
	expect("--merge mx1 mx2 mx3 mx4 mx5 mx6:99 --top 1", reports,
	    "RELAYFLOOD WARNING - 192.0.2.66 480 of 3000 messages (16%) on 6"
	    " of 6 servers; 3000 messages on 6 servers |"
	    " messages=3000;;;0 relays=2;;;0 relays_over=1;;;0"
	    " top_count=480;300;900;0 top_share=16%;;;0 read=3000;;;0"
	    " sampled=100%;;;0 oldest_other=U;;;0\n"
	    "192.0.2.66 WARNING: 480 of 3000 messages (16%) on 6 of 6"
	    " servers\n"
	    "  -> a dry run of the removal, on each server: qflush"
	    " 192.0.2.66\n"
	    "messages OK: 3000 messages, 2 relays told; 6 of 6 servers\n"
	    "server mx1 OK: 500 messages\nserver mx2 OK: 500 messages\n"
	    "server mx3 OK: 500 messages\nserver mx4 OK: 500 messages\n"
	    "server mx5 OK: 500 messages\nserver mx6:99 OK: 500 messages\n");
}

static void
test_ignored(void **state)
{
	static const char *const reports[] = { EIGHTY, EIGHTY };

	(void)state;
	expect("--merge mx1 --merge mx2 --ignore 192.0.2.64/26", reports,
	    "RELAYFLOOD OK - largest 192.0.2.10 18 of 1000 messages (1.8%) on"
	    " 2 of 2 servers; 1000 messages on 2 servers |"
	    " messages=1000;;;0 relays=2;;;0 relays_over=0;;;0"
	    " top_count=18;100;300;0 top_share=1.8%;;;0 read=1000;;;0"
	    " sampled=100%;;;0 oldest_other=U;;;0\n"
	    "192.0.2.10 OK: 18 of 1000 messages (1.8%) on 2 of 2 servers\n"
	    "messages OK: 1000 messages, 2 relays told; 2 of 2 servers\n"
	    "server mx1 OK: 500 messages\nserver mx2 OK: 500 messages\n");
}

/* A server that is down makes it UNKNOWN, unless it is CRITICAL already. */
static void
test_down(void **state)
{
	static const char *const reports[] = { EIGHTY, EIGHTY, NULL };

	(void)state;
	expect("--merge mx1 mx2 mx3", reports,
	    "RELAYFLOOD UNKNOWN - 1 of 3 servers not counted: mx9: Connection"
	    " refused; 192.0.2.66 160 of at least 1000 messages (16%) on 2 of"
	    " 3 servers; at least 1000 messages on 2 servers\n"
	    "server mx3 UNKNOWN: mx9: Connection refused\n"
	    "192.0.2.66 WARNING: 160 of at least 1000 messages (16%) on 2 of"
	    " 3 servers\n"
	    "  -> a dry run of the removal, on each server: qflush"
	    " 192.0.2.66\n"
	    "192.0.2.10 OK: 18 of at least 1000 messages (1.8%) on 2 of 3"
	    " servers\n"
	    "messages OK: at least 1000 messages, 2 relays told; 2 of 3"
	    " servers\n"
	    "server mx1 OK: 500 messages\nserver mx2 OK: 500 messages\n");
	expect("--merge mx1 mx2 mx3 -c 150,10% --top 1", reports,
	    "RELAYFLOOD CRITICAL - 192.0.2.66 160 of at least 1000 messages"
	    " (16%) on 2 of 3 servers; 1 of 3 servers not counted: mx9:"
	    " Connection refused; at least 1000 messages on 2 servers\n"
	    "192.0.2.66 CRITICAL: 160 of at least 1000 messages (16%) on 2 of"
	    " 3 servers\n"
	    "  -> a dry run of the removal, on each server: qflush"
	    " 192.0.2.66\n"
	    "server mx3 UNKNOWN: mx9: Connection refused\n"
	    "messages OK: at least 1000 messages, 2 relays told; 2 of 3"
	    " servers\n"
	    "server mx1 OK: 500 messages\nserver mx2 OK: 500 messages\n");
}

/* A report without relays, and one that is a sample. */
static void
test_other_reports(void **state)
{
	static const char *const silent[] = { "" };
	static const char *const sampled[] = {
		"relays count=at-least read=1000 total=10000 complete=yes\n"
		"relay 192.0.2.66 messages=110\n"
	};

	(void)state;
	expect("--merge mx1", silent,
	    "RELAYFLOOD UNKNOWN - 1 of 1 server not counted: mx1: its report"
	    " tells no relays: run mqreport --relays 50 there\n"
	    "server mx1 UNKNOWN: mx1: its report tells no relays: run"
	    " mqreport --relays 50 there\n"
	    "messages OK: at least 0 messages, 0 relays told; 0 of 1"
	    " server\n");
	/* A warning limit above the default of the other. */
	expect("--merge mx1 -w 5000,40%", sampled,
	    "RELAYFLOOD OK - largest 192.0.2.66 about 1100 of 10000 messages"
	    " (11%) on 1 of 1 server; 10000 messages on 1 server"
	    " | messages=10000;;;0 relays=1;;;0 relays_over=0;;;0"
	    " top_count=1100;5000;3000;0 top_share=11%;;;0 read=1000;;;0"
	    " sampled=10%;;;0 oldest_other=U;;;0\n"
	    "192.0.2.66 OK: about 1100 of 10000 messages (11%) on 1 of 1"
	    " server\n"
	    "messages OK: 10000 messages, 1 relay told; 1 of 1 server;"
	    " sampled 1000 of 10000\n"
	    "server mx1 OK: 10000 messages\n"
	    "limits OK: the warning limit 5000,40% is of no use beside the"
	    " critical limit 300,30%; give both\n");
	expect("--merge mx1", sampled,
	    "RELAYFLOOD OK - largest 192.0.2.66 about 1100 of 10000 messages"
	    " (11%) on 1 of 1 server, between 929 and 1298, limit 1000; 10000"
	    " messages on 1 server | messages=10000;;;0 relays=1;;;0"
	    " relays_over=0;;;0 top_count=1100;1000;3000;0 top_share=11%;;;0"
	    " read=1000;;;0 sampled=10%;;;0 oldest_other=U;;;0\n"
	    "192.0.2.66 OK: about 1100 of 10000 messages (11%) on 1 of 1"
	    " server, between 929 and 1298, limit 1000\n"
	    "messages OK: 10000 messages, 1 relay told; 1 of 1 server;"
	    " sampled 1000 of 10000\n"
	    "server mx1 OK: 10000 messages\n");
}

/* Sampled is one thing, and incomplete is another. */
static void
test_bound(void **state)
{
	static const struct {
		const char *words, *want; /* NULL: read and total are all */
	} rows[] = {
		/* clang-format off */
		{ "exact read=500 total=500", NULL },
		{ "exact read=500 total=500 complete=yes", NULL },
		{ "at-least read=500 total=500 complete=yes", NULL },
		{ "at-least read=500 total=500 complete=no",
		  ": not all of its queues could be read, run mqreport there" },
		/* 0.1.0 does not tell. */
		{ "at-least read=500 total=500",
		  ": its report does not tell whether that is all, update"
		  " mqreport there" },
		/* clang-format on */
	};
	const char *report;
	struct buf text = BUF_INIT, want = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&text, 0);
		buf_truncate(&want, 0);
		buf_addf(&text,
		    "relays count=%s\nrelay 192.0.2.66 messages=9\n",
		    rows[i].words);
		report = buf_str(&text);
		if (rows[i].want == NULL)
			buf_adds(&want,
			    "RELAYFLOOD OK - largest 192.0.2.66 9 of 500"
			    " messages (1.8%) on 1 of 1 server; 500 messages"
			    " on 1 server | messages=500;;;0 relays=1;;;0"
			    " relays_over=0;;;0 top_count=9;100;300;0"
			    " top_share=1.8%;;;0 read=500;;;0"
			    " sampled=100%;;;0 oldest_other=U;;;0\n"
			    "192.0.2.66 OK: 9 of 500 messages (1.8%) on 1 of"
			    " 1 server\n"
			    "messages OK: 500 messages, 1 relay told; 1 of 1"
			    " server\n"
			    "server mx1 OK: 500 messages\n");
		else
			buf_addf(&want,
			    "RELAYFLOOD UNKNOWN - at least 500 messages on 1"
			    " server, not all of them counted; largest"
			    " 192.0.2.66 9 of at least 500 messages (1.8%%)"
			    " on 1 of 1 server\n"
			    "messages UNKNOWN: at least 500 messages, 1 relay"
			    " told; 1 of 1 server\n"
			    "server mx1 UNKNOWN: at least 500 messages%s\n"
			    "192.0.2.66 OK: 9 of at least 500 messages (1.8%%)"
			    " on 1 of 1 server\n",
			    rows[i].want);
		expect("--merge mx1", &report, buf_str(&want));
	}
	buf_free(&text);
	buf_free(&want);
}

/* A sample of a part: the bound stays one, however little was read. */
static void
test_sampled_bound(void **state)
{
	static const struct {
		const char *report, *start;
	} rows[] = {
		/* clang-format off */
		{ "relays count=at-least read=4096 total=300000 complete=yes\n"
		  "relay 192.0.2.66 messages=40\n", "RELAYFLOOD OK - " },
		{ "relays count=at-least read=4096 total=300000 complete=no\n"
		  "relay 192.0.2.66 messages=40\n", "RELAYFLOOD UNKNOWN - " },
		{ "relays count=at-least read=4096 total=300000\n"
		  "relay 192.0.2.66 messages=40\n", "RELAYFLOOD UNKNOWN - " },
		/* What is known is enough of an alarm. */
		{ "relays count=at-least read=4096 total=300000 complete=no\n"
		  "relay 192.0.2.66 messages=2000\n",
		  "RELAYFLOOD CRITICAL - " },
		{ "relays count=at-least read=4096 total=300000\n"
		  "relay 192.0.2.66 messages=2000\n",
		  "RELAYFLOOD CRITICAL - " },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect_start("--merge mx1", &rows[i].report, rows[i].start);
}

#define SERVER(host, machine) "host " host "\n" machine EIGHTY
#define M1                    "machine 11111111111111111111111111111111\n"
#define M2                    "machine 22222222222222222222222222222222\n"

/* One server that has two names counts once, and that is said. */
static void
test_same(void **state)
{
	static const struct {
		const char *report[2], *total, *says; /* NULL: nothing */
	} rows[] = {
		/* clang-format off */
		{ { SERVER("a", M1), SERVER("a", M1) },
		  "500 messages on 1 server",
		  "mx2 is the same server as mx1 and counts once" },
		{ { SERVER("a", M1), SERVER("a", M2) },
		  "1000 messages on 2 servers", NULL },
		{ { SERVER("a", M1), SERVER("b", M1) },
		  "1000 messages on 2 servers", NULL },
		{ { SERVER("a", ""), SERVER("a", M2) },
		  "at least 500 messages on 1 server, not all of them counted",
		  "mx2 has the host name of mx1 and its queues, and is not"
		  " counted: name one" },
		{ { SERVER("a", ""), SERVER("a", "") },
		  "at least 500 messages on 1 server, not all of them counted",
		  "mx2 has the host name of mx1 and its queues, and is not"
		  " counted: name one" },
		/* Its relays are told by one of the two. */
		{ { SERVER("a", M1), "host a\n" M1 },
		  "500 messages on 1 server",
		  "mx2 is the same server as mx1 and counts once" },
		{ { SERVER("a", M1), SERVER("a", M1
		    "queue b role=in count=unreadable\n") },
		  "at least 500 messages on 1 server, not all of them counted",
		  "mx2 is the same server as mx1 and some of its queues: it is"
		  " not counted, name one of them only" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		expect_part("--merge mx1 mx2", rows[i].report, rows[i].total);
		if (rows[i].says != NULL)
			expect_part("--merge mx1 mx2", rows[i].report,
			    rows[i].says);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_other_reports),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_sampled_bound),
		cmocka_unit_test(test_same),
	};

	return UNIT_RUN(tests);
}
