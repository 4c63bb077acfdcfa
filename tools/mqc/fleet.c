/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet.c - what mqc knows of all hosts, from round to round
 *
 * Pure but for memory.  Owns the last good report of each host.  A host that
 * does not answer keeps its last numbers, which grow old; they never become 0
 * because an answer is missing.  The age of a number is counted from the scan
 * and not from the answer, because a server may answer from its cache.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/read.h"
#include "tools/mqc/fleet.h"

/* A queue grows fast if it would reach its warning limit in so many minutes. */
#define MQC_FLEET_FAST 15

static const char *const mqc_fleet_failures[] = { "timeout", "no address",
	"no connection", "command failed", "not asked" };

#define MQC_FLEET_LAST MQC_FLEET_NOT_ASKED

void
mqc_fleet_init(struct mqc_fleet *f, const struct mqc_column_set *columns,
    int64_t interval, int64_t stale_after)
{
	*f = (struct mqc_fleet){ .columns = columns };
	f->stale_after = stale_after;
	f->stale_given = stale_after != 0;
	mqc_fleet_set_interval(f, interval);
}

void
mqc_fleet_set_interval(struct mqc_fleet *f, int64_t interval)
{
	f->interval = interval;
	if (!f->stale_given)
		f->stale_after = 3 * interval > REPORT_STALE ? 3 * interval :
							       REPORT_STALE;
}

void
mqc_fleet_free(struct mqc_fleet *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		report_free(&f->hosts[i].report);
		free(f->hosts[i].name);
		free(f->hosts[i].cells);
	}
	free(f->hosts);
	f->hosts = NULL;
	f->n = 0;
}

