/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h - measured numbers in, check_relayflood's result out */
#ifndef PLUGINS_CHECK_RELAYFLOOD_ANSWER_H
#define PLUGINS_CHECK_RELAYFLOOD_ANSWER_H

#include "plug/result.h"
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/measure.h"
#include "plugins/check_relayflood/merge.h"

/*
 * Judges the census of this host's queues, and words what was found.  Returns
 * a settled tree, or NULL: out of memory.
 */
struct result *relayflood_answer(const struct relayflood_config *,
    const struct relayflood_measure *);

/*
 * The same for the sums of several servers, with the same perfdata;
 * oldest_other is not known, as reports do not tell it.
 */
struct result *relayflood_answer_merge(const struct relayflood_config *,
    const struct relayflood_merge *);

#endif
