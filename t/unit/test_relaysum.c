/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relaysum.c - the relays of several reports, summed */
#include "unit.h"

#include "report/read.h"
#include "report/relaysum.h"

#define HEAD                                      \
	"mqreport 1\nhost h\ntime 5\ntook 1 ms\n" \
	"queue q role=in count=unreadable\n"

static void
add(struct relaysum *sum, const char *relays)
{
	struct buf text = BUF_INIT;
	const char *why;
	struct report r;

	buf_addf(&text, HEAD "%send\n", relays);
	assert_int_equal(report_read(&r, text.data, text.len, &why),
	    REPORT_FINE);
	assert_int_equal(relaysum_add(sum, &r), 0);
	report_free(&r);
	buf_free(&text);
}

static void
assert_row(const struct relaysum_row *row, const char *address, double messages,
    size_t reports)
{
	struct buf text = BUF_INIT;

	addr_add(&text, &row->addr);
	assert_string_equal(buf_str(&text), address);
	assert_float_equal(row->messages.value, messages, 1e-9);
	assert_int_equal(row->reports, reports);
	buf_free(&text);
}

static void
test_sum(void **state)
{
	struct relaysum sum = RELAYSUM_INIT;

	(void)state;
	add(&sum, "");
	add(&sum, "relays count=unreadable\n");
	assert_int_equal(sum.reports, 0);
	add(&sum,
	    "relays count=exact read=100 total=100\n"
	    "relay 192.0.2.1 messages=40\nrelay 192.0.2.2 messages=30\n");
	add(&sum,
	    "relays count=exact read=50 total=50\n"
	    "relay 2001:db8::2 messages=35\nrelay 192.0.2.2 messages=15\n");
	relaysum_finish(&sum);
	assert_int_equal(sum.reports, 2);
	assert_int_equal(sum.total, 150);
	assert_int_equal(sum.n, 3);
	assert_row(&sum.rows[0], "192.0.2.2", 45, 2);
	assert_row(&sum.rows[1], "192.0.2.1", 40, 1);
	assert_row(&sum.rows[2], "2001:db8::2", 35, 1);
	assert_float_equal(sum.rows[0].messages.low, 45, 1e-9);
	assert_float_equal(sum.rows[0].messages.high, 45, 1e-9);
	relaysum_free(&sum);
	relaysum_finish(&sum);
	assert_int_equal(sum.n, 0);
}

/* Where a part was read, the sum is scaled, and has an interval. */
static void
test_sampled(void **state)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct sample_estimate e = sample_scale(500, 1000, 4000);

	(void)state;
	add(&sum,
	    "relays count=exact read=100 total=100\n"
	    "relay 192.0.2.1 messages=40\n");
	add(&sum,
	    "relays count=at-least read=1000 total=4000\n"
	    "relay 192.0.2.1 messages=500\n");
	relaysum_finish(&sum);
	assert_int_equal(sum.total, 4100);
	assert_row(&sum.rows[0], "192.0.2.1", 2040, 2);
	assert_float_equal(sum.rows[0].messages.low, e.low + 40, 1e-9);
	assert_float_equal(sum.rows[0].messages.high, e.high + 40, 1e-9);
	assert_true(e.low < 2000 && e.high > 2000);
	assert_float_equal(sum.rows[0].messages.drawn, 2000, 1e-9);
	assert_int_equal(sum.rows[0].messages.read, 1000);
	assert_float_equal(sum.rows[0].messages.weight, 4, 1e-9);
	assert_float_equal(sum.rows[0].messages.population, 4000, 1e-9);
	relaysum_free(&sum);

	/* Of two samples the coarser one decides, also where it is silent. */
	add(&sum, "relays count=at-least read=100 total=900\n");
	add(&sum,
	    "relays count=at-least read=1000 total=4000\n"
	    "relay 192.0.2.1 messages=500\n");
	add(&sum, "relays count=at-least read=0 total=50\n");
	relaysum_finish(&sum);
	assert_row(&sum.rows[0], "192.0.2.1", 2000, 1);
	assert_int_equal(sum.rows[0].messages.read, 0);
	assert_float_equal(sum.rows[0].messages.weight, 9, 1e-9);
	assert_float_equal(sum.rows[0].messages.population, 4900, 1e-9);
	relaysum_free(&sum);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_sampled),
	};

	return UNIT_RUN(tests);
}
