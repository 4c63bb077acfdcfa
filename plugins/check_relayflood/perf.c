/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf.c - check_relayflood's perfdata
 *
 * Graphs go by the order of the items, so new ones come last.  The limits of
 * top_count follow the size of the queue, as the rules do.
 */
#include <math.h>
#include <stdio.h>

#include "plugins/check_relayflood/perf.h"

static void
relayflood_perf_add(struct result *root, const char *label, double value,
    enum perf_uom uom)
{
	struct perf p = { .value = value, .uom = uom, .min_zero = true };

	snprintf(p.label, sizeof(p.label), "%s", label);
	result_add_perf(root, &p);
}

/*
 * How long the others wait.  This is not known of the servers of --merge, nor
 * of mail without a date.
 */
static void
relayflood_perf_oldest(struct result *root, const struct relayflood_perf *v)
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
relayflood_perf_limit(const struct flood_rule *rule, uint64_t total)
{
	return (struct range){ 0, floor(flood_limit(rule, total)), false };
}

/*
 * A part of a whole in percent, with one decimal; of_nothing if there is no
 * whole.
 */
static double
relayflood_perf_percent(double part, uint64_t whole, double of_nothing)
{
	return whole == 0 ? of_nothing :
			    round(1000 * part / (double)whole) / 10;
}

void
relayflood_perf_values(struct result *root, const struct relayflood_config *c,
    const struct relayflood_perf *v)
{
	struct perf count = {
		.label = "top_count",
		.value = round(v->top),
		.min_zero = true,
		.has_warn = true,
		.has_crit = true,
		.warn = relayflood_perf_limit(&c->warning, v->messages),
		.crit = relayflood_perf_limit(&c->critical, v->messages),
	};

	relayflood_perf_add(root, "messages", (double)v->messages, PERF_NONE);
	relayflood_perf_add(root, "relays", (double)v->relays, PERF_NONE);
	relayflood_perf_add(root, "relays_over", (double)v->over, PERF_NONE);
	result_add_perf(root, &count);
	relayflood_perf_add(root, "top_share",
	    relayflood_perf_percent(v->top, v->messages, 0), PERF_PERCENT);
	relayflood_perf_add(root, "read", (double)v->read, PERF_NONE);
	relayflood_perf_add(root, "sampled",
	    relayflood_perf_percent((double)v->read, v->messages, 100),
	    PERF_PERCENT);
	relayflood_perf_oldest(root, v);
}

void
relayflood_perf(struct result *root, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct relayflood_perf v = {
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

	relayflood_perf_values(root, c, &v);
}
