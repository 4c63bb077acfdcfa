/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * option.c - what the options of several plugins have in common
 */
#include <errno.h>
#include <string.h>

#include "base/cli.h"
#include "mta/table.h"
#include "plugins/common/option.h"
#include "plugins/common/plugin.h"

int
option_add_queue(struct queue_list *queues, const char *spec, struct buf *why)
{
	if (mta_table_add_spec(queues, spec) == 0)
		return 0;
	return cli_bad_value(why, "--queue", spec, queue_spec_error(errno));
}

int
option_timeout(int *seconds, enum result_state *state, const char *text,
    struct buf *why)
{
	const char *reason;

	if (plugin_parse_timeout(text, seconds, state, &reason) == 0)
		return 0;
	return cli_bad_value(why, "--timeout", text, reason);
}

void
option_root(const char **root, const char *dir)
{
	*root = strcmp(dir, "/") == 0 ? "" : dir;
}

int
option_render(render_fn **render, const char *format, struct buf *why)
{
	const struct render_format *found = render_find(format);

	if (found != NULL) {
		*render = found->render;
		return 0;
	}
	return cli_bad_value(why, "--output-format", format,
	    "this build does not have this format");
}

int
option_extra_opts(const char *text, struct buf *why)
{
	return cli_bad_value(why, "--extra-opts", text != NULL ? text : "",
	    "write it in full, and on the command line");
}
