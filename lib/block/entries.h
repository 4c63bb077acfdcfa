/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entries.h - the file that says whom a server refuses, and our blocks in it */
#ifndef BLOCK_ENTRIES_H
#define BLOCK_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/block.h"
#include "block/client.h"
#include "block/tag.h"

/* One line; key.n is 0 for a comment, and what the server takes for none. */
struct entries_line {
	struct span text; /* with its end, if it has one */
	struct span key, value;
	size_t number; /* in the file, from 1 */
};

/*
 * A tag, and the entries of ours that follow it: 0 where somebody took them
 * away.  Other lines belong to nobody.
 */
struct entries_block {
	struct tag tag;
	size_t first; /* the tag's place in line[] */
	size_t n;     /* entries after it */
};

struct entries {
	const struct block_server *server; /* that reads the text */
	struct entries_line *line;
	size_t nlines;
	struct entries_block *block;
	size_t nblocks;
};

#define ENTRIES_INIT                   \
	{                              \
		NULL, NULL, 0, NULL, 0 \
	}

/*
 * Reads the text as the server does, a line that is too long for it as several.
 * What is found points into bytes, which has to stay.  0; or -1, out of memory.
 */
int entries_parse(struct entries *, const struct block_server *,
    const char *bytes, size_t n);
void entries_free(struct entries *);

/* The block of just these clients, or NULL; the first one, if several. */
const struct entries_block *entries_block_of(const struct entries *,
    const struct client *);

/*
 * The block that an entry's line is in, or NULL.  Only for a line of this
 * map.
 */
const struct entries_block *entries_owner(const struct entries *,
    const struct entries_line *);

/* The first line with this key in any case of letters, or NULL. */
const struct entries_line *entries_find(const struct entries *,
    const char *key);

/* Adds a block: its tag, and an entry for each key. */
void entries_add_block(struct buf *, const struct block_server *,
    const struct tag *, const struct block_keys *, const char *value);

/*
 * Adds the whole text with every line as it is, but instead[i], unless that
 * is NULL, for block i, and append, whole lines, at the end; or at the
 * beginning if the last line has no end, or the server wants new blocks first.
 */
void entries_write(struct buf *, const struct entries *,
    const char *const *instead, const char *append);

#endif
