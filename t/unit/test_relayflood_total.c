/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_total.c - samples, and what could not be read */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "flooded.h"
#include "mta/sendmail/sendmail.h"

/*
 * A sample is scaled; a state is claimed where it is proven.  Wilson's interval
 * of 100 in 1000, n = 1000 * 99999 / 99000, is 8.298% to 12.005%.
 */
static void
test_sampled(void **state)
{
	static const struct {
		unsigned int relay, rest;
		uint64_t total;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ 900, 100, 500000, "RELAYFLOOD CRITICAL - 192.0.2.66 about"
		  " 450000 of 500000 messages (90%), since 19:16, 501/min, at"
		  " least 61 senders; oldest other 1h39m; sampled 1000 of"
		  " 500000" },
		{ 100, 900, 100000, "RELAYFLOOD OK - 100000 messages,"
		  " 901 relays, largest 192.0.2.66 about 10000 (10%), between"
		  " 8298 and 12005, limit 10000, oldest 1h39m; sampled 1000 of"
		  " 100000" },
		/* The warning is certain, the critical state is not. */
		{ 300, 700, 100000, "RELAYFLOOD WARNING - 192.0.2.66 about"
		  " 30000 of 100000 messages (30%), between 27254 and 32898,"
		  " critical limit 30000, since 05:16, 100/min, at least 61"
		  " senders; oldest other 0s; sampled 1000 of 100000" },
		/* All of the interval is over the limit: that is no proof. */
		{ 122, 878, 100000, "RELAYFLOOD OK - 100000 messages,"
		  " 879 relays, largest 192.0.2.66 about 12200 (12%), between"
		  " 10323 and 14363, limit 10000 (may be chance), oldest"
		  " 2h1m; sampled 1000 of 100000" },
		/* No doubt about what is far from any limit. */
		{ 20, 980, 100000, "RELAYFLOOD OK - 100000 messages,"
		  " 981 relays, largest 192.0.2.66 about 2000 (2%), limit"
		  " 10000, oldest 19m; sampled 1000 of 100000" },
		/* clang-format on */
	};
	char address[24], *got;
	struct flooded f;
	unsigned int n;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, "");
		flooded_add(&f, "192.0.2.66", "", rows[i].relay, 0);
		if (rows[i].rest == 100)
			flooded_add(&f, "192.0.2.67", "", 100, 0);
		for (n = 0; rows[i].rest != 100 && n < rows[i].rest; n++) {
			snprintf(address, sizeof(address), "10.0.%u.%u",
			    n / 250, n % 250);
			flooded_add(&f, address, "", 1, 0);
		}
		flooded_sampled(&f, rows[i].total);
		got = flooded_text(&f);
		assert_string_equal(got, rows[i].want);
		free(got);
		flooded_end(&f);
	}
}

/* Messages whose date can't be true count, and have no age, onset or rate. */
static void
test_dates(void **state)
{
	struct envelope e = flooded_message("192.0.2.66", 0);
	struct flooded f;

	(void)state;
	e.arrival = -1;
	e.dated = DATED_FUTURE;
	flooded_start(&f, "");
	flooded_add_like(&f, &e, 300);
	flooded_done(&f);
	flooded_expect_text(&f,
	    "RELAYFLOOD WARNING - 192.0.2.66 300 of 300 messages (100%),"
	    " 1 sender; no other mail; 300 dated in the future");
	flooded_start(&f, "--growth");
	flooded_add_like(&f, &e, 300);
	e = flooded_message("192.0.2.67", 0);
	e.arrival = -1;
	e.dated = DATED_NEVER;
	flooded_add_like(&f, &e, 2);
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD WARNING - 192.0.2.66 300 of 302 messages (99.3%),"
	    " 1 sender; age of other mail not known; 300 dated in the future,"
	    " 2 with an impossible date | messages=302;;;0 relays=2;;;0"
	    " relays_over=1;;;0 top_count=300;100;300;0 top_share=99.3%;;;0"
	    " read=302;;;0 sampled=100%;;;0 oldest_other=U;;;0\n"
	    "192.0.2.66 WARNING: 300 messages (99.3%), over 100, 1 sender\n"
	    "  -> a dry run of the removal: qflush 192.0.2.66\n"
	    "  growth OK: the times of arrival are not known\n"
	    "192.0.2.67 OK: 2 messages (0.7%), 1 sender\n"
	    "dates OK: 300 dated in the future, 2 with an impossible date;"
	    " they are counted, but in no age, onset or rate\n"
	    "  -> was the clock wrong when they came: compare it with a time"
	    " server; they keep that date, by which the mail server gives them"
	    " up too soon or never\n"
	    "messages OK: 302 messages, 2 relays; mqueue.in\n");
}

