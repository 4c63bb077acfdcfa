/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accessmap.h - the text of an access map, and our blocks in it */
#ifndef MQUEUE_ACCESSMAP_H
#define MQUEUE_ACCESSMAP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "mqueue/accesskey.h"
#include "mqueue/accesstag.h"

/* One line; key.n is 0 for a comment, or what makemap takes for none. */
struct accessmap_line {
	struct span text; /* with its end, if it has one */
	struct span key, value;
};

/*
 * A tag, and the entries of ours that follow it: 0 where somebody took them
 * away.  Other lines belong to nobody.
 */
struct accessmap_block {
	struct accesstag tag;
	size_t first; /* line of the tag, from 0 */
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
 * Reads the text as makemap(8) does.  What is found points into bytes, which
 * has to stay.  0; or -1, out of memory.
 */
int accessmap_parse(struct accessmap *, const char *bytes, size_t n);
void accessmap_free(struct accessmap *);

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
