/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h - how the tools find queues, and how they end */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "mqueue/queue.h"

/* The exit status of a tool that could not do what it was asked for. */
#define TOOL_FAILED 2

/*
 * The queues that the configuration below root names, if none was named with
 * -q; root is "" or a directory.  0; or -1 with the reason and what to do.
 */
int tool_find_queues(struct queue_list *, const char *root, struct buf *why);

/*
 * Adds a queue of -q to the list, and to what was typed, which is to be freed.
 * 0; or -1 with one line added to *why, clean for output.
 */
int tool_take_queue(struct queue_list *, const char ***specs, size_t *nspecs,
    const char *spec, struct buf *why);

/*
 * Adds the options by which a tool comes to the same queues again: " -q SPEC"
 * for each that was typed, else " --root DIR" if root is one.  False: one of
 * them can't be typed, see base/shell.h.
 */
bool tool_add_queues(struct buf *, const char *root, const char *const *specs,
    size_t nspecs);

/* A blank, and the word for a shell, or false. */
bool tool_add_word(struct buf *, const char *word);

/*
 * Writes the answer to standard output, and "PROGRAM: why" to standard error
 * if there is a reason.  Where there is a reason and no answer, and the command
 * line has --json, wherever and whatever else is wrong with it, the answer is
 * {"error":{"reason":"why"}}.  Returns the status, or TOOL_FAILED if the answer
 * could not be made or written.
 */
int tool_end(const struct cli *, int argc, char **argv, int status,
    struct buf *out, struct buf *why);

#endif
