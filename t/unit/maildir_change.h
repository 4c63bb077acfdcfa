/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maildir_change.h - how the tests' second mail server changes its messages */
#ifndef T_MAILDIR_CHANGE_H
#define T_MAILDIR_CHANGE_H

#include "mail/mta_change.h"

/*
 * A message is one file, in new/ or, while it is held, in held/; its name is
 * its id, which can be that of another message later.  No lock keeps this
 * server from a file.
 */
extern const struct mta_change maildir_change;

/* Of what reads its messages; see struct mta. */
void maildir_parse(struct envelope *, const char *bytes, size_t n, bool at_end,
    envelope_recipient_fn *recipient, void *arg);

#endif
