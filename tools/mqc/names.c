/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.c - host names to addresses, without ever waiting
 *
 * Once the addresses of a name are known, nothing waits for that name again.
 * When they are old, a new question is sent, and the old addresses are used
 * until its answer comes.  They are also used when no answer comes: where a net
 * is down, its mail servers and its name servers often fail together.  Only
 * /etc/hosts and the DNS are asked, and no other source that nsswitch.conf(5)
 * may name.
 */
#include <stdlib.h>
#include <string.h>

#include <event2/dns.h>

#include "base/when.h"
#include "tools/mqc/names.h"

#define MQC_NAMES_OLD (5 * 60 * INT64_C(1000)) /* milliseconds */

struct mqc_names {
	struct event_base *base;
	struct evdns_base *dns;
};

struct mqc_names *
mqc_names_new(struct event_base *base)
{
	struct mqc_names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		return NULL;
	names->base = base;
	names->dns = evdns_base_new(base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (names->dns == NULL) {
		free(names);
		return NULL;
	}
	/* If the file is missing, libevent asks a name server on this host. */
	evdns_base_resolv_conf_parse(names->dns, DNS_OPTIONS_ALL,
	    "/etc/resolv.conf");
	return names;
}

void
mqc_names_free(struct mqc_names *names)
{
	if (names == NULL)
		return;
	evdns_base_free(names->dns, 1);
	/*
	 * libevent has told the open requests that they end, but they have not
	 * called us yet.
	 */
	event_base_loop(names->base, EVLOOP_NONBLOCK);
	free(names);
}

static void
mqc_names_answer(int error, struct evutil_addrinfo *list, void *arg)
{
	struct mqc_name *n = arg;

	n->asking = false;
	n->error = error;
	if (list != NULL) {
		if (n->incoming != NULL)
			evutil_freeaddrinfo(n->incoming);
		n->incoming = list;
		n->at = when_mono(&when_system);
	}
	if (n->told != NULL)
		n->told(n->arg);
}

const struct evutil_addrinfo *
mqc_names_list(struct mqc_names *names, struct mqc_name *n)
{
	static const struct evutil_addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = EVUTIL_AI_NUMERICSERV,
	};

	if (n->incoming != NULL) {
		if (n->list != NULL)
			evutil_freeaddrinfo(n->list);
		n->list = n->incoming;
		n->incoming = NULL;
	}
	if (!n->asking &&
	    (n->list == NULL || n->at == 0 ||
		when_mono(&when_system) - n->at > MQC_NAMES_OLD)) {
		n->asking = true;
		evdns_getaddrinfo(names->dns, n->peer->host, n->peer->port,
		    &hints, mqc_names_answer, n);
	}
	return n->list;
}

void
mqc_names_doubt(struct mqc_name *n)
{
	n->at = 0;
}

void
mqc_names_clear(struct mqc_name *n)
{
	if (n->list != NULL)
		evutil_freeaddrinfo(n->list);
	if (n->incoming != NULL)
		evutil_freeaddrinfo(n->incoming);
	n->list = n->incoming = NULL;
}
