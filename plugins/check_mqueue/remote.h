/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remote.h - the queues of another host, from its report */
#ifndef PLUGINS_CHECK_MQUEUE_REMOTE_H
#define PLUGINS_CHECK_MQUEUE_REMOTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"
#include "mail/queue.h"
#include "plugins/check_mqueue/config.h"
#include "report/report.h"

struct mqueue_remote {
	struct report report;
	struct queue_list queues; /* in the order of the report */
	int64_t age;              /* of the report, seconds */
};

/*
 * Gets the report of the host that the configuration names.  0; or -1 with one
 * line added to *why, clean for output, that says what is wrong with it.  Free
 * it in both cases.
 */
int mqueue_remote_fetch(struct mqueue_remote *, const struct mqueue_config *,
    const struct when_deadline *, struct buf *why);

/* The same from the n bytes that came, at this time since 1970. */
int mqueue_remote_take(struct mqueue_remote *, const struct mqueue_config *,
    const char *bytes, size_t n, int64_t now, struct buf *why);
void mqueue_remote_free(struct mqueue_remote *);

#endif
