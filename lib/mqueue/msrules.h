/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msrules.h - the lines of MailScanner's lists and rulesets of directories */
#ifndef MQUEUE_MSRULES_H
#define MQUEUE_MSRULES_H

#include <stdbool.h>
#include <stddef.h>

/* Called for each value, not expanded.  0, or -1 to stop. */
typedef int msrules_fn(void *arg, size_t line, const char *value);

/*
 * The file that Incoming Queue Dir names: each line is a directory or a glob,
 * with the blanks in it.  A '#' begins a comment at the begin of a line only.
 * Returns 0; or -1 with errno, ENOMEM or add's.
 */
int msrules_list(const char *bytes, size_t n, msrules_fn *add, void *arg);

/*
 * The ruleset that Outgoing Queue Dir names: "To: PATTERN VALUE", or "From:
 * PATTERN and To: PATTERN VALUE".  The value is "" in a line that has none.
 * *has_default: is there a rule that always matches?  If not, MailScanner's
 * own default is used for what no rule matches.  Returns as msrules_list().
 */
int msrules_rules(const char *bytes, size_t n, msrules_fn *add, void *arg,
    bool *has_default);

#endif
