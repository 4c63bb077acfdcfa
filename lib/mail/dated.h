/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dated.h - can the time at which a message came be true? */
#ifndef MAIL_DATED_H
#define MAIL_DATED_H

#include <stdint.h>

#include "base/buf.h"

/*
 * A clock may be ahead by so much, in seconds: that of another host, or ours
 * until it was set right a moment ago.
 */
#define DATED_AHEAD 60

/*
 * Nothing waits for so many seconds, which are five years: mail servers give
 * up after days.  A time before that was written while the clock was wrong.
 */
#define DATED_LONGEST INT64_C(157766400)

enum dated {
	DATED_FINE,
	DATED_FUTURE, /* more than DATED_AHEAD from now */
	DATED_NEVER,  /* more than DATED_LONGEST ago */
};

/* Both are seconds since 1970; -1, a time that is not said, is fine. */
enum dated dated_judge(int64_t when, int64_t now);

/* "" for DATED_FINE, "future", "undated". */
const char *dated_name(enum dated);

/*
 * Adds before, then "3 dated in the future, 1 with an impossible date" or what
 * there is of it; nothing where there is none.
 */
void dated_add(struct buf *, const char *before, uint64_t future,
    uint64_t undated);

/* What to do about them. */
extern const char dated_advice[];

#endif
