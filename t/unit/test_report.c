/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_report.c - mqreport's text, written and parsed */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "report/read.h"
#include "report/report.h"
#include "report/write.h"

static const char sample[] =
    "mqreport 1\n"
    "host mx1.example.net\n"
    "machine 0123456789abcdef0123456789abcdef\n"
    "time 1795200000 2026-11-20T18:40:00Z\n"
    "took 12 ms\n"
    "queue mqueue.in role=in count=exact messages=39 oldest=726 late=0"
    " quarantined=1 lost=2 undated=3 future=4 oldest-max=800 late-max=5"
    " stranded=3 oldest-held=90000\n"
    "queue odd%20name role=out count=at-least messages=40 oldest=16121"
    " late=39 quarantined=0 lost=0 reason=/q: not all counted within 10s\n"
    "queue mqueue-client role=client count=unreadable"
    " reason=/var/spool/mqueue-client: Permission denied\n"
    "relays count=at-least read=79 total=82 complete=no\n"
    "relay 192.0.2.66 messages=40\n"
    "relay 2001:db8::1 messages=7\n"
    "end\n";

static enum report_fault
parse(struct report *r, const char *text, const char **why)
{
	return report_read(r, text, strlen(text), why);
}

static void
test_round_trip(void **state)
{
	struct buf out = BUF_INIT;
	struct report r;
	const char *why;

	(void)state;
	assert_int_equal(parse(&r, sample, &why), REPORT_FINE);
	assert_string_equal(r.host, "mx1.example.net");
	assert_string_equal(r.machine, "0123456789abcdef0123456789abcdef");
	assert_int_equal(r.time, 1795200000);
	assert_int_equal(r.took, 12);
	assert_int_equal(r.nqueues, 3);
	assert_string_equal(r.queues[0].name, "mqueue.in");
	assert_int_equal(r.queues[0].role, QUEUE_IN);
	assert_int_equal(r.queues[0].count, REPORT_EXACT);
	assert_int_equal(r.queues[0].messages, 39);
	assert_int_equal(r.queues[0].oldest, 726);
	assert_int_equal(r.queues[0].held, 1);
	assert_int_equal(r.queues[0].lost, 2);
	assert_int_equal(r.queues[0].undated, 3);
	assert_int_equal(r.queues[0].future, 4);
	assert_int_equal(r.queues[0].oldest_max, 800);
	assert_int_equal(r.queues[0].late_max, 5);
	assert_int_equal(r.queues[1].undated, 0);
	assert_int_equal(r.queues[1].oldest_max, 16121);
	assert_int_equal(r.queues[1].late_max, 39);
	assert_true(r.queues[0].has_stranded);
	assert_int_equal(r.queues[0].stranded, 3);
	assert_false(r.queues[1].has_stranded);
	assert_int_equal(r.queues[0].oldest_held, 90000);
	assert_int_equal(r.queues[1].oldest_held, 0);
	assert_null(r.queues[0].reason);
	assert_string_equal(r.queues[1].name, "odd name");
	assert_int_equal(r.queues[1].count, REPORT_AT_LEAST);
	assert_int_equal(r.queues[1].late, 39);
	assert_string_equal(r.queues[1].reason,
	    "/q: not all counted within 10s");
	assert_int_equal(r.queues[2].role, QUEUE_CLIENT);
	assert_int_equal(r.queues[2].count, REPORT_UNREADABLE);
	assert_true(r.has_relays);
	assert_int_equal(r.relays_count, REPORT_AT_LEAST);
	assert_int_equal(r.relays_read, 79);
	assert_int_equal(r.relays_total, 82);
	assert_int_equal(r.relays_whole, REPORT_WHOLE_NO);
	assert_int_equal(r.nrelays, 2);
	assert_memory_equal(r.relays[0].addr.b,
	    "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\x42", 16);
	assert_int_equal(r.relays[1].messages, 7);
	report_write(&r, &out);
	assert_string_equal(buf_str(&out), sample);
	buf_free(&out);
	report_free(&r);
	assert_null(r.queues);
}

/* Every prefix of a report is a cut one; that of no byte was refused. */
static void
test_cut(void **state)
{
	struct report r;
	const char *why;
	size_t n;

	(void)state;
	assert_int_equal(report_read(&r, "", 0, &why), REPORT_REFUSED);
	for (n = 1; n < sizeof(sample) - 1; n++) {
		why = NULL;
		if (report_read(&r, sample, n, &why) != REPORT_CUT)
			fail_msg("%zu bytes were not cut", n);
		assert_string_equal(why, "its end is missing");
	}
}

