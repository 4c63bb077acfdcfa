/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * place.c - the queue directories that messages may be changed in
 *
 * What is open there is the server's: see struct mta_change.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "change/place.h"

/* -1: out of memory. */
static int
place_open(struct mta_place *p, const struct queue *queue,
    const struct queue_dir *dir)
{
	*p = (struct mta_place){
		.change = queue->mta->change,
		.queue = queue,
		.dir = dir,
	};
	if ((p->path = realpath(dir->path, NULL)) == NULL) {
		/* By another name, what is moved would not find home. */
		if ((p->error = errno) == ENOMEM)
			return -1;
		return (p->path = strdup(dir->path)) != NULL ? 0 : -1;
	}
	if (p->change != NULL)
		return p->change->open_place(p);
	p->error = ENOTSUP;
	return 0;
}

int
place_list_open(struct mta_place_list *list, const struct queue_list *queues)
{
	size_t i, j, n = 0;

	*list = (struct mta_place_list)MTA_PLACE_LIST_INIT;
	for (i = 0; i < queues->n; i++)
		n += queues->v[i].ndirs;
	if ((list->v = calloc(n + 1, sizeof(*list->v))) == NULL)
		return -1;
	for (i = 0; i < queues->n; i++)
		for (j = 0; j < queues->v[i].ndirs; j++)
			if (place_open(&list->v[list->n++], &queues->v[i],
				&queues->v[i].dirs[j]) != 0)
				return -1;
	return 0;
}

void
place_list_close(struct mta_place_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i].change != NULL)
			list->v[i].change->close_place(&list->v[i]);
		free(list->v[i].path);
	}
	free(list->v);
	*list = (struct mta_place_list)MTA_PLACE_LIST_INIT;
}

struct mta_place *
place_of(const struct mta_place_list *list, const struct queue_dir *dir)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].dir == dir)
			return &list->v[i];
	return NULL;
}
