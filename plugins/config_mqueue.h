/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_mqueue.h - check_mqueue's options */
#ifndef CONFIG_MQUEUE_H
#define CONFIG_MQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "mqueue/mta.h"
#include "mqueue/queue.h"
#include "plug/range.h"
#include "plug/render.h"
#include "plug/result.h"
#include "server.h"

/* What is judged.  Every threshold is a range: a limit of 15m is 0:900. */
enum config_metric {
	CONFIG_MESSAGES, /* queued */
	CONFIG_AGE,      /* of the oldest, seconds */
	CONFIG_FORECAST, /* seconds until the message limit is reached */
	CONFIG_QUARANTINED,
	CONFIG_LOST,
	CONFIG_STRANDED,
	CONFIG_HELD_AGE, /* of the oldest quarantined, seconds */
};

#define CONFIG_METRICS (CONFIG_HELD_AGE + 1)

struct config_rule {
	enum config_metric metric;
	enum result_state level; /* WARNING or CRITICAL */
	const char *queue;       /* NULL: every queue */
	size_t queue_len;
	struct range range;
	const char *text; /* as it was given */
};

enum config_action {
	CONFIG_CHECK,
	CONFIG_LIST_QUEUES,
	CONFIG_HELP,
	CONFIG_VERSION,
};

struct config {
	enum config_action action;
	const struct mta *mta;
	struct queue_list queues;  /* of -q */
	struct server server;      /* of -H; else this host */
	int64_t stale;             /* of a report, seconds */
	struct config_rule *rules; /* in the order given */
	size_t nrules;
	const char *root; /* "" or a directory */
	const char *state_dir;
	int timeout; /* seconds */
	enum result_state timeout_state;
	render_fn *render;
	int verbose;
};

extern const struct cli config_cli;

/*
 * Reads a command line, which must outlive the configuration.  state_path is
 * MP_STATE_PATH of the environment, or NULL.  0; or -1 with one line added to
 * *why, clean for output.
 */
int config_parse(struct config *, int argc, char **argv, const char *state_path,
    struct buf *why);
void config_free(struct config *);

/*
 * The rule for one queue: one that names it before one for all, and the later
 * before the earlier; else the default for its role.  NULL: none.
 */
const struct range *config_find(const struct config *, enum config_metric,
    enum result_state level, const char *queue, enum queue_role);

/* A rule's queue that is not in the list, or NULL. */
const struct config_rule *config_stray(const struct config *,
    const struct queue_list *);

#endif
