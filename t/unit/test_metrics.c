/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_metrics.c - a report as OpenMetrics text */
#include <stdio.h>

#include "unit.h"

#include "report/metrics.h"

static char name_in[] = "mqueue.in", name_odd[] = "a\\b\"c\n\xff d%";

static const char all_text[] =
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
    "# TYPE mqueue_undated_messages gauge\n"
    "# HELP mqueue_undated_messages Waiting messages of no known age,"
    " as their date cannot be true.\n"
    "mqueue_undated_messages{queue=\"mqueue.in\",role=\"in\"} 4\n"
    "# TYPE mqueue_future_messages gauge\n"
    "# HELP mqueue_future_messages Waiting messages of no known age,"
    " as their date is still to come.\n"
    "mqueue_future_messages{queue=\"mqueue.in\",role=\"in\"} 5\n"
    "# TYPE mqueue_stranded_messages gauge\n"
    "# HELP mqueue_stranded_messages Messages that no queue run"
    " delivers as they are.\n"
    "mqueue_stranded_messages{queue=\"mqueue.in\",role=\"in\"} 6\n"
    "# TYPE mqueue_readable gauge\n"
    "# HELP mqueue_readable 1 if the queue could be read, else 0.\n"
    "mqueue_readable{queue=\"mqueue.in\",role=\"in\"} 1\n"
    "mqueue_readable{queue=\"a\\\\b\\\"c%0A%FF d%25\",role=\"out\"} 0\n"
    "# TYPE mqueue_exact gauge\n"
    "# HELP mqueue_exact 1 if all of the queue was counted; 0: its"
    " numbers are lower bounds.\n"
    "mqueue_exact{queue=\"mqueue.in\",role=\"in\"} 1\n"
    "mqueue_exact{queue=\"a\\\\b\\\"c%0A%FF d%25\",role=\"out\"} 0\n"
    "# TYPE mqueue_scan_timestamp_seconds gauge\n"
    "# UNIT mqueue_scan_timestamp_seconds seconds\n"
    "# HELP mqueue_scan_timestamp_seconds When the queue was counted,"
    " seconds since 1970.\n"
    "mqueue_scan_timestamp_seconds{queue=\"mqueue.in\",role=\"in\"}"
    " 1795200000\n"
    "mqueue_scan_timestamp_seconds{queue=\"a\\\\b\\\"c%0A%FF d%25\","
    "role=\"out\"} 1795200000\n"
    "# TYPE mqueue_scan_duration_seconds gauge\n"
    "# UNIT mqueue_scan_duration_seconds seconds\n"
    "# HELP mqueue_scan_duration_seconds How long the count of all"
    " queues took.\n"
    "mqueue_scan_duration_seconds{queue=\"mqueue.in\",role=\"in\"}"
    " 0.012\n"
    "mqueue_scan_duration_seconds{queue=\"a\\\\b\\\"c%0A%FF d%25\","
    "role=\"out\"} 0.012\n"
    "# TYPE mqueue_report_success gauge\n"
    "# HELP mqueue_report_success 1 if this is a report, 0 if none"
    " could be made.\n"
    "mqueue_report_success{queue=\"mqueue.in\",role=\"in\"} 1\n"
    "mqueue_report_success{queue=\"a\\\\b\\\"c%0A%FF d%25\",role=\"out\"}"
    " 1\n"
    "# EOF\n";

