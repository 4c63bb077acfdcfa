/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msread.h - MailScanner's settings and globs, from the file system */
#ifndef MQUEUE_MSREAD_H
#define MQUEUE_MSREAD_H

#include <glob.h>

#include "mqueue/msconf.h"
#include "mqueue/msglob.h"
#include "mqueue/rooted.h"

/*
 * Adds what the first MailScanner.conf below the root says, and what the files
 * say that it includes: each once, plain ones only; a pattern that matches none
 * is no error, as in MailScanner.  1, with its path in *path; 0 when there is
 * none; -1 with why.
 */
int msread_settings(const struct rooted *, struct msconf *, struct buf *path);

/*
 * The paths below the root that a pattern of msglob_patterns() matches, for
 * globfree() in any case.  1, 0 when there is none, -1 with why.
 */
int msread_glob(const struct rooted *, const char *pattern, glob_t *found);

/* msglob_patterns() of a text in that line of a file, -1 with why. */
int msread_patterns(const struct rooted *, const char *file, size_t line,
    const char *text, msglob_fn *add, void *arg);

#endif
