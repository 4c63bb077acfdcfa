/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wanted.h - may this message be changed? */
#ifndef CHANGE_WANTED_H
#define CHANGE_WANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/envelope.h"
#include "mail/mta.h"
#include "mail/selector.h"

struct wanted {
	const struct selector *selector; /* NULL: every message */
	int64_t now;                     /* seconds since 1970 */
	enum mta_state state;            /* MTA_NOTHING: any */
	bool local;                      /* also what this host made */
	bool any_class;                  /* it was changed before */
	const char *mark;                /* how the reason for which it */
					 /* is held begins; or NULL */
	const char *reason;              /* all of that reason; or NULL */
};

enum wanted_verdict {
	WANTED_YES,
	WANTED_NO,         /* it doesn't match */
	WANTED_STATE,      /* it does, but is in another state */
	WANTED_LOCAL,      /* ... but was made by this host */
	WANTED_UNKNOWN,    /* ... but nobody knows by whom */
	WANTED_FOREIGN,    /* ... but is held by someone else */
	WANTED_REASON,     /* ... but is held for another reason */
	WANTED_INCOMPLETE, /* what was read of it has no end */
	WANTED_VERDICTS,
};

/*
 * With any_class the class of a message does not matter.  Without it, a message
 * of class smtp is wanted; with local also one of loopback, local or bounce.  A
 * message whose relay is unknown is not wanted then.
 */
enum wanted_verdict wanted_judge(const struct wanted *, enum mta_state,
    const struct envelope *, const struct selector_recipients *);

#endif
