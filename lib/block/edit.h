/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h - the text of a file of blocks, changed block by block, with a diff */
#ifndef BLOCK_EDIT_H
#define BLOCK_EDIT_H

#include "base/buf.h"
#include "block/entries.h"

struct edit {
	struct buf bytes;   /* the whole text, as it is by now */
	struct entries map; /* the same, read */
	struct buf diff;    /* lines behind a '-' or '+' */
};

#define EDIT_INIT                                \
	{                                        \
		BUF_INIT, ENTRIES_INIT, BUF_INIT \
	}

/* Begins with a text.  All return 0; or -1, out of memory. */
int edit_begin(struct edit *, const struct block_server *,
    const struct buf *bytes);
void edit_free(struct edit *);

/*
 * Puts text in the place of a block of the map, or where new blocks go if block
 * is NULL.  What pointed into bytes and map is no longer there afterwards.
 */
int edit_put(struct edit *, const struct entries_block *block,
    const char *text);

#endif
