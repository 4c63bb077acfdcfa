/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - qflush's options */
#ifndef TOOLS_QFLUSH_CONFIG_H
#define TOOLS_QFLUSH_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "change/wanted.h"
#include "mail/change.h"
#include "mail/queue.h"
#include "mail/selector.h"

/* How the reason of a message that qflush holds begins. */
#define QFLUSH_CONFIG_MARK "qflush: "

/* --reason that stands for each of them. */
#define QFLUSH_CONFIG_EVERY "*"

enum qflush_config_what {
	QFLUSH_CONFIG_RUN,
	QFLUSH_CONFIG_HELP,
	QFLUSH_CONFIG_VERSION,
};

/* At most so many messages: a number, or a share of the queue. */
struct qflush_config_max {
	uint64_t count;
	bool percent;
	bool any; /* no limit */
};

struct qflush_config {
	enum qflush_config_what what;
	enum change_action action;
	bool chosen;     /* an action was said */
	const char *dir; /* of --move, --restore */
	bool yes;
	bool held;                /* of what is held */
	bool any_reason;          /* held by whomever */
	bool local;               /* --force-local */
	struct queue_list queues; /* of -q, or found */
	const char *root;         /* "" or a directory */
	struct selector selector;
	struct buf wanted;       /* it, as it was typed */
	struct buf reason;       /* with the mark */
	const char *reason_text; /* of --reason; NULL: there is none, */
				 /* or it means every reason of ours */
	bool max_said;
	struct qflush_config_max max;
	int64_t rescan;    /* passes after the first */
	int64_t pause;     /* between them, seconds */
	double per_minute; /* 0: at once */
	uint64_t below;    /* 0: whatever is queued */
	const char *journal;
	int verbose;
	const char **specs; /* -q as it was typed */
	size_t nspecs;
};

/*
 * Reads a command line, which must outlive the configuration.  0; or -1 with
 * one line added to *why, clean for output.  Free it in both cases.
 */
int qflush_config_parse(struct qflush_config *, int argc, char **argv,
    struct buf *why);
void qflush_config_free(struct qflush_config *);

/* How many messages may be changed, of so many. */
uint64_t qflush_config_limit(const struct qflush_config *, uint64_t total);

/* Which messages these are; now: seconds since 1970.  Borrows from c. */
struct wanted qflush_config_wanted(const struct qflush_config *c, int64_t now);

#endif
