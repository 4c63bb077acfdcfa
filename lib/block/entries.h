/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accessmap.h - the text of an access map, and our blocks in it */
#ifndef BLOCK_ACCESSMAP_H
#define BLOCK_ACCESSMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/client.h"
#include "block/tag.h"

/* makemap(8) reads so many bytes of a line, and then the rest as another. */
#define ACCESSMAP_LONG 1023

/* One line; key.n is 0 for a comment, or what makemap takes for none. */
struct accessmap_line {
	struct span text; /* with its end, if it has one */
	struct span key, value;
	size_t number; /* in the file, from 1 */
};

/*
 * A tag, and the entries of ours that follow it: 0 where somebody took them
 * away.  Other lines belong to nobody.
 */
struct accessmap_block {
	struct accesstag tag;
	size_t first; /* the tag's place in line[] */
	size_t n;     /* entries after it */
};

struct accessmap {
	struct accessmap_line *line;
	size_t nlines;
	struct accessmap_block *block;
	size_t nblocks;
};

#define ACCESSMAP_INIT           \
	{                        \
		NULL, 0, NULL, 0 \
	}

/*
 * Reads the text as makemap(8) does, a line that is too long for it as several.
 * What is found points into bytes, which has to stay.  0; or -1, out of memory.
 */
int accessmap_parse(struct accessmap *, const char *bytes, size_t n);
void accessmap_free(struct accessmap *);

/* Is it the beginning of a line that is longer than makemap takes? */
bool accessmap_is_long(const struct accessmap_line *);

/* The block of just these clients, or NULL; the first one, if several. */
const struct accessmap_block *accessmap_block_of(const struct accessmap *,
    const struct accesskey *);

/*
 * The block that an entry's line is in, or NULL.  Only for a line of this
 * map.
 */
const struct accessmap_block *accessmap_owner(const struct accessmap *,
    const struct accessmap_line *);

/* The first line with this key in any case of letters, or NULL. */
const struct accessmap_line *accessmap_find(const struct accessmap *,
    const char *key);

/* Adds a block: its tag, and an entry for each key. */
void accessmap_add_block(struct buf *, const struct accesstag *,
    const struct accesskey_list *, const char *value);

/*
 * Adds the whole text with every line as it is, but instead[i], unless that
 * is NULL, for block i, and append, whole lines, at the end; or at the
 * beginning if the last line has no end.
 */
void accessmap_write(struct buf *, const struct accessmap *,
    const char *const *instead, const char *append);

#endif
