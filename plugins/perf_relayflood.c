/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_relayflood.c - check_relayflood's perfdata
 *
 * Graphs go by the order of the items, so new ones come last.  The limits of
 * top_count follow the size of the queue, as the rules do.
 */
#include <math.h>
#include <stdio.h>

#include "perf_relayflood.h"

static void
perf_relayflood_add(struct result *root, const char *label, double value,
    enum perf_uom uom)
{
	struct perf p = { .value = value, .uom = uom, .min_zero = true };

	snprintf(p.label, sizeof(p.label), "%s", label);
	result_add_perf(root, &p);
}

/* How long the others wait: of a merge, and of mail without a time, unknown. */
static void
perf_relayflood_oldest(struct result *root, const struct perf_relayflood *v)
{
	const struct perf p = {
		.label = "oldest_other",
		.value = v->oldest_other < 0 ? 0 : (double)v->oldest_other,
		.unknown = !v->has_oldest_other,
		.uom = PERF_SECONDS,
		.min_zero = true,
	};

	result_add_perf(root, &p);
}

static struct range
perf_relayflood_limit(const struct flood_rule *rule, uint64_t total)
{
	return (struct range){ 0, floor(flood_limit(rule, total)), false };
}

/* A part of a whole in percent, one decimal. */
static double
perf_relayflood_percent(double part, uint64_t whole, double of_nothing)
{
	return whole == 0 ? of_nothing :
			    round(1000 * part / (double)whole) / 10;
}

void
perf_relayflood_values(struct result *root, const struct config_relayflood *c,
    const struct perf_relayflood *v)
{
	struct perf count = {
		.label = "top_count",
		.value = round(v->top),
		.min_zero = true,
		.has_warn = true,
		.has_crit = true,
		.warn = perf_relayflood_limit(&c->warning, v->messages),
		.crit = perf_relayflood_limit(&c->critical, v->messages),
	};

	perf_relayflood_add(root, "messages", (double)v->messages, PERF_NONE);
	perf_relayflood_add(root, "relays", (double)v->relays, PERF_NONE);
	perf_relayflood_add(root, "relays_over", (double)v->over, PERF_NONE);
	result_add_perf(root, &count);
	perf_relayflood_add(root, "top_share",
	    perf_relayflood_percent(v->top, v->messages, 0), PERF_PERCENT);
	perf_relayflood_add(root, "read", (double)v->read, PERF_NONE);
	perf_relayflood_add(root, "sampled",
	    perf_relayflood_percent((double)v->read, v->messages, 100),
	    PERF_PERCENT);
	perf_relayflood_oldest(root, v);
}

void
perf_relayflood(struct result *root, const struct config_relayflood *c,
    const struct measure_relayflood *m, const struct judge_relayflood *j)
{
	const struct perf_relayflood v = {
		.messages = m->census.survey.total,
		.relays = m->census.tally.ngroups,
		.over = j->over,
		.top = j->top.group != NULL ? j->top.count.value : 0,
		.read = m->census.survey.read,
		/* Where there is no other message, the oldest is 0. */
		.has_oldest_other = j->oldest_other != -1 || !j->has_other,
		.oldest_other = j->oldest_other == -1 ?
		    0 :
		    m->census.tally.now - j->oldest_other,
	};

	perf_relayflood_values(root, c, &v);
}
