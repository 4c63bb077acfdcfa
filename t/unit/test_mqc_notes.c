/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_notes.c - what stands under a line, and the forms for programs */
#include "fleets.h"

#include "tools/mqc/json.h"
#include "tools/mqc/notes.h"
#include "tools/mqc/tsv.h"

static const char *const names[] = { "mx1", "mx2", "mx3", "mx4", "mx5", "mx6",
	"mx7" };

static struct mqc_column_set columns;

static void
test_hosts(void **state)
{
	struct buf out = BUF_INIT;
	struct mqc_fleet f;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 3);
	mqc_fleet_begin(&f, FLEETS_AT(0));
	mqc_fleet_fail(&f, 0, MQC_FLEET_NO_CONNECTION, "Connection refused",
	    FLEETS_AT(0));
	fleets_take(&f, 1, 1, 2, FLEETS_AT(0));
	fleets_lines(&f, 2,
	    "queue a%0Ab role=in count=unreadable"
	    " reason=no right\n",
	    FLEETS_AT(0));
	mqc_notes_add_hosts(&out, &f, 0, false);
	assert_string_equal(buf_str(&out),
	    "  mx1: no connection: Connection refused\n"
	    "  mx3: queue a?b cannot be read: no right\n");
	buf_truncate(&out, 0);
	mqc_fleet_begin(&f, FLEETS_AT(90));
	fleets_take(&f, 0, 1, 2, FLEETS_AT(90));
	mqc_notes_add_hosts(&out, &f, 24, false);
	assert_string_equal(buf_str(&out), "  mx1: answers again aft\n");
	buf_free(&out);
	mqc_fleet_free(&f);

	fleets_make(&f, &columns, names, ROWS(names));
	mqc_fleet_begin(&f, FLEETS_AT(0));
	for (i = 0; i < ROWS(names); i++)
		mqc_fleet_fail(&f, i, MQC_FLEET_TIMEOUT, "", FLEETS_AT(0));
	mqc_notes_add_hosts(&out, &f, 0, true);
	assert_string_equal(buf_str(&out),
	    "  \033[35mmx1: timeout\033[0m\n  \033[35mmx2: timeout\033[0m\n"
	    "  \033[35mmx3: timeout\033[0m\n  \033[35mmx4: timeout\033[0m\n"
	    "  \033[35mmx5: timeout\033[0m\n"
	    "  \033[35mand 2 more hosts with news\033[0m\n");
	buf_free(&out);
	mqc_fleet_free(&f);
}

