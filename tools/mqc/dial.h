/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dial.h - a connection to one of several addresses, without waiting */
#ifndef TOOLS_MQC_DIAL_H
#define TOOLS_MQC_DIAL_H

#include <stdint.h>

#include <event2/event.h>
#include <event2/util.h>

/*
 * fd is a connected descriptor, which the function has to close; or -1, and
 * error is an errno.
 */
typedef void mqc_dial_fn(void *arg, int fd, int error);

struct mqc_dial {
	struct event_base *base;
	mqc_dial_fn *done;
	void *arg;
	const struct evutil_addrinfo *next;
	int left;         /* addresses */
	int64_t deadline; /* mono ms */
	int fd;
	struct event *event;
	int error; /* of the last one */
};

void mqc_dial_init(struct mqc_dial *, struct event_base *, mqc_dial_fn *,
    void *arg);

/*
 * Tries the addresses one after the other, each with its share of the time
 * that is left.  done() is called once, perhaps before this returns.  The
 * list must stay until then.
 */
void mqc_dial_start(struct mqc_dial *, const struct evutil_addrinfo *,
    int64_t deadline);

/* Gives up.  done() will not be called any more. */
void mqc_dial_stop(struct mqc_dial *);

#endif
