/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.h - what sendmail itself says to a client */
#ifndef MTA_SENDMAIL_ACCESS_ASK_H
#define MTA_SENDMAIL_ACCESS_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "block/client.h"

/*
 * Asks a sendmail in its address test mode (-bt), with the configuration cf
 * unless that is NULL, what the rule sets of check_relay find for this client,
 * and adds a line.  name: the host name of an address; NULL: it has none.  1:
 * it refuses; 0: it does not; -1 with a line added to *why.
 */
int sendmail_access_ask(const char *program, const char *cf,
    const struct client *, const char *name, bool compressed, struct buf *out,
    struct buf *why);

/*
 * Pure: what that mode printed, to the value that it found, "REJECT", "?" for
 * none; its tokens have blanks between them.  n 0: no answer in it.
 */
struct span sendmail_access_ask_answer(const char *bytes, size_t n);

#endif
