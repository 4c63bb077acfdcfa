/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queues.c - the queues of -q and --root, found, and named again
 *
 * Owns nothing.  What it returns on failure is -1 with a reason for *why.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cli.h"
#include "base/shell.h"
#include "mta/discover.h"
#include "mta/table.h"
#include "tools/common/queues.h"

int
queues_find(struct queue_list *queues, const char *root, struct buf *why)
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
queues_take(struct queue_list *queues, const char ***specs, size_t *nspecs,
    const char *spec, struct buf *why)
{
	const char **more;

	if (mta_table_add_spec(queues, spec) != 0)
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
queues_add(struct buf *b, const char *root, const char *const *specs,
    size_t nspecs)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < nspecs; i++) {
		buf_adds(b, " -q");
		ok = shell_add_word(b, specs[i]);
	}
	if (nspecs == 0 && *root != '\0') {
		buf_adds(b, " --root");
		ok = shell_add_word(b, root);
	}
	return ok;
}
