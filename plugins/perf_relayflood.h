/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf_relayflood.h - check_relayflood's perfdata */
#ifndef PERF_RELAYFLOOD_H
#define PERF_RELAYFLOOD_H

#include "judge_relayflood.h"

/*
 * Adds messages, relays, relays_over, top_count, top_share, read, sampled,
 * oldest_other to the root: the same ones in any case, and no text that a
 * remote host chose.
 */
void	perf_relayflood(struct result *root,
	    const struct config_relayflood *,
	    const struct measure_relayflood *,
	    const struct judge_relayflood *);

#endif
