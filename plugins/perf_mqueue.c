/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_mqueue.c - check_mqueue's perfdata
 *
 * Which items there are depends on the options only; what an item is called,
 * on the queue's name and those before it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "perf_mqueue.h"

#define PERF_MQUEUE_LABEL  (PERF_LABEL_MAX - 7) /* room for _oldest */
#define PERF_MQUEUE_DIGITS 4                    /* _3f2 */

/*
 * What there is for each queue, in this order.  keep: the last to be left
 * out when there are too many queues for one line.
 */
enum perf_mqueue_item {
	ITEM_QUEUED,
	ITEM_OLDEST,
	ITEM_LATE,
	ITEM_GROWTH,
	ITEM_HELD,
	ITEM_LOST,
	ITEM_STRANDED,
	ITEMS,
};

static const struct {
	const char *suffix;
	int metric; /* whose ranges are shown; -1: none */
	enum perf_uom uom;
	bool min_zero;
	unsigned int keep;
} perf_mqueue_items[ITEMS] = {
	[ITEM_QUEUED] = { "", CONFIG_MESSAGES, PERF_NONE, true, 0 },
	[ITEM_OLDEST] = { "_oldest", CONFIG_AGE, PERF_SECONDS, true, 1 },
	[ITEM_LATE] = { "_late", -1, PERF_NONE, true, 3 },
	[ITEM_GROWTH] = { "_growth", -1, PERF_NONE, false, 4 },
	[ITEM_HELD] = { "_held", CONFIG_QUARANTINED, PERF_NONE, true, 5 },
	[ITEM_LOST] = { "_lost", CONFIG_LOST, PERF_NONE, true, 2 },
	[ITEM_STRANDED] = { "_strand", CONFIG_STRANDED, PERF_NONE, true, 6 },
};

/* Does a label end like an item of another queue? */
static bool
perf_mqueue_is_ambiguous(const char *label)
{
	size_t n = strlen(label), len, i;

	for (i = ITEM_QUEUED + 1; i < ITEMS; i++) {
		len = strlen(perf_mqueue_items[i].suffix);
		if (n > len &&
		    strcmp(label + n - len, perf_mqueue_items[i].suffix) == 0)
			return true;
	}
	return false;
}

static bool
perf_mqueue_is_taken(const char *label, const struct result *root)
{
	size_t i;

	for (i = 0; i < root->nperf; i++)
		if (strcmp(root->perf[i].label, label) == 0)
			return true;
	return false;
}

/* A label for a queue that comes after those in the root. */
static void
perf_mqueue_label(char *label, const char *name, const struct result *root)
{
	unsigned int hash = 0;
	const char *s;
	size_t n;

	perf_label(label, PERF_MQUEUE_LABEL, name);
	if (!perf_mqueue_is_ambiguous(label) &&
	    !perf_mqueue_is_taken(label, root))
		return;
	for (s = name; *s != '\0'; s++)
		hash = hash * 31 + (unsigned char)*s;
	perf_label(label, PERF_MQUEUE_LABEL - PERF_MQUEUE_DIGITS, name);
	n = strlen(label);
	do
		snprintf(label + n, PERF_MQUEUE_DIGITS + 1, "_%03x",
		    hash++ & 0xfff);
	while (perf_mqueue_is_taken(label, root));
}

static double
perf_mqueue_value(const struct measure *m, size_t item)
{
	switch (item) {
	case ITEM_QUEUED:
		return (double)m->count.queued;
	case ITEM_OLDEST:
		return (double)m->count.oldest;
	case ITEM_LATE:
		return (double)m->count.late;
	case ITEM_GROWTH:
		return m->has_rate ? round(m->rate * 10) / 10 : 0;
	case ITEM_HELD:
		return (double)m->count.quarantined;
	case ITEM_LOST:
		return (double)m->count.lost;
	default:
		return (double)m->nstranded;
	}
}

static void
perf_mqueue_add(struct result *root, const struct config *c,
    const struct measure *m, const char *label, size_t item)
{
	const struct queue *q = m->queue;
	int metric = perf_mqueue_items[item].metric;
	const struct range *warn = NULL, *crit = NULL;
	struct perf p = {
		.value = perf_mqueue_value(m, item),
		.unknown = item == ITEM_STRANDED && !m->has_stranded,
		.uom = perf_mqueue_items[item].uom,
		.min_zero = perf_mqueue_items[item].min_zero,
		.keep = perf_mqueue_items[item].keep,
	};

	snprintf(p.label, sizeof(p.label), "%s%s", label,
	    perf_mqueue_items[item].suffix);
	if (metric != -1) {
		warn = config_find(c, (enum config_metric)metric,
		    RESULT_WARNING, q->name, q->role);
		crit = config_find(c, (enum config_metric)metric,
		    RESULT_CRITICAL, q->name, q->role);
	}
	if ((p.has_warn = warn != NULL))
		p.warn = *warn;
	if ((p.has_crit = crit != NULL))
		p.crit = *crit;
	result_add_perf(root, &p);
}

void
perf_mqueue(struct result *root, const struct config *c,
    const struct measure *m, size_t n)
{
	char label[PERF_LABEL_MAX + 1];
	size_t i, item;

	for (i = 0; i < n; i++) {
		perf_mqueue_label(label, m[i].queue->name, root);
		for (item = 0; item < ITEMS; item++)
			perf_mqueue_add(root, c, &m[i], label, item);
	}
}
