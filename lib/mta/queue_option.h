/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue_option.h - -q and --root: the options that say which queues */
#ifndef MTA_QUEUE_OPTION_H
#define MTA_QUEUE_OPTION_H

#include "base/buf.h"
#include "base/cli.h"
#include "mail/queue.h"

/*
 * Rows for a table of options.  verb is what a program does with "this queue";
 * without -q it does so with the queues of discover.h, or with those that rest
 * names.
 */
/* clang-format off */
#define QUEUE_OPTION_ROW_REST(verb, rest)                       \
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",                  \
	    verb " this queue; repeatable.  DIR may end in\n"   \
	    "sendmail's * " rest }
#define QUEUE_OPTION_ROW(verb)                                          \
	QUEUE_OPTION_ROW_REST(verb, "(default: the queues that the\n"   \
	    "configuration of MailScanner and sendmail names)")
#define QUEUE_OPTION_ROOT_ROW(id)                               \
	{ id, "root", CLI_ARG, "DIR",                           \
	    "look for configuration and queues below DIR\n"     \
	    "(without -q)" }
/* clang-format on */

/* -q [NAME=]DIR: adds a queue.  0; or -1 as of cli_bad_value(). */
int queue_option_add(struct queue_list *, const char *spec, struct buf *why);

/* --root DIR: "" for the whole machine. */
void queue_option_root(const char **root, const char *dir);

#endif
