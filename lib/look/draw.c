/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * draw.c - a fair draw of names, of a size that is fixed beforehand
 *
 * A heap that owns copies of the names (bottom-k sampling; Cohen and Kaplan,
 * 2007).
 */
#include <stdlib.h>

#include "look/draw.h"

int
draw_init(struct draw *d)
{
	d->n = 0;
	d->v = malloc(DRAW_MAX * sizeof(*d->v));
	return d->v != NULL ? 0 : -1;
}

void
draw_free(struct draw *d)
{
	free(d->v);
	d->v = NULL;
	d->n = 0;
}

static void
draw_swap(struct draw *d, size_t i, size_t j)
{
	struct draw_name t = d->v[i];

	d->v[i] = d->v[j];
	d->v[j] = t;
}

static void
draw_up(struct draw *d, size_t i)
{
	for (; i != 0 && d->v[i].entry.hash > d->v[(i - 1) / 2].entry.hash;
	     i = (i - 1) / 2)
		draw_swap(d, i, (i - 1) / 2);
}

static void
draw_down(struct draw *d)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < d->n) {
		if (child + 1 < d->n &&
		    d->v[child + 1].entry.hash > d->v[child].entry.hash)
			child++;
		if (d->v[i].entry.hash >= d->v[child].entry.hash)
			return;
		draw_swap(d, i, child);
		i = child;
	}
}

void
draw_offer(struct draw *d, const struct lister *l, const struct lister_entry *e)
{
	if (d->n < DRAW_MAX) {
		d->v[d->n] = (struct draw_name){ l, *e };
		draw_up(d, d->n++);
	} else if (e->hash < d->v[0].entry.hash) {
		d->v[0] = (struct draw_name){ l, *e };
		draw_down(d);
	}
}

static int
draw_compare(const void *a, const void *b)
{
	const struct draw_name *x = a, *y = b;

	return x->entry.hash < y->entry.hash ? -1 :
					       x->entry.hash > y->entry.hash;
}

void
draw_sort(struct draw *d)
{
	if (d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), draw_compare);
}
