/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell.h - the cell of a host in the waterfall, such as 39:726 */
#ifndef TOOLS_MQC_CELL_H
#define TOOLS_MQC_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tools/mqc/fleet.h"

/* What the output can show. */
struct mqc_cell_look {
	bool colour;
	bool arrows;
};

/* How wide what was added is, without colours. */

/* "cats-mx1(in:m)" */
size_t mqc_cell_add_title(struct buf *, const struct mqc_fleet *,
    const char *name, const struct mqc_cell_look *);

/*
 * "39:726".  A '^' before a number: it grows fast; '~': it is at least that;
 * '!' for one, or behind it: unreadable; '?' behind it: it is old; "-": the
 * host has no such queue; "--" alone: nothing is known of the host.
 */
size_t mqc_cell_add(struct buf *, const struct mqc_fleet *,
    const struct mqc_fleet_host *, const struct mqc_cell_look *);

/* The sums over all hosts.  Where one has no number, a sum is at least. */
size_t mqc_cell_add_total(struct buf *, const struct mqc_fleet *);

#endif
