/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gather.h - finds the messages that are to be changed */
#ifndef CHANGE_GATHER_H
#define CHANGE_GATHER_H

#include <stddef.h>
#include <stdint.h>

#include "change/place.h"
#include "change/wanted.h"
#include "count/tally.h"
#include "look/lister.h"
#include "look/survey.h"

/* A message: see struct mta_message. */
struct gather_name {
	uint64_t ino;
	int64_t arrival;
	const struct mta_dir *kind;
	uint32_t place; /* its index in the list */
	enum mta_state state;
	char name[LISTER_NAME]; /* of its file */
};

/* Takes 64 bytes for each wanted message; a flood is half a million of them. */
struct gather {
	struct gather_name *v;
	size_t n;
	struct tally tally; /* of these, by relay; sorted */
	uint64_t verdict[WANTED_VERDICTS];
	uint64_t shared; /* have recipients who are not meant */
	struct survey_result survey;
};

/*
 * Reads the queues, to which the places belong.  A message that is in an
 * incoming queue and another is found in the first.  0, also when a part of
 * them can't be read (see survey); or -1: out of memory.  Free it in both
 * cases.
 */
int gather_take(struct gather *, const struct queue_list *,
    const struct mta_place_list *, const struct survey_options *,
    const struct wanted *);
void gather_free(struct gather *);

#endif
