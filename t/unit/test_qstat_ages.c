/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_ages.c - how old the messages of each group are */
#include "unit.h"

#include "counted.h"
#include "tools/qstat/ages.h"

#define END                                                               \
	"\ncolumns: minutes; messages younger than that, and not counted" \
	" further left\n"

static void
test_edges(void **state)
{
	static const int want[QSTAT_AGES] = { 5, 10, 20, 40, 80, 160, 320, 640,
		1280, 0 };
	struct arrivals a = { { 0 }, { 0 }, { 0 } };
	size_t i;

	(void)state;
	/* One on each edge, and one right before it. */
	for (i = 0; i < QSTAT_AGES; i++) {
		assert_int_equal(qstat_ages_edge(i), want[i]);
		arrivals_add(&a, want[i] * 60);
		arrivals_add(&a, want[i] * 60 - 1);
	}
	/* Two at 0, for the one without an end; else one from each side. */
	assert_int_equal(qstat_ages_count(&a, 0), 3);
	for (i = 1; i + 1 < QSTAT_AGES; i++)
		assert_int_equal(qstat_ages_count(&a, i), 2);
	assert_int_equal(qstat_ages_count(&a, QSTAT_AGES - 1), 1);
}

static void
test_table(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 90000);
	struct counted k;

	(void)state;
	counted_start(&k, "--ages -n 1");
	counted_add(&k, "192.0.2.66", "", 400, 599, 200, 1);
	counted_add(&k, "192.0.2.1", "", 10, 4000, 4000, 1);
	e.relay.class = RELAY_LOCAL;
	counted_add_like(&k, &e, 5);
	e.arrival = -1;
	counted_add_like(&k, &e, 1);
	counted_done(&k);
	counted_expect(&k, qstat_ages_add,
	    "   relay          T   5  10 20 40 80 160 320 640 1280 1280+\n"
	    "   TOTAL        416 100 300  0  0 10   0   0   0    0     5\n"
	    "!! 192.0.2.66   400 100 300  0  0  0   0   0   0    0     0\n"
	    "   (all others)  16   0   0  0  0 10   0   0   0    0     5" END);
	counted_end(&k);
}

/* A sample's numbers are those of the whole. */
static void
test_sampled(void **state)
{
	struct counted k;

	(void)state;
	counted_start(&k, "--ages");
	counted_add(&k, "192.0.2.1", "", 10, 100, 0, 1);
	counted_add(&k, "192.0.2.2", "", 30, 400, 400, 1);
	counted_sampled(&k, 400);
	counted_expect(&k, qstat_ages_add,
	    "  relay       T   5  10 20 40 80 160 320 640 1280 1280+\n"
	    "  TOTAL     400 100 300  0  0  0   0   0   0    0     0\n"
	    "! 192.0.2.2 300   0 300  0  0  0   0   0   0    0     0\n"
	    "? 192.0.2.1 100 100   0  0  0  0   0   0   0    0     0" END);
	counted_end(&k);
}

/* Where a message is in two groups, what is left is no sum. */
static void
test_domains(void **state)
{
	struct envelope e = counted_message("192.0.2.1", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "--ages --by recipient-domain");
	tally_recipient(&k.census.tally, counted_span("a@x.example"));
	tally_recipient(&k.census.tally, counted_span("b@y.example"));
	counted_add_like(&k, &e, 1);
	counted_add_like(&k, &e, 2);
	counted_done(&k);
	counted_expect(&k, qstat_ages_add,
	    "recipient-domain T 5 10 20 40 80 160 320 640 1280 1280+\n"
	    "TOTAL            3 3  0  0  0  0   0   0   0    0     0\n"
	    "x.example        1 1  0  0  0  0   0   0   0    0     0\n"
	    "y.example        1 1  0  0  0  0   0   0   0    0     0" END);
	counted_end(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_sampled),
		cmocka_unit_test(test_domains),
	};

	return UNIT_RUN(tests);
}
