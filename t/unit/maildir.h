/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maildir.h - a small mail server, which is as unlike sendmail as can be */
#ifndef T_MAILDIR_H
#define T_MAILDIR_H

#include "mail/mta.h"

/*
 * A queue is a directory with three others in it, all of which it must have.
 * new has what is being received and is a message when its mode has 0700; cur
 * has what waits, and subdirectories by the first letter of the id; hold has
 * what is held.  A name is the id, in lower case letters and digits, and tells
 * no time: a message came when its file was last modified.
 *
 * A file begins with four digits, which say where its body begins; then there
 * are lines, "date SECONDS", "relay TEXT", "from ADDRESS", "to ADDRESS", and
 * perhaps "held".
 */
extern const struct mta maildir_mta;

/* Makes a message of a relay, that came then; the path ends in its id. */
void maildir_make(const char *path, const char *relay, int64_t when);

#endif
