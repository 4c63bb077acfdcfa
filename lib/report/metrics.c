/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metrics.c - a report as OpenMetrics text
 *
 * Pure.  Queue names are the only labels that vary.  They are few, and the
 * administrator chooses them.  Relays are left out, because whoever sends mail
 * would choose the number of series.  Every series has the labels of a queue,
 * so two jobs of one host with different queues have no series in common.
 */
#include <inttypes.h>
#include <string.h>

#include "report/metrics.h"

enum metrics_value {
	METRICS_MESSAGES,
	METRICS_OLDEST,
	METRICS_LATE,
	METRICS_QUARANTINED,
	METRICS_LOST,
	METRICS_UNDATED,
	METRICS_FUTURE,
	METRICS_STRANDED,
	METRICS_READABLE,
	METRICS_EXACT,
	METRICS_TIME,
	METRICS_TOOK,
	METRICS_SUCCESS,
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
	{ "mqueue_undated_messages", NULL,
	  "Waiting messages of no known age, as their date cannot be true." },
	{ "mqueue_future_messages", NULL,
	  "Waiting messages of no known age, as their date is still to come." },
	{ "mqueue_stranded_messages", NULL,
	  "Messages that no queue run delivers as they are." },
	{ "mqueue_readable", NULL, "1 if the queue could be read, else 0." },
	{ "mqueue_exact", NULL,
	  "1 if all of the queue was counted; 0: its numbers are lower bounds."
	},
	{ "mqueue_scan_timestamp_seconds", "seconds",
	  "When the queue was counted, seconds since 1970." },
	{ "mqueue_scan_duration_seconds", "seconds",
	  "How long the count of all queues took." },
	{ "mqueue_report_success", NULL,
	  "1 if this is a report, 0 if none could be made." },
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

/*
 * Adds the value of a label.  Bytes that are not ASCII are encoded, because
 * they might not be UTF-8.  Two names never have the same value, because their
 * series would be one.
 */
static void
metrics_add_label(struct buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++)
		if (*p < ' ' || *p > '~' || *p == '%')
			buf_addf(out, "%%%02X", *p);
		else if (*p == '\\' || *p == '"')
			buf_addf(out, "\\%c", *p);
		else
			buf_addc(out, (char)*p);
}

static void
metrics_add_value(struct buf *out, const struct report *r,
    const struct report_queue *q, enum metrics_value which)
{
	switch (which) {
	case METRICS_MESSAGES:
		buf_addf(out, "%" PRIu64, q->messages);
		break;
	case METRICS_OLDEST:
		buf_addf(out, "%" PRId64, q->oldest);
		break;
	case METRICS_LATE:
		buf_addf(out, "%" PRIu64, q->late);
		break;
	case METRICS_QUARANTINED:
		buf_addf(out, "%" PRIu64, q->held);
		break;
	case METRICS_LOST:
		buf_addf(out, "%" PRIu64, q->lost);
		break;
	case METRICS_UNDATED:
		buf_addf(out, "%" PRIu64, q->undated);
		break;
	case METRICS_FUTURE:
		buf_addf(out, "%" PRIu64, q->future);
		break;
	case METRICS_STRANDED:
		buf_addf(out, "%" PRIu64, q->stranded);
		break;
	case METRICS_READABLE:
		buf_addf(out, "%d", q->count != REPORT_UNREADABLE);
		break;
	case METRICS_EXACT:
		buf_addf(out, "%d", q->count == REPORT_EXACT);
		break;
	case METRICS_TIME:
		buf_addf(out, "%" PRId64, r->time);
		break;
	case METRICS_TOOK:
		buf_addf(out, "%" PRId64 ".%03" PRId64, r->took / 1000,
		    r->took % 1000);
		break;
	default:
		buf_addc(out, '1');
		break;
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
		if (which == METRICS_STRANDED && !q->has_stranded)
			continue;
		buf_addf(out, "%s{queue=\"", f->name);
		metrics_add_label(out, q->name);
		buf_addf(out, "\",role=\"%s\"} ", queue_role_name(q->role));
		metrics_add_value(out, r, q, which);
		buf_addc(out, '\n');
	}
}

void
metrics_write_failure(const char *why, struct buf *out)
{
	static const char name[] = "mqueue_report_error";
	const struct metrics_family *f = &metrics_families[METRICS_SUCCESS];

	metrics_add_head(out, f->name, f->unit, f->help);
	buf_addf(out, "%s 0\n", f->name);
	metrics_add_head(out, name, NULL, "Why no report could be made.");
	buf_addf(out, "%s{reason=\"", name);
	metrics_add_label(out, why);
	buf_adds(out, "\"} 1\n# EOF\n");
}

void
metrics_write(const struct report *r, struct buf *out)
{
	int i;

	for (i = METRICS_MESSAGES; i <= METRICS_SUCCESS; i++)
		metrics_add_family(out, r, (enum metrics_value)i);
	buf_adds(out, "# EOF\n");
}

/* The next line that is a sample of the family that every queue has. */
static const char *
metrics_next(const char *s, const char *end, size_t *len)
{
	static const char family[] = "mqueue_readable{";
	const size_t n = sizeof(family) - 1;
	const char *nl;

	for (; s < end; s = nl + 1) {
		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			return NULL;
		*len = (size_t)(nl - s);
		if (*len > n && memcmp(s, family, n) == 0)
			return s;
	}
	return NULL;
}

/* Without the number behind it, a sample is the series. */
static size_t
metrics_series(const char *line, size_t n)
{
	while (n != 0 && line[n - 1] != ' ')
		n--;
	return n;
}

bool
metrics_repeats(const struct buf *text, const char *other, size_t n,
    struct buf *series)
{
	const char *end = text->data + text->len, *mine, *theirs;
	size_t len, size;

	if (text->len == 0 || n == 0)
		return false;
	for (mine = metrics_next(text->data, end, &len); mine != NULL;
	     mine = metrics_next(mine + len, end, &len)) {
		len = metrics_series(mine, len);
		for (theirs = metrics_next(other, other + n, &size);
		     theirs != NULL;
		     theirs = metrics_next(theirs + size, other + n, &size)) {
			if (metrics_series(theirs, size) != len ||
			    memcmp(mine, theirs, len) != 0)
				continue;
			buf_add(series, mine, len - 1);
			return true;
		}
	}
	return false;
}
