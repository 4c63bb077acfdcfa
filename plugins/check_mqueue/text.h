/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - check_mqueue's words */
#ifndef PLUGINS_CHECK_MQUEUE_TEXT_H
#define PLUGINS_CHECK_MQUEUE_TEXT_H

#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/measure.h"

/* A queue's name, made fit for output. */
void mqueue_text_add_name(struct buf *, const char *name);

/* A path, or another text of a user's, made fit for output. */
void mqueue_text_add_path(struct buf *, const char *path);

/* What a finding is about: "messages", "age" ... */
const char *mqueue_text_subject(enum mqueue_config_metric);

/* Why a value alerts: "1300, which is over 1200". */
void mqueue_text_add_finding(struct buf *, const struct mqueue_measure *,
    enum mqueue_config_metric, double value, const struct range *);

/*
 * The same for the first line, where what alerts comes before the other
 * numbers: "1300 messages, over 1200", "oldest 17m, over 15m", "reaches 3000 in
 * 38m, under 1h", "2 lost, over 0".
 */
void mqueue_text_add_alert(struct buf *, const struct mqueue_config *,
    const struct mqueue_measure *, enum mqueue_config_metric, double value,
    const struct range *);

/* The same of what could not be read. */
void mqueue_text_add_unread(struct buf *, const struct mqueue_measure *);

/* Is a value that alerts above its range, not below or in it? */
bool mqueue_text_is_too_much(enum mqueue_config_metric, double value,
    const struct range *);

/* What to do about too much of something. */
void mqueue_text_add_advice(struct buf *, const struct mqueue_config *,
    const struct mqueue_measure *, enum mqueue_config_metric);

/*
 * Can the age of the oldest be anything between two numbers, because the
 * messages were not all looked at?
 */
bool mqueue_text_is_age_open(const struct mqueue_measure *);

/* What is known of an age that is open. */
void mqueue_text_add_open_age(struct buf *, const struct mqueue_measure *);

/* What could not be read, and why. */
void mqueue_text_add_failure(struct buf *, const struct mqueue_measure *);

/* All of a queue's numbers, and its directories. */
void mqueue_text_add_detail(struct buf *, const struct mqueue_measure *);

/* Why a metric has no WARNING, where a default plays a part. */
void mqueue_text_add_shadowed(struct buf *, enum mqueue_config_metric,
    const struct range *w, const struct range *c);

/* What a queue is judged by: "messages 1200 3000, age 15m 1h". */
void mqueue_text_add_thresholds(struct buf *, const struct mqueue_config *,
    const struct mqueue_measure *);

/*
 * A queue's part of the first line: in full, or its name and count.  The node
 * is settled, and the summaries of its findings are theirs on that line.
 */
void mqueue_text_add_summary(struct buf *, const struct result *node,
    const struct mqueue_config *, const struct mqueue_measure *);
void mqueue_text_add_short(struct buf *, const struct mqueue_measure *);

#endif
