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

#include "base/hash.h"
#include "look/lister.h"

int
lister_open(struct lister *l, const struct queue *q, size_t nqueue,
    const struct queue_dir *dir, const struct mta_dir *kind, uint64_t seed,
    bool held)
{
	int error;

	*l = (struct lister){
		.queue = q,
		.nqueue = nqueue,
		.dir = dir,
		.kind = kind,
		.seed = seed,
		.held = held,
	};
	if (walk_open(&l->walk, dir, kind) != 0)
		return -1;
	l->fd = l->walk.fd;
	if ((error = pthread_mutex_init(&l->lock, NULL)) != 0) {
		walk_close(&l->walk);
		errno = error;
		return -1;
	}
	return 0;
}

void
lister_close(struct lister *l)
{
	walk_close(&l->walk);
	pthread_mutex_destroy(&l->lock);
}

struct span
lister_id(const struct lister_entry *e)
{
	return (struct span){ e->name + e->id_at, e->id_len };
}

void
lister_rewind(struct lister *l)
{
	walk_rewind(&l->walk);
	l->at_end = false;
	memset(l->count, 0, sizeof(l->count));
}

/* Is an entry a message to hand out?  Fills e if so. */
static bool
lister_take(struct lister *l, const struct walk_entry *d,
    struct lister_entry *e)
{
	size_t before = (size_t)(d->name - d->path);
	struct mta_entry entry;

	if (before + d->len >= LISTER_NAME || d->type == FSX_OTHER)
		return false;
	/* The time in a name is not asked for, so it may be any now. */
	l->queue->mta->classify(l->kind, d->name, d->len, 0, &entry);
	if (entry.state == MTA_NOTHING)
		return false;
	l->count[entry.state]++;
	if (entry.state != MTA_QUEUED && !l->held)
		return false;
	memcpy(e->name, d->path, before + d->len + 1);
	e->state = entry.state;
	e->unsure = d->type == FSX_UNKNOWN || l->kind->whole != 0;
	e->id_at = (unsigned char)(entry.id.p - d->path);
	e->id_len = (unsigned char)entry.id.n;
	e->hash = hash_bytes(entry.id.p, entry.id.n, l->seed);
	return true;
}

size_t
lister_next(struct lister *l, struct lister_entry *v)
{
	struct walk_entry d;
	size_t n = 0;
	int rc;

	pthread_mutex_lock(&l->lock);
	while (n < LISTER_BLOCK && !l->at_end) {
		if ((rc = walk_next(&l->walk, &d)) != 1) {
			l->at_end = true;
			l->error = rc == 0 ? 0 : errno;
		} else if (lister_take(l, &d, &v[n])) {
			n++;
		}
	}
	pthread_mutex_unlock(&l->lock);
	return n;
}
