/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - host names to addresses, without ever waiting */
#ifndef TOOLS_MQC_NAMES_H
#define TOOLS_MQC_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>
#include <event2/util.h>

#include "base/net.h"

/*
 * The addresses of one host.  The caller sets peer, told and arg, and zeroes
 * the rest.
 */
struct mqc_name {
	const struct net_peer *peer;
	void (*told)(void *arg); /* an answer came */
	void *arg;
	struct evutil_addrinfo *list;     /* see mqc_names_list() */
	struct evutil_addrinfo *incoming; /* to become the list */
	int64_t at;                       /* of incoming, mono ms */
	bool asking;
	int error; /* of the last answer, EAI_* */
};

struct mqc_names;

/*
 * Reads /etc/hosts and /etc/resolv.conf, once.  NULL: out of memory.  It has to
 * be freed before the base; a question that is still open then gets no answer.
 */
struct mqc_names *mqc_names_new(struct event_base *);
void mqc_names_free(struct mqc_names *);

/*
 * The addresses that are known, or NULL.  They stay until the next call.  If
 * there are none, or they are old, asks: told() is called with the answer,
 * perhaps before this returns.
 */
const struct evutil_addrinfo *mqc_names_list(struct mqc_names *,
    struct mqc_name *);

/*
 * Says that no address was of use.  The next call of mqc_names_list() asks
 * again.
 */
void mqc_names_doubt(struct mqc_name *);

/* Forgets the addresses. */
void mqc_names_clear(struct mqc_name *);

#endif
