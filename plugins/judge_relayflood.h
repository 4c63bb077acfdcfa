/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_relayflood.h - a census and two rules in, a result out */
#ifndef JUDGE_RELAYFLOOD_H
#define JUDGE_RELAYFLOOD_H

#include <stddef.h>
#include <stdint.h>

#include "config_relayflood.h"
#include "measure_relayflood.h"
#include "plug/result.h"

/* A group, and what the rules say of it. */
struct judge_relayflood_group {
	const struct tally_group *group;
	struct sample_estimate count; /* in all of the queues */
	enum result_state state;
	const struct flood_rule *doubt; /* the worse rule, if the */
};                                      /* sample leaves it open */

/* Messages that are in none of the groups above. */
struct judge_relayflood_rest {
	size_t groups;
	uint64_t count;   /* read */
	int64_t oldest;   /* arrival; -1: not known */
	uint64_t largest; /* of the groups */
};

struct judge_relayflood {
	struct judge_relayflood_group *shown; /* largest first */
	size_t nshown;
	struct judge_relayflood_group top; /* group NULL: there is none */
	size_t over;                       /* groups that alert */
	struct judge_relayflood_rest ignored;
	struct judge_relayflood_rest others;
	bool has_other;       /* messages that don't alert */
	int64_t oldest_other; /* arrival of the oldest of them; -1: */
};                            /* none, or not known */

/*
 * The state of one group by the two rules; *doubt is the worse rule that the
 * estimate leaves open, or NULL.
 */
enum result_state judge_relayflood_state(const struct config_relayflood *,
    const struct sample_estimate *, uint64_t total,
    const struct flood_rule **doubt);

/* Returns a settled tree, or NULL: out of memory. */
struct result *judge_relayflood(const struct config_relayflood *,
    const struct measure_relayflood *);

/* Adds a line if the limits leave no room for a WARNING. */
void judge_relayflood_limits(struct result *root,
    const struct config_relayflood *);

/* Are the numbers those of all queues, as far as they were sampled? */
bool judge_relayflood_is_whole(const struct measure_relayflood *);

/* Were so few messages read that no flood could be proven by them? */
bool judge_relayflood_is_blind(const struct config_relayflood *,
    const struct measure_relayflood *);

#endif
