/* SPDX-License-Identifier: GPL-3.0-or-later */
/* discover.h - the queues that MailScanner.conf names */
#ifndef MTA_MAILSCANNER_DISCOVER_H
#define MTA_MAILSCANNER_DISCOVER_H

#include <stdbool.h>

#include "base/rooted.h"
#include "mail/planned.h"

/*
 * Plans the queues that MailScanner's configuration names, read as MailScanner
 * 5.5 does.  *incoming, *outgoing: does it name such queues?  0, also when
 * there is no such file; or -1 with why: what can't be known is an error that
 * tells file and line.
 */
int mailscanner_discover(const struct rooted *, struct planned *,
    bool *incoming, bool *outgoing);

#endif
