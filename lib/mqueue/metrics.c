/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metrics.c - a report as OpenMetrics text
 *
 * Pure.  Queue names are the only labels that vary, and those are few and
 * chosen by the administrator; relays are left out, because whoever sends mail
 * would choose the number of series.
 */
#include <inttypes.h>

#include "mqueue/metrics.h"

enum metrics_value {
	METRICS_MESSAGES,
	METRICS_OLDEST,
	METRICS_LATE,
	METRICS_QUARANTINED,
	METRICS_LOST,
	METRICS_READABLE,
	METRICS_EXACT,
};

/* In the order of enum metrics_value. */
static const struct metrics_family {
	const char *name;
	const char *unit; /* the name ends in it; or NULL */
	const char *help;
} metrics_families[] = {
	/* clang-format off */
	{ "mqueue_messages", NULL, "Messages that wait in the queue." },
	{ "mqueue_oldest_age_seconds", "seconds",
	  "Age of the oldest waiting message, 0 if there is none." },
	{ "mqueue_late_messages", NULL,
	  "Waiting messages that are older than 15 minutes." },
	{ "mqueue_quarantined_messages", NULL, "Messages in quarantine." },
	{ "mqueue_lost_messages", NULL,
	  "Messages that the MTA set aside as unusable." },
	{ "mqueue_readable", NULL, "1 if the queue could be read, else 0." },
	{ "mqueue_exact", NULL,
	  "1 if all of the queue was counted; 0: its numbers are lower bounds."
	},
	/* clang-format on */
};

static void
metrics_add_head(struct buf *out, const char *name, const char *unit,
    const char *help)
{
	buf_addf(out, "# TYPE %s gauge\n", name);
	if (unit != NULL)
		buf_addf(out, "# UNIT %s %s\n", name, unit);
	buf_addf(out, "# HELP %s %s\n", name, help);
}

/* A label's value: what is not ASCII might not be UTF-8 either. */
static void
metrics_add_label(struct buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			buf_addf(out, "%%%02X", *p);
		else if (*p == '\\' || *p == '"')
			buf_addf(out, "\\%c", *p);
		else
			buf_addc(out, (char)*p);
}

static uint64_t
metrics_value(const struct report_queue *q, enum metrics_value which)
{
	switch (which) {
	case METRICS_MESSAGES:
		return q->messages;
	case METRICS_OLDEST:
		return (uint64_t)q->oldest;
	case METRICS_LATE:
		return q->late;
	case METRICS_QUARANTINED:
		return q->quarantined;
	case METRICS_LOST:
		return q->lost;
	case METRICS_READABLE:
		return q->count != REPORT_UNREADABLE;
	default:
		return q->count == REPORT_EXACT;
	}
}

static void
metrics_add_family(struct buf *out, const struct report *r,
    enum metrics_value which)
{
	const struct metrics_family *f = &metrics_families[which];
	const struct report_queue *q;
	size_t i;

	metrics_add_head(out, f->name, f->unit, f->help);
	for (i = 0; i < r->nqueues; i++) {
		q = &r->queues[i];
		if (q->count == REPORT_UNREADABLE && which < METRICS_READABLE)
			continue;
		buf_addf(out, "%s{queue=\"", f->name);
		metrics_add_label(out, q->name);
		buf_addf(out, "\",role=\"%s\"} %" PRIu64 "\n",
		    queue_role_name(q->role), metrics_value(q, which));
	}
}

static void
metrics_add_success(struct buf *out, int success)
{
	static const char name[] = "mqueue_report_success";

	metrics_add_head(out, name, NULL,
	    "1 if this is a report, 0 if none could be made.");
	buf_addf(out, "%s %d\n", name, success);
}

void
metrics_write_failure(const char *why, struct buf *out)
{
	static const char name[] = "mqueue_report_error";

	metrics_add_success(out, 0);
	metrics_add_head(out, name, NULL, "Why no report could be made.");
	buf_addf(out, "%s{reason=\"", name);
	metrics_add_label(out, why);
	buf_adds(out, "\"} 1\n# EOF\n");
}

void
metrics_write(const struct report *r, struct buf *out)
{
	int i;

	metrics_add_success(out, 1);
	for (i = METRICS_MESSAGES; i <= METRICS_EXACT; i++)
		metrics_add_family(out, r, (enum metrics_value)i);
	metrics_add_head(out, "mqueue_scan_timestamp_seconds", "seconds",
	    "When the queues were counted, seconds since 1970.");
	buf_addf(out, "mqueue_scan_timestamp_seconds %" PRId64 "\n", r->time);
	metrics_add_head(out, "mqueue_scan_duration_seconds", "seconds",
	    "How long the count took.");
	buf_addf(out,
	    "mqueue_scan_duration_seconds %" PRId64 ".%03" PRId64 "\n# EOF\n",
	    r->took / 1000, r->took % 1000);
}
