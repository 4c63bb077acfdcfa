/* SPDX-License-Identifier: GPL-3.0-or-later */
/* envelope.h - what a control file says about the envelope of its message */
#ifndef MAIL_ENVELOPE_H
#define MAIL_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/dated.h"
#include "mail/relay.h"

enum envelope_end {
	ENVELOPE_WHOLE, /* the file's end mark was seen */
	ENVELOPE_CUT,   /* the file ends without it */
	ENVELOPE_MORE,  /* the bytes given end before the file does */
};

/*
 * Spans point into the parsed bytes and may contain any byte.  If a line is
 * missing or empty, n is 0.  A folded value still has its newlines.
 */
struct envelope {
	int version;      /* of the file format; 0: not said */
	int64_t arrival;  /* seconds since 1970; -1: not known, or not */
	enum dated dated; /* possible, if the caller knows the time */
	int64_t last_try; /* seconds since 1970; 0: never, -1: not known */
	int64_t tries;    /* -1: not said */
	struct relay relay;
	struct span protocol; /* "ESMTP" */
	struct span helo;
	struct span sender;      /* without <>; n 0: the null sender */
	bool has_sender;         /* a sender line was seen */
	bool held;               /* it says so, where its name does not */
	uint64_t recipients;     /* those seen */
	bool recipients_more;    /* there may be others */
	struct span hold_reason; /* why it is held */
	struct span status;      /* of the message or its first recipient */
	struct span body_dir;    /* where the body is, if elsewhere */
	enum envelope_end end;
};

/* Called for each recipient's address, without <>. */
typedef void envelope_recipient_fn(void *arg, struct span address);

/*
 * Returns the part after the last '@', or the whole address if it has none.  n
 * is 0 for the null sender.
 */
struct span envelope_domain(struct span address);

#endif
