/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf.h - check_relayflood's perfdata */
#ifndef PLUGINS_CHECK_RELAYFLOOD_PERF_H
#define PLUGINS_CHECK_RELAYFLOOD_PERF_H

#include "plugins/check_relayflood/judge.h"

/* What is graphed. */
struct relayflood_perf {
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
 * Adds messages, relays, relays_over, top_count, top_share, read, sampled and
 * oldest_other to the root: always all of them, and no text that a remote host
 * chose.
 */
void relayflood_perf_values(struct result *root,
    const struct relayflood_config *, const struct relayflood_perf *);

/* The same from a census and the judgement of it. */
void relayflood_perf(struct result *root, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge *);

#endif
