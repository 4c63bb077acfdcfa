/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - one server's queues, as mqreport tells them */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "mail/dated.h"
#include "mail/queue.h"

#define REPORT_VERSION 1
#define REPORT_MAX     (256 * 1024) /* bytes of a whole report */
#define REPORT_ROWS    1000         /* queues, and relays */
#define REPORT_PORT    "5119"       /* TCP; not assigned by IANA */
#define REPORT_LATE    (15 * 60)    /* older than this is late, seconds */
#define REPORT_AHEAD   DATED_AHEAD  /* a clock may be ahead by this, seconds */
#define REPORT_STALE   (5 * 60)     /* stale_after, unless asked for */

/* How reliable the numbers are. */
enum report_count {
	REPORT_EXACT,
	REPORT_AT_LEAST,   /* lower bounds: not all could be read */
	REPORT_UNREADABLE, /* nothing was read: no numbers at all */
};

struct report_queue {
	char *name; /* may hold any byte but NUL */
	enum queue_role role;
	enum report_count count;
	uint64_t messages; /* queued */
	int64_t oldest;    /* age in seconds; 0: none */
	uint64_t late;     /* older than REPORT_LATE */
	uint64_t held;
	uint64_t lost;
	uint64_t undated;    /* of messages: with an impossible time, */
	uint64_t future;     /* or a time in the future; no age */
	int64_t oldest_max;  /* upper bounds of oldest and late: */
	uint64_t late_max;   /* see struct scan_count */
	int64_t oldest_held; /* age, seconds; 0: none, or an older mqreport */
	bool has_stranded;   /* else not known: 0.1.0, or no time */
	uint64_t stranded;   /* see stranded.h */
	char *reason;        /* why it is not exact; or NULL */
};

struct report_relay {
	struct addr addr;
	uint64_t messages; /* among those that were read */
};

/* Does a report tell whether all messages are in its total? */
enum report_whole {
	REPORT_WHOLE_UNTOLD, /* mqreport 0.1.0 does not tell */
	REPORT_WHOLE_YES,
	REPORT_WHOLE_NO,
};

/*
 * The structure owns everything that its pointers refer to.  A pointer may be
 * NULL before it is set.  Text from another host is hostile: clean it before
 * output.
 */
struct report {
	char *host;    /* may hold any byte but NUL */
	char *machine; /* hex digits that no other host has; or NULL */
	int64_t time;  /* of the scan, since 1970 */
	int64_t took;  /* the scan, milliseconds */
	struct report_queue *queues;
	size_t nqueues;
	bool has_relays;                /* relays were asked for */
	enum report_count relays_count; /* exact: all were read */
	uint64_t relays_read;           /* messages that were read */
	uint64_t relays_total;          /* messages that there are */
	enum report_whole relays_whole; /* are these all messages? */
	struct report_relay *relays;    /* those with the most, first */
	size_t nrelays;
	char *error; /* why there is no report; or NULL */
	char *note;  /* written only; or NULL */
};

#define REPORT_INIT \
	{           \
		0   \
	}

/* Why a text is not accepted as a report. */
enum report_fault {
	REPORT_FINE,
	REPORT_REFUSED, /* nothing came: access control */
	REPORT_CUT,     /* the end line is missing */
	REPORT_GARBAGE,
	REPORT_TOO_NEW,    /* a version that this program does not know */
	REPORT_TOO_LONG,   /* over REPORT_MAX */
	REPORT_FAILED,     /* the host reports an error: see error */
	REPORT_STALE_DATA, /* report_check_time(): too old */
	REPORT_FUTURE,     /* report_check_time(): from the future */
	REPORT_NO_MEMORY,
};

/* One word for it: "refused", "cut", "garbage" ... "ok" for REPORT_FINE. */
const char *report_fault_name(enum report_fault);

/* "exact", "at-least", "unreadable". */
const char *report_count_name(enum report_count);

/* Is the report older than stale_after seconds, or from the future? */
enum report_fault report_check_time(const struct report *, int64_t now,
    int64_t stale_after, const char **why);

void report_free(struct report *);

/*
 * The messages of all queues of one role, for a column.  *count is the worst
 * one of these queues.  Returns false if the report has no such queue.
 */
bool report_sum(const struct report *, enum queue_role, uint64_t *messages,
    enum report_count *count);

/*
 * Is relays_total only a lower bound of the number of messages?  This is also
 * true if the report does not tell.  It is false for a sample of all messages.
 */
bool report_relays_bound(const struct report *);

/* How the queues of a report are related to those of an earlier one. */
enum report_again {
	REPORT_NEWS,  /* another server, or none of its queues */
	REPORT_AGAIN, /* all queues are in the earlier report */
	REPORT_PARTLY_AGAIN,
};

/*
 * Are two reports about the same server?  They are if they have the same host
 * name and, if both of them have it, the same machine.  Two mqreports of one
 * server may watch different queues.  In this case the names of the queues
 * tell whether something would count twice.
 */
enum report_again report_again(const struct report *,
    const struct report *before);

#endif
