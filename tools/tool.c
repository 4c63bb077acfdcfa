/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tool.c - how the tools find queues, and how they end
 *
 * Owns nothing.  An error that cannot be told, because standard error is gone
 * or memory ran out, is in the exit status all the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/fsx.h"
#include "base/shell.h"
#include "mqueue/discover.h"
#include "tool.h"

int
tool_find_queues(struct queue_list *queues, const char *root, struct buf *why)
{
	if (queues->n != 0)
		return 0;
	if (discover_queues(queues, root, why) != 0) {
		buf_adds(why, "; or name the queues: -q DIR");
		return -1;
	}
	if (queues->n != 0)
		return 0;
	buf_adds(why,
	    "no sendmail queue found on this machine; name one: -q DIR");
	return -1;
}

int
tool_take_queue(struct queue_list *queues, const char ***specs, size_t *nspecs,
    const char *spec, struct buf *why)
{
	const char **more;

	if (queue_list_add_spec(queues, spec) != 0)
		return cli_bad_value(why, "--queue", spec,
		    queue_spec_error(errno));
	more = realloc(*specs, (*nspecs + 1) * sizeof(*more));
	if (more == NULL)
		return cli_bad_value(why, "--queue", spec, "out of memory");
	*specs = more;
	more[(*nspecs)++] = spec;
	return 0;
}

bool
tool_add_word(struct buf *b, const char *word)
{
	buf_addc(b, ' ');
	return shell_adds(b, word);
}

bool
tool_add_queues(struct buf *b, const char *root, const char *const *specs,
    size_t nspecs)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < nspecs; i++) {
		buf_adds(b, " -q");
		ok = tool_add_word(b, specs[i]);
	}
	if (nspecs == 0 && *root != '\0') {
		buf_adds(b, " --root");
		ok = tool_add_word(b, root);
	}
	return ok;
}

int
tool_end(const char *program, int status, const struct buf *out,
    struct buf *why)
{
	struct buf line = BUF_INIT;

	if (out->oom || why->oom) {
		buf_free(why);
		buf_adds(why, "out of memory");
		status = TOOL_FAILED;
	}
	if (!out->oom && fsx_write(STDOUT_FILENO, out->data, out->len) != 0) {
		buf_truncate(why, 0);
		buf_addf(why, "cannot write the answer: %s", strerror(errno));
		status = TOOL_FAILED;
	}
	if (why->len != 0 || why->oom) {
		buf_addf(&line, "%s: %s\n", program,
		    why->oom ? "out of memory" : buf_str(why));
		if (!line.oom)
			fsx_write(STDERR_FILENO, line.data, line.len);
	}
	buf_free(&line);
	return status;
}
