/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - MailScanner's settings and globs, from the file system */
#ifndef MTA_MAILSCANNER_READ_H
#define MTA_MAILSCANNER_READ_H

#include <glob.h>

#include "base/rooted.h"
#include "mta/mailscanner/conf.h"
#include "mta/mailscanner/glob.h"

/*
 * Adds what the first MailScanner.conf below the root says, and what the files
 * say that it includes: each once, plain ones only; a pattern that matches none
 * is no error, as in MailScanner.  1, with its path in *path; 0 when there is
 * none; -1 with why.
 */
int mailscanner_read_settings(const struct rooted *, struct mailscanner_conf *,
    struct buf *path);

/*
 * The paths below the root that a pattern of mailscanner_glob_patterns()
 * matches, for globfree() in any case.  1, 0 when there is none, -1 with why.
 */
int mailscanner_read_glob(const struct rooted *, const char *pattern,
    glob_t *found);

/* mailscanner_glob_patterns() of a text in that line of a file, -1 with why. */
int mailscanner_read_patterns(const struct rooted *, const char *file,
    size_t line, const char *text, mailscanner_glob_fn *add, void *arg);

#endif
