/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distinct.h - how many different values were seen, in bounded memory */
#ifndef COUNT_DISTINCT_H
#define COUNT_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISTINCT_MAX 64 /* exact up to here */

/*
 * The smallest hashes that were seen.  If there are more values than are kept,
 * the density of the hashes tells their number (k minimum values; Bar-Yossef
 * et al., 2002), with a standard error of 1/sqrt(DISTINCT_MAX), 13%.
 */
struct distinct {
	uint64_t v[DISTINCT_MAX];
	uint16_t n;
	uint16_t largest; /* index of the largest hash, if full */
	bool full;        /* a value was left out */
};

/* hash: 64 well mixed bits of a value. */
void distinct_add(struct distinct *, uint64_t hash);
void distinct_merge(struct distinct *, const struct distinct *);

/* The number; *exact tells whether it was counted or estimated. */
uint64_t distinct_count(const struct distinct *, bool *exact);

#endif
