/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - rounds as JSON objects, one a line */
#ifndef TOOLS_MQC_JSON_H
#define TOOLS_MQC_JSON_H

#include "base/buf.h"
#include "report/relaysum.h"
#include "tools/mqc/fleet.h"

/*
 * Adds a round; sum NULL: without relays.  0, or -1: out of memory, or built
 * without jansson.
 */
int mqc_json_add(struct buf *, const struct mqc_fleet *,
    const struct relaysum *);

#endif
