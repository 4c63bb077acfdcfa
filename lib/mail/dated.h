/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dated.h - can the time at which a message came be true? */
#ifndef MAIL_DATED_H
#define MAIL_DATED_H

#include <stdint.h>

#include "base/buf.h"

/*
 * Seconds that a clock may be ahead: the clock of another host, or ours, if it
 * was corrected a moment ago.
 */
#define DATED_AHEAD 60

/*
 * No message waits for so many seconds, which are five years, because mail
 * servers give up after days.  An earlier time was written while the clock was
 * wrong.
 */
#define DATED_LONGEST INT64_C(157766400)

enum dated {
	DATED_FINE,
	DATED_FUTURE, /* more than DATED_AHEAD from now */
	DATED_NEVER,  /* more than DATED_LONGEST ago */
};

/* Both are seconds since 1970.  -1, for a time that is not known, is fine. */
enum dated dated_judge(int64_t when, int64_t now);

/* "" for DATED_FINE, "future", "undated". */
const char *dated_name(enum dated);

/*
 * Adds the text before, and then "3 dated in the future, 1 with an impossible
 * date", or one of the two.  Adds nothing if both numbers are 0.
 */
void dated_add(struct buf *, const char *before, uint64_t future,
    uint64_t undated);

/* Tells the user what to do about such messages. */
extern const char dated_advice[];

#endif
