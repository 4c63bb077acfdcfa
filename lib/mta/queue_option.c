/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queue_option.c - -q and --root: the options that say which queues
 *
 * Keeps nothing: a root is the text of the command line.
 */
#include <errno.h>
#include <string.h>

#include "mta/queue_option.h"

int
queue_option_add(struct queue_list *queues, const char *spec, struct buf *why)
{
	if (queue_list_add_spec(queues, spec) == 0)
		return 0;
	return cli_bad_value(why, "--queue", spec, queue_spec_error(errno));
}

void
queue_option_root(const char **root, const char *dir)
{
	*root = strcmp(dir, "/") == 0 ? "" : dir;
}
