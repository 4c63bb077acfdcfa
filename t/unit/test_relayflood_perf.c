/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_perf.c - check_relayflood's perfdata */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "flooded.h"

/* Whatever is in the queue: the same items, in the same order. */
static const struct {
	const char *words;
	unsigned int relay, other, loopback;
	uint64_t total; /* of a sample; 0: all was read */
	const char *want;
} rows[] = {
	/* clang-format off */
	{ "", 0, 0, 0, 0, "messages=0;;;0 relays=0;;;0 relays_over=0;;;0"
	  " top_count=0;100;300;0 top_share=0%;;;0 read=0;;;0 sampled=100%;;;0"
	  " oldest_other=0s;;;0" },
	{ "", 0, 0, 7, 0, "messages=7;;;0 relays=0;;;0 relays_over=0;;;0"
	  " top_count=0;100;300;0 top_share=0%;;;0 read=7;;;0 sampled=100%;;;0"
	  " oldest_other=5s;;;0" },
	{ "", 2, 1, 0, 0, "messages=3;;;0 relays=2;;;0 relays_over=0;;;0"
	  " top_count=2;100;300;0 top_share=66.7%;;;0 read=3;;;0"
	  " sampled=100%;;;0 oldest_other=60s;;;0" },
	/* A limit of 100.9 messages is one of 100. */
	{ "", 900, 2, 107, 0, "messages=1009;;;0 relays=2;;;0 relays_over=1;;;0"
	  " top_count=900;100;302;0 top_share=89.2%;;;0 read=1009;;;0"
	  " sampled=100%;;;0 oldest_other=60s;;;0" },
	/* All of it alerts. */
	{ "-w 0 -c 1", 2, 1, 0, 0, "messages=3;;;0 relays=2;;;0"
	  " relays_over=2;;;0 top_count=2;0;1;0 top_share=66.7%;;;0 read=3;;;0"
	  " sampled=100%;;;0 oldest_other=0s;;;0" },
	{ "--ignore 192.0.2.66", 2, 1, 0, 0, "messages=3;;;0 relays=2;;;0"
	  " relays_over=0;;;0 top_count=1;100;300;0 top_share=33.3%;;;0"
	  " read=3;;;0 sampled=100%;;;0 oldest_other=60s;;;0" },
	{ "--by network", 2, 1, 0, 0, "messages=3;;;0 relays=1;;;0"
	  " relays_over=0;;;0 top_count=3;100;300;0 top_share=100%;;;0"
	  " read=3;;;0 sampled=100%;;;0 oldest_other=60s;;;0" },
	/* Scaled, but for what was read.  Two of three prove nothing. */
	{ "", 2, 1, 0, 3000, "messages=3000;;;0 relays=2;;;0 relays_over=0;;;0"
	  " top_count=2000;300;900;0 top_share=66.7%;;;0 read=3;;;0"
	  " sampled=0.1%;;;0 oldest_other=60s;;;0" },
	{ "", 6, 3, 0, 9000, "messages=9000;;;0 relays=2;;;0 relays_over=1;;;0"
	  " top_count=6000;900;2700;0 top_share=66.7%;;;0 read=9;;;0"
	  " sampled=0.1%;;;0 oldest_other=120s;;;0" },
	/* clang-format on */
};

static void
test_values(void **state)
{
	struct envelope e;
	struct flooded f;
	char *got, *perf;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		flooded_start(&f, rows[i].words);
		flooded_add(&f, "192.0.2.66", "a|b=1.example", rows[i].relay,
		    0);
		flooded_add(&f, "192.0.2.67", "", rows[i].other, 0);
		e = flooded_message("127.0.0.1", 5);
		e.relay.class = RELAY_LOOPBACK;
		flooded_add_like(&f, &e, rows[i].loopback);
		if (rows[i].total != 0)
			flooded_sampled(&f, rows[i].total);
		else
			flooded_done(&f);
		got = flooded_answer(&f);
		got[strcspn(got, "\n")] = '\0';
		perf = strstr(got, " | ");
		assert_non_null(perf);
		assert_string_equal(perf + 3, rows[i].want);
		free(got);
		flooded_end(&f);
	}
}

/* How long the others wait: not known, which is not the same as not at all. */
static void
test_unknown_age(void **state)
{
	static const struct {
		const char *words;
		unsigned int flooding, timeless, timed;
		const char *want;
	} ages[] = {
		{ "-w 1", 2, 0, 0, " oldest_other=0s;;;0" },
		{ "-w 1", 2, 1, 0, " oldest_other=U;;;0" },
		{ "-w 1", 2, 1, 1, " oldest_other=5s;;;0" },
		/* Of a group, of one that is ignored, of one not listed. */
		{ "-w 9", 0, 1, 0, " oldest_other=U;;;0" },
		{ "-w 1 --ignore 192.0.2.67", 2, 1, 0, " oldest_other=U;;;0" },
		{ "-w 1 --top 0", 2, 1, 0, " oldest_other=U;;;0" },
		{ "-w 1 --by helo", 0, 1, 0, " oldest_other=U;;;0" },
	};
	struct envelope e;
	struct flooded f;
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(ages); i++) {
		flooded_start(&f, ages[i].words);
		flooded_add(&f, "192.0.2.66", "", ages[i].flooding, 0);
		/* What has no T line, and no id that tells a time. */
		e = flooded_message(i % 2 != 0 ? "192.0.2.67" : "127.0.0.1", 0);
		if (i % 2 == 0)
			e.relay.class = RELAY_LOOPBACK;
		e.arrival = -1;
		flooded_add_like(&f, &e, ages[i].timeless);
		e = flooded_message("192.0.2.68", 5);
		flooded_add_like(&f, &e, ages[i].timed);
		flooded_done(&f);
		got = flooded_answer(&f);
		got[strcspn(got, "\n")] = '\0';
		assert_non_null(strstr(got, "oldest_other="));
		assert_string_equal(strstr(got, " oldest_other="),
		    ages[i].want);
		free(got);
		flooded_end(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unknown_age),
	};

	return UNIT_RUN(tests);
}
