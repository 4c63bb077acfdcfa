/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - check_mqueue's options */
#ifndef PLUGINS_CHECK_MQUEUE_CONFIG_H
#define PLUGINS_CHECK_MQUEUE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "mail/mta.h"
#include "mail/queue.h"
#include "plug/range.h"
#include "plug/render.h"
#include "plug/result.h"
#include "plugins/common/server.h"

/* What is judged.  Every threshold is a range: a limit of 15m is 0:900. */
enum mqueue_config_metric {
	MQUEUE_CONFIG_MESSAGES, /* queued */
	MQUEUE_CONFIG_AGE,      /* of the oldest, seconds */
	MQUEUE_CONFIG_FORECAST, /* seconds until the message limit is reached */
	MQUEUE_CONFIG_QUARANTINED,
	MQUEUE_CONFIG_LOST,
	MQUEUE_CONFIG_STRANDED,
	MQUEUE_CONFIG_HELD_AGE, /* of the oldest quarantined, seconds */
};

#define MQUEUE_CONFIG_METRICS (MQUEUE_CONFIG_HELD_AGE + 1)

struct mqueue_config_rule {
	enum mqueue_config_metric metric;
	enum result_state level; /* WARNING or CRITICAL */
	const char *queue;       /* NULL: every queue */
	size_t queue_len;
	struct range range;
	const char *text; /* as it was given */
};

enum mqueue_config_action {
	MQUEUE_CONFIG_CHECK,
	MQUEUE_CONFIG_LIST_QUEUES,
	MQUEUE_CONFIG_HELP,
	MQUEUE_CONFIG_VERSION,
};

struct mqueue_config {
	enum mqueue_config_action action;
	struct queue_list queues;         /* of -q */
	struct server server;             /* of -H; else this host */
	int64_t stale;                    /* of a report, seconds */
	struct mqueue_config_rule *rules; /* in the order given */
	size_t nrules;
	const char *root; /* "" or a directory */
	const char *state_dir;
	int timeout; /* seconds */
	enum result_state timeout_state;
	render_fn *render;
	int verbose;
};

extern const struct cli mqueue_config_cli;

/*
 * Reads a command line, which must outlive the configuration.  state_path is
 * MP_STATE_PATH of the environment, or NULL.  0; or -1 with one line added to
 * *why, clean for output.
 */
int mqueue_config_parse(struct mqueue_config *, int argc, char **argv,
    const char *state_path, struct buf *why);
void mqueue_config_free(struct mqueue_config *);

/*
 * The rule for one queue: one that names it before one for all, and the later
 * before the earlier; else the default for its role.  NULL: none.
 */
const struct range *mqueue_config_find(const struct mqueue_config *,
    enum mqueue_config_metric, enum result_state level, const char *queue,
    enum queue_role);

/* A rule's queue that is not in the list, or NULL. */
const struct mqueue_config_rule *
mqueue_config_stray(const struct mqueue_config *, const struct queue_list *);

#endif
