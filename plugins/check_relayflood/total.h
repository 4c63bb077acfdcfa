/* SPDX-License-Identifier: GPL-3.0-or-later */
/* total.h - check_relayflood's words for all messages */
#ifndef PLUGINS_CHECK_RELAYFLOOD_TOTAL_H
#define PLUGINS_CHECK_RELAYFLOOD_TOTAL_H

#include <stdbool.h>

#include "plugins/check_relayflood/judge.h"

/* What the first line tells besides the flood; nothing if nothing was read. */
void relayflood_total_add_summary(struct buf *,
    const struct relayflood_config *, const struct relayflood_measure *,
    const struct relayflood_judge *);

/* All messages, in a line of their own. */
void relayflood_total_add(struct buf *, const struct relayflood_measure *);

/* How many messages have a date that can't be true; nothing if none has. */
void relayflood_total_add_dates(struct buf *, const struct relayflood_measure *,
    const char *before);

/* The line of messages that are in no group; false: there are none. */
bool relayflood_total_add_rest(struct buf *, const struct relayflood_measure *,
    const struct relayflood_judge_rest *);

/* What messages are called that have no key: "no name". */
const char *relayflood_total_unnamed(enum key_by);

/* -v: the two rules, what was read; -vv: a directory. */
void relayflood_total_add_thresholds(struct buf *,
    const struct relayflood_config *, const struct relayflood_measure *);
void relayflood_total_add_reading(struct buf *,
    const struct relayflood_measure *);
void relayflood_total_add_directory(struct buf *, const struct queue *,
    const struct queue_dir *);

/* What could not be read, and why: in short, or with its path. */
void relayflood_total_add_failure(struct buf *,
    const struct relayflood_measure *, bool path);

/* What there was no time for. */
void relayflood_total_add_late(struct buf *, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge *);

#endif
