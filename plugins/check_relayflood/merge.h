/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge.h - the relays that several servers report, summed */
#ifndef PLUGINS_CHECK_RELAYFLOOD_MERGE_H
#define PLUGINS_CHECK_RELAYFLOOD_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "plugins/check_relayflood/config.h"
#include "report/relaysum.h"
#include "report/report.h"

/* One of the servers of --merge. */
struct relayflood_merge_server {
	const char *name;        /* as typed */
	char *failure;           /* why it is not counted; or NULL */
	struct report report;    /* unless it failed */
	enum report_again again; /* is it a server named before? */
	size_t before;           /* then which; that one counts */
	bool told;               /* both reports tell a machine */
};

struct relayflood_merge {
	struct relayflood_merge_server *server;
	size_t n;
	size_t failed; /* of them */
	size_t again;  /* of them: the same as one before */
	struct relaysum sum;
	uint64_t read; /* of sum.total messages */
};

/*
 * Asks all servers of the configuration at once, until the deadline.  0; or
 * -1, out of memory.  Free it in both cases.
 */
int relayflood_merge_fetch(struct relayflood_merge *,
    const struct relayflood_config *, const struct when_deadline *);

/*
 * Adds one server's report, which is moved out of *report; the servers before
 * it come first.  report NULL: failure tells why there is none, and is taken
 * over.  0, or -1.
 */
int relayflood_merge_add(struct relayflood_merge *, size_t i, struct report *,
    char *failure);

/* Makes room for the servers of the configuration.  0, or -1. */
int relayflood_merge_start(struct relayflood_merge *,
    const struct relayflood_config *);
void relayflood_merge_free(struct relayflood_merge *);

#endif
