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
	unsigned int workers; /* 0: as the machine has CPUs */
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
 * A number of the tally, as it is in all of the queues.  A sum over groups
 * that overlap can be more than there are messages: then it is all of them.
 */
struct sample_estimate census_scale(const struct census *, uint64_t hits);

/*
 * Were so few messages read that not even all of them together would prove a
 * flood by this rule?
 */
bool census_is_blind(const struct census *, const struct flood_rule *);

/*
 * Is the sum of some groups only known to be at most that many messages,
 * because a message may be in several of them?  largest is one of them.
 */
bool census_is_bound(const struct census *, uint64_t sum, uint64_t largest);

#endif
