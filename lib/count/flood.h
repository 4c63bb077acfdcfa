/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flood.h - the rule by which one relay holds too much of a queue */
#ifndef COUNT_FLOOD_H
#define COUNT_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "count/sample.h"

/*
 * A group is a flood if it has more messages than count, and also more than
 * share * total.  With 100 and 0.1 this is more than 100 messages, or more
 * than 10% if the total is over 1000.
 */
struct flood_rule {
	uint64_t count;
	double share; /* 0 to 1 */
};

/* The limits of a postmaster. */
#define FLOOD_WARNING    \
	{                \
		100, 0.1 \
	}
#define FLOOD_CRITICAL   \
	{                \
		300, 0.3 \
	}

/* "100,10%", "100" (0%) or "10%" (0).  0; or -1 with *why a constant text. */
int flood_parse(struct flood_rule *, const char *, const char **why);
void flood_add_rule(struct buf *, const struct flood_rule *);

/*
 * Can the rule of the warning never warn beside the critical one?  This is so
 * if the critical limit is never greater, whatever the size of the queue, and
 * the two rules are not the same.
 */
bool flood_is_shadowed(const struct flood_rule *warning,
    const struct flood_rule *critical);

/* A group with more messages than this is a flood. */
double flood_limit(const struct flood_rule *, uint64_t total);

enum flood_verdict {
	FLOOD_NO,
	FLOOD_DOUBT, /* it may be a flood, but that is not proven */
	FLOOD_YES,   /* it is a flood, see sample_proves() */
};

enum flood_verdict flood_judge(const struct flood_rule *,
    const struct sample_estimate *, uint64_t total);

enum flood_level {
	FLOOD_LEVEL_OK,
	FLOOD_LEVEL_WARNING,
	FLOOD_LEVEL_CRITICAL,
};

/*
 * Judges a group by the rules of the warning and the critical state together.
 * check_relayflood and qstat both call this, so they say the same.  If the
 * estimate leaves a rule open, *doubt is the worse one of these, else NULL.
 */
enum flood_level flood_level(const struct flood_rule *warning,
    const struct flood_rule *critical, const struct sample_estimate *,
    uint64_t total, const struct flood_rule **doubt);

#endif
