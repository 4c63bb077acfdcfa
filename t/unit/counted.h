/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counted.h - a census of made-up messages, for qstat's tests */
#ifndef T_COUNTED_H
#define T_COUNTED_H

#include "tools/qstat/config.h"
#include "tools/qstat/view.h"
#include "words.h"

#define COUNTED_NOW INT64_C(1795342500) /* 2026-11-22 10:15 UTC */

/* What qstat is told, and what it finds. */
struct counted {
	struct words words;
	struct qstat_config c;
	struct census census;
	struct qstat_view v;
};

/*
 * Two queues, mqueue.in and mqueue, without messages; words are options, by
 * blanks.  The zone is UTC from then on.
 */
void counted_start(struct counted *, const char *words);
void counted_end(struct counted *);

/* A message of an address that arrived a number of seconds ago. */
struct envelope counted_message(const char *address, int64_t age);
struct span counted_span(const char *);

/*
 * Adds n messages of an address, in even steps from the oldest to the newest
 * age, of so many senders in turn; host "" for none.
 */
void counted_add(struct counted *, const char *address, const char *host,
    unsigned int n, int64_t oldest, int64_t newest, unsigned int senders);

/* Adds n copies of a message. */
void counted_add_like(struct counted *, const struct envelope *,
    unsigned int n);

/* The census is over, and viewed: all was read, or only a part of total. */
void counted_done(struct counted *);
void counted_sampled(struct counted *, uint64_t total);

/* Fails unless a function adds this text. */
void counted_expect(const struct counted *,
    void (*)(struct buf *, const struct qstat_view *), const char *want);

#endif
