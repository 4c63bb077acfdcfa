/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h - measured queues in, check_mqueue's result out */
#ifndef PLUGINS_CHECK_MQUEUE_ANSWER_H
#define PLUGINS_CHECK_MQUEUE_ANSWER_H

#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/measure.h"

/*
 * Judges n measured queues, and words what was found.  state_note tells why
 * there is no history, "" if there is one.  Returns a settled tree, or NULL:
 * out of memory.
 */
struct result *mqueue_answer(const struct mqueue_config *,
    const struct mqueue_measure *, size_t n, const char *state_note);

#endif
