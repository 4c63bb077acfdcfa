/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - one server's queues, as mqreport tells them
 *
 * Pure.  What a report is, and what two of them have to do with each other;
 * write.c and read.c are its text.
 */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const char *const report_counts[] = { "exact", "at-least",
	"unreadable" };

static const char *const report_faults[] = { "ok", "refused", "cut", "garbage",
	"too new", "too long", "failed", "stale", "from the future",
	"no memory" };

const char *
report_count_name(enum report_count count)
{
	return report_counts[count];
}

const char *
report_fault_name(enum report_fault fault)
{
	return report_faults[fault];
}

void
report_free(struct report *r)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++) {
		free(r->queues[i].name);
		free(r->queues[i].reason);
	}
	free(r->queues);
	free(r->relays);
	free(r->host);
	free(r->machine);
	free(r->error);
	free(r->note);
	*r = (struct report)REPORT_INIT;
}

bool
report_sum(const struct report *r, enum queue_role role, uint64_t *messages,
    enum report_count *count)
{
	const struct report_queue *q;
	bool found = false;
	size_t i;

	*messages = 0;
	*count = REPORT_EXACT;
	for (i = 0; i < r->nqueues; i++) {
		q = &r->queues[i];
		if (q->role != role)
			continue;
		found = true;
		*messages += q->messages;
		if (q->count > *count)
			*count = q->count;
	}
	return found;
}

bool
report_relays_bound(const struct report *r)
{
	return r->relays_count != REPORT_EXACT &&
	    r->relays_whole != REPORT_WHOLE_YES;
}

static bool
report_has_queue(const struct report *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nqueues; i++)
		if (strcmp(r->queues[i].name, name) == 0)
			return true;
	return false;
}

enum report_again
report_again(const struct report *r, const struct report *before)
{
	size_t i, n = 0;

	if (strcmp(r->host, before->host) != 0)
		return REPORT_NEWS;
	if (r->machine != NULL && before->machine != NULL &&
	    strcmp(r->machine, before->machine) != 0)
		return REPORT_NEWS;
	for (i = 0; i < r->nqueues; i++)
		n += report_has_queue(before, r->queues[i].name);
	if (n == 0)
		return REPORT_NEWS;
	return n == r->nqueues ? REPORT_AGAIN : REPORT_PARTLY_AGAIN;
}

enum report_fault
report_check_time(const struct report *r, int64_t now, int64_t stale_after,
    const char **why)
{
	if (r->time > now + REPORT_AHEAD) {
		*why = "its time is still to come; compare the clocks";
		return REPORT_FUTURE;
	}
	if (r->time < now - stale_after) {
		*why = "it is too old";
		return REPORT_STALE_DATA;
	}
	return REPORT_FINE;
}
