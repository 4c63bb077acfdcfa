/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.h - numbers and thresholds in, findings out */
#ifndef PLUGINS_CHECK_MQUEUE_JUDGE_H
#define PLUGINS_CHECK_MQUEUE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "plug/range.h"
#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/measure.h"

/* What a finding is about. */
enum mqueue_judge_kind {
	MQUEUE_JUDGE_UNREAD,   /* directories that cannot be read */
	MQUEUE_JUDGE_LATE,     /* the time ran out before all was counted */
	MQUEUE_JUDGE_VALUE,    /* a value that alerts */
	MQUEUE_JUDGE_UNDATED,  /* messages without a usable date */
	MQUEUE_JUDGE_OPEN_AGE, /* the age of the oldest is not exact */
	MQUEUE_JUDGE_SHADOWED, /* a warning limit that is never reached */
};

struct mqueue_judge_finding {
	enum mqueue_judge_kind kind;
	enum result_state state;
	enum mqueue_config_metric metric; /* of VALUE and SHADOWED */
	const struct range *rule;         /* that alerts, or the warning's */
	const struct range *critical;     /* of SHADOWED */
	double value;                     /* of VALUE */
	bool advise; /* there is too much, and no finding before this one */
};                   /* has the same advice */

/* A value and a shadowed limit for each metric, and one of each other kind. */
#define MQUEUE_JUDGE_MAX (4 + 2 * MQUEUE_CONFIG_METRICS)

/* What was found out about one queue. */
struct mqueue_judge {
	const struct mqueue_measure *m;
	struct mqueue_judge_finding finding[MQUEUE_JUDGE_MAX];
	size_t n;
	/*
	 * The message count that the queue must not pass: the end of its
	 * critical range, or of its warning range; INFINITY when neither has
	 * one.  And the seconds until then at the present rate; INFINITY:
	 * never.
	 */
	double limit;
	double forecast;
};

/* Judges one queue; the measure must outlive the judgement. */
void mqueue_judge(struct mqueue_judge *, const struct mqueue_config *,
    const struct mqueue_measure *);

/* Is there a value of this metric that alerts? */
bool mqueue_judge_alerts(const struct mqueue_judge *,
    enum mqueue_config_metric);

/*
 * The state of n queues of which the growth is not known: UNKNOWN if one of
 * them is to be judged by it.
 */
enum result_state mqueue_judge_no_growth(const struct mqueue_config *,
    const struct mqueue_measure *, size_t n);

#endif
