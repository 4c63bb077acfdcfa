/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - qblock's options */
#ifndef TOOLS_QBLOCK_CONFIG_H
#define TOOLS_QBLOCK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "block/block.h"
#include "block/client.h"
#include "block/plan.h"
#include "mail/queue.h"

enum qblock_config_action {
	QBLOCK_CONFIG_ADD,
	QBLOCK_CONFIG_REMOVE,
	QBLOCK_CONFIG_LIST,
	QBLOCK_CONFIG_EXPIRE,
	QBLOCK_CONFIG_CHECK,
	QBLOCK_CONFIG_HELP,
	QBLOCK_CONFIG_VERSION,
};

/* Strings are those of argv. */
struct qblock_config {
	enum qblock_config_action action;
	struct client *key; /* the clients */
	size_t nkeys;
	int64_t expire;   /* seconds, or PLAN_FOREVER */
	bool expire_said; /* by --expire */
	struct buf value; /* of --reply; REJECT without it */
	bool has_reply;
	const char *reason;       /* NULL: none */
	const char *cf;           /* NULL: where it usually is */
	const char *map;          /* --map, without the type; or NULL */
	struct buf map_type;      /* of --map; empty: "hash" */
	const char *maker;        /* NULL: where it usually is */
	const char *asked;        /* program of the server; NULL: none */
	const char *name;         /* of the one client; NULL: not given */
	struct queue_list queues; /* where names are looked for; none: found */
	bool wide, yes, quiet, json;
};

extern const struct cli qblock_config_cli;

/*
 * Reads the command line, for this server.  0; or -1 with a line added to *why.
 * Free what it made in both cases.
 */
int qblock_config_parse(struct qblock_config *, const struct block_server *,
    int argc, char **argv, struct buf *why);
void qblock_config_free(struct qblock_config *);

/* What add, remove and expire want; it points into the configuration. */
struct plan_wish qblock_config_wish(const struct qblock_config *);

/* Where that is to be done, and how; the same. */
struct block_given qblock_config_given(const struct qblock_config *);

#endif
