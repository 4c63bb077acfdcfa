/* SPDX-License-Identifier: GPL-3.0-or-later */
/* found.c - what discover_queues() finds below the directory of a test */
#include "found.h"
#include "tree.h"

#include "mta/discover.h"

static void
found_show(const struct queue_list *list, struct buf *b)
{
	const struct queue *q;
	const struct queue_dir *d;
	size_t i, j;

	for (i = 0; i < list->n; i++) {
		q = &list->v[i];
		buf_addf(b, "%s%s(%s):", i == 0 ? "" : " ", q->name,
		    queue_role_name(q->role));
		for (j = 0; j < q->ndirs; j++) {
			d = &q->dirs[j];
			buf_addf(b, "%s%s%s", j == 0 ? "" : ",", d->path,
			    d->error != 0 ? "!" : "");
		}
	}
}

void
found(const char *want, struct queue_list *keep)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT, b = BUF_INIT;

	if (discover_queues(&list, ".", &why) != 0)
		fail_msg("%s", buf_str(&why));
	assert_string_equal(buf_str(&why), "");
	found_show(&list, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
	if (keep != NULL)
		*keep = list;
	else
		queue_list_free(&list);
}

void
found_fails(const char *want)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT;
	int rc = discover_queues(&list, ".", &why);

	tree_regain();
	assert_int_equal(rc, -1);
	assert_string_equal(buf_str(&why), want);
	buf_free(&why);
	queue_list_free(&list);
}
