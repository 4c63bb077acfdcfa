/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_judge.c - a census and two rules in, an answer out */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "flooded.h"

/* The example of the manual page. */
static void
test_flood(void **state)
{
	struct flooded f;
	struct envelope e;

	(void)state;
	flooded_start(&f, "--growth");
	flooded_add(&f, "192.0.2.66", "mail.example", 900, 2);
	flooded_add(&f, "192.0.2.10", "mx.good.example", 30, 420);
	flooded_add(&f, "2001:db8::7", "", 1, 61);
	e = flooded_message("127.0.0.1", 5);
	e.relay.class = RELAY_LOOPBACK;
	flooded_add_like(&f, &e, 69);
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD CRITICAL - 192.0.2.66 (mail.example) 900 of"
	    " 1000 messages (90%), since 19:15, 1/min, 61 senders; oldest"
	    " other 36m | messages=1000;;;0 relays=3;;;0 relays_over=1;;;0"
	    " top_count=900;100;300;0 top_share=90%;;;0 read=1000;;;0"
	    " sampled=100%;;;0 oldest_other=2160s;;;0\n"
	    "192.0.2.66 CRITICAL: mail.example, 900 messages (90%), over 300,"
	    " 61 senders, oldest 14h59m, newest 2s\n"
	    "  -> a dry run of the removal: qflush 192.0.2.66\n"
	    "  growth OK: onset 19:15:58 (14h59m ago), since then 900 that are"
	    " still queued, 1 a minute, latest 2s ago\n"
	    "192.0.2.10 OK: mx.good.example, 30 messages (3%), 30 senders,"
	    " oldest 36m, newest 7m\n"
	    "2001:db8::7 OK: 1 message (0.1%), 1 sender, oldest 1m, newest"
	    " 1m\n"
	    "loopback OK: 69 messages (6.9%), oldest 5s\n"
	    "messages OK: 1000 messages, 3 relays; mqueue.in\n");
}

/* The rule: more than 100, and more than 10% where that is more than 100. */
static void
test_edges(void **state)
{
	static const struct {
		unsigned int relay, rest;
		const char *words, *want;
	} rows[] = {
		/* clang-format off */
		{ 100, 0, "", "OK" }, { 101, 0, "", "WARNING" },
		{ 100, 900, "", "OK" }, { 101, 899, "", "WARNING" },
		{ 100, 901, "", "OK" }, { 101, 900, "", "WARNING" },
		/* 10% of 1010 is 101, of 1009 100.9. */
		{ 101, 909, "", "OK" }, { 101, 908, "", "WARNING" },
		{ 102, 908, "", "WARNING" },
		{ 300, 0, "", "WARNING" }, { 301, 0, "", "CRITICAL" },
		{ 300, 700, "", "WARNING" }, { 301, 699, "", "CRITICAL" },
		{ 301, 703, "", "WARNING" }, { 302, 703, "", "CRITICAL" },
		{ 6, 94, "-w 5 -c 6", "WARNING" },
		{ 7, 93, "-w 5 -c 6", "CRITICAL" },
		{ 5, 95, "-w 5% -c 6%", "OK" },
		{ 6, 94, "-w 5% -c 6%", "WARNING" },
		{ 0, 0, "-w 0 -c 0", "OK" }, { 0, 1, "-w 0", "OK" },
		{ 1, 0, "-w 0", "WARNING" },
		/* clang-format on */
	};
	struct flooded f;
	unsigned int n;
	char other[24], *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, rows[i].words);
		flooded_add(&f, "192.0.2.66", "", rows[i].relay, 0);
		/* Of relays that are not over any limit. */
		for (n = 0; n < rows[i].rest; n++) {
			snprintf(other, sizeof(other), "10.0.%u.%u", n / 250,
			    n % 250);
			flooded_add(&f, other, "", rows[i].relay != 0, 0);
		}
		flooded_done(&f);
		got = flooded_text(&f);
		if (strncmp(got + strlen("RELAYFLOOD "), rows[i].want,
			strlen(rows[i].want)) != 0)
			fail_msg("row %zu: %s", i, got);
		free(got);
		flooded_end(&f);
	}
}

