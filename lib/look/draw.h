/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.h - a fair draw of names, of a size that is fixed beforehand */
#ifndef LOOK_DRAW_H
#define LOOK_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "look/lister.h"

#define DRAW_MAX 4096 /* names that are kept */

struct draw_name {
	const struct lister *lister;
	struct lister_entry entry;
};

/*
 * The names with the smallest hashes of all names that were offered.  When
 * they are sorted, the first few of them are a fair sample, however many that
 * are, because hashes have nothing to do with when and where a message came
 * from.
 */
struct draw {
	struct draw_name *v; /* a heap, largest hash first */
	size_t n;
};

int draw_init(struct draw *); /* 0, or -1: out of memory */
void draw_free(struct draw *);
void draw_offer(struct draw *, const struct lister *,
    const struct lister_entry *);
void draw_sort(struct draw *); /* smallest hash first */

#endif
