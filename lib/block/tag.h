/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tag.h - the comment that marks a block as ours in the file of a server */
#ifndef BLOCK_TAG_H
#define BLOCK_TAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/client.h"

#define TAG_BY     32  /* characters of who */
#define TAG_REASON 200 /* characters of why */
#define TAG_NEVER  (-1)

/*
 * # qblock 192.0.2.66 added 2026-11-24T09:41:00Z until never by root: a flood
 */
struct tag {
	struct client key;
	int64_t added; /* seconds since 1970 */
	int64_t until; /* TAG_NEVER */
	struct span by;
	struct span reason; /* n 0: none */
};

/*
 * Adds the line, with its end.  by becomes letters, digits, . _ and -, reason
 * printable ASCII; both are cut.
 */
void tag_add(struct buf *, const struct tag *);

/*
 * Reads a line without its end.  The spans are parts of it.  False if it is no
 * such comment, down to the last blank.
 */
bool tag_parse(struct tag *, struct span line);

bool tag_expired(const struct tag *, int64_t now);

#endif
