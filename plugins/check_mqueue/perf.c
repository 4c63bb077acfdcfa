/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf.c - check_mqueue's perfdata
 *
 * Which items there are, in which order, and what they are called depends on
 * the names of the queues, and not on the order in which these were given.
 * Without memory the tree is marked as broken.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/check_mqueue/perf.h"

#define MQUEUE_PERF_LABEL  (PERF_LABEL_MAX - 7) /* room for _oldest */
#define MQUEUE_PERF_DIGITS 4                    /* _3f2 */

/*
 * The items of each queue, in this order.  When there are too many queues for
 * one line, the items with the largest keep are left out first.
 */
enum mqueue_perf_item {
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
} mqueue_perf_items[ITEMS] = {
	[ITEM_QUEUED] = { "", MQUEUE_CONFIG_MESSAGES, PERF_NONE, true, 0 },
	[ITEM_OLDEST] = { "_oldest", MQUEUE_CONFIG_AGE, PERF_SECONDS, true, 1 },
	[ITEM_LATE] = { "_late", -1, PERF_NONE, true, 3 },
	[ITEM_GROWTH] = { "_growth", -1, PERF_NONE, false, 4 },
	[ITEM_HELD] = { "_held", MQUEUE_CONFIG_QUARANTINED, PERF_NONE, true,
	    5 },
	[ITEM_LOST] = { "_lost", MQUEUE_CONFIG_LOST, PERF_NONE, true, 2 },
	[ITEM_STRANDED] = { "_strand", MQUEUE_CONFIG_STRANDED, PERF_NONE, true,
	    6 },
};

/* Does a label end like an item of another queue? */
static bool
mqueue_perf_is_ambiguous(const char *label)
{
	size_t n = strlen(label), len, i;

	for (i = ITEM_QUEUED + 1; i < ITEMS; i++) {
		len = strlen(mqueue_perf_items[i].suffix);
		if (n > len &&
		    strcmp(label + n - len, mqueue_perf_items[i].suffix) == 0)
			return true;
	}
	return false;
}

/* A queue, and what its items are called. */
struct mqueue_perf_queue {
	const struct mqueue_measure *m;
	char label[PERF_LABEL_MAX + 1];
	bool own; /* the label is not any other queue's */
};

static int
mqueue_perf_compare(const void *a, const void *b)
{
	const struct mqueue_perf_queue *x = a, *y = b;

	return queue_compare(x->m->queue, y->m->queue);
}

/* Does another queue have that label? */
static bool
mqueue_perf_is_taken(const struct mqueue_perf_queue *q, size_t n, size_t self,
    const char *label)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (i != self && strcmp(q[i].label, label) == 0)
			return true;
	return false;
}

/*
 * Makes the i-th label unique: adds three digits made from the name, or, where
 * another label has these already, the next number that is free.
 */
static void
mqueue_perf_distinguish(struct mqueue_perf_queue *q, size_t n, size_t i)
{
	char label[PERF_LABEL_MAX + 1];
	const char *name = q[i].m->queue->name;
	unsigned int hash = 0;
	const char *s;
	size_t len;

	for (s = name; *s != '\0'; s++)
		hash = hash * 31 + (unsigned char)*s;
	perf_label(label, MQUEUE_PERF_LABEL - MQUEUE_PERF_DIGITS, name);
	len = strlen(label);
	do
		snprintf(label + len, MQUEUE_PERF_DIGITS + 1, "_%03x",
		    hash++ & 0xfff);
	while (mqueue_perf_is_taken(q, n, i, label));
	memcpy(q[i].label, label, sizeof(label));
}

/*
 * Gives each queue a label.  It must not depend on the order of the options
 * which queue gets a label that would fit several: it is given only to a queue
 * whose name is exactly the label.
 */
static void
mqueue_perf_labels(struct mqueue_perf_queue *q, size_t n)
{
	const char *name;
	size_t i;

	for (i = 0; i < n; i++)
		perf_label(q[i].label, MQUEUE_PERF_LABEL, q[i].m->queue->name);
	for (i = 0; i < n; i++) {
		name = q[i].m->queue->name;
		q[i].own = !mqueue_perf_is_ambiguous(q[i].label) &&
		    (strcmp(q[i].label, name) == 0 ||
			!mqueue_perf_is_taken(q, n, i, q[i].label));
	}
	for (i = 0; i < n; i++)
		if (!q[i].own)
			mqueue_perf_distinguish(q, n, i);
}

static double
mqueue_perf_value(const struct mqueue_measure *m, size_t item)
{
	switch (item) {
	case ITEM_QUEUED:
		return (double)m->count.queued;
	case ITEM_OLDEST:
		return (double)m->count.oldest;
	case ITEM_LATE:
		return (double)m->count.late;
	case ITEM_GROWTH:
		return round(m->rate * 10) / 10;
	case ITEM_HELD:
		return (double)m->count.held;
	case ITEM_LOST:
		return (double)m->count.lost;
	default:
		return (double)m->nstranded;
	}
}

static void
mqueue_perf_add(struct result *root, const struct mqueue_config *c,
    const struct mqueue_measure *m, const char *label, size_t item)
{
	const struct queue *q = m->queue;
	int metric = mqueue_perf_items[item].metric;
	const struct range *warn = NULL, *crit = NULL;
	struct perf p = {
		.value = mqueue_perf_value(m, item),
		.unknown = (item == ITEM_GROWTH && !m->has_rate) ||
		    (item == ITEM_STRANDED && !m->has_stranded),
		.uom = mqueue_perf_items[item].uom,
		.min_zero = mqueue_perf_items[item].min_zero,
		.keep = mqueue_perf_items[item].keep,
	};

	snprintf(p.label, sizeof(p.label), "%s%s", label,
	    mqueue_perf_items[item].suffix);
	if (metric != -1) {
		warn = mqueue_config_find(c, (enum mqueue_config_metric)metric,
		    RESULT_WARNING, q->name, q->role);
		crit = mqueue_config_find(c, (enum mqueue_config_metric)metric,
		    RESULT_CRITICAL, q->name, q->role);
	}
	if ((p.has_warn = warn != NULL))
		p.warn = *warn;
	if ((p.has_crit = crit != NULL))
		p.crit = *crit;
	result_add_perf(root, &p);
}

void
mqueue_perf(struct result *root, const struct mqueue_config *c,
    const struct mqueue_measure *m, size_t n)
{
	struct mqueue_perf_queue *q = calloc(n, sizeof(*q));
	size_t i, item;

	if (q == NULL) {
		*root->oom = true;
		return;
	}
	for (i = 0; i < n; i++)
		q[i].m = &m[i];
	qsort(q, n, sizeof(*q), mqueue_perf_compare);
	mqueue_perf_labels(q, n);
	for (i = 0; i < n; i++)
		for (item = 0; item < ITEMS; item++)
			mqueue_perf_add(root, c, q[i].m, q[i].label, item);
	free(q);
}
