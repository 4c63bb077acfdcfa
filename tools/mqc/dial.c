/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dial.c - a connection to one of several addresses, without waiting
 *
 * Owns the socket until it is connected.  Without a descriptor for one, the
 * error is EMFILE, which says nothing of the host.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/when.h"
#include "tools/mqc/dial.h"

static void mqc_dial_next(struct mqc_dial *d);

void
mqc_dial_init(struct mqc_dial *d, struct event_base *base, mqc_dial_fn *done,
    void *arg)
{
	*d = (struct mqc_dial){ .base = base,
		.done = done,
		.arg = arg,
		.fd = -1 };
}

void
mqc_dial_stop(struct mqc_dial *d)
{
	if (d->event != NULL)
		event_free(d->event);
	if (d->fd != -1)
		close(d->fd);
	d->event = NULL;
	d->fd = -1;
}

/* Gives up this address, and tries the next one if there is one. */
static void
mqc_dial_drop(struct mqc_dial *d, int error)
{
	mqc_dial_stop(d);
	d->error = error;
	mqc_dial_next(d);
}

static void
mqc_dial_ready(evutil_socket_t fd, short what, void *arg)
{
	struct mqc_dial *d = arg;
	socklen_t n = sizeof(int);
	int error = 0, connected = d->fd;

	(void)fd;
	if ((what & EV_TIMEOUT) != 0)
		error = ETIMEDOUT;
	else if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		error = errno;
	if (error != 0) {
		mqc_dial_drop(d, error);
		return;
	}
	d->fd = -1;
	mqc_dial_stop(d);
	d->done(d->arg, connected, 0);
}

/* 0 when the connection is under way, or an errno. */
static int
mqc_dial_try(struct mqc_dial *d, const struct evutil_addrinfo *ai)
{
	int64_t left = d->deadline - when_mono(&when_system);
	struct timeval tv;

	d->fd = socket(ai->ai_family, SOCK_STREAM, 0);
	if (d->fd == -1 || evutil_make_socket_nonblocking(d->fd) != 0 ||
	    evutil_make_socket_closeonexec(d->fd) != 0)
		return errno;
	if (connect(d->fd, ai->ai_addr, (socklen_t)ai->ai_addrlen) != 0 &&
	    errno != EINPROGRESS)
		return errno;
	left = left > 0 ? left / (d->left + 1) : 0;
	tv = (struct timeval){ left / 1000, left % 1000 * 1000 };
	d->event = event_new(d->base, d->fd, EV_WRITE, mqc_dial_ready, d);
	if (d->event == NULL || event_add(d->event, &tv) != 0)
		return ENOMEM;
	return 0;
}

static void
mqc_dial_next(struct mqc_dial *d)
{
	const struct evutil_addrinfo *ai;
	int error;

	while ((ai = d->next) != NULL) {
		d->next = ai->ai_next;
		d->left--;
		if ((error = mqc_dial_try(d, ai)) == 0)
			return;
		mqc_dial_stop(d);
		d->error = error;
	}
	d->done(d->arg, -1, d->error);
}

void
mqc_dial_start(struct mqc_dial *d, const struct evutil_addrinfo *list,
    int64_t deadline)
{
	const struct evutil_addrinfo *ai;

	d->next = list;
	d->deadline = deadline;
	d->error = EHOSTUNREACH;
	d->left = 0;
	for (ai = list; ai != NULL; ai = ai->ai_next)
		d->left++;
	mqc_dial_next(d);
}
