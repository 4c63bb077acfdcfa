/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judgemerge_relayflood.h - summed relays and two rules in, a result out */
#ifndef JUDGEMERGE_RELAYFLOOD_H
#define JUDGEMERGE_RELAYFLOOD_H

#include "config_relayflood.h"
#include "merge_relayflood.h"
#include "plug/result.h"

/*
 * Judges the sums as judge_relayflood() judges one server's relays, with the
 * same perfdata; oldest_other is 0, as reports do not tell it.  Returns a
 * settled tree, or NULL: out of memory.
 */
struct result *judgemerge_relayflood(const struct config_relayflood *,
    const struct merge_relayflood *);

#endif
