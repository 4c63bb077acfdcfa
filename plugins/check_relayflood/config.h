/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - check_relayflood's options */
#ifndef PLUGINS_CHECK_RELAYFLOOD_CONFIG_H
#define PLUGINS_CHECK_RELAYFLOOD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "count/flood.h"
#include "count/tally.h"
#include "mail/mta.h"
#include "mail/queue.h"
#include "plug/render.h"
#include "plug/result.h"
#include "plugins/check_relayflood/ignore.h"
#include "plugins/common/server.h"

enum relayflood_config_action {
	RELAYFLOOD_CONFIG_CHECK,
	RELAYFLOOD_CONFIG_LIST_QUEUES,
	RELAYFLOOD_CONFIG_HELP,
	RELAYFLOOD_CONFIG_VERSION,
};

struct relayflood_config {
	enum relayflood_config_action action;
	struct queue_list queues;
	bool named;             /* queues come of -q */
	struct server *servers; /* of --merge */
	size_t nservers;
	int64_t stale;             /* of a report, */
	struct flood_rule warning; /* seconds */
	struct flood_rule critical;
	bool has_warning, has_critical; /* given, no default */
	enum key_by by;
	struct relayflood_ignore ignore;
	size_t top; /* groups listed */
	bool growth;
	const char *root; /* "" or a directory */
	int timeout;      /* seconds */
	enum result_state timeout_state;
	render_fn *render;
	int verbose;
};

extern const struct cli relayflood_config_cli;

/*
 * Reads a command line, which must outlive the configuration.  0; or -1 with
 * one line added to *why, clean for output.
 */
int relayflood_config_parse(struct relayflood_config *, int argc, char **argv,
    struct buf *why);
void relayflood_config_free(struct relayflood_config *);

#endif
