/* SPDX-License-Identifier: GPL-3.0-or-later */
/* discover.h - the queues that sendmail.cf and submit.cf name */
#ifndef MTA_SENDMAIL_DISCOVER_H
#define MTA_SENDMAIL_DISCOVER_H

#include "base/rooted.h"
#include "mail/planned.h"

/*
 * Plans the queue groups of the first of the files (NULL ends them) that
 * exists, named as sendmail names them.  1; 0 when none exists; -1 with why:
 * a path that sendmail can't use is an error that tells file and line.
 */
int sendmail_discover(const struct rooted *, const char *const *files,
    enum queue_role, struct planned *);

#endif
