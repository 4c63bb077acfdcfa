/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * place.c - queue directories, open so that messages in them may be changed
 *
 * A place owns its descriptors.  All that is done to a message goes through
 * them, so that a directory that is renamed meanwhile stays the one that was
 * looked at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change/lock.h"
#include "change/place.h"
#include "mail/change.h"
#include "mail/mta.h"

/* -1: out of memory. */
static int
place_open(struct place *p, const struct queue *queue,
    const struct queue_dir *dir, const struct mta *mta)
{
	*p = (struct place){ .queue = queue,
		.dir = dir,
		.control = -1,
		.body = -1,
		.log = -1 };
	if ((p->path = realpath(dir->path, NULL)) == NULL) {
		/* By another name, what is moved would not find home. */
		if ((p->error = errno) == ENOMEM)
			return -1;
		return (p->path = strdup(dir->path)) != NULL ? 0 : -1;
	}
	if ((p->control = queue_open_kind(dir, mta->dirs)) == -1 ||
	    (p->body = queue_open_dir(dir, mta->body_subdir)) == -1 ||
	    (p->log = queue_open_dir(dir, mta->log_subdir)) == -1)
		p->error = errno;
	return 0;
}

static void
place_close(struct place *p)
{
	if (p->control != -1)
		close(p->control);
	if (p->body != -1)
		close(p->body);
	if (p->log != -1)
		close(p->log);
	free(p->path);
}

int
place_list_open(struct place_list *list, const struct queue_list *queues,
    const struct mta *mta)
{
	size_t i, j, n = 0;

	*list = (struct place_list)PLACE_LIST_INIT;
	for (i = 0; i < queues->n; i++)
		n += queues->v[i].ndirs;
	if ((list->v = calloc(n + 1, sizeof(*list->v))) == NULL)
		return -1;
	for (i = 0; i < queues->n; i++)
		for (j = 0; j < queues->v[i].ndirs; j++)
			if (place_open(&list->v[list->n++], &queues->v[i],
				&queues->v[i].dirs[j], mta) != 0)
				return -1;
	return 0;
}

void
place_list_close(struct place_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		place_close(&list->v[i]);
	free(list->v);
	*list = (struct place_list)PLACE_LIST_INIT;
}

struct place *
place_of(const struct place_list *list, const struct queue_dir *dir)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].dir == dir)
			return &list->v[i];
	return NULL;
}

int
place_probe(struct place *p)
{
	if (p->error != 0) {
		errno = p->error;
		return -1;
	}
	if (p->probed)
		return 0;
	if (lock_probe(p->control, CHANGE_NEW, &p->both) != 0) {
		/*
		 * To remove needs no room.  Where both locks can't be had,
		 * each message is busy now.
		 */
		if (errno != ENOSPC && errno != EDQUOT)
			return -1;
		p->both = true;
	}
	p->probed = true;
	return 0;
}

/* --- bodies that are elsewhere ------------------------------------------- */

/* Components, none of them empty, "." or ".."; or "." alone: the base. */
static bool
place_is_below(struct span s)
{
	size_t i, start = 0, n;

	if (memchr(s.p, '\0', s.n) != NULL)
		return false;
	if (s.n == 1 && s.p[0] == '.')
		return true;
	for (i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '/')
			continue;
		n = i - start;
		if (n == 0 || (n <= 2 && memcmp(s.p + start, "..", n) == 0))
			return false;
		start = i + 1;
	}
	return true;
}

/* The length of the base of all queues, if dir is what body_dir means. */
static size_t
place_base(const char *dir, struct span body_dir)
{
	size_t n = strlen(dir);

	if (body_dir.n == 1 && body_dir.p[0] == '.')
		return n;
	if (n <= body_dir.n + 1 || dir[n - body_dir.n - 1] != '/' ||
	    memcmp(dir + n - body_dir.n, body_dir.p, body_dir.n) != 0)
		return 0;
	return n - body_dir.n - 1;
}

const struct place *
place_of_body(const struct place_list *list, const struct place *p,
    struct span body_dir)
{
	const struct place *found = NULL, *other;
	const char *here = p->dir->path, *dir;
	size_t i, base;

	if (body_dir.n == 0)
		return p;
	if (!place_is_below(body_dir))
		return NULL;
	for (i = 0; i < list->n; i++) {
		other = &list->v[i];
		dir = other->dir->path;
		/* "." is never said of the directory itself. */
		if (other == p && body_dir.n == 1 && body_dir.p[0] == '.')
			continue;
		/* Both are below the same base. */
		base = place_base(dir, body_dir);
		if (base == 0 || strncmp(here, dir, base) != 0 ||
		    (here[base] != '/' && here[base] != '\0'))
			continue;
		if (found != NULL)
			return NULL;
		found = other;
	}
	return found != NULL && found->error == 0 ? found : NULL;
}
