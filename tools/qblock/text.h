/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - the blocks of a file, as text and JSON */
#ifndef TOOLS_QBLOCK_TEXT_H
#define TOOLS_QBLOCK_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "block/block.h"
#include "block/client.h"
#include "block/entries.h"

/* A table of all blocks; file is named where there is none. */
void qblock_text_list(struct buf *, const struct entries *, const char *file,
    int64_t now, size_t width);

#ifdef HAVE_JANSSON
/* 0; or -1, out of memory. */
int qblock_text_json(struct buf *, const struct entries *, const char *file,
    int64_t now);
#endif

/*
 * What the loaded map of a place says to a client: adds a line, and one more
 * where the text says otherwise.  name: the host name of an address; NULL: it
 * has none.  Returns 1 if it is refused, 0 if not; or -1 with a line added to
 * *why.
 */
int qblock_text_check(struct buf *, const struct client *, const char *name,
    const struct block_place *, const struct entries *text, struct buf *why);

#endif
