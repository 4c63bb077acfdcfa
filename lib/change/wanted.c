/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wanted.c - may this message be changed?
 *
 * Asked twice: when the queue is read, and of what was claimed.
 * Pure.
 */
#include <string.h>

#include "change/wanted.h"

/* What a line ends with may be lost when a server writes the file anew. */
static size_t
wanted_trim(const char *s, size_t n)
{
	while (n != 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return n;
}

static bool
wanted_has_mark(const struct wanted *w, const struct envelope *e)
{
	const struct span q = e->hold_reason;
	size_t n;

	if (w->mark == NULL || w->state != MTA_HELD)
		return true;
	n = strlen(w->mark);
	return q.n >= n && memcmp(q.p, w->mark, n) == 0;
}

static bool
wanted_has_reason(const struct wanted *w, const struct envelope *e)
{
	const struct span q = e->hold_reason;
	size_t n;

	if (w->reason == NULL || w->state != MTA_HELD)
		return true;
	/* "flood 1" is not the beginning of "flood 10". */
	n = wanted_trim(w->reason, strlen(w->reason));
	return wanted_trim(q.p, q.n) == n && memcmp(q.p, w->reason, n) == 0;
}

/*
 * A release or a hold that was killed half way leaves a message in the queue
 * with the line of one that is held: it counts as both.
 */
static bool
wanted_is_state(const struct wanted *w, enum mta_state state,
    const struct envelope *e)
{
	return w->state == MTA_NOTHING || state == w->state ||
	    (w->state == MTA_HELD && state == MTA_QUEUED &&
		e->hold_reason.p != NULL);
}

static enum wanted_verdict
wanted_class(const struct wanted *w, enum relay_class class)
{
	switch (class) {
	case RELAY_SMTP:
		return WANTED_YES;
	case RELAY_LOOPBACK:
	case RELAY_LOCAL:
	case RELAY_BOUNCE:
		return w->local || w->any_class ? WANTED_YES : WANTED_LOCAL;
	default:
		return w->any_class ? WANTED_YES : WANTED_UNKNOWN;
	}
}

enum wanted_verdict
wanted_judge(const struct wanted *w, enum mta_state state,
    const struct envelope *e, const struct selector_recipients *to)
{
	if (w->selector != NULL &&
	    !selector_matches(w->selector, e, to, w->now, true))
		return WANTED_NO;
	if (!wanted_is_state(w, state, e))
		return WANTED_STATE;
	if (e->end == ENVELOPE_CUT)
		return WANTED_INCOMPLETE;
	if (!wanted_has_mark(w, e))
		return WANTED_FOREIGN;
	if (!wanted_has_reason(w, e))
		return WANTED_REASON;
	return wanted_class(w, e->relay.class);
}
