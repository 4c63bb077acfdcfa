/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages.h - the messages that a selector means, oldest first */
#ifndef TOOLS_QSTAT_MESSAGES_H
#define TOOLS_QSTAT_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/span.h"
#include "count/sample.h"
#include "look/survey.h"
#include "mail/selector.h"

#define QSTAT_MESSAGES_MAX 1000 /* that are listed, unless -n says */

/* One message; its texts are in one allocation, and may hold any byte. */
struct qstat_messages_item {
	int64_t arrival;  /* epoch; -1: not known, or */
	enum dated dated; /* not fine */
	int64_t size;     /* of the body; -1 */
	int64_t tries;    /* -1 */
	uint64_t recipients;
	bool recipients_more;
	const struct queue *queue;
	const struct queue_dir *dir;
	const struct mta_dir *kind; /* of directory */
	enum relay_class class;
	struct addr addr; /* smtp, loopback */
	char *bytes;      /* all of the texts */
	struct span name; /* of the file, a string */
	struct span id;   /* a part of it */
	struct span sender;
	struct span recipient; /* the first */
	struct span host;
	struct span status;
};

/* What was found.  With a sample, matched is a number of its messages. */
struct qstat_messages {
	struct qstat_messages_item *item;
	size_t n;
	uint64_t matched;
	uint64_t matched_fair; /* see census_scale() */
	struct survey_result survey;
};

/*
 * Reads the queues and keeps the oldest max messages that match; memory does
 * not depend on how many there are beyond that.  A message in two queues is
 * kept once.  0; or -1 with errno, out of memory.  Free it in both cases.
 */
int qstat_messages_take(struct qstat_messages *, const struct queue_list *,
    const struct survey_options *, const struct selector *, size_t max);
void qstat_messages_free(struct qstat_messages *);

/* How many messages of all the queues match. */
struct sample_estimate qstat_messages_scale(const struct qstat_messages *);

#endif
