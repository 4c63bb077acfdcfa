/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cadence.c - when the next round begins
 *
 * Pure.  Rounds are counted from the first one, so that a round that took
 * long, or a timer that was late, moves no other round.  Rounds that were
 * missed, as when the machine slept, are left out.
 */
#include "tools/mqc/cadence.h"

int64_t
mqc_cadence_next(int64_t start, int64_t interval, int64_t round, int64_t now)
{
	int64_t next = (now - start) / interval + 1;

	/*
	 * A timer may fire a moment too early.  No round may run twice because
	 * of that.
	 */
	return next > round + 1 ? next : round + 1;
}

int64_t
mqc_cadence_wait(int64_t start, int64_t interval, int64_t round, int64_t now)
{
	int64_t wait = start + round * interval - now;

	return wait > 0 ? wait : 0;
}
