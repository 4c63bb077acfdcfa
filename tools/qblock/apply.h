/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apply.h - puts a new file of blocks and its map in place */
#ifndef TOOLS_QBLOCK_APPLY_H
#define TOOLS_QBLOCK_APPLY_H

#include <stdbool.h>

#include "base/buf.h"
#include "block/block.h"
#include "block/edit.h"
#include "tools/qblock/files.h"

/*
 * Both return 0; or -1 with a line added to *why, and then the map and, if
 * *why does not say otherwise, text and map are as they were.
 */

/*
 * The text of the edit and the map of it, which is then asked.  *changed: both
 * are in place, also if the map did not answer as it should.
 */
int qblock_apply(struct qblock_files *, const struct block_place *,
    const struct edit *, bool *changed, struct buf *why);

/* The map of the text that is there: what a run that was killed left out. */
int qblock_apply_rest(struct qblock_files *, const struct block_place *,
    struct buf *why);

#endif
