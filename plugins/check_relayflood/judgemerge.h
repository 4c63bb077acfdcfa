/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judgemerge.h - summed relays and two rules in, findings out */
#ifndef PLUGINS_CHECK_RELAYFLOOD_JUDGEMERGE_H
#define PLUGINS_CHECK_RELAYFLOOD_JUDGEMERGE_H

#include <stddef.h>

#include "plug/result.h"
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/merge.h"

/* A relay's sum, and what the rules say of it. */
struct relayflood_judgemerge_row {
	const struct relaysum_row *sum;
	enum result_state state;
	const struct flood_rule *doubt; /* as in relayflood_judge_group */
};

struct relayflood_judgemerge {
	struct relayflood_judgemerge_row *shown; /* largest first */
	size_t nshown;
	size_t over; /* relays that alert */
	double top;  /* messages of the largest that is judged */
};

/*
 * Judges the sums, which must outlive the judgement.  0; or -1, out of memory.
 * Free it in both cases.
 */
int relayflood_judgemerge(struct relayflood_judgemerge *,
    const struct relayflood_config *, const struct relayflood_merge *);
void relayflood_judgemerge_free(struct relayflood_judgemerge *);

/* UNKNOWN if a server has no part in the sum, or perhaps not its whole part. */
enum result_state
relayflood_judgemerge_server(const struct relayflood_merge_server *);

#endif
