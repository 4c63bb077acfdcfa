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
 * Chooses among the fleet's hosts, whose columns are so wide, what fits into
 * the room, each after a gap.  If all do: all, as they were given.  Else the
 * worst first, with room left for "+N more"; that choice is kept as long as
 * nothing hidden is worse than something shown, unless anew is set.  At least
 * one host is shown.
 *
 * *changed: is it another choice than before?  0, or -1: out of memory.
 */
int mqc_layout_choose(struct mqc_layout *, const struct mqc_fleet *,
    const size_t *widths, size_t room, bool anew, bool *changed);

/* The same without a limit of room. */
int mqc_layout_all(struct mqc_layout *, const struct mqc_fleet *,
    bool *changed);

/* How bad it is, in steps: 0 all is well, 4 a number over its limit. */
int mqc_layout_badness(const struct mqc_fleet *, const struct mqc_fleet_host *);

#endif