#define HEAD_ONLY "mqreport 1\nhost h\ntime 5\n"
#define HEAD      HEAD_ONLY "took 1 ms\n"
#define AGES                                                       \
	"queue a role=in count=exact messages=3 oldest=999 late=1" \
	" quarantined=0 lost=0"
#define QUEUE                                                    \
	"queue a role=in count=exact messages=3 oldest=2 late=0" \
	" quarantined=0 lost=0\n"

static const struct {
	const char *text;
	enum report_fault fault;
} fault_rows[] = {
	{ HEAD QUEUE "end\n", REPORT_FINE },
	{ "220 mx1 ESMTP\r\n", REPORT_GARBAGE },
	{ "\n", REPORT_GARBAGE },
	{ "end\n", REPORT_GARBAGE },
	{ "mqreport\nend\n", REPORT_GARBAGE },
	{ "mqreport 0\nend\n", REPORT_GARBAGE },
	{ "mqreport 2\nwhatever\n", REPORT_TOO_NEW },
	{ HEAD "end\n", REPORT_GARBAGE },
	{ HEAD QUEUE "end\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "end\nx", REPORT_GARBAGE },
	{ HEAD QUEUE "end", REPORT_CUT },
	{ HEAD QUEUE QUEUE "end\n", REPORT_GARBAGE },
	{ HEAD QUEUE "host h\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "time 6\nend\n", REPORT_GARBAGE },
	{ HEAD "took 6\n" QUEUE "end\n", REPORT_GARBAGE },
	{ "mqreport 1\nhost h\n" QUEUE "end\n", REPORT_GARBAGE },
	{ "mqreport 1\ntime 5\ntook 1\n" QUEUE "end\n", REPORT_GARBAGE },
	{ "mqreport 1\nhost h\ntime -5\n" QUEUE "end\n", REPORT_GARBAGE },
	{ "mqreport 1\nhost %00\ntime 5\n" QUEUE "end\n", REPORT_GARBAGE },
	{ HEAD "queue\nend\n", REPORT_GARBAGE },
	{ HEAD "queue a\nend\n", REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=3\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=none count=unreadable\nend\n", REPORT_GARBAGE },
	{ HEAD "queue a role=in count=maybe\nend\n", REPORT_GARBAGE },
	{ HEAD "queue a role=in count=unreadable role=in\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=in count=unreadable\nend\n", REPORT_FINE },
	{ HEAD "queue a role=in count=exact messages=3 oldest=999 late=4"
	       " quarantined=0 lost=0\nend\n",
	    REPORT_GARBAGE },
	{ HEAD AGES " undated=1 future=1 late-max=1 oldest-max=999\nend\n",
	    REPORT_FINE },
	{ HEAD AGES " undated=2 future=1\nend\n", REPORT_GARBAGE },
	{ HEAD AGES " undated=1 future=2\nend\n", REPORT_GARBAGE },
	{ HEAD AGES " late-max=4\nend\n", REPORT_GARBAGE },
	{ HEAD AGES " late-max=0\nend\n", REPORT_GARBAGE },
	{ HEAD AGES " oldest-max=998\nend\n", REPORT_GARBAGE },
	{ HEAD AGES " undated=x\nend\n", REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=1e3 oldest=999"
	       " late=1 quarantined=0 lost=0\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=9999999999999"
	       " oldest=999 late=1 quarantined=0 lost=0\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=3 oldest=999 late=1"
	       " quarantined=0 lost=0 stranded=many\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=0 oldest=0 late=0"
	       " quarantined=0 lost=0 oldest-held=1\nend\n",
	    REPORT_GARBAGE },
	{ HEAD "queue a role=in count=exact messages=0 oldest=0 late=0"
	       " quarantined=1 lost=0 oldest-held=1\nend\n",
	    REPORT_FINE },
	{ HEAD QUEUE "relay 192.0.2.1 messages=1\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact read=2 total=1\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=unreadable\nend\n", REPORT_FINE },
	{ HEAD QUEUE "relays read=1 total=1\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=unreadable\nrelays count=unreadable\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact read=1 total=1\nrelay x messages=1\n"
		     "end\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relay ::1 messages=2\n"
		     "relays count=exact read=1 total=2\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relay ::1 messages=1\n"
		     "relays count=exact read=2 total=2\nend\n",
	    REPORT_FINE },
	{ HEAD QUEUE "relays count=exact read=1 total=1\nrelay ::1\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact read=4 total=4\n"
		     "relay ::1 messages=2\nrelay ::1 messages=2\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact read=4 total=4\n"
		     "relay ::1 messages=2\nrelay ::2 messages=3\nend\n",
	    REPORT_GARBAGE },
	{ HEAD QUEUE "relays count=exact read=4 total=4\n"
		     "relay ::1 messages=2\nrelay ::2 messages=2\nend\n",
	    REPORT_FINE },
	{ HEAD QUEUE "\x1b[2J\nend\n", REPORT_GARBAGE },
	{ HEAD QUEUE "error no queue\nend\n", REPORT_FAILED },
	{ HEAD QUEUE "error no queue\nerror no queue\nend\n", REPORT_GARBAGE },
	{ "mqreport 1\nerror no queue\nend\n", REPORT_GARBAGE },
};

static void
test_faults(void **state)
{
	struct report r;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(fault_rows); i++) {
		enum report_fault got = parse(&r, fault_rows[i].text, &why);

		if (got != fault_rows[i].fault)
			fail_msg("%s: %s", report_fault_name(got),
			    fault_rows[i].text);
		if (got == REPORT_FINE || got == REPORT_FAILED)
			report_free(&r);
		else
			assert_null(r.host);
	}
}

/* What a later mqreport may add. */
static void
test_unknown_is_skipped(void **state)
{
	static const char text[] =
	    "mqreport 1 of 2027\r\n\r\nload 3 2 1\r\n"
	    "host h fqdn=h.example\r\ntime 5 x\r\ntook 1 ms\r\n"
	    "queue a colour=red role=in flag count=at-least messages=3 oldest=2"
	    " late=0 quarantined=0 lost=0 bytes=99x reason=role=out\r\n"
	    "end\r\n";
	struct report r;
	const char *why;

	(void)state;
	assert_int_equal(parse(&r, text, &why), REPORT_FINE);
	assert_string_equal(r.host, "h");
	assert_int_equal(r.queues[0].messages, 3);
	assert_int_equal(r.queues[0].role, QUEUE_IN);
	assert_string_equal(r.queues[0].reason, "role=out");
	report_free(&r);
}

static void
test_error(void **state)
{
	struct report r = { .host = strdup("h"),
		.time = 5,
		.took = 0,
		.error = strdup("no queue\nend") };
	struct buf out = BUF_INIT;
	const char *why;

	(void)state;
	report_write(&r, &out);
	report_free(&r);
	assert_string_equal(buf_str(&out),
	    "mqreport 1\nhost h\n"
	    "time 5 1970-01-01T00:00:05Z\ntook 0 ms\n"
	    "error no queue?end\nend\n");
	assert_int_equal(parse(&r, HEAD_ONLY "error x\nend\n", &why),
	    REPORT_FAILED);
	assert_int_equal(r.took, 0);
	report_free(&r);
	assert_int_equal(report_read(&r, out.data, out.len, &why),
	    REPORT_FAILED);
	assert_string_equal(why, "no queue?end");
	assert_ptr_equal(why, r.error);
	report_free(&r);
	buf_free(&out);
}

static void
test_too_long(void **state)
{
	struct buf b = BUF_INIT;
	struct report r;
	const char *why;
	int i;

	(void)state;
	buf_adds(&b, HEAD QUEUE);
	for (i = 0; i < REPORT_ROWS - 1; i++)
		buf_addf(&b, "queue q%d role=out count=unreadable\n", i);
	buf_adds(&b, "end\n");
	assert_int_equal(report_read(&r, b.data, b.len, &why), REPORT_FINE);
	assert_int_equal(r.nqueues, REPORT_ROWS);
	report_free(&r);
	buf_truncate(&b, b.len - 4);
	buf_adds(&b, "queue z role=out count=unreadable\nend\n");
	assert_int_equal(report_read(&r, b.data, b.len, &why), REPORT_TOO_LONG);
	buf_truncate(&b, 0);
	buf_adds(&b, HEAD QUEUE "relays count=exact read=1 total=1\n");
	for (i = 0; i <= REPORT_ROWS; i++)
		buf_addf(&b, "relay 10.0.%d.%d messages=0\n", i / 256, i % 256);
	assert_int_equal(report_read(&r, b.data, b.len, &why), REPORT_TOO_LONG);
	assert_string_equal(why, "there are more than a thousand relays");
	while (b.len <= REPORT_MAX)
		buf_addc(&b, '\n');
	assert_int_equal(report_read(&r, b.data, b.len, &why), REPORT_TOO_LONG);
	buf_free(&b);
}

static void
test_time(void **state)
{
	static const struct {
		int64_t now;
		enum report_fault fault;
	} rows[] = {
		{ 1000, REPORT_FINE },
		{ 1000 - REPORT_AHEAD, REPORT_FINE },
		{ 1000 - REPORT_AHEAD - 1, REPORT_FUTURE },
		{ 1300, REPORT_FINE },
		{ 1301, REPORT_STALE_DATA },
	};
	const struct report r = { .time = 1000 };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		assert_int_equal(report_check_time(&r, rows[i].now, 300, &why),
		    rows[i].fault);
}

static void
test_sum(void **state)
{
	enum report_count count;
	uint64_t messages;
	struct report r;
	const char *why;

	(void)state;
	assert_int_equal(
	    parse(&r,
		HEAD QUEUE
		"queue b role=in count=at-least messages=4 oldest=2 late=0"
		" quarantined=0 lost=0\n"
		"queue c role=out count=unreadable\nend\n",
		&why),
	    REPORT_FINE);
	assert_true(report_sum(&r, QUEUE_IN, &messages, &count));
	assert_int_equal(messages, 7);
	assert_int_equal(count, REPORT_AT_LEAST);
	assert_true(report_sum(&r, QUEUE_OUT, &messages, &count));
	assert_int_equal(count, REPORT_UNREADABLE);
	assert_false(report_sum(&r, QUEUE_CLIENT, &messages, &count));
	report_free(&r);
}

#define Q "queue a role=in count="
#define N " quarantined=0 lost=0"
#define R HEAD QUEUE "relays count="

/* What contradicts itself, and beside it what mqreport does write. */
static const struct {
	const char *text, *why; /* NULL: it is fine */
} sense_rows[] = {
	/* clang-format off */
	/* The numbers of a queue. */
	{ HEAD Q "exact messages=5 oldest=0 late=5" N "\nend\n",
	  "a queue has late messages and none that is old" },
	{ HEAD Q "exact messages=5 oldest=900 late=1" N "\nend\n",
	  "a queue has late messages and none that is old" },
	{ HEAD Q "at-least messages=5 oldest=900 late=1" N "\nend\n",
	  "a queue has late messages and none that is old" },
	{ HEAD Q "exact messages=5 oldest=901 late=1" N "\nend\n", NULL },
	{ HEAD Q "exact messages=5 oldest=901 late=0" N "\nend\n",
	  "a queue has an old message and none that is late" },
	{ HEAD Q "at-least messages=5 oldest=901 late=0" N "\nend\n",
	  "a queue has an old message and none that is late" },
	{ HEAD Q "exact messages=5 oldest=900 late=0" N "\nend\n", NULL },
	{ HEAD Q "exact messages=5 oldest=901 late=6" N "\nend\n",
	  "a queue has more late messages than messages" },
	{ HEAD Q "at-least messages=5 oldest=901 late=6" N "\nend\n",
	  "a queue has more late messages than messages" },
	{ HEAD Q "exact messages=5 oldest=901 late=5" N "\nend\n", NULL },
	{ HEAD Q "exact messages=0 oldest=1 late=0" N "\nend\n",
	  "a queue without a message has an oldest one" },
	{ HEAD Q "exact messages=0 oldest=0 late=0" N "\nend\n", NULL },
	{ HEAD Q "exact messages=3 oldest=1 late=0" N " undated=2 future=1\n"
	  "end\n", "a queue has an oldest message and none with an age" },
	{ HEAD Q "exact messages=3 oldest=0 late=0" N " undated=3"
	  " oldest-max=9\nend\n",
	  "a queue has an oldest message and none with an age" },
	{ HEAD Q "exact messages=3 oldest=1 late=0" N " undated=2\nend\n",
	  NULL },
	{ HEAD Q "exact messages=3 oldest=0 late=0" N " undated=3\nend\n",
	  NULL },
	{ HEAD Q "exact messages=9 oldest=0 late=0" N "\nend\n", NULL },
	{ HEAD Q "exact messages=0 oldest=0 late=0 quarantined=7 lost=2\n"
	  "end\n", NULL },
	/* What they are worth. */
	{ HEAD Q "exact messages=1 oldest=0 late=0" N " reason=x\nend\n",
	  "an exact count has a reason why it is not exact" },
	{ HEAD Q "at-least messages=0 oldest=0 late=0" N " reason=x\nend\n",
	  NULL },
	{ HEAD Q "at-least messages=1 oldest=0 late=0" N "\nend\n", NULL },
	{ HEAD Q "unreadable reason=x\nend\n", NULL },
	{ HEAD Q "unreadable messages=1 reason=x\nend\n",
	  "an unreadable queue has numbers" },
	{ HEAD Q "unreadable lost=0\nend\n",
	  "an unreadable queue has numbers" },
	/* Numbers. */
	{ HEAD Q "exact messages=+1 oldest=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=-0 oldest=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=01 oldest=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=00 oldest=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages= oldest=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=18446744073709551617 oldest=0 late=0" N
	  "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ "mqreport 1\nhost h\ntime 05\ntook 1 ms\n" QUEUE "end\n",
	  "a number is missing, comes twice, or is not a number" },
	{ "mqreport 1\nhost h\ntime 0\ntook 0 ms\n" QUEUE "end\n", NULL },
	/* Words and lines that come twice. */
	{ HEAD Q "exact messages=1 oldest=0 late=0 late=0" N "\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=1 oldest=0 late=0" N " count=exact\nend\n",
	  "a queue line says too little, or what can't be" },
	{ HEAD Q "exact messages=1 oldest=0 late=0" N " colour=1 colour=2\n"
	  "end\n", NULL },
	{ HEAD QUEUE "mqreport 1\nend\n",
	  "a report begins in it a second time" },
	{ HEAD QUEUE "host i\nend\n",
	  "a name is missing, comes twice, or is wrongly written" },
	{ HEAD QUEUE "queue %61 role=out count=unreadable\nend\n",
	  "a queue comes twice" },
	/* A word is known in its own lines only. */
	{ HEAD Q "exact messages=1 oldest=0 late=0" N " read=x total=x\n"
	  "end\n", NULL },
	{ R "exact read=1 total=1 late=x\nend\n", NULL },
	/* The machine. */
	{ HEAD QUEUE "machine 0123456789abcdef0123456789abcdef\nend\n",
	  NULL },
	{ HEAD QUEUE "machine 0123456789abcdef\n"
	  "machine 0123456789abcdef\nend\n",
	  "a machine is missing, comes twice, or is no hex digits" },
	{ HEAD QUEUE "machine 0123456789abcde\nend\n",
	  "a machine is missing, comes twice, or is no hex digits" },
	{ HEAD QUEUE "machine 0123456789ABCDEF\nend\n",
	  "a machine is missing, comes twice, or is no hex digits" },
	{ HEAD QUEUE "machine\nend\n",
	  "a machine is missing, comes twice, or is no hex digits" },
	{ HEAD QUEUE "machine 0123456789abcdef0123456789abcdef"
	  "0123456789abcdef0123456789abcdef0\nend\n",
	  "a machine is missing, comes twice, or is no hex digits" },
	/* Relays. */
	{ R "exact read=3 total=2\nend\n",
	  "more was read for the relays than there is" },
	{ R "at-least read=3 total=2\nend\n",
	  "more was read for the relays than there is" },
	{ R "exact read=1 total=2\nend\n",
	  "relays are exact, and not all was read for them" },
	{ R "at-least read=1 total=2\nend\n", NULL },
	{ R "at-least read=2 total=2\nend\n", NULL },
	{ R "at-least read=2 total=2 complete=yes\nend\n", NULL },
	{ R "at-least read=0 total=2 complete=no\nend\n", NULL },
	{ R "exact read=2 total=2 complete=yes\nend\n", NULL },
	{ R "exact read=2 total=2 complete=no\nend\n",
	  "relays are exact and not complete" },
	{ R "exact read=2 total=2 complete=maybe\nend\n",
	  "a relays line says too little, or comes twice" },
	{ R "unreadable read=0 total=9\nend\n", NULL },
	{ R "unreadable complete=no\nend\n", NULL },
	{ R "unreadable complete=yes\nend\n",
	  "relays are unreadable and complete" },
	{ R "unreadable read=1 total=9\nend\n",
	  "relays are unreadable and were read" },
	{ R "unreadable read=0 total=9\nrelay ::2 messages=1\nend\n",
	  "its relays have more messages than were read" },
	{ R "exact read=2 total=2\nrelay ::2 messages=3\nend\n",
	  "its relays have more messages than were read" },
	{ R "exact read=2 total=2\nrelay 192.0.2.1 messages=1\n"
	  "relay ::ffff:192.0.2.1 messages=1\nend\n",
	  "a relay comes twice" },
	{ HEAD QUEUE "relay ::2 messages=0\nend\n",
	  "it has relays, and does not say of how many messages" },
	/* clang-format on */
};

static void
test_sense(void **state)
{
	enum report_fault got;
	struct report r;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(sense_rows); i++) {
		got = parse(&r, sense_rows[i].text, &why);
		if (sense_rows[i].why == NULL ? got != REPORT_FINE :
						got != REPORT_GARBAGE)
			fail_msg("%s (%s): %s", report_fault_name(got), why,
			    sense_rows[i].text);
		if (sense_rows[i].why == NULL)
			report_free(&r);
		else if (strcmp(why, sense_rows[i].why) != 0)
			fail_msg("%s: %s", why, sense_rows[i].text);
	}
}

/* Is the total of the relays all there is? */
static void
test_relays_bound(void **state)
{
	static const struct {
		const char *words;
		bool bound;
	} rows[] = {
		/* clang-format off */
		{ "exact read=9 total=9", false },
		{ "exact read=9 total=9 complete=yes", false },
		{ "at-least read=9 total=90 complete=yes", false },
		{ "at-least read=9 total=9 complete=yes", false },
		{ "at-least read=9 total=90 complete=no", true },
		{ "at-least read=9 total=9 complete=no", true },
		/* Of 0.1.0. */
		{ "at-least read=9 total=90", true },
		{ "at-least read=9 total=9", true },
		{ "unreadable read=0 total=0", true },
		/* clang-format on */
	};
	struct buf text = BUF_INIT;
	struct report r;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&text, 0);
		buf_addf(&text, R "%s\nend\n", rows[i].words);
		assert_int_equal(parse(&r, buf_str(&text), &why), REPORT_FINE);
		if (report_relays_bound(&r) != rows[i].bound)
			fail_msg("%s", rows[i].words);
		report_free(&r);
	}
	buf_free(&text);
}