static void
test_sample_details(void **state)
{
	struct flooded f;

	(void)state;
	flooded_start(&f, "-v --growth");
	flooded_add(&f, "192.0.2.66", "", 90, 0);
	flooded_add(&f, "192.0.2.67", "", 10, 0);
	f.m.census.survey.vanished = 3;
	f.m.census.survey.moved = 4;
	flooded_sampled(&f, 1000);
	flooded_expect(&f,
	    "RELAYFLOOD CRITICAL - 192.0.2.66 about 900 of 1000"
	    " messages (90%), since 08:46, 10/min, at least 61 senders; oldest"
	    " other 9m; sampled 100 of 1000 | messages=1000;;;0 relays=2;;;0"
	    " relays_over=1;;;0 top_count=900;100;300;0 top_share=90%;;;0"
	    " read=100;;;0 sampled=10%;;;0 oldest_other=540s;;;0\n"
	    "192.0.2.66 CRITICAL: about 900 messages (90%), over 300, at least"
	    " 61 senders, oldest 1h29m, newest 0s\n"
	    "  -> a dry run of the removal: qflush 192.0.2.66\n"
	    "  growth OK: onset 08:46:00 (1h29m ago), since then 900 that are"
	    " still queued, 10.1 a minute, latest 0s ago\n"
	    "192.0.2.67 OK: about 100 messages (10%), between 56 and 170,"
	    " limit 100, at least 10 senders, oldest 9m, newest 0s\n"
	    "messages OK: 1000 messages, 2 relays; mqueue.in; sampled 100 of"
	    " 1000\n"
	    "thresholds OK: warning 100,10%: over 100; critical 300,30%: over"
	    " 300\n"
	    "reading OK: 100 read, 3 vanished meanwhile, 4 moved to another"
	    " queue, 0 unreadable\n");
}

/* The first directory of the first queue fails. */
static void
make_fail(struct flooded *f, const char *name, int error)
{
	struct survey_result *s = &f->m.census.survey;

	if (*name == '\0')
		s->failed = 1;
	else
		s->unreadable = 2;
	s->failed_dir = &f->queues.v[0].dirs[0];
	snprintf(s->failed_name, sizeof(s->failed_name), "%s", name);
	s->error = error;
	s->total += s->unreadable;
	flooded_done(f);
}

