/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - the answer as one JSON object */
#ifndef TOOLS_QSTAT_JSON_H
#define TOOLS_QSTAT_JSON_H

#include "base/buf.h"
#include "tools/qstat/messages.h"
#include "tools/qstat/view.h"

#define QSTAT_JSON_VERSION 1

/*
 * Add an object of version QSTAT_JSON_VERSION, as in qstat(1); on several
 * lines if the configuration is verbose.  0, or -1: out of memory.  Only in a
 * build with jansson.
 */
int qstat_json_groups(struct buf *, const struct qstat_view *);
int qstat_json_messages(struct buf *, const struct qstat_messages *,
    const struct qstat_config *, const struct queue_list *, int64_t now);

/* "no", "warning" or "critical".  A flood that is in doubt is "no". */
const char *qstat_json_flood(enum qstat_view_flood);

#endif
