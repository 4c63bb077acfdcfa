/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lister.c - hands out the names of one directory in blocks, to any thread
 *
 * The lock is held while a block is listed, which takes a tenth of the time
 * that its messages take to be read.  Entries that come or go meanwhile may be
 * seen or not, as readdir(3) has it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/hash.h"
#include "look/lister.h"

int
lister_open(struct lister *l, const struct queue *q, size_t nqueue,
    const struct queue_dir *dir, uint64_t seed, bool held)
{
	int error;

	*l = (struct lister){
		.queue = q,
		.nqueue = nqueue,
		.dir = dir,
		.seed = seed,
		.held = held,
	};
	l->fd = queue_open_dir(dir, q->mta->control_subdir);
	if (l->fd == -1)
		return -1;
	if ((l->stream = fdopendir(l->fd)) == NULL) {
		error = errno;
		close(l->fd);
		errno = error;
		return -1;
	}
	if ((error = pthread_mutex_init(&l->lock, NULL)) != 0) {
		closedir(l->stream);
		errno = error;
		return -1;
	}
	return 0;
}

void
lister_close(struct lister *l)
{
	closedir(l->stream);
	pthread_mutex_destroy(&l->lock);
}

void
lister_rewind(struct lister *l)
{
	rewinddir(l->stream);
	l->at_end = false;
	memset(l->count, 0, sizeof(l->count));
}

/* Is an entry a message to hand out?  Fills e if so. */
static bool
lister_take(struct lister *l, const struct dirent *d, struct lister_entry *e)
{
	size_t len = strlen(d->d_name);
	enum mta_kind kind = l->queue->mta->classify(d->d_name, len);
	enum fsx_type type = fsx_entry_type(d);
	const char *id;

	if (kind == MTA_NOTHING || len >= LISTER_NAME || type == FSX_OTHER)
		return false;
	l->count[kind]++;
	if (kind != MTA_QUEUED && !l->held)
		return false;
	memcpy(e->name, d->d_name, len + 1);
	e->kind = kind;
	e->unsure = type == FSX_UNKNOWN;
	id = l->queue->mta->id(e->name);
	e->hash = hash_bytes(id, strlen(id), l->seed);
	return true;
}

size_t
lister_next(struct lister *l, struct lister_entry *v)
{
	const struct dirent *d;
	size_t n = 0;

	pthread_mutex_lock(&l->lock);
	while (n < LISTER_BLOCK && !l->at_end) {
		errno = 0;
		if ((d = readdir(l->stream)) == NULL) {
			l->at_end = true;
			l->error = errno;
		} else if (lister_take(l, d, &v[n])) {
			n++;
		}
	}
	pthread_mutex_unlock(&l->lock);
	return n;
}
