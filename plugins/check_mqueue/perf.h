/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf.h - check_mqueue's perfdata */
#ifndef PLUGINS_CHECK_MQUEUE_PERF_H
#define PLUGINS_CHECK_MQUEUE_PERF_H

#include "plug/result.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/measure.h"

/*
 * Adds the items of all queues to the root: first those of incoming queues,
 * then of outgoing ones, then of the client queue; within a role by name.  Each
 * queue has LABEL, LABEL_oldest, _late, _growth, _held, _lost, _strand.  LABEL
 * is made from the queue's name; where it could be taken for another queue's,
 * it ends in three hexadecimal digits made from the name, so that it stays the
 * same from run to run, in whatever order the queues are named.
 */
void mqueue_perf(struct result *root, const struct mqueue_config *,
    const struct mqueue_measure *, size_t n);

#endif
