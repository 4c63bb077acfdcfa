/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_json.c - the answer as one JSON object */
#include <errno.h>
#include <stdio.h>

#include "unit.h"

#include "counted.h"
#include "tools/qstat/json.h"

#ifdef HAVE_JANSSON
static void
add_groups(struct buf *b, const struct qstat_view *v)
{
	assert_int_equal(qstat_json_groups(b, v), 0);
}

static void
test_groups(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 600);
	struct counted k;

	(void)state;
	counted_start(&k, "--json -n 1");
	counted_add(&k, "192.0.2.66", "mail.bad.example", 900, 420, 3, 50);
	counted_add(&k, "198.51.100.7", "", 97, 3600, 10, 3);
	e.relay.class = RELAY_LOOPBACK;
	counted_add_like(&k, &e, 3);
	k.census.survey.queue[1].held = 2;
	k.census.tally.future = 1;
	k.census.tally.undated = 2;
	counted_done(&k);
	counted_expect(&k, add_groups,
	    "{\"version\":1,\"time\":1795342500,"
	    "\"total\":1000,\"read\":1000,\"sampled\":false,\"partial\":false,"
	    "\"unreadable_files\":0,\"unreadable_directories\":0,"
	    "\"queues\":[{\"name\":\"mqueue.in\",\"role\":\"in\","
	    "\"directories\":[\"/no/mqueue.in\"],\"queued\":1000,"
	    "\"quarantined\":0,\"lost\":0},{\"name\":\"mqueue\",\"role\":"
	    "\"out\",\"directories\":[\"/no/mqueue\"],\"queued\":0,"
	    "\"quarantined\":2,\"lost\":0}],\"by\":\"relay\",\"groups\":["
	    "{\"key\":\"192.0.2.66\",\"class\":\"smtp\",\"host\":"
	    "\"mail.bad.example\",\"host_proven\":true,\"count\":900,"
	    "\"low\":900,\"high\":900,"
	    "\"share\":0.9,\"oldest\":1795342080,\"newest\":1795342497,"
	    "\"per_minute\":129.496,\"since\":1795342080,\"senders\":50,"
	    "\"senders_exact\":true,\"recipients\":1800,"
	    "\"flood\":\"critical\",\"judged\":900,"
	    "\"selector\":\"192.0.2.66\"}],"
	    "\"others\":{\"count\":97,\"groups\":1,"
	    "\"more\":false,\"oldest\":1795338900},\"unnamed\":0,"
	    "\"classes\":{\"smtp\":997,\"loopback\":3,\"local\":0,"
	    "\"bounce\":0,\"none\":0,\"unknown\":0,\"incomplete\":0},"
	    "\"oldest\":1795338900,\"limits\":{\"warning\":100,"
	    "\"critical\":300},\"future\":1,\"undated\":2}\n");
	counted_end(&k);
}

/* Sampled, by a key that is not judged, with ages, and not all readable. */
static void
test_sampled(void **state)
{
	struct envelope e = counted_message("192.0.2.1", 100);
	struct survey_result *s;
	struct counted k;

	(void)state;
	counted_start(&k, "--json --by status --ages");
	e.status = counted_span("\033[31m<b>\xff");
	counted_add_like(&k, &e, 10);
	s = &k.census.survey;
	s->unreadable = 1;
	s->failed_dir = &k.c.queues.v[0].dirs[0];
	snprintf(s->failed_name, sizeof(s->failed_name), "qf|x");
	s->error = EACCES;
	counted_sampled(&k, 1000);
	counted_expect(&k, add_groups,
	    "{\"version\":1,\"time\":1795342500,"
	    "\"total\":1000,\"read\":10,\"sampled\":true,\"partial\":true,"
	    "\"unreadable_files\":1,\"unreadable_directories\":0,\"error\":"
	    "{\"path\":\"/no/mqueue.in/qf_x\",\"reason\":\"Permission denied"
	    "\"},\"queues\":[{\"name\":\"mqueue.in\",\"role\":\"in\","
	    "\"directories\":[\"/no/mqueue.in\"],\"queued\":1000,"
	    "\"quarantined\":0,\"lost\":0},{\"name\":\"mqueue\",\"role\":"
	    "\"out\",\"directories\":[\"/no/mqueue\"],\"queued\":0,"
	    "\"quarantined\":0,\"lost\":0}],\"by\":\"status\",\"groups\":["
	    "{\"key\":\"[*\",\"count\":1000,\"low\":724,\"high\":1000,"
	    "\"share\":1,\"oldest\":1795342400,\"newest\":1795342400,"
	    "\"per_minute\":1000,\"since\":1795342400,\"senders\":1,"
	    "\"senders_exact\":true,\"recipients\":2000,\"ages\":[10,0,0,0,0,"
	    "0,0,0,0,0],\"example\":\"?[31m_b_?\","
	    "\"selector\":\"status:[*\"}],"
	    "\"others\":{\"count\":0,\"groups\":0,"
	    "\"more\":false},\"unnamed\":0,\"classes\":{\"smtp\":1000,"
	    "\"loopback\":0,\"local\":0,\"bounce\":0,\"none\":0,"
	    "\"unknown\":0,\"incomplete\":0},\"oldest\":1795342400,"
	    "\"limits\":{\"warning\":100,\"critical\":300},\"ages\":[10,0,0,0,"
	    "0,0,0,0,0,0],\"future\":0,\"undated\":0}\n");
	counted_end(&k);
}

