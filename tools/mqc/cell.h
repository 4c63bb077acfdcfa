/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell.h - the cell of a host in the waterfall, such as 39:726 */
#ifndef TOOLS_MQC_CELL_H
#define TOOLS_MQC_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tools/mqc/fleet.h"

/* What the output is able to show. */
struct mqc_cell_look {
	bool colour;
	bool arrows;
};

/* These return the width of what they added, not counting colours. */

/* "cats-mx1(in:m)" */
size_t mqc_cell_add_title(struct buf *, const struct mqc_fleet *,
    const char *name, const struct mqc_cell_look *);

/*
 * Adds "39:726".  Before a number, '^' means that it grows fast and '~' that it
 * is a lower bound.  After a number, '!' means that a part of the queue cannot
 * be read and '?' that the number is old.  '!' in place of a number means that
 * nothing of the queue can be read, and "-" that the host has no such queue.
 * "--" alone means that nothing is known of the host.
 */
size_t mqc_cell_add(struct buf *, const struct mqc_fleet *,
    const struct mqc_fleet_host *, const struct mqc_cell_look *);

/*
 * Adds the sums over all hosts.  Where a host has no number, its sum is shown
 * as a lower bound.
 */
size_t mqc_cell_add_total(struct buf *, const struct mqc_fleet *);

#endif
