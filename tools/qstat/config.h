/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - qstat's options */
#ifndef TOOLS_QSTAT_CONFIG_H
#define TOOLS_QSTAT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "count/tally.h"
#include "mail/mta.h"
#include "mail/queue.h"
#include "mail/selector.h"

enum qstat_config_action {
	QSTAT_CONFIG_GROUPS,   /* who fills the queues */
	QSTAT_CONFIG_MESSAGES, /* the messages of a selector */
	QSTAT_CONFIG_SHOW,     /* one control file */
	QSTAT_CONFIG_HELP,
	QSTAT_CONFIG_VERSION,
};

enum qstat_config_format {
	QSTAT_CONFIG_TEXT,
	QSTAT_CONFIG_JSON,
	QSTAT_CONFIG_TSV,
};

enum qstat_config_sort {
	QSTAT_CONFIG_COUNT,
	QSTAT_CONFIG_OLDEST,
	QSTAT_CONFIG_RATE,
};

struct qstat_config {
	enum qstat_config_action action;
	enum qstat_config_format format;
	struct queue_list queues; /* of -q, or found */
	const char **specs;       /* -q as it was typed */
	size_t nspecs;
	const char *root; /* "" or a directory */
	enum key_by by;
	enum qstat_config_sort sort;
	size_t top;   /* 0: not said */
	bool all;     /* -n 0 */
	uint64_t min; /* of a group */
	bool ages;
	struct selector selector; /* of --messages */
	struct buf wanted;        /* as it was typed */
	const char *id;           /* of --show */
	int timeout;              /* seconds; 0: none */
	int verbose;
};

extern const struct cli qstat_config_cli;

/*
 * Reads a command line, which must outlive the configuration.  0; or -1 with
 * one line added to *why, clean for output.  Free it in both cases.
 */
int qstat_config_parse(struct qstat_config *, int argc, char **argv,
    struct buf *why);
void qstat_config_free(struct qstat_config *);

#endif
