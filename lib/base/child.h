/* SPDX-License-Identifier: GPL-3.0-or-later */
/* child.h - runs a program without a shell, and takes what it says */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stddef.h>

#include "base/buf.h"
#include "base/when.h"

/*
 * Runs argv[0], which is a path, with standard input from a descriptor (-1:
 * empty), in an environment of its own, until the deadline at most.
 * What it writes is added to out, at most max bytes, and to err.  Returns its
 * exit status; or -1 with a line added to *why: it could not be started, or
 * was ended by a signal, took too long, or wrote too much.
 */
int child_run(const char *const *argv, int input, const struct when_deadline *,
    size_t max, struct buf *out, struct buf *err, struct buf *why);

#endif
