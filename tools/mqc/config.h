/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - mqc's options */
#ifndef TOOLS_MQC_CONFIG_H
#define TOOLS_MQC_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "tools/mqc/column.h"
#include "tools/mqc/hosts.h"

enum mqc_config_action {
	MQC_CONFIG_RUN,
	MQC_CONFIG_HELP,
	MQC_CONFIG_VERSION,
};

enum mqc_config_format {
	MQC_CONFIG_TEXT,
	MQC_CONFIG_JSON,
	MQC_CONFIG_TSV,
};

struct mqc_config {
	enum mqc_config_action action;
	enum mqc_config_format format;
	struct mqc_hosts hosts; /* none with a replay */
	struct mqc_column_set columns;
	int64_t interval;    /* seconds */
	int64_t timeout;     /* milliseconds */
	int64_t rounds;      /* 0: no end */
	int64_t stale_after; /* seconds; 0: not said */
	size_t width;        /* 0: the terminal's */
	bool wrap;
	bool time;
	bool total;
	bool bell;
	bool relays;
	const char *record; /* a file; or NULL */
	const char *replay; /* a file; or NULL */
	double speed;       /* 0: without waiting */
};

extern const struct cli mqc_config_cli;

/* What mqc takes from its environment; each may be NULL. */
struct mqc_config_env {
	const char *home;
	const char *xdg_config_home;
};

/*
 * Reads a command line, which must outlive the configuration, and the file of
 * hosts.  0; or -1 with one line added to *why, clean for output.  Free it in
 * both cases.
 */
int mqc_config_parse(struct mqc_config *, int argc, char **argv,
    const struct mqc_config_env *, struct buf *why);
void mqc_config_free(struct mqc_config *);

#endif
