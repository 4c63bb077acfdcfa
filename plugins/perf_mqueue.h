/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perf_mqueue.h - check_mqueue's perfdata */
#ifndef PERF_MQUEUE_H
#define PERF_MQUEUE_H

#include "config_mqueue.h"
#include "measure_mqueue.h"
#include "plug/result.h"

/*
 * Adds the items of all queues to the root: incoming ones, outgoing ones, then
 * the client queue, those of a role by name.  Each has LABEL, LABEL_oldest,
 * _late, _growth, _held, _lost, _strand.  LABEL is made from the queue's name;
 * where it could be taken for another queue's, it ends in three hexadecimal
 * digits made from the name, so it stays the same from run to run, in whatever
 * order the queues are named.
 */
void perf_mqueue(struct result *root, const struct config *,
    const struct measure *, size_t n);

#endif
