/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * elders.c - the oldest of many messages, by name, in bounded memory
 *
 * Pure, and owns no memory.  A message that is younger than all that are kept
 * costs one comparison.  Sorted by hand, as qsort(3) may allocate.  A name
 * longer than LISTER_NAME belongs to no message.
 */
#include <string.h>

#include "look/elders.h"

void
elders_init(struct elders *e)
{
	e->n = 0;
	e->next = -1;
}

static void
elders_set(struct elder *to, const char *name, const struct queue_dir *dir,
    const struct mta_dir *kind, int64_t age)
{
	size_t n = strlen(name);

	if (n >= sizeof(to->name))
		n = sizeof(to->name) - 1;
	memcpy(to->name, name, n);
	to->name[n] = '\0';
	to->dir = dir;
	to->kind = kind;
	to->age = age;
}

static void
elders_swap(struct elder *a, struct elder *b)
{
	struct elder t = *a;

	*a = *b;
	*b = t;
}

static void
elders_up(struct elder *v, size_t i)
{
	for (; i != 0 && v[i].age < v[(i - 1) / 2].age; i = (i - 1) / 2)
		elders_swap(&v[i], &v[(i - 1) / 2]);
}

static void
elders_down(struct elder *v, size_t n)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && v[child + 1].age < v[child].age)
			child++;
		if (v[i].age <= v[child].age)
			return;
		elders_swap(&v[i], &v[child]);
		i = child;
	}
}

void
elders_add(struct elders *e, const char *name, const struct queue_dir *dir,
    const struct mta_dir *kind, int64_t age)
{
	int64_t out = age;

	if (e->n < ELDERS_MAX) {
		elders_set(&e->v[e->n], name, dir, kind, age);
		elders_up(e->v, e->n++);
		return;
	}
	if (age > e->v[0].age) {
		out = e->v[0].age;
		elders_set(&e->v[0], name, dir, kind, age);
		elders_down(e->v, e->n);
	}
	if (out > e->next)
		e->next = out;
}

/* The youngest goes behind all others, again and again. */
void
elders_sort(struct elders *e)
{
	size_t n;

	for (n = e->n; n > 1; n--) {
		elders_swap(&e->v[0], &e->v[n - 1]);
		elders_down(e->v, n - 1);
	}
}
