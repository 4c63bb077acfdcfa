/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.h - which queue ids were met before, in fixed memory */
#ifndef LOOK_SEEN_H
#define LOOK_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A Bloom filter of 2 MiB.  It never forgets an id.  If it has half a million
 * ids, it mistakes one in 240000 other ids for one of them; with a million ids
 * it is one in 2300.
 */
struct seen;

struct seen *seen_new(void); /* NULL: out of memory */
void seen_free(struct seen *);

/* Forgets all ids; no other thread may use it meanwhile. */
void seen_clear(struct seen *);

/* hash: 64 well mixed bits of an id.  Any thread may call these. */
void seen_add(struct seen *, uint64_t hash);
bool seen_has(const struct seen *, uint64_t hash);

#endif
