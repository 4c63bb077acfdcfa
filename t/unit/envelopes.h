/* SPDX-License-Identifier: GPL-3.0-or-later */
/* envelopes.h - control files for the tests, and what is found in them */
#ifndef T_ENVELOPES_H
#define T_ENVELOPES_H

#include "unit.h"

#include "base/span.h"
#include "mta/sendmail/qf.h"

/* A literal that may hold any byte, with its length. */
#define BYTES(text) text, sizeof(text) - 1

/* The lines before the macros, a relay line, and one of another relay. */
#define TOP  "V8\nT1795342500\nK0\nN0\nP30017\nFs\n"
#define GOOD "$_mail.good.example [192.0.2.10]"
#define BAIT "$_bait.example [192.0.2.99]"

static inline struct envelope
parse(const char *bytes, size_t n, bool at_end)
{
	struct envelope e;

	memset(&e, 0xff, sizeof(e));
	qf_parse(&e, bytes, n, at_end, NULL, NULL);
	return e;
}

static inline struct envelope
parse_file(const char *text)
{
	return parse(text, strlen(text), true);
}

/* of is what gave the first. */
static inline void
assert_span(struct span got, const char *want, const char *of)
{
	if (got.n != strlen(want) ||
	    (got.n != 0 && memcmp(got.p, want, got.n) != 0))
		fail_msg("'%.*s' is not '%s' in\n%s", (int)got.n, got.p, want,
		    of);
}

#endif
