/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf_relayflood.h - check_relayflood's perfdata */
#ifndef PERF_RELAYFLOOD_H
#define PERF_RELAYFLOOD_H

#include "judge_relayflood.h"

/* What is graphed. */
struct perf_relayflood {
	uint64_t messages;
	size_t relays;
	size_t over; /* relays that alert */
	double top;  /* messages of the largest that is */
		     /* judged */
	uint64_t read;
	bool has_oldest_other;
	int64_t oldest_other; /* age, seconds */
};

/*
 * Adds messages, relays, relays_over, top_count, top_share, read, sampled,
 * oldest_other to the root: the same ones in any case, and no text that a
 * remote host chose.
 */
void perf_relayflood_values(struct result *root,
    const struct config_relayflood *, const struct perf_relayflood *);

/* The same from a census and what was judged of it. */
void perf_relayflood(struct result *root, const struct config_relayflood *,
    const struct measure_relayflood *, const struct judge_relayflood *);

#endif
