/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remote_mqueue.h - the queues of another host, from its report */
#ifndef REMOTE_MQUEUE_H
#define REMOTE_MQUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"
#include "config_mqueue.h"
#include "mqueue/queue.h"
#include "mqueue/report.h"

struct remote {
	struct report report;
	struct queue_list queues; /* in the order of the report */
	int64_t age;              /* of the report, seconds */
};

/*
 * Gets the report of the host that the configuration names.  0; or -1 with one
 * line added to *why, clean for output, that says what is wrong with it.  Free
 * it in both cases.
 */
int remote_fetch(struct remote *, const struct config *,
    const struct when_deadline *, struct buf *why);

/* The same from the n bytes that came, at this time since 1970. */
int remote_take(struct remote *, const struct config *, const char *bytes,
    size_t n, int64_t now, struct buf *why);
void remote_free(struct remote *);

#endif
