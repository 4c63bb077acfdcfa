/* SPDX-License-Identifier: GPL-3.0-or-later */
/* discover.h - finds this machine's queues in its configuration */
#ifndef MTA_DISCOVER_H
#define MTA_DISCOVER_H

#include "base/buf.h"
#include "mail/queue.h"

/*
 * Adds the queues that MailScanner.conf (incoming, outgoing), sendmail.cf
 * (QueueDirectory, queue groups) and submit.cf (client) name; without
 * MailScanner.conf also /var/spool/mqueue.in, and without sendmail.cf
 * /var/spool/mqueue, each only if it exists.  Directories that a file names
 * but that are missing are added with their error.
 *
 * root is put before every path, "" for the running system.  Returns 0, also
 * when there is no queue at all; or -1 with the reason added to *why: a file
 * that can't be read, an MTA that is not sendmail, out of memory.
 */
int discover_queues(struct queue_list *, const char *root, struct buf *why);

#endif
