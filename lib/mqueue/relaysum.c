/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relaysum.c - the relays of several servers' reports, summed
 *
 * Pure.  Rows are collected first and summed by two sorts at the end: a report
 * has at most REPORT_ROWS of them.  The ends of the intervals are summed as
 * well, so that the interval of a sum is wider than it would have to be.
 */
#include <stdlib.h>
#include <string.h>

#include "mqueue/relaysum.h"

int
relaysum_add(struct relaysum *sum, const struct report *r)
{
	size_t need = sum->n + r->nrelays, size = sum->size, i;
	struct relaysum_row *rows;

	if (!r->has_relays || r->relays_count == REPORT_UNREADABLE)
		return 0;
	if (need > size) {
		size = need > 2 * size ? need : 2 * size;
		rows = realloc(sum->rows, size * sizeof(*rows));
		if (rows == NULL)
			return -1;
		sum->rows = rows;
		sum->size = size;
	}
	for (i = 0; i < r->nrelays; i++)
		sum->rows[sum->n++] = (struct relaysum_row){ r->relays[i].addr,
			sample_scale(r->relays[i].messages, r->relays_read,
			    r->relays_total),
			1 };
	sum->total += r->relays_total;
	sum->reports++;
	sum->bound = sum->bound || report_relays_bound(r);
	return 0;
}

static int
relaysum_by_addr(const void *a, const void *b)
{
	const struct relaysum_row *x = a, *y = b;

	return memcmp(x->addr.b, y->addr.b, sizeof(x->addr.b));
}

static int
relaysum_by_size(const void *a, const void *b)
{
	const struct relaysum_row *x = a, *y = b;
	double mine = x->messages.value, other = y->messages.value;

	if (mine != other)
		return mine < other ? 1 : -1;
	return relaysum_by_addr(a, b);
}

void
relaysum_finish(struct relaysum *sum)
{
	struct relaysum_row *to = sum->rows;
	size_t i;

	if (sum->n == 0)
		return;
	qsort(sum->rows, sum->n, sizeof(*sum->rows), relaysum_by_addr);
	for (i = 1; i < sum->n; i++) {
		const struct relaysum_row *row = &sum->rows[i];

		if (!addr_equal(&to->addr, &row->addr)) {
			*++to = *row;
			continue;
		}
		to->messages.value += row->messages.value;
		to->messages.low += row->messages.low;
		to->messages.high += row->messages.high;
		to->reports++;
	}
	sum->n = (size_t)(to - sum->rows) + 1;
	qsort(sum->rows, sum->n, sizeof(*sum->rows), relaysum_by_size);
}

void
relaysum_free(struct relaysum *sum)
{
	free(sum->rows);
	*sum = (struct relaysum)RELAYSUM_INIT;
}