/* What can't be read is UNKNOWN, never an empty queue. */
static void
test_unreadable(void **state)
{
	static const char *const more[] = { "/no/a", "/no/b" };
	struct flooded f;

	(void)state;
	flooded_start(&f, "");
	f.m.remedy = strdup("join the group");
	make_fail(&f, "", EACCES);
	flooded_expect(&f,
	    "RELAYFLOOD UNKNOWN - mqueue.in cannot be read: Permission denied\n"
	    "reading UNKNOWN: mqueue.in cannot be read: /no/mqueue.in:"
	    " Permission denied\n"
	    "  -> join the group\n"
	    "messages OK: at least 0 messages, 0 relays; mqueue.in\n");

	/* One of several directories. */
	flooded_start(&f, "");
	assert_int_equal(queue_list_add(&f.queues, &sendmail_mta, "two",
			     QUEUE_IN, "a test", more, 2),
	    0);
	free(f.m.census.survey.queue);
	f.m.census.survey.queue = calloc(2, sizeof(struct survey_queue));
	flooded_add(&f, "192.0.2.66", "", 200, 0);
	make_fail(&f, "", ESTALE);
	flooded_expect(&f,
	    "RELAYFLOOD UNKNOWN - 1 of 3 directories cannot be read:"
	    " Stale file handle; 192.0.2.66 200 of at least 200 messages"
	    " (100%), since 06:56, 1/min, 61 senders; no other mail\n"
	    "reading UNKNOWN: 1 of 3 directories cannot be read:"
	    " /no/mqueue.in: Stale file handle\n"
	    "192.0.2.66 WARNING: 200 messages (100%), over 100, 61 senders,"
	    " oldest 3h19m, newest 0s\n"
	    "  -> a dry run of the removal: qflush 192.0.2.66\n"
	    "messages OK: at least 200 messages, 1 relay; mqueue.in 200, two"
	    " 0\n");

	/* What was read is critical all the same. */
	flooded_start(&f, "");
	flooded_add(&f, "192.0.2.66", "", 301, 0);
	make_fail(&f, "qf6AMAF0aA004101", EACCES);
	flooded_expect(&f,
	    "RELAYFLOOD CRITICAL - 192.0.2.66 301 of 303 messages"
	    " (99.3%), since 05:15, 1/min, 61 senders; 2 of 303 control files"
	    " cannot be read: Permission denied; no other mail |"
	    " messages=303;;;0 relays=1;;;0 relays_over=1;;;0"
	    " top_count=301;100;300;0 top_share=99.3%;;;0 read=301;;;0"
	    " sampled=99.3%;;;0 oldest_other=0s;;;0\n"
	    "192.0.2.66 CRITICAL: 301 messages (99.3%), over 300, 61 senders,"
	    " oldest 5h, newest 0s\n"
	    "  -> a dry run of the removal: qflush 192.0.2.66\n"
	    "reading UNKNOWN: 2 of 303 control files cannot be read:"
	    " /no/mqueue.in, qf6AMAF0aA004101: Permission denied\n"
	    "messages OK: 303 messages, 1 relay; mqueue.in\n");

	/* None of the files. */
	flooded_start(&f, "");
	make_fail(&f, "qf6AMAF0aA004101", EACCES);
	flooded_expect_text(&f,
	    "RELAYFLOOD UNKNOWN - 2 of 2 control files cannot be read:"
	    " Permission denied");
}

/* Those of a sample are few of all files. */
static void
test_unreadable_sample(void **state)
{
	struct flooded f;
	char *got;

	(void)state;
	flooded_start(&f, "");
	flooded_add(&f, "192.0.2.66", "", 8, 0);
	make_fail(&f, "qf6AMAF0aA004101", EACCES);
	f.m.census.survey.total = 5000;
	f.m.census.survey.sampled = true;
	got = flooded_text(&f);
	assert_non_null(strstr(got, "2 of 10 control files cannot be read:"));
	free(got);
	flooded_end(&f);
}

/* Not all names, or none of the files, within the time. */
static void
test_late(void **state)
{
	static const struct {
		const char *words;
		unsigned int relay;
		uint64_t unread;
		bool cut_short;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ "", 10, 90, true, "UNKNOWN - not all names were listed"
		  " within 10s; at least 100 messages, 1 relay, largest"
		  " 192.0.2.66 about 100 (100%), limit 100, oldest 9m; sampled"
		  " 10 of at least 100" },
		{ "-t 5:WARNING", 10, 0, true, "WARNING - not all names were"
		  " listed within 5s; at least 10 messages, 1 relay, largest"
		  " 192.0.2.66 10 (100%), limit 100, oldest 9m; sampled 10 of"
		  " at least 10" },
		{ "-t 5:OK", 10, 0, true, "OK - not all names were listed"
		  " within 5s; at least 10 messages, 1 relay, largest"
		  " 192.0.2.66 10 (100%), limit 100, oldest 9m; sampled 10 of"
		  " at least 10" },
		{ "", 301, 0, true, "CRITICAL - 192.0.2.66 301 of at least 301"
		  " messages (100%), since 05:15, 1/min, at least 61 senders;"
		  " not all names were listed within 10s; no other mail;"
		  " sampled 301 of at least 301" },
		/* Nothing was read: never fine. */
		{ "-t 5:OK", 0, 400, false, "UNKNOWN - none of 400 messages"
		  " was read within 5s" },
		{ "-t 5:CRITICAL", 0, 400, true, "CRITICAL - none of at least"
		  " 400 messages was read within 5s" },
		/* clang-format on */
	};
	struct flooded f;
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, rows[i].words);
		flooded_add(&f, "192.0.2.66", "", rows[i].relay, 0);
		flooded_sampled(&f, rows[i].relay + rows[i].unread);
		f.m.census.survey.cut_short = rows[i].cut_short;
		got = flooded_answer(&f);
		/* No graph of what nobody counted. */
		assert_null(strchr(got, '|'));
		got[strcspn(got, "\n")] = '\0';
		assert_string_equal(got + strlen("RELAYFLOOD "), rows[i].want);
		free(got);
		flooded_end(&f);
	}
}

