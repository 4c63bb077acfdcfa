/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_mqueue.h - check_mqueue's words */
#ifndef TEXT_MQUEUE_H
#define TEXT_MQUEUE_H

#include "config_mqueue.h"
#include "measure_mqueue.h"
#include "plug/result.h"

/* A queue's name, made fit for output. */
void text_add_name(struct buf *, const char *name);

/* A path, or another text of a user's, made fit for output. */
void text_add_path(struct buf *, const char *path);

/* What a finding is about: "messages", "age" ... */
const char *text_subject(enum config_metric);

/* Why a value alerts: "1300, which is over 1200". */
void text_add_finding(struct buf *, const struct measure *, enum config_metric,
    double value, const struct range *);

/*
 * The same for the first line, where what alerts comes before the other
 * numbers: "1300 messages, over 1200", "oldest 17m, over 15m", "reaches 3000 in
 * 38m, under 1h", "2 lost, over 0".
 */
void text_add_alert(struct buf *, const struct config *, const struct measure *,
    enum config_metric, double value, const struct range *);

/* The same of what could not be read. */
void text_add_unread(struct buf *, const struct measure *);

/* Is a value that alerts above its range, not below or in it? */
bool text_is_too_much(enum config_metric, double value, const struct range *);

/* What to do about too much of something. */
void text_add_advice(struct buf *, const struct config *,
    const struct measure *, enum config_metric);

/*
 * Can the age of the oldest be anything between two numbers, because the
 * messages were not all looked at?
 */
bool text_is_age_open(const struct measure *);

/* What is known of an age that is open. */
void text_add_open_age(struct buf *, const struct measure *);

/* What could not be read, and why. */
void text_add_failure(struct buf *, const struct measure *);

/* All of a queue's numbers, and its directories. */
void text_add_detail(struct buf *, const struct measure *);

/* Why a metric has no WARNING, where a default plays a part. */
void text_add_shadowed(struct buf *, enum config_metric, const struct range *w,
    const struct range *c);

/* What a queue is judged by: "messages 1200 3000, age 15m 1h". */
void text_add_thresholds(struct buf *, const struct config *,
    const struct measure *);

/*
 * A queue's part of the first line: in full, or its name and count.  The node
 * is settled, and the summaries of its findings are theirs on that line.
 */
void text_add_summary(struct buf *, const struct result *node,
    const struct config *, const struct measure *);
void text_add_short(struct buf *, const struct measure *);

#endif
