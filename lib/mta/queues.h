/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queues.h - -q and --root: queues are named, found, and named again */
#ifndef MTA_QUEUES_H
#define MTA_QUEUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "mail/queue.h"

/*
 * Rows for a table of options, and for one of pairs.  verb is what a program
 * does with "this queue"; without -q it does so with the queues of discover.h,
 * or with those that rest names.
 */
/* clang-format off */
#define QUEUES_ROW_REST(verb, rest)                             \
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",                  \
	    verb " this queue; repeatable.  DIR may end in\n"   \
	    "sendmail's * " rest }
#define QUEUES_ROW(verb)                                        \
	QUEUES_ROW_REST(verb, "(default: the queues that the\n" \
	    "configuration of MailScanner and sendmail names)")
#define QUEUES_ROOT_ROW(id)                                     \
	{ id, "root", CLI_ARG, "DIR",                           \
	    "look for configuration and queues below DIR\n"     \
	    "(without -q)" }
#define QUEUES_ROOT_PAIR(id)                                    \
	{ id, CLI_EXCLUDES, 'q',                                \
	    "it says where queues are looked for, and -q names them" }
/* clang-format on */

/*
 * The queues that the configuration below root names, if none was named with
 * -q; root is "" or a directory.  0; or -1 with the reason and what to do.
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
 * Adds the options by which a program comes to the same queues again: for each
 * queue that was typed " -q SPEC", else " --root DIR" if root is a directory.
 * False: one of them can't be typed, see base/shell.h.
 */
bool queues_add(struct buf *, const char *root, const char *const *specs,
    size_t nspecs);

#endif
