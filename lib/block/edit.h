/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h - a text of an access map while it is changed */
#ifndef TOOLS_QBLOCK_EDIT_H
#define TOOLS_QBLOCK_EDIT_H

#include "base/buf.h"
#include "block/entries.h"

struct qblock_edit {
	struct buf bytes;     /* the whole text, as it is by now */
	struct accessmap map; /* the same, read */
	struct buf diff;      /* lines behind a '-' or '+' */
};

#define QBLOCK_EDIT_INIT                           \
	{                                          \
		BUF_INIT, ACCESSMAP_INIT, BUF_INIT \
	}

/* Begins with a text.  All return 0; or -1, out of memory. */
int qblock_edit_begin(struct qblock_edit *, const struct buf *bytes);
void qblock_edit_free(struct qblock_edit *);

/*
 * Puts text in the place of a block of the map, or at the end where block is
 * NULL.  What pointed into bytes and map is no longer there afterwards.
 */
int qblock_edit_put(struct qblock_edit *, const struct accessmap_block *block,
    const char *text);

#endif
