/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - the host names that queued mail tells of clients */
#ifndef TOOLS_QBLOCK_NAMES_H
#define TOOLS_QBLOCK_NAMES_H

#include <stddef.h>

#include "base/when.h"
#include "block/names.h"
#include "mail/queue.h"

#define QBLOCK_NAMES_TIME 2000 /* for reading queues, ms */

/*
 * The names that the queued mail of these clients has, as the server saw them
 * when it took the mail.  A name that does not lead back to its address is
 * none, as for the server.  Of a large queue a fair sample is read, for two
 * seconds at most.  Takes the queues given, or finds those of this machine if
 * there are none.  What cannot be read is told in unread.
 */
void qblock_names_look(struct names *, const struct client *key, size_t nkeys,
    struct queue_list *, const struct when_clock *);

#endif
