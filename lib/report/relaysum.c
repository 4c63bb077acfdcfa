/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relaysum.c - the relays of several servers' reports, summed
 *
 * Pure.  Rows are collected first, at most REPORT_ROWS from a report, and
 * summed by two sorts at the end.  The ends of the intervals are summed as
 * well, so the interval of a sum is wider than necessary.  Claims are not
 * based on it, see sample.c.
 */
#include <stdlib.h>
#include <string.h>

#include "report/relaysum.h"

/*
 * What a sample stands for.  This is the same for all relays, also for those
 * that are not in its report, because the sample decides which these are.
 */
static void
relaysum_add_sample(struct relaysum *sum, const struct report *r)
{
	double weight;

	if (r->relays_read == 0 || r->relays_read >= r->relays_total)
		return;
	weight = (double)r->relays_total / (double)r->relays_read;
	if (weight > sum->weight)
		sum->weight = weight;
	sum->population += (double)r->relays_total;
	sum->read = r->relays_read;
	sum->samples++;
}

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
	relaysum_add_sample(sum, r);
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

/* The members that claims about a relay are based on. */
static void
relaysum_settle(const struct relaysum *sum, struct sample_estimate *e)
{
	e->weight = sum->weight;
	e->population = sum->population;
	e->read = sum->samples == 1 ? sum->read : 0;
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
		to->messages.drawn += row->messages.drawn;
		to->reports++;
	}
	sum->n = (size_t)(to - sum->rows) + 1;
	for (i = 0; i < sum->n; i++)
		relaysum_settle(sum, &sum->rows[i].messages);
	qsort(sum->rows, sum->n, sizeof(*sum->rows), relaysum_by_size);
}

void
relaysum_free(struct relaysum *sum)
{
	free(sum->rows);
	*sum = (struct relaysum)RELAYSUM_INIT;
}
