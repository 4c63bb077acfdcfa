/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glob.h - which patterns a glob of MailScanner's stands for */
#ifndef MTA_MAILSCANNER_GLOB_H
#define MTA_MAILSCANNER_GLOB_H

#include <stdbool.h>

/*
 * magic: it is a pattern for glob(3).  Otherwise it is a path, which Perl
 * takes whether it exists or not.  Returns 0, or -1 to stop.
 */
typedef int mailscanner_glob_fn(void *arg, const char *pattern, bool magic);

/* Does MailScanner take the value for a glob, not for one directory? */
bool mailscanner_glob_is(const char *value);

/*
 * Splits a text at blanks, but for those that are quoted, and replaces braces
 * as csh(1) does: "/q/{a,b}*" is "/q/a*" and "/q/b*".  Calls add for each.
 * 0; or -1 with errno: E2BIG for more than 1000 patterns or 4096 bytes,
 * ENOMEM, or add's.
 */
int mailscanner_glob_patterns(const char *text, mailscanner_glob_fn *add,
    void *arg);

#endif