/* A sample that can't prove any flood is not fine, whatever is in it. */
static void
test_blind(void **state)
{
	static const struct {
		const char *words;
		unsigned int relay;
		uint64_t total;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ "-t 5:OK", 2, 100000, "RELAYFLOOD UNKNOWN - only 2 of 100000"
		  " messages were read within 5s, too few to tell of a"
		  " flood;" },
		{ "-t 5:OK", 3, 100000, "RELAYFLOOD WARNING - 192.0.2.66 about"
		  " 100000 of 100000 messages (100%), between 43850 and 100000,"
		  " critical limit 30000 (may be chance), since 10:13,"
		  " 50000/min, at least 3 senders; no other mail; sampled 3 of"
		  " 100000" },
		/* No relay can be over the limit. */
		{ "", 2, 99, "RELAYFLOOD OK - 99 messages, 1 relay, largest"
		  " 192.0.2.66 about 99 (100%), limit 100, oldest 1m; sampled"
		  " 2 of 99" },
		/* clang-format on */
	};
	struct flooded f;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, rows[i].words);
		flooded_add(&f, "192.0.2.66", "", rows[i].relay, 0);
		flooded_sampled(&f, rows[i].total);
		flooded_expect_start(&f, rows[i].want);
	}
}

/* One message is in several groups: no sum of these is over all of them. */
static void
test_overlapping(void **state)
{
	static const char *const domains[] = { "a@one.example", "a@two.example",
		"a@three.example" };
	struct envelope e = flooded_message("192.0.2.66", 60);
	struct flooded f;
	unsigned int i, k;

	(void)state;
	flooded_start(&f,
	    "--by recipient-domain --top 1 -w 50 --ignore three.example"
	    " --ignore four.example");
	for (i = 0; i < 40; i++) {
		for (k = 0; k < ROWS(domains); k++)
			tally_recipient(&f.m.census.tally,
			    flooded_span(domains[k]));
		if (i < 30)
			tally_recipient(&f.m.census.tally,
			    flooded_span("a@four.example"));
		flooded_add_like(&f, &e, 1);
	}
	for (i = 0; i < 20; i++) {
		tally_recipient(&f.m.census.tally,
		    flooded_span(i < 10 ? "a@four.example" : "a@six.example"));
		tally_recipient(&f.m.census.tally,
		    flooded_span("a@five.example"));
		flooded_add_like(&f, &e, 1);
	}
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD OK - 60 messages, 6 recipient domains, largest"
	    " one.example 40 (67%), limit 50, oldest 1m; ignored at most 60"
	    " (100%) not judged | messages=60;;;0 relays=6;;;0"
	    " relays_over=0;;;0 top_count=40;50;300;0 top_share=66.7%;;;0"
	    " read=60;;;0 sampled=100%;;;0 oldest_other=60s;;;0\n"
	    "one.example OK: 40 messages (67%), 1 sender, oldest 1m, newest"
	    " 1m\n"
	    "others OK: 3 recipient domains, at most 60 messages (100%),"
	    " oldest 1m\n"
	    "ignored OK: 2 recipient domains, at most 60 messages (100%),"
	    " oldest 1m\n"
	    "messages OK: 60 messages, 6 recipient domains; mqueue.in\n");
}

/* There may be more of them than of groups that part the messages. */
static void
test_overlapping_sample(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		{ "--by sender", "RELAYFLOOD WARNING" },
		{ "--by recipient-domain", "RELAYFLOOD OK" },
	};
	struct envelope e = flooded_message("192.0.2.66", 60);
	struct flooded f;
	unsigned int i, k;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, rows[i].words);
		for (k = 0; k < 1000; k++) {
			e.has_sender = k < 132;
			e.sender = flooded_span(k < 132 ? "a@b.example" : "");
			if (k < 132)
				tally_recipient(&f.m.census.tally, e.sender);
			flooded_add_like(&f, &e, 1);
		}
		flooded_sampled(&f, 100000);
		flooded_expect_start(&f, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sampled),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_sample_details),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_unreadable_sample),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_overlapping),
		cmocka_unit_test(test_overlapping_sample),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return UNIT_RUN(tests);
}
