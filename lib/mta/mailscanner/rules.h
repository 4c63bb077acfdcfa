/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.h - the lines of MailScanner's lists and rulesets of directories */
#ifndef MTA_MAILSCANNER_RULES_H
#define MTA_MAILSCANNER_RULES_H

#include <stdbool.h>
#include <stddef.h>

/* Called for each value, not expanded.  0, or -1 to stop. */
typedef int mailscanner_rules_fn(void *arg, size_t line, const char *value);

/*
 * The file that Incoming Queue Dir names: each line is a directory or a glob,
 * with the blanks in it.  A '#' begins a comment at the begin of a line only.
 * Returns 0; or -1 with errno, ENOMEM or add's.
 */
int mailscanner_rules_list(const char *bytes, size_t n,
    mailscanner_rules_fn *add, void *arg);

/*
 * The ruleset that Outgoing Queue Dir names: "To: PATTERN VALUE", or "From:
 * PATTERN and To: PATTERN VALUE".  The value is "" in a line that has none.
 * *has_default: is there a rule that always matches?  If not, MailScanner's
 * own default is used for what no rule matches.  Returns as
 * mailscanner_rules_list().
 */
int mailscanner_rules_rules(const char *bytes, size_t n,
    mailscanner_rules_fn *add, void *arg, bool *has_default);

#endif
