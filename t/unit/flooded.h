/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flooded.h - a census of made-up messages, for check_relayflood's tests */
#ifndef T_FLOODED_H
#define T_FLOODED_H

#include "plugins/check_relayflood/measure.h"
#include "words.h"

#define FLOODED_NOW     INT64_C(1795342500) /* 2026-11-22 10:15 UTC */
#define FLOODED_SENDERS 61

/* What check_relayflood is told, and what it finds. */
struct flooded {
	struct words words;
	struct relayflood_config c;
	struct queue_list queues;
	struct relayflood_measure m;
};

/* A queue /no/mqueue.in without messages; words are options, by blanks. */
void flooded_start(struct flooded *, const char *words);
void flooded_end(struct flooded *);

/*
 * Adds n messages of an address, a minute apart, the newest a number of
 * seconds old; host "" for none, "name?" for one that may be forged.  They
 * are of FLOODED_SENDERS senders in turn.
 */
void flooded_add(struct flooded *, const char *address, const char *host,
    unsigned int n, int64_t newest);

/* Adds n copies of a message. */
void flooded_add_like(struct flooded *, const struct envelope *,
    unsigned int n);

/* A message of an address that arrived a number of seconds ago. */
struct envelope flooded_message(const char *address, int64_t age);
struct span flooded_span(const char *);

/* The census is over: all was read, or only the part of this total. */
void flooded_done(struct flooded *);
void flooded_sampled(struct flooded *, uint64_t total);

/* The answer, which the caller frees; or its first line without perfdata. */
char *flooded_answer(struct flooded *);
char *flooded_text(struct flooded *);

/* Either has to be this; the end. */
void flooded_expect(struct flooded *, const char *answer);
void flooded_expect_text(struct flooded *, const char *text);

/* The first line has to begin with this; the end. */
void flooded_expect_start(struct flooded *, const char *start);

#endif
