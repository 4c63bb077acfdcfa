/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accessvalue.h - right-hand sides of the access map */
#ifndef BLOCK_ACCESSVALUE_H
#define BLOCK_ACCESSVALUE_H

#include "base/buf.h"
#include "base/span.h"

/* What a value does to a client that a Connect: key names. */
enum accessvalue {
	ACCESSVALUE_ADMIT, /* OK, RELAY */
	ACCESSVALUE_SKIP,  /* SKIP: as if there were no entry, if the */
	/* configuration has it (sendmail_access); else a text */
	ACCESSVALUE_REFUSE, /* REJECT, ERROR:..., and any text */
	ACCESSVALUE_OTHER,  /* mail is taken: DISCARD, QUARANTINE:text */
};

/*
 * As check_relay has it (cf/m4/proto.m4), and as a real sendmail answered: a
 * text that is no keyword is an error, with which the client is refused, unless
 * it begins with the code of another answer, as 250.
 */
enum accessvalue accessvalue_of(struct span value);

/*
 * What an operator says a client is to hear, as a value: "REJECT" (550),
 * "tempfail" (450, so that honest hosts try again), or an "ERROR:" of
 * sendmail's, of which only those are taken that cannot be misread:
 * ERROR:D.S.N:"NNN text" and ERROR:"NNN text", with NNN from 400 to 599, and D
 * its first digit.  0; or -1 with a constant text.
 */
int accessvalue_parse(struct buf *value, const char *reply, const char **why);

#endif
