/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.h - which hosts a line shows, and in which order */
#ifndef TOOLS_MQC_LAYOUT_H
#define TOOLS_MQC_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/mqc/fleet.h"

#define MQC_LAYOUT_GAP 2 /* blanks between two columns */

struct mqc_layout {
	size_t *order; /* of the n hosts: those shown come first */
	size_t n;
	size_t shown;
};

#define MQC_LAYOUT_INIT    \
	{                  \
		NULL, 0, 0 \
	}

void mqc_layout_free(struct mqc_layout *);

/*
 * Chooses the hosts that are shown.  widths are the widths of their columns,
 * and each column takes a gap besides.  If all fit into the room, all are shown
 * in the order in which they were given.  Otherwise the worst hosts come first,
 * and room is left for "+N more".  This choice is kept until a hidden host is
 * worse than a shown one, or until anew is set.  At least one host is shown.
 *
 * *changed tells whether the choice differs from the one before.  0, or -1: out
 * of memory.
 */
int mqc_layout_choose(struct mqc_layout *, const struct mqc_fleet *,
    const size_t *widths, size_t room, bool anew, bool *changed);

/* The same without a limit of room. */
int mqc_layout_all(struct mqc_layout *, const struct mqc_fleet *,
    bool *changed);

/*
 * How bad the state of a host is: from 0, all is well, to 4, a number is over
 * its limit.
 */
int mqc_layout_badness(const struct mqc_fleet *, const struct mqc_fleet_host *);

#endif
