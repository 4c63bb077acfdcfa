/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * settle.c - what a run that was killed has left, and what became of it
 *
 * A line of the journal is all that is known of such a message.  Anybody may
 * have changed the queue since then.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "change/settle.h"

#define SETTLE_INODE   " inode="
#define SETTLE_ARRIVAL " arrival="

void
settle_add_id(struct buf *b, const struct mta_message *m)
{
	buf_add(b, m->id.p, m->id.n);
	if (m->place->change->ids_return)
		buf_addf(b, SETTLE_INODE "%" PRIu64 SETTLE_ARRIVAL "%" PRId64,
		    m->ino, m->arrival);
}

/*
 * Finds out which message a text of settle_add_id() is about.  What it does
 * not tell is not known.
 */
static void
settle_parse_id(struct mta_message *m, const char *text, struct buf *id)
{
	const char *inode = strstr(text, SETTLE_INODE), *arrival = NULL, *why;
	size_t n = strlen(text);
	int64_t ino;

	if (m->place->change->ids_return && inode != NULL)
		arrival = strstr(inode, SETTLE_ARRIVAL);
	if (arrival != NULL) {
		n = (size_t)(inode - text);
		inode += sizeof(SETTLE_INODE) - 1;
		if (num_int64_of(inode, (size_t)(arrival - inode), 1, INT64_MAX,
			&ino, &why) == 0)
			m->ino = (uint64_t)ino;
		(void)num_int64(arrival + sizeof(SETTLE_ARRIVAL) - 1, 1,
		    INT64_MAX, &m->arrival, &why);
	}
	buf_add(id, text, n);
}

static const struct mta_place *
settle_place(const struct mta_place_list *list, const char *path)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].error == 0 && strcmp(list->v[i].path, path) == 0)
			return &list->v[i];
	return NULL;
}

static const char *
settle_result(enum change_result r)
{
	return r == CHANGE_DONE ? change_result_name(CHANGE_DONE) :
	    r == CHANGE_OTHER   ? change_result_name(CHANGE_GONE) :
				  JOURNAL_UNDONE;
}

static const char *
settle_line(void *arg, const char *action, const char *queue, const char *id)
{
	struct mta_message m = { .place = settle_place(arg, queue) };
	struct buf text = BUF_INIT;
	const char *result = NULL;
	enum change_action a;

	for (a = 0; a < CHANGE_ACTIONS; a++)
		if (strcmp(action, change_action_name(a)) == 0)
			break;
	/* Of a queue that this run is not about. */
	if (a == CHANGE_ACTIONS || m.place == NULL)
		return NULL;
	settle_parse_id(&m, id, &text);
	if (!text.oom) {
		m.name = buf_str(&text);
		m.id = (struct span){ m.name, text.len };
		result = settle_result(m.place->change->settle(&m, a));
	}
	buf_free(&text);
	return result;
}

int
settle_run(struct journal *j, const struct mta_place_list *places, size_t *n)
{
	struct mta_place_list list = *places;

	return journal_settle(j, settle_line, &list, n);
}
