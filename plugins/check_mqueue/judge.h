/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.h - numbers and thresholds in, a result out */
#ifndef PLUGINS_CHECK_MQUEUE_JUDGE_H
#define PLUGINS_CHECK_MQUEUE_JUDGE_H

#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/measure.h"

/*
 * Judges n measured queues.  state_note tells why there is no history, "" if
 * there is one.  Returns a settled tree, or NULL: out of memory.
 */
struct result *mqueue_judge(const struct mqueue_config *,
    const struct mqueue_measure *, size_t n, const char *state_note);

/*
 * The message count that a queue must not pass: the end of its critical
 * range, or of its warning range; INFINITY when neither has one.
 */
double mqueue_judge_limit(const struct mqueue_config *,
    const struct mqueue_measure *);

/* Seconds until then at the present rate; INFINITY: never. */
double mqueue_judge_forecast(const struct mqueue_config *,
    const struct mqueue_measure *);

#endif