/* Is it a server that was there before, by another name? */
static void
test_again(void **state)
{
#define QA " role=in count=unreadable\n"
#define M1 "machine 11111111111111111111111111111111\n"
#define M2 "machine 22222222222222222222222222222222\n"
	static const struct {
		const char *before, *after;
		enum report_again want;
	} rows[] = {
		/* clang-format off */
		{ "host a\n" M1 "queue q" QA, "host a\n" M1 "queue q" QA,
		  REPORT_AGAIN },
		{ "host a\n" M1 "queue q" QA, "host a\n" M2 "queue q" QA,
		  REPORT_NEWS },
		{ "host a\n" M1 "queue q" QA, "host b\n" M1 "queue q" QA,
		  REPORT_NEWS },
		{ "host a\nqueue q" QA, "host a\n" M2 "queue q" QA,
		  REPORT_AGAIN },
		{ "host a\n" M1 "queue q" QA, "host a\nqueue q" QA,
		  REPORT_AGAIN },
		{ "host a\nqueue q" QA, "host a\nqueue q" QA, REPORT_AGAIN },
		{ "host a\nqueue q" QA, "host b\nqueue q" QA, REPORT_NEWS },
		/* Two mqreports on one host, for different queues. */
		{ "host a\n" M1 "queue q" QA, "host a\n" M1 "queue p" QA,
		  REPORT_NEWS },
		{ "host a\n" M1 "queue q" QA,
		  "host a\n" M1 "queue p" QA "queue q" QA,
		  REPORT_PARTLY_AGAIN },
		{ "host a\n" M1 "queue q" QA "queue p" QA,
		  "host a\n" M1 "queue p" QA, REPORT_AGAIN },
		/* clang-format on */
	};
	struct buf text = BUF_INIT;
	struct report a, b;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&text, 0);
		buf_addf(&text, "mqreport 1\ntime 5\ntook 1 ms\n%send\n",
		    rows[i].before);
		assert_int_equal(parse(&a, buf_str(&text), &why), REPORT_FINE);
		buf_truncate(&text, 0);
		buf_addf(&text, "mqreport 1\ntime 5\ntook 1 ms\n%send\n",
		    rows[i].after);
		assert_int_equal(parse(&b, buf_str(&text), &why), REPORT_FINE);
		if (report_again(&b, &a) != rows[i].want)
			fail_msg("%s after %s", rows[i].after, rows[i].before);
		report_free(&a);
		report_free(&b);
	}
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_unknown_is_skipped),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_sense),
		cmocka_unit_test(test_relays_bound),
		cmocka_unit_test(test_again),
	};

	return UNIT_RUN(tests);
}
