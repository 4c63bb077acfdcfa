/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dated.c - can the time at which a message came be true?
 *
 * Pure.  Mail that was queued while the clock stood at 1970 or 2036 keeps that
 * time in its queue id and its control file after the clock was set right.
 * Limit: a clock that was wrong by less than five years, backwards, leaves a
 * time that cannot be told from that of old mail.
 */
#include <inttypes.h>

#include "mail/dated.h"

const char dated_advice[] =
    "was the clock wrong when they came: compare it with a time server; they"
    " keep that date, by which the mail server gives them up too soon or never";

enum dated
dated_judge(int64_t when, int64_t now)
{
	if (when == -1)
		return DATED_FINE;
	if (when > now && when - now > DATED_AHEAD)
		return DATED_FUTURE;
	return when < now - DATED_LONGEST ? DATED_NEVER : DATED_FINE;
}

const char *
dated_name(enum dated dated)
{
	static const char *const names[] = { "", "future", "undated" };

	return names[dated];
}

void
dated_add(struct buf *b, const char *before, uint64_t future, uint64_t undated)
{
	if (future != 0)
		buf_addf(b, "%s%" PRIu64 " dated in the future", before,
		    future);
	if (undated != 0)
		buf_addf(b, "%s%" PRIu64 " with an impossible date",
		    future != 0 ? ", " : before, undated);
}
