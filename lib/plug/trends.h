/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trends.h - the histories of many things in one text */
#ifndef PLUG_TRENDS_H
#define PLUG_TRENDS_H

#include <stddef.h>

#include "base/buf.h"
#include "plug/trend.h"

#define TRENDS_MAX 1000 /* things in a text */

struct trends_thing {
	char *name;
	struct trend trend;
};

struct trends {
	struct trends_thing *v;
	size_t n;
	size_t at; /* where the next look begins */
};

#define TRENDS_INIT        \
	{                  \
		NULL, 0, 0 \
	}

/*
 * Takes what trends_add() wrote: lines "thing NAME", and behind each the lines
 * of a history.  What is no such line is skipped.  0, or -1: out of memory.
 * Free it in both cases.
 */
int trends_parse(struct trends *, const char *text, size_t n);
void trends_free(struct trends *);

/* The history of a name; an empty one if there is none. */
void trends_get(struct trends *, const char *name, struct trend *);

/*
 * Adds a name and its history in at most room bytes: the newest samples, or
 * nothing where there is not room for two.
 */
void trends_add(struct buf *, const char *name, const struct trend *,
    size_t room);

#endif
