/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.h - what is shown of a census: which groups, in which order */
#ifndef TOOLS_QSTAT_VIEW_H
#define TOOLS_QSTAT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/census.h"
#include "count/flood.h"
#include "tools/qstat/config.h"

/*
 * What check_relayflood says of a group if it counts by the same key and has
 * its default limits.  Only mail that came from other hosts is judged.
 */
enum qstat_view_flood {
	QSTAT_VIEW_NO,
	QSTAT_VIEW_DOUBT, /* the sample is too small to tell */
	QSTAT_VIEW_WARNING,
	QSTAT_VIEW_CRITICAL,
};

/*
 * One group.  If only a sample was read, its numbers are estimates for the
 * whole queues.
 */
struct qstat_view_row {
	const struct tally_group *group;
	struct sample_estimate count;
	struct sample_estimate judged; /* of these, from other hosts */
	double share;                  /* of all messages */
	double recipients;
	uint64_t senders; /* seen; 0: not known */
	bool senders_exact;
	int64_t since;     /* epoch; -1: unknown */
	int64_t until;     /* epoch; -1: it has not ended */
	double per_minute; /* -1: not known */
	enum qstat_view_flood flood;
};

struct qstat_view {
	const struct qstat_config *config;
	const struct queue_list *queues;
	const struct census *census;
	int64_t now;
	size_t width; /* of the terminal */
	bool colour;

	bool judged;    /* by the rule */
	double warning; /* the rule's limits */
	double critical;
	struct qstat_view_row largest; /* group NULL: none */
	struct qstat_view_row worst;   /* the most that is judged */
	size_t nfloods;                /* over a limit */

	struct qstat_view_row *row; /* those to be shown */
	size_t nrows;
	struct sample_estimate others; /* the other groups */
	bool others_at_most;           /* a message may be in many */
	int64_t others_oldest;         /* arrival; -1 */
	size_t nothers;                /* how many they are */
	bool others_more;              /* at least */

	int64_t oldest; /* age of the oldest */
			/* message; -1: none */
};

#define QSTAT_VIEW_TOP   20 /* groups, unless -n says */
#define QSTAT_VIEW_WIDTH 80

/*
 * Chooses and sorts the groups.  All pointers must outlive the view.  0; or
 * -1, out of memory.  Free it in both cases.
 */
int qstat_view_make(struct qstat_view *, const struct qstat_config *,
    const struct queue_list *, const struct census *);
void qstat_view_free(struct qstat_view *);

/* Would so many of the messages that were read be over the warning limit? */
bool qstat_view_is_large(const struct qstat_view *, uint64_t hits);

/* The key that tells more if no message has the chosen one; or NULL. */
const char *qstat_view_ask(const struct qstat_view *);

/* Were too few messages read to find any flood? */
bool qstat_view_is_blind(const struct qstat_view *);

/*
 * Is the answer partial, because something could not be read?  Could nothing be
 * read?
 */
bool qstat_view_is_partial(const struct survey_result *);
bool qstat_view_is_unread(const struct survey_result *);

#endif
