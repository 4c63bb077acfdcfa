/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_tsv.c - the answer as fields that are parted by tabs */
#include "unit.h"

#include "counted.h"
#include "tools/qstat/tsv.h"

#define GROUPS                                                         \
	"key\tclass\thost\tcount\tlow\thigh\tshare\toldest\tnewest\t"  \
	"per_minute\tsince\tsenders\trecipients\tflood\thost_proven\t" \
	"example\tjudged\tselector\n"
#define MESSAGES                                                \
	"id\tqueue\tarrival\tsize\ttries\tclass\trelay\thost\t" \
	"sender\trecipients\tfirst_recipient\tstatus\tdate\n"

static void
test_groups(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 600);
	struct counted k;

	(void)state;
	counted_start(&k, "--tsv -n 1");
	counted_add(&k, "192.0.2.66", "mail.\tbad|", 150, 140, 20, 50);
	counted_add(&k, "198.51.100.7", "", 40, 3600, 10, 3);
	e.relay.class = RELAY_LOOPBACK;
	counted_add_like(&k, &e, 10);
	counted_done(&k);
	counted_expect(&k, qstat_tsv_groups,
	    GROUPS
	    "192.0.2.66\tsmtp\tmail.?bad_\t150\t150\t150\t0.75\t1795342360\t"
	    "1795342480\t75\t1795342360\t50\t300\twarning\tyes\t\t150\t"
	    "192.0.2.66\n"
	    "\tothers\t\t40\t40\t40\t0.2\t1795338900\t\t\t\t\t\t\t\t\t\t\n"
	    "\tloopback\t\t10\t10\t10\t0.05\t1795341900\t\t\t\t\t\t\t\t\t\t\n");
	counted_end(&k);
}

/* By a key that is not of hosts, nor judged; and times that are not known. */
static void
test_unknown(void **state)
{
	struct envelope e = counted_message("192.0.2.1", 600);
	struct counted k;

	(void)state;
	counted_start(&k, "--tsv --by status");
	e.arrival = -1;
	counted_add_like(&k, &e, 1);
	e.status = counted_span("Deferred: 8");
	counted_add_like(&k, &e, 1);
	e.status = counted_span("Deferred: 7");
	counted_add_like(&k, &e, 1);
	e.relay.class = RELAY_LOCAL;
	counted_add_like(&k, &e, 1);
	counted_done(&k);
	counted_expect(&k, qstat_tsv_groups,
	    GROUPS
	    "Deferred: *\t\t\t3\t3\t3\t0.75\t\t\t\t\t1\t6\t\t\tDeferred: 7"
	    "\t\tstatus:Deferred: *\n"
	    "\tunnamed\t\t1\t1\t1\t0.25\t\t\t\t\t\t\t\t\t\t\t\n");
	counted_end(&k);
}

static void
test_messages(void **state)
{
	char name[] = "mqueue";
	struct queue queue = { .name = name };
	struct qstat_messages_item item[] = {
		/* clang-format off */
		{ .arrival = INT64_MAX, .size = 1536, .tries = 0,
		  .recipients = 3, .class = RELAY_LOOPBACK,
		  .queue = &queue, .id = counted_span("6AMAF0aA004101"),
		  .sender = counted_span("a\tb@\n.example"),
		  .recipient = counted_span("c@d.example"),
		  .host = counted_span("localhost"),
		  .status = counted_span("Deferred: 450") },
		{ .arrival = -1, .size = -1, .tries = -1, .queue = &queue,
		  .class = RELAY_NONE, .id = counted_span("x"),
		  .dated = DATED_FUTURE },
		/* clang-format on */
	};
	struct qstat_messages q = { .item = item, .n = 2, .matched = 5 };
	struct buf got = BUF_INIT;

	(void)state;
	assert_int_equal(addr_parse(&item[0].addr, "127.0.0.1", 9), 0);
	qstat_tsv_messages(&got, &q);
	assert_string_equal(buf_str(&got),
	    MESSAGES
	    "6AMAF0aA004101\tmqueue\t9223372036854775807\t1536\t0\tloopback\t"
	    "127.0.0.1\tlocalhost\ta?b@?.example\t3\tc@d.example\tDeferred:"
	    " 450\t\n"
	    "x\tmqueue\t\t\t\tnone\t\t\t<>\t0\t\t\tfuture\n");
	buf_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_messages),
	};

	return UNIT_RUN(tests);
}
