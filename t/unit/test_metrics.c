/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_metrics.c - a report as OpenMetrics text */
#include "unit.h"

#include "mqueue/metrics.h"

static char name_in[] = "mqueue.in", name_odd[] = "a\\b\"c\n\xff d%";

static void
test_all(void **state)
{
	struct report_queue queues[] = {
		/* clang-format off */
		{ .name = name_in, .role = QUEUE_IN, .messages = 1164,
		  .oldest = 661, .late = 1, .quarantined = 2, .lost = 3 },
		{ .name = name_odd, .role = QUEUE_OUT,
		  .count = REPORT_UNREADABLE },
		/* clang-format on */
	};
	const struct report r = { .time = 1795200000,
		.took = 12,
		.queues = queues,
		.nqueues = 2 };
	struct buf out = BUF_INIT;

	(void)state;
	metrics_write(&r, &out);
	assert_string_equal(buf_str(&out),
	    "# TYPE mqueue_report_success gauge\n"
	    "# HELP mqueue_report_success 1 if this is a report, 0 if none"
	    " could be made.\n"
	    "mqueue_report_success 1\n"
	    "# TYPE mqueue_messages gauge\n"
	    "# HELP mqueue_messages Messages that wait in the queue.\n"
	    "mqueue_messages{queue=\"mqueue.in\",role=\"in\"} 1164\n"
	    "# TYPE mqueue_oldest_age_seconds gauge\n"
	    "# UNIT mqueue_oldest_age_seconds seconds\n"
	    "# HELP mqueue_oldest_age_seconds Age of the oldest waiting"
	    " message, 0 if there is none.\n"
	    "mqueue_oldest_age_seconds{queue=\"mqueue.in\",role=\"in\"} 661\n"
	    "# TYPE mqueue_late_messages gauge\n"
	    "# HELP mqueue_late_messages Waiting messages that are older than"
	    " 15 minutes.\n"
	    "mqueue_late_messages{queue=\"mqueue.in\",role=\"in\"} 1\n"
	    "# TYPE mqueue_quarantined_messages gauge\n"
	    "# HELP mqueue_quarantined_messages Messages in quarantine.\n"
	    "mqueue_quarantined_messages{queue=\"mqueue.in\",role=\"in\"} 2\n"
	    "# TYPE mqueue_lost_messages gauge\n"
	    "# HELP mqueue_lost_messages Messages that the MTA set aside as"
	    " unusable.\n"
	    "mqueue_lost_messages{queue=\"mqueue.in\",role=\"in\"} 3\n"
	    "# TYPE mqueue_readable gauge\n"
	    "# HELP mqueue_readable 1 if the queue could be read, else 0.\n"
	    "mqueue_readable{queue=\"mqueue.in\",role=\"in\"} 1\n"
	    "mqueue_readable{queue=\"a\\\\b\\\"c%0A%FF d%\",role=\"out\"} 0\n"
	    "# TYPE mqueue_exact gauge\n"
	    "# HELP mqueue_exact 1 if all of the queue was counted; 0: its"
	    " numbers are lower bounds.\n"
	    "mqueue_exact{queue=\"mqueue.in\",role=\"in\"} 1\n"
	    "mqueue_exact{queue=\"a\\\\b\\\"c%0A%FF d%\",role=\"out\"} 0\n"
	    "# TYPE mqueue_scan_timestamp_seconds gauge\n"
	    "# UNIT mqueue_scan_timestamp_seconds seconds\n"
	    "# HELP mqueue_scan_timestamp_seconds When the queues were counted,"
	    " seconds since 1970.\n"
	    "mqueue_scan_timestamp_seconds 1795200000\n"
	    "# TYPE mqueue_scan_duration_seconds gauge\n"
	    "# UNIT mqueue_scan_duration_seconds seconds\n"
	    "# HELP mqueue_scan_duration_seconds How long the count took.\n"
	    "mqueue_scan_duration_seconds 0.012\n"
	    "# EOF\n");
	buf_free(&out);
}

/* A lower bound is a number, and says that it is one. */
static void
test_at_least(void **state)
{
	struct report_queue q = { .name = name_in,
		.role = QUEUE_IN,
		.count = REPORT_AT_LEAST,
		.messages = 7 };
	const struct report r = { .took = 61042, .queues = &q, .nqueues = 1 };
	struct buf out = BUF_INIT;

	(void)state;
	metrics_write(&r, &out);
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_messages{queue=\"mqueue.in\",role=\"in\"} 7\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_readable{queue=\"mqueue.in\",role=\"in\"} 1\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_exact{queue=\"mqueue.in\",role=\"in\"} 0\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_scan_duration_seconds 61.042\n"));
	buf_free(&out);
}

/* No report is no empty one. */
static void
test_failure(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	metrics_write_failure("no queue 'a\"b\\'\n", &out);
	assert_string_equal(buf_str(&out),
	    "# TYPE mqueue_report_success gauge\n"
	    "# HELP mqueue_report_success 1 if this is a report, 0 if none"
	    " could be made.\n"
	    "mqueue_report_success 0\n"
	    "# TYPE mqueue_report_error gauge\n"
	    "# HELP mqueue_report_error Why no report could be made.\n"
	    "mqueue_report_error{reason=\"no queue 'a\\\"b\\\\'%0A\"} 1\n"
	    "# EOF\n");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_at_least),
		cmocka_unit_test(test_failure),
	};

	return UNIT_RUN(tests);
}
