/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - qblock's options */
#ifndef TOOLS_QBLOCK_CONFIG_H
#define TOOLS_QBLOCK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "block/client.h"
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

#define QBLOCK_CONFIG_FOREVER (-1)

/* Strings are those of argv. */
struct qblock_config {
	enum qblock_config_action action;
	struct accesskey *key; /* the clients */
	size_t nkeys;
	int64_t expire;   /* seconds, or QBLOCK_CONFIG_FOREVER */
	bool expire_said; /* by --expire */
	struct buf value; /* of --reply; REJECT without it */
	bool has_reply;
	const char *reason;       /* NULL: none */
	const char *cf;           /* NULL: where it usually is */
	const char *map;          /* --map, without the type; or NULL */
	struct buf map_type;      /* of --map; empty: "hash" */
	const char *makemap;      /* NULL: where it usually is */
	const char *sendmail;     /* to be asked, too; NULL: none */
	const char *name;         /* of the one client; NULL: not given */
	struct queue_list queues; /* where names are looked for; none: found */
	bool wide, yes, quiet, json;
};

extern const struct cli qblock_config_cli;

/*
 * Reads the command line.  0; or -1 with a line added to *why.  Free what it
 * made in both cases.
 */
int qblock_config_parse(struct qblock_config *, int argc, char **argv,
    struct buf *why);
void qblock_config_free(struct qblock_config *);

#endif
