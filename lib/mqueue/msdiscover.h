/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msdiscover.h - the queues that MailScanner.conf names */
#ifndef MQUEUE_MSDISCOVER_H
#define MQUEUE_MSDISCOVER_H

#include <stdbool.h>

#include "mqueue/planned.h"
#include "mqueue/rooted.h"

/*
 * Plans the queues that MailScanner's configuration names, read as MailScanner
 * 5.5 does.  *incoming, *outgoing: does it name such queues?  0, also when
 * there is no such file; or -1 with why: what can't be known is an error that
 * tells file and line.
 */
int msdiscover(const struct rooted *, struct planned *, bool *incoming,
    bool *outgoing);

#endif