/* What there is to say when nobody floods. */
static void
test_calm(void **state)
{
	struct flooded f;
	struct envelope e;

	(void)state;
	flooded_start(&f, "");
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD OK - 0 messages | messages=0;;;0 relays=0;;;0"
	    " relays_over=0;;;0 top_count=0;100;300;0 top_share=0%;;;0"
	    " read=0;;;0 sampled=100%;;;0 oldest_other=0s;;;0\n"
	    "messages OK: 0 messages, 0 relays; mqueue.in\n");

	flooded_start(&f, "--top 0");
	flooded_add(&f, "192.0.2.10", "mx.good.example?", 3, 60);
	flooded_add(&f, "192.0.2.11", "", 1, 7260);
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD OK - 4 messages, 2 relays, largest 192.0.2.10"
	    " (mx.good.example?) 3 (75%), limit 100, oldest 2h1m |"
	    " messages=4;;;0 relays=2;;;0 relays_over=0;;;0"
	    " top_count=3;100;300;0 top_share=75%;;;0 read=4;;;0"
	    " sampled=100%;;;0 oldest_other=7260s;;;0\n"
	    "others OK: 2 relays, 4 messages (100%), oldest 2h1m\n"
	    "messages OK: 4 messages, 2 relays; mqueue.in\n");

	/* No relay at all. */
	flooded_start(&f, "");
	e = flooded_message("127.0.0.1", 5);
	e.relay.class = RELAY_BOUNCE;
	flooded_add_like(&f, &e, 2);
	flooded_done(&f);
	flooded_expect_text(&f, "RELAYFLOOD OK - 2 messages, oldest 5s");
}

/* Only class smtp is judged; the others never win, and are not hidden. */
static void
test_classes(void **state)
{
	struct flooded f;
	struct envelope e;
	char want[200];
	int i;

	(void)state;
	for (i = 0; i < RELAY_CLASSES; i++) {
		if (i == RELAY_SMTP)
			continue;
		flooded_start(&f, "--by sender");
		e = flooded_message("127.0.0.1", 5);
		e.relay.class = (enum relay_class)i;
		flooded_add_like(&f, &e, 5000);
		flooded_add(&f, "192.0.2.10", "", 1, 60);
		flooded_done(&f);
		snprintf(want, sizeof(want),
		    "RELAYFLOOD OK - 5001 messages,"
		    " 1 sender, largest a0@s.example 1 (0%%), limit 500,"
		    " oldest 1m; %s 5000 (99.9%%) not judged",
		    relay_class_name((enum relay_class)i));
		flooded_expect_text(&f, want);
	}
	/* Nor does what has no key. */
	flooded_start(&f, "--by name");
	flooded_add(&f, "192.0.2.10", "", 101, 0);
	flooded_done(&f);
	flooded_expect_text(&f,
	    "RELAYFLOOD OK - 101 messages, oldest 1h40m; no name"
	    " 101 (100%) not judged");
}

static void
test_ignored(void **state)
{
	struct flooded f;

	(void)state;
	flooded_start(&f, "--ignore 192.0.2.66 --ignore .good.example");
	flooded_add(&f, "192.0.2.66", "", 500, 0);
	flooded_add(&f, "192.0.2.67", "mx.good.example", 50, 0);
	flooded_add(&f, "192.0.2.68", "mx.good.example?", 20, 0);
	flooded_done(&f);
	flooded_expect(&f,
	    "RELAYFLOOD OK - 570 messages, 3 relays, largest 192.0.2.68"
	    " (mx.good.example?) 20 (3.5%), limit 100, oldest 8h19m; ignored"
	    " 550 (96%) not judged | messages=570;;;0 relays=3;;;0"
	    " relays_over=0;;;0 top_count=20;100;300;0 top_share=3.5%;;;0"
	    " read=570;;;0 sampled=100%;;;0 oldest_other=29940s;;;0\n"
	    "192.0.2.68 OK: mx.good.example?, 20 messages (3.5%), 20 senders,"
	    " oldest 19m, newest 0s\n"
	    "ignored OK: 2 relays, 550 messages (96%), oldest 8h19m\n"
	    "messages OK: 570 messages, 3 relays; mqueue.in\n");
}

