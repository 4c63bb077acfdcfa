/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * net.c - connecting, reading and writing sockets with a deadline
 *
 * Owns the sockets that it opens until they are returned.  Nothing here waits
 * longer than its deadline, except getaddrinfo(3).  Each address gets its share
 * of the time that is left, so that one which does not answer leaves time for
 * the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/net.h"
#include "base/num.h"

#define NET_CHUNK 16384
#define NET_SHOWN 80

int
net_parse_peer(struct net_peer *p, const char *text, const char *port,
    const char **why)
{
	const char *host = text, *end, *colon = strrchr(text, ':');
	int64_t number;

	if (*text == '[') {
		host = text + 1;
		end = strchr(host, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
			*why = "expected [ADDRESS] or [ADDRESS]:PORT";
			return -1;
		}
		colon = end[1] == ':' ? end + 1 : NULL;
	} else if (colon != NULL && strchr(text, ':') == colon) {
		end = colon;
	} else {
		/* No colon, or an IPv6 address. */
		colon = NULL;
		end = text + strlen(text);
	}
	if (end == host || (size_t)(end - host) >= sizeof(p->host) ||
	    strcspn(host, "[]") < (size_t)(end - host)) {
		*why = "expected HOST or HOST:PORT";
		return -1;
	}
	if (num_int64(colon != NULL ? colon + 1 : port, 1, 65535, &number,
		why) != 0) {
		*why = "expected a port from 1 to 65535 after the ':'";
		return -1;
	}
	memcpy(p->host, host, (size_t)(end - host));
	p->host[end - host] = '\0';
	snprintf(p->port, sizeof(p->port), "%d", (int)number);
	return 0;
}

bool
net_same_peer(const struct net_peer *a, const struct net_peer *b)
{
	return strcasecmp(a->host, b->host) == 0 &&
	    strcmp(a->port, b->port) == 0;
}

bool
net_is_socket(int fd)
{
	socklen_t n = sizeof(int);
	int type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0;
}

static int
net_fail(struct buf *why, const char *what, int error)
{
	if (error == ETIMEDOUT)
		buf_addf(why, "%s did not end in time", what);
	else
		buf_addf(why, "%s: %s", what, strerror(error));
	return -1;
}

/*
 * Waits for an event until the deadline; 0, or -1 with errno, ETIMEDOUT at the
 * end.
 */
static int
net_wait(int fd, short events, const struct when_deadline *deadline)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;
	int n;

	for (;;) {
		left = when_left(deadline);
		n = poll(&p, 1, left < INT_MAX ? (int)left : INT_MAX);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n == 0 && when_passed(deadline)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
}

/* A descriptor, or -1 with errno. */
static int
net_try(const struct addrinfo *ai, const struct when_deadline *deadline)
{
	socklen_t n = sizeof(int);
	int fd, flags, error = 0;

	fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
	if (fd == -1)
		return -1;
	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		goto fail;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS || net_wait(fd, POLLOUT, deadline) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		goto fail;
	if (error == 0)
		return fd;
	errno = error;
fail:
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* "mx1 port 5119: " */
static void
net_add_peer(struct buf *why, const struct net_peer *p)
{
	clean_adds(why, p->host, NET_SHOWN);
	buf_addf(why, " port %s: ", p->port);
}

/* The time for one of n addresses. */
static struct when_deadline
net_share(const struct when_deadline *deadline, int n)
{
	return when_after(deadline->clock, when_left(deadline) / n);
}

int
net_connect(const struct net_peer *p, const struct when_deadline *deadline,
    struct buf *why)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *list, *ai;
	struct when_deadline share;
	int fd = -1, n = 0, rc;

	rc = getaddrinfo(p->host, p->port, &hints, &list);
	if (rc != 0) {
		clean_adds(why, p->host, NET_SHOWN);
		buf_addf(why, ": %s",
		    rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
		return -1;
	}
	for (ai = list; ai != NULL; ai = ai->ai_next)
		n++;
	for (ai = list; ai != NULL && fd == -1; ai = ai->ai_next) {
		share = net_share(deadline, n--);
		fd = net_try(ai, &share);
	}
	rc = errno;
	freeaddrinfo(list);
	if (fd != -1)
		return fd;
	net_add_peer(why, p);
	buf_adds(why, strerror(rc));
	return -1;
}

int
net_read(int fd, size_t max, const struct when_deadline *deadline,
    struct buf *out, struct buf *why)
{
	char chunk[NET_CHUNK];
	size_t total = 0, room;
	ssize_t n;

	for (;;) {
		/*
		 * A peer that sends a byte now and then must not keep us from
		 * looking at the clock.
		 */
		if (when_passed(deadline))
			return net_fail(why, "the answer", ETIMEDOUT);
		room = max + 1 - total;
		n = recv(fd, chunk, room < sizeof(chunk) ? room : sizeof(chunk),
		    MSG_DONTWAIT);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR && errno != EAGAIN &&
		    errno != EWOULDBLOCK)
			return net_fail(why, "the answer", errno);
		if (n < 0) {
			if (net_wait(fd, POLLIN, deadline) != 0)
				return net_fail(why, "the answer", errno);
			continue;
		}
		total += (size_t)n;
		buf_add(out, chunk, (size_t)n);
		if (out->oom)
			return net_fail(why, "the answer", ENOMEM);
		if (total > max) {
			buf_addf(why, "more than %zu bytes came", max);
			return -1;
		}
	}
}

int
net_write(int fd, const void *bytes, size_t n,
    const struct when_deadline *deadline, struct buf *why)
{
	const char *p = bytes;
	ssize_t done;

	while (n != 0) {
		done = send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (done >= 0) {
			p += done;
			n -= (size_t)done;
		} else if (errno != EINTR && errno != EAGAIN &&
		    errno != EWOULDBLOCK) {
			return net_fail(why, "writing", errno);
		}
		/* A client gets no more time by sending a byte now and then. */
		if (n != 0 &&
		    (when_passed(deadline) ||
			net_wait(fd, POLLOUT, deadline) != 0))
			return net_fail(why, "writing",
			    when_passed(deadline) ? ETIMEDOUT : errno);
	}
	return 0;
}

int
net_fetch(const struct net_peer *p, size_t max,
    const struct when_deadline *deadline, struct buf *out, struct buf *why)
{
	struct buf reason = BUF_INIT;
	int fd, rc;

	if ((fd = net_connect(p, deadline, why)) == -1)
		return -1;
	rc = net_read(fd, max, deadline, out, &reason);
	close(fd);
	if (rc != 0) {
		net_add_peer(why, p);
		buf_add(why, reason.data, reason.len);
	}
	buf_free(&reason);
	return rc;
}

void
net_end(int fd, const struct when_deadline *deadline)
{
	struct sockaddr_storage name = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof(name);
	char chunk[NET_CHUNK];
	ssize_t n;

	if (shutdown(fd, SHUT_WR) != 0 ||
	    getsockname(fd, (struct sockaddr *)&name, &size) != 0)
		return;
	/* A local socket, as sshd has one, keeps what was written to it. */
	if (name.ss_family == AF_UNIX)
		return;
	while (!when_passed(deadline)) {
		n = recv(fd, chunk, sizeof(chunk), MSG_DONTWAIT);
		if (n == 0 ||
		    (n < 0 && errno != EINTR && errno != EAGAIN &&
			errno != EWOULDBLOCK))
			return;
		if (n < 0 && net_wait(fd, POLLIN, deadline) != 0)
			return;
	}
}
