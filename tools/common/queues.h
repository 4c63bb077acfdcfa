/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queues.h - the queues of -q and --root, found, and named again */
#ifndef TOOLS_COMMON_QUEUES_H
#define TOOLS_COMMON_QUEUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "mail/queue.h"

/*
 * If no queue was named with -q, finds the queues that the configuration below
 * root names.  root is "" or a directory.  0; or -1 with the reason and what to
 * do added to *why.
 */
int queues_find(struct queue_list *, const char *root, struct buf *why);

/*
 * Adds a queue of -q to the list; queues_keep() also to the list of what was
 * typed, which the caller frees.  0; or -1 with one line added to *why, clean
 * for output.
 */
int queues_take(struct queue_list *, const char *spec, struct buf *why);
int queues_keep(struct queue_list *, const char ***specs, size_t *nspecs,
    const char *spec, struct buf *why);

/* What --root DIR means: a directory, or "" for the running system. */
const char *queues_root(const char *dir);

/*
 * Adds the options that lead a tool to the same queues again: " -q SPEC" for
 * each one that was typed; if there is none, " --root DIR" if root is a
 * directory.  False: one of them cannot be typed; see base/shell.h.
 */
bool queues_add(struct buf *, const char *root, const char *const *specs,
    size_t nspecs);

#endif
