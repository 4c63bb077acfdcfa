/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * distinct.c - how many different values were seen, in bounded memory
 *
 * Pure.  Merging two gives the same as one that saw all values of both.
 */
#include "count/distinct.h"

static void
distinct_find_largest(struct distinct *d)
{
	uint16_t i;

	d->largest = 0;
	for (i = 1; i < d->n; i++)
		if (d->v[i] > d->v[d->largest])
			d->largest = i;
}

void
distinct_add(struct distinct *d, uint64_t hash)
{
	uint16_t i;

	if (d->n == DISTINCT_MAX && hash > d->v[d->largest]) {
		d->full = true;
		return;
	}
	for (i = 0; i < d->n; i++)
		if (d->v[i] == hash)
			return;
	if (d->n < DISTINCT_MAX) {
		d->v[d->n++] = hash;
	} else {
		d->full = true;
		d->v[d->largest] = hash;
	}
	if (d->n == DISTINCT_MAX)
		distinct_find_largest(d);
}

void
distinct_merge(struct distinct *d, const struct distinct *other)
{
	uint16_t i;

	for (i = 0; i < other->n; i++)
		distinct_add(d, other->v[i]);
	d->full = d->full || other->full;
}

uint64_t
distinct_count(const struct distinct *d, bool *exact)
{
	double part;

	*exact = !d->full;
	if (!d->full)
		return d->n;
	/* Evenly spread values are the denser, the less far they reach. */
	part = ((double)d->v[d->largest] + 1) / 18446744073709551616.0;
	return (uint64_t)((DISTINCT_MAX - 1) / part + 0.5);
}
