/* SPDX-License-Identifier: GPL-3.0-or-later */
/* census.h - who fills the queues: a survey into a tally */
#ifndef COUNT_CENSUS_H
#define COUNT_CENSUS_H

#include <stdbool.h>

#include "count/flood.h"
#include "count/sample.h"
#include "count/tally.h"
#include "look/survey.h"
#include "mail/queue.h"

struct census_options {
	struct survey_options survey;
	enum key_by by;
	bool smtp_only; /* see struct tally */
	bool detail_all;
	unsigned int workers; /* 0: one for each CPU */
};

struct census {
	struct tally tally; /* sorted */
	struct survey_result survey;
};

/* 0; or -1 with errno: out of memory.  Free with census_free() in any case. */
int census_take(struct census *, const struct queue_list *,
    const struct census_options *);
void census_free(struct census *);

/*
 * Scales a number of the tally to all of the queues.  A sum over groups that
 * overlap can be more than the number of messages; then it is that number.
 */
struct sample_estimate census_scale(const struct census *, uint64_t hits);

/*
 * Were so few messages read that they could not prove a flood by this rule,
 * even if all of them were of one group?
 */
bool census_is_blind(const struct census *, const struct flood_rule *);

/*
 * Is the sum of some groups only an upper bound of their messages, because a
 * message may be in several of them?  largest is the largest of these groups.
 */
bool census_is_bound(const struct census *, uint64_t sum, uint64_t largest);

#endif
