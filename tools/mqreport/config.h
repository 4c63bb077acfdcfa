/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - mqreport's options */
#ifndef TOOLS_MQREPORT_CONFIG_H
#define TOOLS_MQREPORT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "mail/mta.h"
#include "mail/queue.h"

enum mqreport_config_action {
	MQREPORT_CONFIG_REPORT,
	MQREPORT_CONFIG_HELP,
	MQREPORT_CONFIG_VERSION,
};

struct mqreport_config {
	enum mqreport_config_action action;
	struct queue_list queues; /* of -q, or found */
	const char *root;         /* "" or a directory */
	size_t relays;            /* 0: none */
	int64_t cache;            /* seconds; 0: none */
	const char *cache_dir;
	bool openmetrics;
	const char *output; /* NULL: stdout */
	int timeout;        /* seconds */
};

extern const struct cli mqreport_config_cli;

/*
 * Reads a command line, which must outlive the configuration.  cache is the
 * default, in seconds.  0; or -1 with one line added to *why, clean for
 * output.  Free it in both cases.
 */
int mqreport_config_parse(struct mqreport_config *, int argc, char **argv,
    int64_t cache, struct buf *why);
void mqreport_config_free(struct mqreport_config *);

#endif
