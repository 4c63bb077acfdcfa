/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qf.h - sendmail's control file: bytes to envelope */
#ifndef MTA_SENDMAIL_QF_H
#define MTA_SENDMAIL_QF_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/envelope.h"

/*
 * Parses the first n bytes of a qf, hf or Qf file; at_end tells that the file
 * has no more.  Pure: reads nothing else, allocates nothing, and is bounded
 * by n.  recipient (may be NULL) is called for each R line, with n 0 for one
 * without an address.
 *
 * Any bytes give an envelope.  A relay line counts only before the first
 * sender or recipient line, where no remote text can begin a line; two of them
 * are RELAY_UNKNOWN, and so is none in as much as was read of a longer file.
 * The last line of what was given counts only if it is known to be whole.
 * There may be more recipients until a header line follows them, or the end;
 * what stands behind that line is not looked at.
 * Folded lines, CRLF and NUL are read as sendmail reads them, but that a NUL
 * does not end a line.
 * Source: sendmail 8.17.1 queue.c readqf(), util.c fgetfolded(); "QUEUE FILE
 * FORMATS" of the Installation and Operation Guide.
 */
void qf_parse(struct envelope *, const char *bytes, size_t n, bool at_end,
    envelope_recipient_fn *recipient, void *arg);

/*
 * Must more of the file be read to tell the relay?  True as long as no whole
 * sender or recipient line was seen and the file goes on, so recipient was not
 * called yet.
 */
bool qf_wants_more(const struct envelope *);

#endif
