/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.h - what a plugin keeps between two runs */
#ifndef PLUG_STATE_H
#define PLUG_STATE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/when.h"

#define STATE_MAX (256 * 1024) /* bytes of a text, at most */

/*
 * Opens PREFIX/UID/PLUGIN (the shape of monitoring-plugins' MP_STATE_PATH),
 * making what is missing, mode 0700.  Returns a directory descriptor, or -1
 * with the reason added to *why, clean for output.  A directory that another
 * user owns or can write to is refused.
 */
int state_open(const char *prefix, uid_t uid, const char *plugin,
    struct buf *why);

/*
 * The file name for some thing that a plugin watches: a readable part and a
 * hash of the whole identity, so that it is a plain name whatever goes in.
 */
void state_key(struct buf *key, const char *label, const char *identity);

/*
 * Adds what was saved under key; nothing when there is nothing, or when it
 * was written in another version of the format.  0, or -1 with errno.
 */
int state_load(int dir, const char *key, struct buf *out);

/* Replaces it, atomically.  0, or -1 with errno; EFBIG: over STATE_MAX. */
int state_save(int dir, const char *key, const struct buf *text);

/*
 * Removes the files that state_save() made and nothing wrote within the last
 * age seconds, and those that a killed run left.  Nothing else is touched, and
 * after the deadline the rest is left to the next run.
 */
void state_expire(int dir, int64_t age, const struct when_deadline *);

#endif
