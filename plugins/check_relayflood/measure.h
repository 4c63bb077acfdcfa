/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.h - the numbers that check_relayflood judges */
#ifndef PLUGINS_CHECK_RELAYFLOOD_MEASURE_H
#define PLUGINS_CHECK_RELAYFLOOD_MEASURE_H

#include <stdbool.h>

#include "base/when.h"
#include "count/census.h"
#include "mail/queue.h"
#include "plugins/check_relayflood/config.h"

struct relayflood_measure {
	const struct queue_list *queues;
	struct census census;
	char *remedy; /* for what can't be read; */
};                    /* or NULL */

/*
 * Takes the census of the queues until the deadline.  0; or -1, out of
 * memory.  Free with relayflood_measure_free() in both cases.
 */
int relayflood_measure(struct relayflood_measure *, const struct queue_list *,
    const struct relayflood_config *, const struct when_deadline *);
void relayflood_measure_free(struct relayflood_measure *);

/* Are the numbers those of all queues, as far as they were sampled? */
bool relayflood_measure_is_whole(const struct relayflood_measure *);

#endif
