/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flood.h - the rule by which one relay holds too much of a queue */
#ifndef COUNT_FLOOD_H
#define COUNT_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "count/sample.h"

/*
 * A flood is more messages than the larger of count and share * total: with
 * 100 and 0.1, more than 100, or more than 10% once the total is over 1000.
 */
struct flood_rule {
	uint64_t count;
	double share; /* 0 to 1 */
};

/* The postmaster's: 100 or 10%, and 300 or 30%. */
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
 * Is a warning's rule of no use beside a critical one: is the critical limit,
 * whatever the size of the queue, never greater, and are they not the same?
 */
bool flood_is_shadowed(const struct flood_rule *warning,
    const struct flood_rule *critical);

/* More than this many are a flood. */
double flood_limit(const struct flood_rule *, uint64_t total);

enum flood_verdict {
	FLOOD_NO,
	FLOOD_DOUBT, /* it may be one, but that is not proven */
	FLOOD_YES,   /* it is, see sample_proves() */
};

enum flood_verdict flood_judge(const struct flood_rule *,
    const struct sample_estimate *, uint64_t total);

enum flood_level {
	FLOOD_LEVEL_OK,
	FLOOD_LEVEL_WARNING,
	FLOOD_LEVEL_CRITICAL,
};

/*
 * What a milder and a worse rule say together of a group.  check_relayflood
 * and qstat both ask here, so that they say the same.  *doubt is the worse of
 * the rules that the estimate leaves open, or NULL.
 */
enum flood_level flood_level(const struct flood_rule *warning,
    const struct flood_rule *critical, const struct sample_estimate *,
    uint64_t total, const struct flood_rule **doubt);

#endif
