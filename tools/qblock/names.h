/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - the host names that clients have, as sendmail saw them */
#ifndef TOOLS_QBLOCK_NAMES_H
#define TOOLS_QBLOCK_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/when.h"
#include "block/client.h"
#include "mail/domain.h"
#include "mail/queue.h"

#define QBLOCK_NAMES      64   /* that are kept */
#define QBLOCK_NAMES_TIME 2000 /* for reading queues, ms */

/* An address, and a name that it has. */
struct qblock_names_one {
	struct accesskey address;
	char name[DOMAIN_MAX + 1]; /* in lower case; "": it has none */
};

/*
 * sendmail looks at a client's name before its address, so whoever asks what it
 * says to an address has to know the name.
 */
struct qblock_names {
	struct qblock_names_one v[QBLOCK_NAMES];
	size_t n;
	struct buf unread; /* why queues could not be read; empty: they were */
};

void qblock_names_init(struct qblock_names *);
void qblock_names_free(struct qblock_names *);

/* What an operator says.  0; or -1: this is no host name. */
int qblock_names_give(struct qblock_names *, const struct accesskey *address,
    const char *name);

/*
 * The names that the queued mail of these clients has, from sendmail's $_.  A
 * name that does not lead back to its address is none, as for sendmail.  Of a
 * large queue a fair sample is read, for two seconds at most.  Takes the
 * queues given, or finds those of this machine if there are none.  What cannot
 * be read is told in unread.
 */
void qblock_names_look(struct qblock_names *, const struct accesskey *key,
    size_t nkeys, struct queue_list *, const struct when_clock *);

/* Does any of these belong to the client, or to one of the clients? */
bool qblock_names_has(const struct qblock_names *, const struct accesskey *);

#endif