int
mqc_fleet_add(struct mqc_fleet *f, const char *name)
{
	struct mqc_fleet_host *grown, *h;

	grown = realloc(f->hosts, (f->n + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	f->hosts = grown;
	h = &grown[f->n];
	*h = (struct mqc_fleet_host){ .failing = -1,
		.age = -1,
		.age_class = MQC_FLEET_GONE };
	h->name = strdup(name);
	h->cells = calloc(f->columns->n, sizeof(*h->cells));
	if (h->name == NULL || h->cells == NULL) {
		free(h->name);
		free(h->cells);
		return -1;
	}
	f->n++;
	return 0;
}

ptrdiff_t
mqc_fleet_find(const struct mqc_fleet *f, const char *name, ptrdiff_t hint)
{
	size_t i, at;

	for (i = 0; i < f->n; i++) {
		at = ((size_t)(hint + 1) + i) % f->n;
		if (strcmp(f->hosts[at].name, name) == 0)
			return (ptrdiff_t)at;
	}
	return -1;
}

const char *
mqc_fleet_answer_name(int answer)
{
	if (answer >= MQC_FLEET_TIMEOUT)
		return mqc_fleet_failures[answer - MQC_FLEET_TIMEOUT];
	return report_fault_name((enum report_fault)answer);
}

int
mqc_fleet_answer_parse(const char *name)
{
	int i;

	for (i = 0; i <= MQC_FLEET_LAST; i++)
		if (strcmp(mqc_fleet_answer_name(i), name) == 0)
			return i;
	return -1;
}

void
mqc_fleet_begin(struct mqc_fleet *f, struct mqc_fleet_time now)
{
	struct mqc_fleet_host *h;
	size_t i;

	f->began = now;
	for (i = 0; i < f->n; i++) {
		h = &f->hosts[i];
		h->asked = false;
		h->news = MQC_FLEET_NOTHING;
		h->crossed = false;
	}
}

void
mqc_fleet_fail(struct mqc_fleet *f, size_t i, int answer, const char *why,
    struct mqc_fleet_time now)
{
	struct mqc_fleet_host *h = &f->hosts[i];
	struct buf text = BUF_INIT;
	size_t n = strlen(why);

	clean_add_line(&text, why, n < sizeof(h->why) ? n : sizeof(h->why) - 1);
	n = text.oom ? 0 : text.len;
	if (n != 0)
		memcpy(h->why, text.data, n);
	h->why[n] = '\0';
	buf_free(&text);
	if (h->failing == -1 || h->answer != answer)
		h->news = MQC_FLEET_FAILS;
	if (h->failing == -1)
		h->failing = now.mono;
	h->asked = true;
	h->answer = answer;
	h->delay = now.mono - f->began.mono;
}

/* Does the number of a cell grow fast?  now is when it was counted. */
static void
mqc_fleet_grow(const struct mqc_column *c, struct mqc_fleet_cell *cell,
    struct mqc_fleet_time now)
{
	struct trend *t = &cell->trend;
	struct trend_sample sample = { now.wall, now.mono,
		(int64_t)cell->value.n };
	double per_minute;

	cell->fast = trend_take(t, &sample, &per_minute) && c->warning != 0 &&
	    per_minute * MQC_FLEET_FAST >= (double)c->warning;
}

/* Takes the number of one column out of the host's new report. */
static void
mqc_fleet_update(const struct mqc_column *c, struct mqc_fleet_host *h,
    struct mqc_fleet_cell *cell)
{
	const struct mqc_fleet_time scanned = { h->report.time, h->scanned };
	const struct mqc_column_value before = cell->value;
	const enum mqc_column_level level = cell->level;

	cell->value = mqc_column_read(c, &h->report);
	cell->level = mqc_column_judge(c, &cell->value);
	if (before.kind != MQC_COLUMN_MISSING && cell->level > level)
		h->crossed = true;
	if (cell->value.kind == MQC_COLUMN_UNREADABLE &&
	    before.kind != MQC_COLUMN_UNREADABLE)
		h->news = MQC_FLEET_UNREADS;
	/*
	 * A lower bound depends on the time that a scan had, so its changes
	 * tell nothing of growth.
	 */
	if (cell->value.kind == MQC_COLUMN_EXACT)
		mqc_fleet_grow(c, cell, scanned);
	else
		cell->fast = false;
}

bool
mqc_fleet_take(struct mqc_fleet *f, size_t i, const char *bytes, size_t n,
    struct mqc_fleet_time now)
{
	struct mqc_fleet_host *h = &f->hosts[i];
	enum report_fault fault, stale;
	struct report r;
	const char *why;
	size_t c;

	fault = report_read(&r, bytes, n, &why);
	if (fault == REPORT_FINE &&
	    (stale = report_check_time(&r, now.wall, f->stale_after, &why)) !=
		REPORT_FINE) {
		report_free(&r);
		fault = stale;
	}
	if (fault != REPORT_FINE) {
		mqc_fleet_fail(f, i, (int)fault, why, now);
		if (fault == REPORT_FAILED)
			report_free(&r);
		return false;
	}
	report_free(&h->report);
	h->report = r;
	h->known = true;
	h->scanned = now.mono;
	if (r.time < now.wall)
		h->scanned -= (now.wall - r.time) * 1000;
	for (c = 0; c < f->columns->n; c++)
		mqc_fleet_update(&f->columns->v[c], h, &h->cells[c]);
	if (h->failing != -1) {
		h->failed_for = now.mono - h->failing;
		h->news = MQC_FLEET_RETURNS;
		h->failing = -1;
	}
	h->why[0] = '\0';
	h->asked = true;
	h->answer = REPORT_FINE;
	h->delay = now.mono - f->began.mono;
	return true;
}

static void
mqc_fleet_end_host(const struct mqc_fleet *f, struct mqc_fleet_host *h,
    struct mqc_fleet_time now)
{
	h->age = -1;
	h->age_class = MQC_FLEET_GONE;
	if (!h->known)
		return;
	h->age = (now.mono - h->scanned) / 1000;
	if (h->age > f->stale_after)
		return;
	h->age_class = MQC_FLEET_AGED;
	if (h->asked && h->answer == REPORT_FINE &&
	    h->age <= f->interval + REPORT_AHEAD)
		h->age_class = MQC_FLEET_FRESH;
}

/*
 * Does a host that is in the sums have the queues of host i?  One with fresh
 * numbers is preferred.
 */
static void
mqc_fleet_compare(struct mqc_fleet *f, size_t i)
{
	struct mqc_fleet_host *h = &f->hosts[i];
	const struct mqc_fleet_host *other;
	size_t j;

	h->again = REPORT_NEWS;
	for (j = 0; j < f->n && h->again == REPORT_NEWS; j++) {
		other = &f->hosts[j];
		if (other->age_class > h->age_class ||
		    (other->age_class == h->age_class && j >= i) ||
		    other->again != REPORT_NEWS)
			continue;
		h->again = report_again(&h->report, &other->report);
		h->same = j;
		h->same_sure = h->report.machine != NULL &&
		    other->report.machine != NULL;
	}
	if (h->again == REPORT_NEWS || h->news != MQC_FLEET_NOTHING ||
	    h->same_told || !f->sums)
		return;
	h->news = MQC_FLEET_SAME;
	h->same_told = true;
}

void
mqc_fleet_end(struct mqc_fleet *f, struct mqc_fleet_time now)
{
	int level;
	size_t i;

	for (i = 0; i < f->n; i++)
		mqc_fleet_end_host(f, &f->hosts[i], now);
	for (level = MQC_FLEET_FRESH; level < MQC_FLEET_GONE; level++)
		for (i = 0; i < f->n; i++)
			if ((int)f->hosts[i].age_class == level)
				mqc_fleet_compare(f, i);
}

bool
mqc_fleet_counts(const struct mqc_fleet_host *h)
{
	return h->age_class != MQC_FLEET_GONE && h->again == REPORT_NEWS;
}

bool
mqc_fleet_misses(const struct mqc_fleet_host *h)
{
	if (h->age_class == MQC_FLEET_GONE || h->again == REPORT_PARTLY_AGAIN)
		return true;
	return h->again == REPORT_AGAIN && !h->same_sure;
}

size_t
mqc_fleet_fresh(const struct mqc_fleet *f)
{
	size_t i, n = 0;

	for (i = 0; i < f->n; i++)
		n += f->hosts[i].age_class == MQC_FLEET_FRESH;
	return n;
}

enum mqc_column_level
mqc_fleet_level(const struct mqc_fleet *f, const struct mqc_fleet_host *h)
{
	enum mqc_column_level worst = MQC_COLUMN_OK;
	size_t c;

	for (c = 0; c < f->columns->n; c++)
		if (h->age_class != MQC_FLEET_GONE && h->cells[c].level > worst)
			worst = h->cells[c].level;
	return worst;
}
