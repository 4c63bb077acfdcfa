/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judgemerge.h - summed relays and two rules in, a result out */
#ifndef PLUGINS_CHECK_RELAYFLOOD_JUDGEMERGE_H
#define PLUGINS_CHECK_RELAYFLOOD_JUDGEMERGE_H

#include "plug/result.h"
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/merge.h"

/*
 * Judges the sums as relayflood_judge() judges one server's relays, with the
 * same perfdata; oldest_other is 0, as reports do not tell it.  Returns a
 * settled tree, or NULL: out of memory.
 */
struct result *relayflood_judgemerge(const struct relayflood_config *,
    const struct relayflood_merge *);

#endif