static void
test_all(void **state)
{
	struct report_queue queues[] = {
		/* clang-format off */
		{ .name = name_in, .role = QUEUE_IN, .messages = 1164,
		  .oldest = 661, .late = 1, .held = 2, .lost = 3,
		  .undated = 4, .future = 5, .has_stranded = true,
		  .stranded = 6 },
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
	assert_string_equal(buf_str(&out), all_text);
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
	/* An older report does not tell: that is no 0. */
	assert_non_null(strstr(buf_str(&out),
	    "# TYPE mqueue_stranded_messages gauge\n"
	    "# HELP mqueue_stranded_messages Messages that no queue run"
	    " delivers as they are.\n"
	    "# TYPE mqueue_readable gauge\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_messages{queue=\"mqueue.in\",role=\"in\"} 7\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_readable{queue=\"mqueue.in\",role=\"in\"} 1\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_exact{queue=\"mqueue.in\",role=\"in\"} 0\n"));
	assert_non_null(strstr(buf_str(&out),
	    "mqueue_scan_duration_seconds{queue=\"mqueue.in\","
	    "role=\"in\"} 61.042\n"));
	buf_free(&out);
}

/* The text of a report with one queue. */
static struct buf
metrics_of(const char *name, enum queue_role role, enum report_count count)
{
	struct report_queue q = { .role = role, .count = count };
	const struct report r = { .queues = &q, .nqueues = 1, .time = 7 };
	char copy[32];
	struct buf out = BUF_INIT;

	snprintf(copy, sizeof(copy), "%s", name);
	q.name = copy;
	metrics_write(&r, &out);
	return out;
}

/* Two reports of which the queues are others have no series in common. */
static void
test_repeats(void **state)
{
	static const char cut[] = "mqueue_readable{queue=\"a\",role=\"out\"} 1";
	static const struct {
		const char *mine, *other;
		enum queue_role role;    /* of the other one; mine is out */
		enum report_count count; /* of it */
		const char *series;      /* NULL: none */
	} rows[] = {
		/* clang-format off */
		{ "a", "b", QUEUE_OUT, REPORT_EXACT, NULL },
		{ "a", "a", QUEUE_IN, REPORT_EXACT, NULL },
		{ "a", "aa", QUEUE_OUT, REPORT_EXACT, NULL },
		{ "aa", "a", QUEUE_OUT, REPORT_EXACT, NULL },
		{ "a", "a", QUEUE_OUT, REPORT_EXACT,
		  "mqueue_readable{queue=\"a\",role=\"out\"}" },
		{ "a", "a", QUEUE_OUT, REPORT_UNREADABLE,
		  "mqueue_readable{queue=\"a\",role=\"out\"}" },
		{ "a b", "a b", QUEUE_OUT, REPORT_EXACT,
		  "mqueue_readable{queue=\"a b\",role=\"out\"}" },
		/* Names that are not the same look not the same. */
		{ "\xff", "%FF", QUEUE_OUT, REPORT_EXACT, NULL },
		{ "\\", "\\\\", QUEUE_OUT, REPORT_EXACT, NULL },
		/* clang-format on */
	};
	struct buf mine, other, series = BUF_INIT;
	const char *line, *end;
	bool repeats;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		mine = metrics_of(rows[i].mine, QUEUE_OUT, REPORT_EXACT);
		other = metrics_of(rows[i].other, rows[i].role, rows[i].count);
		buf_truncate(&series, 0);
		repeats = metrics_repeats(&mine, other.data, other.len,
		    &series);
		assert_int_equal(repeats, rows[i].series != NULL);
		if (repeats)
			assert_string_equal(buf_str(&series), rows[i].series);
		/* Nor is any other line a line of both, but comments. */
		for (line = buf_str(&mine); !repeats && *line != '\0';
		     line = end + 1) {
			end = strchr(line, '\n');
			buf_truncate(&series, 0);
			buf_add(&series, line, (size_t)(end - line) + 1);
			if (*line != '#' &&
			    strstr(buf_str(&other), buf_str(&series)) != NULL)
				fail_msg("%s", buf_str(&series));
		}
		buf_free(&mine);
		buf_free(&other);
	}
	mine = metrics_of("a", QUEUE_OUT, REPORT_EXACT);
	assert_false(metrics_repeats(&mine, NULL, 0, &series));
	/* A line that is cut says nothing. */
	assert_false(metrics_repeats(&mine, cut, strlen(cut), &series));
	assert_false(metrics_repeats(&mine, "mqueue_readable{\n", 17, &series));
	buf_free(&mine);
	buf_free(&series);
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
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_failure),
	};

	return UNIT_RUN(tests);
}
