/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_queues.c - --list-queues
 *
 * The first thing to run as the monitoring user: it names the least that is
 * missing.
 */
#include "base/clean.h"
#include "list_queues.h"
#include "mqueue/access.h"

#define LIST_SHOWN 200

static enum result_state
list_dir(const struct queue_dir *dir, const struct mta *mta, bool files,
    struct buf *out)
{
	struct buf remedy = BUF_INIT;
	enum result_state state = RESULT_OK;
	int rc = files ? access_check_files(dir->path, mta, &remedy) :
			 access_check(dir->path, mta, &remedy);

	buf_adds(out, "  ");
	clean_adds(out, dir->path, LIST_SHOWN);
	if (rc == 0) {
		buf_adds(out, ": readable\n");
	} else {
		buf_addf(out, ": NOT readable\n    -> %s\n",
		    remedy.oom ? "out of memory" : buf_str(&remedy));
		state = RESULT_UNKNOWN;
	}
	buf_free(&remedy);
	return state;
}

enum result_state
list_queues(const struct queue_list *queues, const struct mta *mta, bool files,
    struct buf *out)
{
	enum result_state state = RESULT_OK;
	const struct queue *q;
	size_t i, j;

	for (i = 0; i < queues->n; i++) {
		q = &queues->v[i];
		clean_adds(out, q->name, LIST_SHOWN);
		buf_addf(out, " (%s), from ", queue_role_name(q->role));
		clean_adds(out, q->source, LIST_SHOWN);
		buf_addc(out, '\n');
		for (j = 0; j < q->ndirs; j++)
			state = result_worse(state,
			    list_dir(&q->dirs[j], mta, files, out));
	}
	return state;
}
