/* SPDX-License-Identifier: GPL-3.0-or-later */
/* envelope.h - what a message's control file says of its envelope */
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
 * Spans point into the parsed bytes and may hold any byte; n 0 stands for a
 * line that is not there or empty.  A folded value still has its newlines.
 */
struct envelope {
	int version;      /* of the file format; 0: not said */
	int64_t arrival;  /* seconds since 1970; -1: not said, or */
	enum dated dated; /* not fine, for who knows the time of day */
	int64_t last_try; /* the same; 0: never, -1: not said */
	int64_t tries;    /* -1: not said */
	struct relay relay;
	struct span protocol; /* "ESMTP" */
	struct span helo;
	struct span sender;     /* without <>; n 0: the null sender */
	bool has_sender;        /* a sender line was seen */
	bool held;              /* it says so, where its name does not */
	uint64_t recipients;    /* those seen */
	bool recipients_more;   /* there may be others */
	struct span quarantine; /* the reason */
	struct span status;     /* the message's or first recipient's */
	struct span body_dir;   /* where the body is, if elsewhere */
	enum envelope_end end;
};

/* Called for each recipient's address, without <>. */
typedef void envelope_recipient_fn(void *arg, struct span address);

/* What follows the last '@', or all of it; n 0 for the null sender. */
struct span envelope_domain(struct span address);

#endif
