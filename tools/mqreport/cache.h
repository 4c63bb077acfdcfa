/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.h - the last report, and who makes the next one */
#ifndef TOOLS_MQREPORT_CACHE_H
#define TOOLS_MQREPORT_CACHE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/when.h"
#include "report/report.h"
#include "tools/mqreport/config.h"

struct mqreport_cache {
	int dir;        /* -1: there is no cache */
	int lock;       /* -1: not taken */
	struct buf key; /* name of the file */
};

#define MQREPORT_CACHE_INIT      \
	{                        \
		-1, -1, BUF_INIT \
	}

enum mqreport_cache_answer {
	MQREPORT_CACHE_YOUNG, /* *report is young enough */
	MQREPORT_CACHE_OLD,   /* it is older: another process counts */
	MQREPORT_CACHE_COUNT, /* the caller is the one to count */
	MQREPORT_CACHE_NONE,  /* another counts, and took too long */
};

/*
 * Opens the cache for this user and for these options, below the directory that
 * the configuration names.  0; or -1 with the reason added to *why: there is no
 * cache then.
 */
int mqreport_cache_open(struct mqreport_cache *, const struct mqreport_config *,
    uid_t, struct buf *why);

/*
 * Tells the caller what to do.  If another process counts, this waits for its
 * report: for a second if there is an older report that is not stale, otherwise
 * until the deadline.  If the answer is YOUNG or OLD, the caller has to free
 * the report.
 */
enum mqreport_cache_answer mqreport_cache_get(struct mqreport_cache *,
    int64_t max_age, const struct when_deadline *, struct report *);

/* Stores the report that was counted, if possible, and releases the lock. */
void mqreport_cache_put(struct mqreport_cache *, const struct buf *text);

void mqreport_cache_close(struct mqreport_cache *);

#endif
