/* SPDX-License-Identifier: GPL-3.0-or-later */
/* total_relayflood.h - check_relayflood's words for all messages */
#ifndef TOTAL_RELAYFLOOD_H
#define TOTAL_RELAYFLOOD_H

#include <stdbool.h>

#include "judge_relayflood.h"

/* What the first line tells beside the flood; nothing was read: nothing. */
void total_relayflood_add_summary(struct buf *,
    const struct config_relayflood *, const struct measure_relayflood *,
    const struct judge_relayflood *);

/* All messages, in a line of their own. */
void total_relayflood_add(struct buf *, const struct measure_relayflood *);

/* How many messages have a date that can't be true; nothing if none has. */
void total_relayflood_add_dates(struct buf *, const struct measure_relayflood *,
    const char *before);

/* The line of messages that are in no group; false: there are none. */
bool total_relayflood_add_rest(struct buf *, const struct measure_relayflood *,
    const struct judge_relayflood_rest *);

/* What messages are called that have no key: "no name". */
const char *total_relayflood_unnamed(enum tally_by);

/* -v: the two rules, what was read; -vv: a directory. */
void total_relayflood_add_thresholds(struct buf *,
    const struct config_relayflood *, const struct measure_relayflood *);
void total_relayflood_add_reading(struct buf *,
    const struct measure_relayflood *);
void total_relayflood_add_directory(struct buf *, const struct queue *,
    const struct queue_dir *);

/* What could not be read, and why; in short, or with its path. */
void total_relayflood_add_failure(struct buf *,
    const struct measure_relayflood *, bool path);

/* What there was no time for. */
void total_relayflood_add_late(struct buf *, const struct config_relayflood *,
    const struct measure_relayflood *);

#endif
