/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notes.h - the lines under the line of a round: what is new */
#ifndef TOOLS_MQC_NOTES_H
#define TOOLS_MQC_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "report/relaysum.h"
#include "tools/mqc/fleet.h"

#define MQC_NOTES_MAX 5 /* of hosts, and of relays, in a round */

/*
 * Adds a line for each host that failed, came back, or has a queue that can't
 * be read any longer.  columns of the window, 0: no limit.
 */
void mqc_notes_add_hosts(struct buf *, const struct mqc_fleet *, size_t columns,
    bool colour);

/*
 * Adds a line for each host that has a client queue which no column shows and
 * which needs a look; see mqc_column_missed().
 */
void mqc_notes_add_missed(struct buf *, const struct mqc_fleet *,
    size_t columns, bool colour);

/*
 * The relays of all hosts that answered in this round, summed.  0, or -1: out
 * of memory.
 */
int mqc_notes_sum(struct relaysum *, const struct mqc_fleet *);

/* Adds a line for each relay that floods by check_relayflood's rule. */
void mqc_notes_add_relays(struct buf *, const struct relaysum *, size_t columns,
    bool colour);

/* Adds a line that a program says of itself. */
void mqc_notes_add(struct buf *, const char *, size_t columns);

#endif
