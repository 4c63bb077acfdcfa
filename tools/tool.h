/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h - how the tools find queues, and how they end */
#ifndef TOOL_H
#define TOOL_H

#include "base/buf.h"
#include "mqueue/queue.h"

/* The exit status of a tool that could not do what it was asked for. */
#define TOOL_FAILED 2

/*
 * The queues that the configuration below root names, if none was named with
 * -q; root is "" or a directory.  0; or -1 with the reason and what to do.
 */
int tool_find_queues(struct queue_list *, const char *root, struct buf *why);

/*
 * Writes the answer to standard output, and "PROGRAM: why" to standard error
 * if there is a reason.  Returns the status, or TOOL_FAILED if the answer
 * could not be made or written.
 */
int tool_end(const char *program, int status, const struct buf *out,
    struct buf *why);

#endif
