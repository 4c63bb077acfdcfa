/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_mqueue.h - check_mqueue's words */
#ifndef TEXT_MQUEUE_H
#define TEXT_MQUEUE_H

#include "config_mqueue.h"
#include "measure_mqueue.h"
#include "plug/result.h"

/* A path, or another text of a user's, made fit for output. */
void	text_add_path(struct buf *, const char *path);

/* What a finding is about: "messages", "age" ... */
const char	*text_subject(enum config_metric);

/* Why a value alerts: "1300 is over 1200". */
void	text_add_finding(struct buf *, const struct measure *,
	    enum config_metric, double value, const struct range *);

/* What to do about it. */
void	text_add_advice(struct buf *, const struct measure *,
	    enum config_metric);

/* What could not be read, and why. */
void	text_add_failure(struct buf *, const struct measure *);

/* All of a queue's numbers, and its directories. */
void	text_add_detail(struct buf *, const struct measure *);

/* What a queue is judged by: "messages 1200 3000, age 15m 1h". */
void	text_add_thresholds(struct buf *, const struct config *,
	    const struct measure *);

/*
 * Gives each queue below a settled root its part of the first line: in full
 * for the worst and for all that are not OK, else its name and count.
 */
void	text_set_summaries(struct result *root, const struct config *,
	    const struct measure *, size_t n);

#endif
