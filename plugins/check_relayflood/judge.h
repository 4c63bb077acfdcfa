/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.h - a census and two rules in, findings out */
#ifndef PLUGINS_CHECK_RELAYFLOOD_JUDGE_H
#define PLUGINS_CHECK_RELAYFLOOD_JUDGE_H

#include <stddef.h>
#include <stdint.h>

#include "plug/result.h"
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/measure.h"

#define RELAYFLOOD_JUDGE_SHOWN 20 /* groups that alert, listed at most */

/* A group, and what the rules say of it. */
struct relayflood_judge_group {
	const struct tally_group *group;
	struct sample_estimate count; /* in all of the queues */
	enum result_state state;
	const struct flood_rule *doubt; /* the worse rule, if the */
};                                      /* sample leaves it open */

/* Messages of groups that are not shown. */
struct relayflood_judge_rest {
	size_t groups;
	uint64_t count;   /* read */
	int64_t oldest;   /* arrival; -1: not known */
	uint64_t largest; /* of the groups */
};

struct relayflood_judge {
	bool is_unread;         /* directories or control files: UNKNOWN */
	bool is_late;           /* there was too little time, */
	bool is_blind;          /* and too few were read to prove any flood; */
	enum result_state late; /* the state of that */

	struct relayflood_judge_group *shown; /* largest first */
	size_t nshown;
	struct relayflood_judge_group top; /* group NULL: there is none */
	size_t over;                       /* groups that alert */
	struct relayflood_judge_rest ignored;
	struct relayflood_judge_rest others;
	bool has_other;       /* messages that don't alert */
	int64_t oldest_other; /* arrival of the oldest of them; -1: */
};                            /* none, or not known */

/*
 * The state of one group by the two rules; *doubt is the worse rule that the
 * estimate leaves open, or NULL.
 */
enum result_state relayflood_judge_state(const struct relayflood_config *,
    const struct sample_estimate *, uint64_t total,
    const struct flood_rule **doubt);

/*
 * Judges the groups of a census, which must outlive the judgement.  0; or -1,
 * out of memory.  Free it in both cases.
 */
int relayflood_judge(struct relayflood_judge *,
    const struct relayflood_config *, const struct relayflood_measure *);
void relayflood_judge_free(struct relayflood_judge *);

#endif
