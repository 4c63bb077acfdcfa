/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accesstag.h - the comment that marks a block as ours in the access file */
#ifndef BLOCK_ACCESSTAG_H
#define BLOCK_ACCESSTAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/client.h"

#define ACCESSTAG_BY     32  /* characters of who */
#define ACCESSTAG_REASON 200 /* characters of why */
#define ACCESSTAG_NEVER  (-1)

/*
 * # qblock 192.0.2.66 added 2026-11-24T09:41:00Z until never by root: a flood
 */
struct accesstag {
	struct accesskey key;
	int64_t added; /* seconds since 1970 */
	int64_t until; /* ACCESSTAG_NEVER */
	struct span by;
	struct span reason; /* n 0: none */
};

/*
 * Adds the line, with its end.  by becomes letters, digits, . _ and -, reason
 * printable ASCII; both are cut.
 */
void accesstag_add(struct buf *, const struct accesstag *);

/*
 * Reads a line without its end.  The spans are parts of it.  False if it is no
 * such comment, down to the last blank.
 */
bool accesstag_parse(struct accesstag *, struct span line);

bool accesstag_expired(const struct accesstag *, int64_t now);

#endif
