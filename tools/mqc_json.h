/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mqc_json.h - rounds as JSON objects, one a line */
#ifndef MQC_JSON_H
#define MQC_JSON_H

#include "base/buf.h"
#include "mqc_fleet.h"
#include "mqueue/relaysum.h"

/*
 * Adds a round; sum NULL: without relays.  0, or -1: out of memory, or built
 * without jansson.
 */
int mqc_json_add(struct buf *, const struct mqc_fleet *,
    const struct relaysum *);

#endif
