/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - numbers, times and names as people read them */
#ifndef TOOLS_COMMON_TEXT_H
#define TOOLS_COMMON_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "count/sample.h"
#include "count/tally.h"

#define TOOL_TEXT_MAX 255 /* bytes of a text that someone else chose */

const char *tool_text_plural(uint64_t n); /* "" or "s" */

/* An estimate, or another number, rounded to a whole one: "2871". */
void tool_text_count(struct buf *, double);

/* An estimate that is only good for its first two digits: "~1200". */
void tool_text_about(struct buf *, uint64_t);

/* "92%", "<1%", ">99%"; "100%" also for a share greater than 1. */
void tool_text_share(struct buf *, double share);

/* Messages a minute: "410", "4.1", "<0.1". */
void tool_text_rate(struct buf *, double per_minute);

/* "512", "1.5k", "20M". */
void tool_text_size(struct buf *, int64_t bytes);

/* A moment, in the zone of TZ: "09:41", or "Nov 21 09:41" if not today. */
void tool_text_time(struct buf *, int64_t when, int64_t now);

/* How long ago: "41m"; "-" if that is not known (-1). */
void tool_text_age(struct buf *, int64_t when, int64_t now);

/*
 * Adds a text that someone else chose as one line of ASCII, with at most
 * TOOL_TEXT_MAX bytes.
 */
void tool_text_clean(struct buf *, struct span);

/* The key of a group, made fit for output. */
void tool_text_key(struct buf *, const struct tally *,
    const struct tally_group *);

/* The words of --messages that select the messages of a group. */
void tool_text_selector(struct buf *, const struct tally *,
    const struct tally_group *);

/*
 * Adds the name of a relay, with a '?' if it may be forged; nothing if it has
 * no name.
 */
void tool_text_host(struct buf *, const struct tally_group *);

/* An address, made fit for output; the null sender is "<>". */
void tool_text_address(struct buf *, struct span);

/* What groups are called, one or several: "relay", "relays". */
const char *tool_text_noun(enum key_by, uint64_t n);

/*
 * Adds text as lines of at most width columns, broken at blanks.  Lines after
 * the first begin with indent blanks.
 */
void tool_text_wrap(struct buf *, const char *text, size_t indent,
    size_t width);

#endif
