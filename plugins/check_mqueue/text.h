/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - check_mqueue's words for what was found out */
#ifndef PLUGINS_CHECK_MQUEUE_TEXT_H
#define PLUGINS_CHECK_MQUEUE_TEXT_H

#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/judge.h"
#include "plugins/check_mqueue/measure.h"

/* A queue's name, made fit for output. */
void mqueue_text_add_name(struct buf *, const char *name);

/* A path, or another text of a user's, made fit for output. */
void mqueue_text_add_path(struct buf *, const char *path);

/* What a finding is about: "messages", "age", "reading" ... */
const char *mqueue_text_subject(const struct mqueue_judge_finding *);

/* One of a finding's texts; nothing where it has none. */
void mqueue_text_add_finding(struct buf *, enum result_text,
    const struct mqueue_config *, const struct mqueue_judge *,
    const struct mqueue_judge_finding *);

/* All of a queue's numbers, and its directories. */
void mqueue_text_add_detail(struct buf *, const struct mqueue_measure *);

/* What a queue is judged by: "messages 1200 3000, age 15m 1h". */
void mqueue_text_add_thresholds(struct buf *, const struct mqueue_config *,
    const struct mqueue_measure *);

/*
 * A queue's part of the first line: in full, or its name and count.  The node
 * is settled, and its findings have their summaries.
 */
void mqueue_text_add_summary(struct buf *, const struct result *node,
    const struct mqueue_judge *);
void mqueue_text_add_short(struct buf *, const struct mqueue_measure *);

/* One of the texts that tell why the growth is not known. */
void mqueue_text_add_no_growth(struct buf *, enum result_text,
    enum result_state, const char *why);

#endif
