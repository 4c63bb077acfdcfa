/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hold.h - the line in a control file by which sendmail holds a message */
#ifndef MTA_SENDMAIL_HOLD_H
#define MTA_SENDMAIL_HOLD_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Both add the n bytes of a control file to a buffer, changed in nothing but
 * this.  Pure.  Source: sendmail 8.17.1 queue.c quarantine_queue_item().
 */

/*
 * With a line "q<reason>" before the sender's, as sendmail -Q does it.  The
 * reason is made fit for that.  0; or -1: there is no sender line.
 */
int hold_add(struct buf *, const char *text, size_t n, const char *reason);

/* Without any quarantine line. */
void hold_remove(struct buf *, const char *text, size_t n);

#endif
