/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.h - the rounds of a recording, one after the other */
#ifndef TOOLS_MQC_REPLAY_H
#define TOOLS_MQC_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "tools/mqc/fleet.h"
#include "tools/mqc/record.h"

struct mqc_replay {
	FILE *file;
	char *line;
	size_t number;          /* of the line, from 1 */
	struct mqc_record next; /* read ahead, in line */
	bool ahead;
};

/* "-" is standard input.  0; or -1 with a line added to *why. */
int mqc_replay_open(struct mqc_replay *, const char *path, struct buf *why);
void mqc_replay_close(struct mqc_replay *);

/*
 * Puts the next round into the fleet, and adds the hosts that the fleet does
 * not have yet.  1: there was a round; 0: the recording has ended; -1: it is
 * damaged, and a line is added to *why, clean for output.
 */
int mqc_replay_round(struct mqc_replay *, struct mqc_fleet *, struct buf *why);

/*
 * When the next round of the recording began, in seconds since 1970; -1: there
 * is none.
 */
int64_t mqc_replay_next(const struct mqc_replay *);

#endif