/*
 * The queues are shorter than in the tests above: they are the same.  Numbers
 * of a control file are told as they are, however large.
 */
static void
test_messages(void **state)
{
	struct qstat_messages_item item[] = {
		/* clang-format off */
		{ .arrival = INT64_MAX, .size = 1536, .tries = INT64_MAX - 1,
		  .recipients = 3, .recipients_more = true,
		  .class = RELAY_SMTP, .id = counted_span("6AMAF0aA004101"),
		  .sender = counted_span("a@b.example"),
		  .recipient = counted_span("c@d.example"),
		  .host = counted_span("mail.example"),
		  .status = counted_span("Deferred: 450") },
		{ .arrival = -1, .size = -1, .tries = -1,
		  .class = RELAY_INCOMPLETE, .id = counted_span("x") },
		/* clang-format on */
	};
	struct qstat_messages q = { .item = item,
		.n = 2,
		.matched = 5,
		.matched_fair = 5 };
	struct buf got = BUF_INIT;
	const char *from;
	struct counted k;

	(void)state;
	counted_start(&k, "--json --messages sender:<> 192.0.2.0/24");
	assert_int_equal(addr_parse(&item[0].addr, "192.0.2.66", 10), 0);
	item[0].queue = item[1].queue = &k.c.queues.v[1];
	q.survey = k.census.survey;
	q.survey.total = q.survey.read = 9;
	assert_int_equal(qstat_json_messages(&got, &q, &k.c, &k.c.queues,
			     COUNTED_NOW),
	    0);
	from = strstr(buf_str(&got), "\"selector\"");
	assert_non_null(from);
	assert_string_equal(from,
	    "\"selector\":\"sender:<> 192.0.2.0/24\","
	    "\"matched\":5,\"count\":5,\"low\":5,\"high\":5,\"messages\":["
	    "{\"id\":\"6AMAF0aA004101\",\"queue\":\"mqueue\",\"arrival\":"
	    "9223372036854775807,\"size\":1536,\"tries\":"
	    "9223372036854775806,\"class\":\"smtp\","
	    "\"relay\":\"192.0.2.66\",\"host\":\"mail.example\",\"sender\":"
	    "\"a@b.example\",\"recipients\":3,\"recipients_more\":true,"
	    "\"first_recipient\":\"c@d.example\",\"status\":\"Deferred: 450"
	    "\"},{\"id\":\"x\",\"queue\":\"mqueue\",\"class\":\"incomplete\","
	    "\"host\":\"\",\"sender\":\"<>\",\"recipients\":0,"
	    "\"recipients_more\":false}]}\n");
	buf_free(&got);
	counted_done(&k);
	counted_end(&k);
}
#endif

/* A state that is not sure is not claimed. */
static void
test_flood(void **state)
{
	(void)state;
	assert_string_equal(qstat_json_flood(QSTAT_VIEW_NO), "no");
	assert_string_equal(qstat_json_flood(QSTAT_VIEW_DOUBT), "no");
	assert_string_equal(qstat_json_flood(QSTAT_VIEW_WARNING), "warning");
	assert_string_equal(qstat_json_flood(QSTAT_VIEW_CRITICAL), "critical");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef HAVE_JANSSON
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_sampled),
		cmocka_unit_test(test_messages),
#endif
		cmocka_unit_test(test_flood),
	};

	return UNIT_RUN(tests);
}
