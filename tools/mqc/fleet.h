/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fleet.h - what mqc knows of all hosts, from round to round */
#ifndef TOOLS_MQC_FLEET_H
#define TOOLS_MQC_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plug/trend.h"
#include "report/report.h"
#include "tools/mqc/column.h"

#define MQC_FLEET_WHY 160 /* bytes of a reason, with its NUL */

/* A moment on both clocks, see when.h. */
struct mqc_fleet_time {
	int64_t wall; /* seconds since 1970 */
	int64_t mono; /* milliseconds */
};

/* Why a host gave no report, beside those of enum report_fault. */
enum mqc_fleet_failure {
	MQC_FLEET_TIMEOUT = REPORT_NO_MEMORY + 1,
	MQC_FLEET_NO_ADDRESS,
	MQC_FLEET_NO_CONNECTION,
	MQC_FLEET_COMMAND,   /* exec: it failed */
	MQC_FLEET_NOT_ASKED, /* this host lacked a descriptor or memory */
};

/* How the numbers of a host are shown. */
enum mqc_fleet_age {
	MQC_FLEET_FRESH,
	MQC_FLEET_AGED, /* it did not answer, or its scan is old */
	MQC_FLEET_GONE, /* nothing is known, or it is too old */
};

/* One number of a host. */
struct mqc_fleet_cell {
	struct mqc_column_value value;
	enum mqc_column_level level;
	bool fast; /* it grows fast */
	struct trend trend;
};

/* What is new of a host in this round. */
enum mqc_fleet_news {
	MQC_FLEET_NOTHING,
	MQC_FLEET_FAILS, /* or fails for another reason */
	MQC_FLEET_RETURNS,
	MQC_FLEET_UNREADS, /* a queue can't be read any longer */
	MQC_FLEET_SAME,    /* it is another host of the list */
};

struct mqc_fleet_host {
	char *name;
	struct report report;    /* the last good one */
	bool known;              /* there is one */
	int64_t scanned;         /* its time, as a mono */
	bool asked;              /* in this round */
	int answer;              /* a fault, or a failure */
	char why[MQC_FLEET_WHY]; /* clean; "" when ok */
	int64_t delay;           /* of the answer, ms */
	int64_t failing;         /* since when, mono; or -1 */
	int64_t failed_for;      /* RETURNS: ms */
	enum mqc_fleet_age age_class;
	int64_t age;             /* of the numbers, s; -1 */
	enum report_again again; /* not NEWS: sums leave it out */
	size_t same;             /* the host that has its queues, then */
	bool same_sure;          /* both tell their machine */
	bool same_told;
	enum mqc_fleet_news news;
	bool crossed;                 /* a limit, upwards */
	struct mqc_fleet_cell *cells; /* one a column */
};

struct mqc_fleet {
	const struct mqc_column_set *columns;
	int64_t interval;    /* seconds */
	int64_t stale_after; /* seconds */
	bool stale_given;
	bool sums; /* are shown, so that two equal hosts are news */
	struct mqc_fleet_host *hosts;
	size_t n;
	struct mqc_fleet_time began; /* this round */
};

/* stale_after 0: REPORT_STALE, or three intervals if that is longer. */
void mqc_fleet_init(struct mqc_fleet *, const struct mqc_column_set *,
    int64_t interval, int64_t stale_after);
void mqc_fleet_set_interval(struct mqc_fleet *, int64_t interval);
void mqc_fleet_free(struct mqc_fleet *);

/* Adds a host.  0, or -1: out of memory. */
int mqc_fleet_add(struct mqc_fleet *, const char *name);

/* Its index, or -1.  Looks at the host behind index hint first. */
ptrdiff_t mqc_fleet_find(const struct mqc_fleet *, const char *name,
    ptrdiff_t hint);

/*
 * A round: begin, then take or fail for each host that was asked, then end,
 * which works out what is shown.
 */
void mqc_fleet_begin(struct mqc_fleet *, struct mqc_fleet_time);

/* Takes the bytes that host i sent.  True if they were a report. */
bool mqc_fleet_take(struct mqc_fleet *, size_t i, const char *bytes, size_t n,
    struct mqc_fleet_time);

/*
 * Notes that host i gave no report.  answer is a fault or a failure.  why may
 * hold any byte.
 */
void mqc_fleet_fail(struct mqc_fleet *, size_t i, int answer, const char *why,
    struct mqc_fleet_time);

void mqc_fleet_end(struct mqc_fleet *, struct mqc_fleet_time);

/* How many hosts have fresh numbers. */
size_t mqc_fleet_fresh(const struct mqc_fleet *);

/*
 * Do sums include the host?  They do if its numbers are known and no other host
 * of the list has the same queues.
 */
bool mqc_fleet_counts(const struct mqc_fleet_host *);

/*
 * May a sum be too low because it does not include this host?  This is also the
 * case if the host only seems to be one that is included already: both have one
 * host name and the same queues, but one of them does not tell its machine.
 */
bool mqc_fleet_misses(const struct mqc_fleet_host *);

/* A word or two: "ok", "timeout", "no address" ..., or the fault's name. */
const char *mqc_fleet_answer_name(int answer);

/* The answer that has this name; -1: there is none. */
int mqc_fleet_answer_parse(const char *);

/* The worst level of its numbers. */
enum mqc_column_level mqc_fleet_level(const struct mqc_fleet *,
    const struct mqc_fleet_host *);

#endif
