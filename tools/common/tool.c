/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tool.c - how the tools end
 *
 * Owns nothing.  If an error cannot be told, because standard error is closed
 * or memory ran out, the exit status still tells that there was one.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/fsx.h"
#include "tools/common/tool.h"

/*
 * Adds the reason why there is no answer as JSON.  One text needs no library.
 * It is clean already, except for a name in it, which may hold any byte.
 */
static void
tool_add_json(struct buf *out, const char *why)
{
	buf_adds(out, "{\"error\":{\"reason\":\"");
	for (; *why != '\0'; why++) {
		if (*why == '"' || *why == '\\')
			buf_addc(out, '\\');
		if (*why < 0x20 || *why > 0x7e)
			buf_addc(out, '?');
		else
			buf_addc(out, *why);
	}
	buf_adds(out, "\"}}\n");
}

/* Writes the answer; without memory, a constant text that says so. */
static int
tool_write(const struct buf *out, bool json)
{
	static const char no_memory[] =
	    "{\"error\":{\"reason\":\"out of memory\"}}\n";

	if (!out->oom)
		return fsx_write(STDOUT_FILENO, out->data, out->len);
	return json ?
	    fsx_write(STDOUT_FILENO, no_memory, sizeof(no_memory) - 1) :
	    0;
}

int
tool_end(const struct cli *cli, int argc, char **argv, int status,
    struct buf *out, struct buf *why)
{
	const bool json = cli_has(cli, argc, argv, "json");
	const char *reason;
	struct buf line = BUF_INIT;

	if (out->oom || why->oom) {
		buf_free(why);
		buf_adds(why, "out of memory");
		status = TOOL_FAILED;
	}
	reason = why->oom ? "out of memory" : buf_str(why);
	if (json && out->len == 0 && *reason != '\0')
		tool_add_json(out, reason);
	if (tool_write(out, json) != 0) {
		buf_truncate(why, 0);
		buf_addf(why, "cannot write the answer: %s", strerror(errno));
		reason = why->oom ? "out of memory" : buf_str(why);
		status = TOOL_FAILED;
	}
	if (*reason != '\0') {
		buf_addf(&line, "%s: %s\n", cli->program, reason);
		if (!line.oom)
			fsx_write(STDERR_FILENO, line.data, line.len);
	}
	buf_free(&line);
	return status;
}
