/* SPDX-License-Identifier: GPL-3.0-or-later */
/* surveyed.h - queues to survey, and a clock that is looked at */
#ifndef T_SURVEYED_H
#define T_SURVEYED_H

#include <stdatomic.h>

#include "tree.h"

#include "count/census.h"

#define SURVEYED_NOW INT64_C(1795342500)

/*
 * A clock that each look at it sets forward, by a step or to the end; workers
 * look at it as they like.
 */
struct surveyed_script {
	atomic_llong looks;
	int64_t looks_a_ms;
	int64_t jump_at;  /* looks; 0: never */
	int64_t leave_at; /* the same: leave() is called */
	void (*leave)(void);
};

struct when_clock surveyed_clock(struct surveyed_script *);

/* One that stands at SURVEYED_NOW. */
extern const struct when_clock surveyed_still;

/* A message of relay 192.0.2.X; its number makes the id. */
void surveyed_make(const char *dir, unsigned int number, unsigned int relay);

/*
 * So many messages, a third of them in mqueue.in and the others in mqueue.
 * Half of them are of relay 192.0.2.66, the others of many.
 */
void surveyed_fill(unsigned int n);

/* One queue or two; second may be NULL. */
struct queue_list surveyed_queues(const char *first, const char *second);

/* By relay, without a deadline. */
struct census_options surveyed_options(void);

/* The messages of relay 192.0.2.X. */
uint64_t surveyed_count(const struct census *, unsigned int relay);

#endif