/* A client queue in no column; what is hostile in a name is no news to it. */
static void
test_missed(void **state)
{
	static const char line[] = "  mx1: a?b has 3 messages, 2 older than"
				   " 15m; see --columns in,m,client\n";
	struct buf out = BUF_INIT;
	struct mqc_fleet f;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	mqc_fleet_begin(&f, FLEETS_AT(0));
	fleets_lines(&f, 0,
	    "queue m role=out count=exact messages=9"
	    " oldest=9999 late=9 quarantined=0 lost=0\n"
	    "queue a%0Ab role=client count=exact messages=3"
	    " oldest=950 late=2 quarantined=0 lost=0\n",
	    FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	mqc_notes_add_missed(&out, &f, 0, false);
	assert_string_equal(buf_str(&out), line);
	/* No answer: what it said before is no news. */
	buf_truncate(&out, 0);
	mqc_fleet_begin(&f, FLEETS_AT(30));
	mqc_fleet_fail(&f, 0, MQC_FLEET_TIMEOUT, "", FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	mqc_notes_add_missed(&out, &f, 0, false);
	assert_int_equal(out.len, 0);
	buf_free(&out);
	mqc_fleet_free(&f);
}

/* 80 on each of six is 480: no host alone would tell. */
static void
test_relays(void **state)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct buf out = BUF_INIT;
	struct mqc_fleet f;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 6);
	mqc_fleet_begin(&f, FLEETS_AT(0));
	for (i = 0; i < 6; i++)
		fleets_lines(&f, i,
		    "queue q role=in count=exact messages=300" FLEETS_REST
		    "relays count=exact read=300 total=300\n"
		    "relay 192.0.2.66 messages=80\n"
		    "relay 2001:db8::1 messages=35\n"
		    "relay 192.0.2.7 messages=30\n",
		    FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	assert_int_equal(mqc_notes_sum(&sum, &f), 0);
	mqc_notes_add_relays(&out, &sum, 0, false);
	/* 10% of 1800 is 180, 30% is 540: 180 is not over it, 210 is. */
	assert_string_equal(buf_str(&out),
	    "  192.0.2.66 holds 480 of 1800 messages on 6 hosts, over 180\n"
	    "  2001:db8::1 holds 210 of 1800 messages on 6 hosts, over 180\n");
	relaysum_free(&sum);
	/* Hosts that did not answer in this round do not count. */
	mqc_fleet_begin(&f, FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_int_equal(mqc_notes_sum(&sum, &f), 0);
	assert_int_equal(sum.n, 0);
	buf_free(&out);
	mqc_fleet_free(&f);
}

#define FLOOD                                                  \
	"queue q role=in count=exact messages=300" FLEETS_REST \
	"relays count=exact read=300 total=300\n"              \
	"relay 192.0.2.66 messages=80\n"
#define M1 "machine 11111111111111111111111111111111\n"
#define M2 "machine 22222222222222222222222222222222\n"

/* Three names of which two are one server, at a time. */
static void
test_same(void **state)
{
	static const struct {
		const char *lines[3], *notes;
		uint64_t total;
		bool bound;
	} rows[] = {
		/* clang-format off */
		{ { "host a\n" M1 FLOOD, "host a\n" M1 FLOOD,
		    "host b\n" FLOOD },
		  "  mx2: the same server as mx1; sums count it once\n",
		  600, false },
		{ { "host a\n" FLOOD, "host b\n" M1 FLOOD,
		    "host a\n" M2 FLOOD },
		  "  mx3: has the host name of mx1 and its queues; sums leave"
		  " it out and may be too low: give it another host name\n",
		  600, true },
		{ { "host a\n" M1 FLOOD, "host b\n" FLOOD,
		    "host a\n" M2 FLOOD }, "", 900, false },
		{ { "host a\n" M1 FLOOD, "host b\n" FLOOD,
		    "host a\n" M1 "queue p role=out count=exact messages=0"
		    FLEETS_REST FLOOD },
		  "  mx3: the same server as mx1 with some of its queues; sums"
		  " leave it out\n", 600, true },
		/* clang-format on */
	};
	struct buf out = BUF_INIT;
	struct relaysum sum;
	struct mqc_fleet f;
	size_t i, j;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		sum = (struct relaysum)RELAYSUM_INIT;
		fleets_make(&f, &columns, names, 3);
		f.sums = true;
		mqc_fleet_begin(&f, FLEETS_AT(0));
		for (j = 0; j < 3; j++)
			fleets_lines(&f, j, rows[i].lines[j], FLEETS_AT(0));
		mqc_fleet_end(&f, FLEETS_AT(0));
		buf_truncate(&out, 0);
		mqc_notes_add_hosts(&out, &f, 0, false);
		assert_string_equal(out.len != 0 ? buf_str(&out) : "",
		    rows[i].notes);
		assert_int_equal(mqc_notes_sum(&sum, &f), 0);
		assert_int_equal(sum.total, rows[i].total);
		assert_int_equal(sum.bound, rows[i].bound);
		relaysum_free(&sum);
		/* It is said once. */
		mqc_fleet_begin(&f, FLEETS_AT(30));
		for (j = 0; j < 3; j++)
			fleets_lines(&f, j, rows[i].lines[j], FLEETS_AT(30));
		mqc_fleet_end(&f, FLEETS_AT(30));
		buf_truncate(&out, 0);
		mqc_notes_add_hosts(&out, &f, 0, false);
		assert_int_equal(out.len, 0);
		mqc_fleet_free(&f);
	}
	buf_free(&out);
}

/* When one of its names does not answer, the other one counts. */
static void
test_same_fails(void **state)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct buf out = BUF_INIT;
	struct mqc_fleet f;
	size_t i;

	(void)state;
	fleets_make(&f, &columns, names, 2);
	for (i = 0; i < 2; i++)
		fleets_lines(&f, i, "host a\n" FLOOD, FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	/* Where no sum is shown, that is no news. */
	assert_int_equal(f.hosts[1].news, MQC_FLEET_NOTHING);
	assert_true(mqc_fleet_counts(&f.hosts[0]));
	assert_false(mqc_fleet_counts(&f.hosts[1]));
	mqc_fleet_begin(&f, FLEETS_AT(100));
	mqc_fleet_fail(&f, 0, MQC_FLEET_TIMEOUT, "", FLEETS_AT(100));
	fleets_lines(&f, 1, "host a\n" FLOOD, FLEETS_AT(100));
	mqc_fleet_end(&f, FLEETS_AT(100));
	assert_int_equal(f.hosts[0].age_class, MQC_FLEET_AGED);
	assert_false(mqc_fleet_counts(&f.hosts[0]));
	assert_true(mqc_fleet_counts(&f.hosts[1]));
	assert_int_equal(mqc_notes_sum(&sum, &f), 0);
	assert_int_equal(sum.total, 300);
	/* What one host has now is not known. */
	mqc_notes_add_relays(&out, &sum, 0, false);
	assert_true(sum.bound);
	relaysum_free(&sum);
	mqc_fleet_free(&f);
	buf_free(&out);
}

/* A part of what the hosts have is a bound, and said to be one. */
static void
test_bound(void **state)
{
	static const char relays[] = "queue q role=in count=unreadable\n"
				     "relays count=at-least read=300 total=300"
				     " complete=no\n"
				     "relay 192.0.2.66 messages=280\n";
	struct relaysum sum = RELAYSUM_INIT;
	struct buf out = BUF_INIT;
	struct mqc_fleet f;

	(void)state;
	fleets_make(&f, &columns, names, 1);
	mqc_fleet_begin(&f, FLEETS_AT(0));
	fleets_lines(&f, 0, relays, FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	assert_int_equal(mqc_notes_sum(&sum, &f), 0);
	mqc_notes_add_relays(&out, &sum, 0, false);
	assert_string_equal(buf_str(&out),
	    "  192.0.2.66 holds 280 of at least 300 messages on 1 host, over"
	    " 100\n");
	relaysum_free(&sum);
	mqc_fleet_free(&f);
	buf_free(&out);
}

static void
make_three(struct mqc_fleet *f)
{
	fleets_make(f, &columns, names, 3);
	mqc_fleet_begin(f, FLEETS_AT(0));
	fleets_take(f, 0, 39, 3001, FLEETS_AT(0));
	mqc_fleet_fail(f, 1, MQC_FLEET_TIMEOUT, "no \"report\"", FLEETS_AT(0));
	fleets_lines(f, 2, "queue \"%FF role=out count=unreadable reason=x\n",
	    FLEETS_AT(0));
	mqc_fleet_end(f, FLEETS_AT(2));
}

static void
test_tsv(void **state)
{
	struct buf out = BUF_INIT;
	struct mqc_fleet f;

	(void)state;
	make_three(&f);
	mqc_tsv_add_head(&out, &f);
	mqc_tsv_add(&out, &f);
	assert_string_equal(buf_str(&out),
	    "time\thost\tanswer\tage\tin\tin_count\tm\tm_count\n"
	    "1795532400\tmx1\tok\t2\t39\texact\t3001\texact\n"
	    "1795532400\tmx2\ttimeout\t\t\tunknown\t\tunknown\n"
	    "1795532400\tmx3\tok\t2\t\tmissing\t\tunreadable\n");
	buf_free(&out);
	mqc_fleet_free(&f);
}

static void
test_json(void **state)
{
	struct relaysum sum = RELAYSUM_INIT;
	struct buf out = BUF_INIT;
	struct mqc_fleet f;

	(void)state;
	make_three(&f);
#ifdef HAVE_JANSSON
	assert_int_equal(mqc_json_add(&out, &f, &sum), 0);
	assert_string_equal(buf_str(&out),
	    "{\"version\":1,"
	    "\"time\":1795532400,\"interval\":30,\"hosts\":["
	    "{\"name\":\"mx1\",\"answer\":\"ok\",\"delay_ms\":0,"
	    "\"numbers_are\":\"fresh\",\"columns\":{"
	    "\"in\":{\"count\":\"exact\",\"messages\":39,\"level\":\"ok\","
	    "\"grows_fast\":false},\"m\":{\"count\":\"exact\","
	    "\"messages\":3001,\"level\":\"critical\",\"grows_fast\":false}},"
	    "\"age\":2,\"host\":\"mx1\",\"scanned\":1795532400,\"scan_ms\":1,"
	    "\"queues\":[{\"name\":\"mqueue.in\",\"role\":\"in\","
	    "\"count\":\"exact\",\"messages\":39,\"oldest\":0,\"late\":0,"
	    "\"quarantined\":0,\"lost\":0,\"undated\":0,\"future\":0,"
	    "\"oldest_max\":0,\"late_max\":0,\"oldest_now\":2},"
	    "{\"name\":\"mqueue\","
	    "\"role\":\"out\",\"count\":\"exact\",\"messages\":3001,"
	    "\"oldest\":0,\"late\":0,\"quarantined\":0,\"lost\":0,"
	    "\"undated\":0,\"future\":0,\"oldest_max\":0,"
	    "\"late_max\":0,\"oldest_now\":2,\"stranded\":2}]},"
	    "{\"name\":\"mx2\",\"answer\":\"timeout\","
	    "\"why\":\"no \\\"report\\\"\",\"delay_ms\":0,"
	    "\"numbers_are\":\"gone\",\"columns\":{"
	    "\"in\":{\"count\":\"unknown\"},\"m\":{\"count\":\"unknown\"}}},"
	    "{\"name\":\"mx3\",\"answer\":\"ok\",\"delay_ms\":0,"
	    "\"numbers_are\":\"fresh\",\"columns\":{"
	    "\"in\":{\"count\":\"missing\",\"level\":\"ok\","
	    "\"grows_fast\":false},\"m\":{\"count\":\"unreadable\","
	    "\"level\":\"ok\",\"grows_fast\":false}},"
	    "\"age\":2,\"host\":\"mx3\",\"scanned\":1795532400,\"scan_ms\":1,"
	    "\"queues\":[{\"name\":\"\\\"?\",\"role\":\"out\","
	    "\"count\":\"unreadable\",\"reason\":\"x\"}]}],"
	    "\"relays\":{\"hosts\":0,\"messages\":0,"
	    "\"complete\":true,\"flooding\":[]}}\n");
	mqc_fleet_free(&f);
	/* One of two names of a server says which the other one is. */
	fleets_make(&f, &columns, names, 2);
	fleets_lines(&f, 0, "host a\n" FLOOD, FLEETS_AT(0));
	fleets_lines(&f, 1, "host a\n" FLOOD, FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	buf_truncate(&out, 0);
	assert_int_equal(mqc_json_add(&out, &f, NULL), 0);
	assert_non_null(strstr(buf_str(&out), "}],\"same_as\":\"mx1\"}]}\n"));
	assert_null(strstr(buf_str(&out), "\"same_as\":\"mx2\""));
#else
	assert_int_equal(mqc_json_add(&out, &f, &sum), -1);
#endif
	buf_free(&out);
	mqc_fleet_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_missed),
		cmocka_unit_test(test_relays),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_same_fails),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_tsv),
		cmocka_unit_test(test_json),
	};

	return UNIT_RUN(tests);
}
