/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.h - the report of another server, fetched and checked */
#ifndef PLUGINS_COMMON_SERVER_H
#define PLUGINS_COMMON_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/net.h"
#include "base/when.h"
#include "report/report.h"

/* A server to ask. */
struct server {
	const char *name;     /* as typed; NULL: none */
	struct net_peer peer; /* where its report is */
};

/* HOST[:PORT] of an option.  0; or -1 with one line added to *why. */
int server_parse(struct server *, const char *option, const char *text,
    struct buf *why);

/*
 * Gets a server's report, which must not be older than stale seconds.  0, and
 * the report is the caller's to free; or -1 with one line added to *why,
 * clean for output, that says what is wrong with it.
 */
int server_fetch(const struct server *, int64_t stale,
    const struct when_deadline *, struct report *, struct buf *why);

/*
 * The same from the n bytes that came, at this time since 1970.  Without a
 * report, there is nothing to free.
 */
int server_take(const struct server *, int64_t stale, const char *bytes,
    size_t n, int64_t now, struct report *, struct buf *why);

#endif
