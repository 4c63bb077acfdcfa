/* SPDX-License-Identifier: GPL-3.0-or-later */
/* value.h - what the value of an entry of the access map does */
#ifndef MTA_SENDMAIL_ACCESS_VALUE_H
#define MTA_SENDMAIL_ACCESS_VALUE_H

#include "base/buf.h"
#include "base/span.h"
#include "block/block.h"

/*
 * As check_relay has it (cf/m4/proto.m4), and as a real sendmail answered: a
 * text that is no keyword is an error, with which the client is refused, unless
 * it begins with the code of another answer, as 250.  BLOCK_ADMITS is OK and
 * RELAY.  BLOCK_EXEMPTS is SKIP, which only some configurations know: for the
 * others it is a text (struct sendmail_access_cf).  BLOCK_TAKES is DISCARD and
 * QUARANTINE:text.
 */
enum block_effect sendmail_access_value_of(struct span value);

/*
 * What an operator says a client is to hear, as a value: "REJECT" (550),
 * "tempfail" (450, so that honest hosts try again), or an "ERROR:" of
 * sendmail's, of which only those are taken that cannot be misread:
 * ERROR:D.S.N:"NNN text" and ERROR:"NNN text", with NNN from 400 to 599, and D
 * its first digit.  0; or -1 with a constant text.
 */
int sendmail_access_value_parse(struct buf *value, const char *reply,
    const char **why);

#endif
