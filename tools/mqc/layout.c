/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * layout.c - which hosts a line shows, and in which order
 *
 * Pure but for memory.  Nobody can read columns that change their places all
 * the time.  So a choice stays until it would hide something that matters.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/mqc/layout.h"

/* A host, with what it is sorted by. */
struct mqc_layout_rank {
	size_t host;
	int badness;
	double load; /* the largest share of a warning limit */
};

void
mqc_layout_free(struct mqc_layout *l)
{
	free(l->order);
	*l = (struct mqc_layout)MQC_LAYOUT_INIT;
}

int
mqc_layout_badness(const struct mqc_fleet *f, const struct mqc_fleet_host *h)
{
	const enum mqc_column_level level = mqc_fleet_level(f, h);
	size_t c;

	if (level == MQC_COLUMN_ALARMED)
		return 4;
	if (h->age_class == MQC_FLEET_GONE)
		return 3;
	for (c = 0; c < f->columns->n; c++)
		if (h->cells[c].value.kind == MQC_COLUMN_UNREADABLE)
			return 3;
	if (level == MQC_COLUMN_WARNED)
		return 2;
	return h->age_class == MQC_FLEET_AGED ? 1 : 0;
}

static double
mqc_layout_load(const struct mqc_fleet *f, const struct mqc_fleet_host *h)
{
	double load, most = 0;
	size_t c;

	for (c = 0; c < f->columns->n; c++) {
		load = (double)h->cells[c].value.n /
		    ((double)f->columns->v[c].warning + 1);
		if (load > most)
			most = load;
	}
	return most;
}

static int
mqc_layout_compare(const void *a, const void *b)
{
	const struct mqc_layout_rank *x = a, *y = b;

	if (x->badness != y->badness)
		return y->badness - x->badness;
	if (x->load != y->load)
		return x->load < y->load ? 1 : -1;
	return (x->host > y->host) - (x->host < y->host);
}

/* Makes room for the fleet's hosts. */
static int
mqc_layout_resize(struct mqc_layout *l, const struct mqc_fleet *f,
    bool *changed)
{
	size_t *grown, i;

	*changed = false;
	if (l->n >= f->n) /* it only grows */
		return 0;
	grown = realloc(l->order, f->n * sizeof(*grown));
	if (grown == NULL)
		return -1;
	for (i = 0; i < f->n; i++)
		grown[i] = i;
	l->order = grown;
	l->n = f->n;
	l->shown = 0;
	*changed = true;
	return 0;
}

int
mqc_layout_all(struct mqc_layout *l, const struct mqc_fleet *f, bool *changed)
{
	size_t i;

	if (mqc_layout_resize(l, f, changed) != 0)
		return -1;
	if (l->shown != l->n)
		*changed = true;
	for (i = 0; i < l->n; i++)
		l->order[i] = i;
	l->shown = l->n;
	return 0;
}

/* The columns of "+N more" and its gap. */
static size_t
mqc_layout_more(size_t n)
{
	size_t width = MQC_LAYOUT_GAP + strlen("+0 more");

	for (; n > 9; n /= 10)
		width++;
	return width;
}

/*
 * Do the hosts that are shown still fit, and is none that is hidden worse than
 * one of them?
 */
static bool
mqc_layout_holds(const struct mqc_layout *l, const struct mqc_fleet *f,
    const size_t *widths, size_t room)
{
	size_t used = mqc_layout_more(l->n), i;
	int least = INT_MAX, badness;

	if (l->shown == 0 || l->shown == l->n)
		return false;
	for (i = 0; i < l->n; i++) {
		badness = mqc_layout_badness(f, &f->hosts[l->order[i]]);
		if (i >= l->shown) {
			if (badness > least)
				return false;
			continue;
		}
		used += MQC_LAYOUT_GAP + widths[l->order[i]];
		if (badness < least)
			least = badness;
	}
	return used <= room || l->shown == 1;
}

/* The worst first, as many as fit. */
static int
mqc_layout_rank(struct mqc_layout *l, const struct mqc_fleet *f,
    const size_t *widths, size_t room, bool *changed)
{
	size_t used = mqc_layout_more(l->n), shown = 0, i;
	struct mqc_layout_rank *ranks;
	bool fits = true;

	if ((ranks = calloc(l->n, sizeof(*ranks))) == NULL)
		return -1;
	for (i = 0; i < l->n; i++)
		ranks[i] = (struct mqc_layout_rank){ i,
			mqc_layout_badness(f, &f->hosts[i]),
			mqc_layout_load(f, &f->hosts[i]) };
	qsort(ranks, l->n, sizeof(*ranks), mqc_layout_compare);
	for (i = 0; i < l->n; i++) {
		used += MQC_LAYOUT_GAP + widths[ranks[i].host];
		fits = fits && (used <= room || i == 0);
		if (fits)
			shown++;
		if (fits && l->order[i] != ranks[i].host)
			*changed = true;
		l->order[i] = ranks[i].host;
	}
	if (shown != l->shown)
		*changed = true;
	l->shown = shown;
	free(ranks);
	return 0;
}

int
mqc_layout_choose(struct mqc_layout *l, const struct mqc_fleet *f,
    const size_t *widths, size_t room, bool anew, bool *changed)
{
	size_t used = 0, i;

	for (i = 0; i < f->n && used <= room; i++)
		used += MQC_LAYOUT_GAP + widths[i];
	if (used <= room)
		return mqc_layout_all(l, f, changed);
	if (mqc_layout_resize(l, f, changed) != 0)
		return -1;
	if (!anew && !*changed && mqc_layout_holds(l, f, widths, room))
		return 0;
	return mqc_layout_rank(l, f, widths, room, changed);
}
