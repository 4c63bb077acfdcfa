/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.h - connecting, reading and writing sockets with a deadline */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/when.h"

/* Where to connect. */
struct net_peer {
	char host[256]; /* a name or an address, without brackets */
	char port[8];   /* a number */
};

/*
 * "HOST", "HOST:PORT", "[ADDRESS]:PORT", or an IPv6 address alone; without a
 * port it is the given one.  0; or -1 with *why a constant text.
 */
int net_parse_peer(struct net_peer *, const char *text, const char *port,
    const char **why);

/* Do they have the same host name and the same port? */
bool net_same_peer(const struct net_peer *, const struct net_peer *);

/*
 * The following functions return -1 with one line added to *why when they fail.
 * They never wait longer than the deadline, except in getaddrinfo(3), which has
 * time limits of its own.  So the caller needs an alarm besides.
 */

/*
 * Tries all addresses of the peer.  Returns a descriptor that does not block.
 */
int net_connect(const struct net_peer *, const struct when_deadline *,
    struct buf *why);

/*
 * Adds all that comes until the other side closes.  What came before a
 * failure is in *out as well.  More than max bytes are a failure, and then
 * max + 1 are in *out.
 */
int net_read(int fd, size_t max, const struct when_deadline *, struct buf *out,
    struct buf *why);

/* Sends all n bytes to a socket, blocking or not, without a SIGPIPE. */
int net_write(int fd, const void *bytes, size_t n, const struct when_deadline *,
    struct buf *why);

/* Connects, reads, closes. */
int net_fetch(const struct net_peer *, size_t max, const struct when_deadline *,
    struct buf *out, struct buf *why);

/*
 * Says that nothing more will come, and reads what the other side sends until
 * it closes the connection or the deadline has passed.  This is needed because
 * a TCP socket that is closed while it has unread bytes may drop what was
 * written to it.
 */
void net_end(int fd, const struct when_deadline *);

/* Is this descriptor a socket? */
bool net_is_socket(int fd);

#endif
