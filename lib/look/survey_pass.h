/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survey_pass.h - one pass of a survey over the queues, by several threads */
#ifndef LOOK_SURVEY_PASS_H
#define LOOK_SURVEY_PASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "look/draw.h"
#include "look/lister.h"
#include "look/reader.h"
#include "look/seen.h"
#include "look/survey_sink.h"

struct survey_worker;

/* opt, sink, the listers and seen are set by the caller. */
struct survey_pass {
	const struct survey_options *opt;
	const struct survey_sink *sink;
	struct lister *lister; /* incoming first */
	size_t nlisters;
	struct seen *seen; /* NULL: no need */

	struct survey_worker *worker;
	size_t nworkers;
	struct draw draw;
	uint64_t listed; /* names, none twice */

	/* The names to read: those with hashes from low to high. */
	uint64_t low;
	uint64_t high;
	struct lister *at;          /* NULL: the draw */
	atomic_size_t next;         /* of the draw */
	atomic_bool failed;         /* out of memory */
	atomic_bool late;           /* time ran out */
	atomic_uint_least64_t done; /* for the progress */
};

/* Makes the workers.  0, or -1: out of memory. */
int survey_pass_init(struct survey_pass *);
void survey_pass_free(struct survey_pass *); /* the listers, too */

/*
 * Counts and draws the names of all directories, until a time (mono).  False:
 * that was not enough.
 */
bool survey_pass_list(struct survey_pass *, int64_t until);

/*
 * Reads what was drawn, or what is from low to high, until the deadline: then
 * late is set.  0, or -1: out of memory.
 */
int survey_pass_draw(struct survey_pass *);
int survey_pass_read(struct survey_pass *);

/* Adds what was read since the last call. */
void survey_pass_take(struct survey_pass *, struct reader_count *);

/* Names left out because they were in an incoming queue as well. */
uint64_t survey_pass_moved(const struct survey_pass *);

#endif
