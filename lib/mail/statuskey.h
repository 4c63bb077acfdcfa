/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statuskey.h - the reason in a reply, without what differs each time */
#ifndef MAIL_STATUSKEY_H
#define MAIL_STATUSKEY_H

#include "base/span.h"

#define STATUSKEY_MAX 160 /* bytes of a reason */

/*
 * Returns the text that all messages with the same reason have in common.
 * From
 *
 *   Deferred: 421-4.7.28 [192.0.2.9] Unusual rate of mail. 0f1a-03.7 - gsmtp
 *
 * it makes "Deferred: 421 4.7.28 [*] Unusual rate of mail. * - gsmtp".  The
 * reply code (RFC 5321), the enhanced code (RFC 3463) and words are kept.  A
 * number, an address, a host name, a URL, a time, and a word that looks like
 * an id become a "*", and so do several of these in a row.  Bytes that cannot
 * be printed become one blank.  Folding a reason again changes nothing.
 *
 * The reason is in room.  n is at most STATUSKEY_MAX, and the reason ends at
 * the end of a word.
 */
struct span statuskey_fold(struct span text, char room[static STATUSKEY_MAX]);

#endif
