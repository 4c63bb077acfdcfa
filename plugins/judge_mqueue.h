/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_mqueue.h - numbers and thresholds in, a result out */
#ifndef JUDGE_MQUEUE_H
#define JUDGE_MQUEUE_H

#include "config_mqueue.h"
#include "measure_mqueue.h"
#include "plug/result.h"

/*
 * Judges n measured queues.  state_note tells why there is no history, "" if
 * there is one.  Returns a settled tree, or NULL: out of memory.
 */
struct result *judge_mqueue(const struct config *, const struct measure *,
    size_t n, const char *state_note);

/*
 * The message count that a queue must not pass: the end of its critical
 * range, or of its warning range; INFINITY when neither has one.
 */
double judge_limit(const struct config *, const struct measure *);

/* Seconds until then at the present rate; INFINITY: never. */
double judge_forecast(const struct config *, const struct measure *);

#endif
