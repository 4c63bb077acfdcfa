/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_relayflood.h - check_relayflood's options */
#ifndef CONFIG_RELAYFLOOD_H
#define CONFIG_RELAYFLOOD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "ignore_relayflood.h"
#include "mqueue/flood.h"
#include "mqueue/mta.h"
#include "mqueue/queue.h"
#include "mqueue/tally.h"
#include "plug/render.h"
#include "plug/result.h"
#include "server.h"

enum config_relayflood_action {
	CONFIG_RELAYFLOOD_CHECK,
	CONFIG_RELAYFLOOD_LIST_QUEUES,
	CONFIG_RELAYFLOOD_HELP,
	CONFIG_RELAYFLOOD_VERSION,
};

struct config_relayflood {
	enum config_relayflood_action action;
	const struct mta *mta;
	struct queue_list queues;
	bool named;             /* queues come of -q */
	struct server *servers; /* of --merge */
	size_t nservers;
	int64_t stale;             /* of a report, */
	struct flood_rule warning; /* seconds */
	struct flood_rule critical;
	bool has_warning, has_critical; /* given, no default */
	enum tally_by by;
	struct ignore_relayflood ignore;
	size_t top; /* groups listed */
	bool growth;
	const char *root; /* "" or a directory */
	int timeout;      /* seconds */
	enum result_state timeout_state;
	render_fn *render;
	int verbose;
};

extern const struct cli config_relayflood_cli;

/*
 * Reads a command line, which must outlive the configuration.  0; or -1 with
 * one line added to *why, clean for output.
 */
int config_relayflood_parse(struct config_relayflood *, int argc, char **argv,
    struct buf *why);
void config_relayflood_free(struct config_relayflood *);

#endif