/* Several floods: the largest in full, two by number, the rest counted. */
static void
test_several(void **state)
{
	char address[24], *got;
	struct flooded f;
	unsigned int i;

	(void)state;
	flooded_start(&f, "--top 1 -w 5 -c 9");
	for (i = 0; i < 10; i++) {
		snprintf(address, sizeof(address), "192.0.2.%u", i);
		flooded_add(&f, address, "", 10 - i, 0);
	}
	flooded_done(&f);
	got = flooded_answer(&f);
	/* Five alert; that they are listed does not depend on --top. */
	assert_non_null(strstr(got, "\n192.0.2.4 WARNING: 6 messages"));
	assert_non_null(strstr(got, "\nothers OK: 5 relays, 15 messages"));
	got[strcspn(got, "|")] = '\0';
	assert_string_equal(got,
	    "RELAYFLOOD CRITICAL - 192.0.2.0 10 of 55"
	    " messages (18%), since 10:06, 1.1/min, 10 senders; oldest other"
	    " 4m; also 192.0.2.1 9 (16%), 192.0.2.2 8 (15%) and 2 more ");
	free(got);
	flooded_end(&f);

	/* All of the mail is the flood's. */
	flooded_start(&f, "-w 5");
	flooded_add(&f, "192.0.2.1", "", 6, 90000);
	flooded_done(&f);
	flooded_expect_text(&f,
	    "RELAYFLOOD WARNING - 192.0.2.1 6 of 6 messages"
	    " (100%), since Nov 21 09:10, 1.2/min, 6 senders; no other mail");

	/* A flood that is over does not read as one that goes on. */
	flooded_start(&f, "-w 5");
	flooded_add(&f, "192.0.2.1", "", 16, 960);
	flooded_done(&f);
	flooded_expect_text(&f,
	    "RELAYFLOOD WARNING - 192.0.2.1 16 of 16 messages (100%), from"
	    " 09:44 to 09:59, 1.1/min, 16 senders; no other mail");
	flooded_start(&f, "-w 5");
	flooded_add(&f, "192.0.2.1", "", 16, 90000);
	flooded_done(&f);
	flooded_expect_text(&f,
	    "RELAYFLOOD WARNING - 192.0.2.1 16 of 16 messages (100%), from"
	    " Nov 21 09:00 to Nov 21 09:15, 1.1/min, 16 senders; no other"
	    " mail");
}

/* The list is bounded whatever the limits are. */
static void
test_many(void **state)
{
	struct flooded f;
	char address[24], *got, *line;
	unsigned int i, lines = 0;

	(void)state;
	flooded_start(&f, "-w 0 -v");
	for (i = 0; i < 3000; i++) {
		snprintf(address, sizeof(address), "10.0.%u.%u", i / 250,
		    i % 250);
		flooded_add(&f, address, "", 1, 0);
	}
	flooded_done(&f);
	got = flooded_answer(&f);
	for (line = got; (line = strstr(line, "WARNING: ")) != NULL; line++)
		lines++;
	assert_int_equal(lines, 20);
	assert_non_null(strstr(got, "relays_over=3000;"));
	assert_non_null(strstr(got,
	    "\nothers OK: 2980 relays, 2980 messages"
	    " (99.3%), oldest 0s\n"));
	assert_non_null(strstr(got, " and 2997 more |"));
	free(got);
	flooded_end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_many),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return UNIT_RUN(tests);
}
