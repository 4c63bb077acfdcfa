/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge_relayflood.h - the relays that several servers report, summed */
#ifndef MERGE_RELAYFLOOD_H
#define MERGE_RELAYFLOOD_H

#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "config_relayflood.h"
#include "mqueue/relaysum.h"
#include "mqueue/report.h"

/* One of the servers of --merge. */
struct merge_relayflood_server {
	const char *name;        /* as typed */
	char *failure;           /* why it is not counted; or NULL */
	struct report report;    /* unless it failed */
	enum report_again again; /* of the server before it, */
	size_t before;           /* which counts in its place */
	bool told;               /* by the machines of both */
};

struct merge_relayflood {
	struct merge_relayflood_server *server;
	size_t n;
	size_t failed; /* of them */
	size_t again;  /* of them: named before by another name */
	struct relaysum sum;
	uint64_t read; /* of sum.total messages */
};

/*
 * Asks all servers of the configuration at once, until the deadline.  0; or
 * -1, out of memory.  Free it in both cases.
 */
int merge_relayflood_fetch(struct merge_relayflood *,
    const struct config_relayflood *, const struct when_deadline *);

/*
 * Adds one server's report, which is moved out of *report; the servers before
 * it come first.  report NULL: failure tells why there is none, and is taken
 * over.  0, or -1.
 */
int merge_relayflood_add(struct merge_relayflood *, size_t i, struct report *,
    char *failure);

/* Makes room for the servers of the configuration.  0, or -1. */
int merge_relayflood_start(struct merge_relayflood *,
    const struct config_relayflood *);
void merge_relayflood_free(struct merge_relayflood *);

#endif
