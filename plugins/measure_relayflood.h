/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure_relayflood.h - the numbers that check_relayflood judges */
#ifndef MEASURE_RELAYFLOOD_H
#define MEASURE_RELAYFLOOD_H

#include "base/when.h"
#include "config_relayflood.h"
#include "mqueue/census.h"
#include "mqueue/queue.h"

struct measure_relayflood {
	const struct queue_list *queues;
	struct census census;
	char *remedy; /* for what can't be read; */
};                    /* or NULL */

/*
 * Takes the census of the queues until the deadline.  0; or -1, out of
 * memory.  Free with measure_relayflood_free() in both cases.
 */
int measure_relayflood(struct measure_relayflood *, const struct queue_list *,
    const struct config_relayflood *, const struct when_deadline *);
void measure_relayflood_free(struct measure_relayflood *);

#endif
