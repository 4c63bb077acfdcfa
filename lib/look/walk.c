/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * walk.c - the entries of a directory of messages, and of those in it
 *
 * Some servers spread messages over subdirectories with names of one
 * character.  Owns a stream for each of these; where there are none a walk is
 * readdir(3) and nothing else.  All are opened at once, since a thread may
 * have descriptors that others do not have.  A subdirectory that vanishes is
 * nothing; one that can't be opened is told at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look/walk.h"

struct walk_part {
	DIR *stream;
	unsigned int level;
	char prefix[2 * WALK_DEPTH + 1]; /* of its paths: "4/F/" */
};

/* Adds a stream for this descriptor, which is closed if that fails. */
static int
walk_push(struct walk *w, int fd, const struct walk_part *part)
{
	struct walk_part *v = NULL;
	int error;

	if (fd == -1)
		return -1;
	v = realloc(w->part, (w->nparts + 1) * sizeof(*v));
	if (v != NULL) {
		w->part = v;
		v[w->nparts] = *part;
		v[w->nparts].stream = fdopendir(fd);
	}
	if (v == NULL || v[w->nparts].stream == NULL) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	w->nparts++;
	return 0;
}

/* May it be a subdirectory with messages?  No message has such a name. */
static bool
walk_is_subdir(const struct dirent *e)
{
	return e->d_name[0] != '\0' && e->d_name[0] != '.' &&
	    e->d_name[1] == '\0' && fsx_entry_type(e) != FSX_FILE;
}

/* Opens the subdirectories of a part. */
static void
walk_open_below(struct walk *w, size_t at)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	DIR *stream = w->part[at].stream;
	struct walk_part part;
	const struct dirent *e;
	int fd;

	while ((errno = 0, e = readdir(stream)) != NULL) {
		if (!walk_is_subdir(e))
			continue;
		part = w->part[at];
		snprintf(part.prefix + 2 * part.level, 3, "%c/", e->d_name[0]);
		part.level++;
		fd = openat(dirfd(stream), e->d_name, flags);
		if (walk_push(w, fd, &part) != 0 && errno != ENOENT &&
		    errno != ENOTDIR && !fsx_is_link_error(errno))
			w->opened = errno;
	}
	if (errno != 0)
		w->opened = errno;
	rewinddir(stream);
}

int
walk_open(struct walk *w, const struct queue_dir *dir,
    const struct mta_dir *kind)
{
	const struct walk_part first = { .level = 0 };
	unsigned int depth = kind->depth < WALK_DEPTH ? kind->depth :
							WALK_DEPTH;
	size_t i;

	*w = (struct walk){ .fd = queue_open_kind(dir, kind) };
	if (walk_push(w, w->fd, &first) != 0) {
		free(w->part);
		return -1;
	}
	for (i = 0; i < w->nparts && w->part[i].level < depth; i++)
		walk_open_below(w, i);
	w->error = w->opened;
	return 0;
}

void
walk_close(struct walk *w)
{
	while (w->nparts != 0)
		closedir(w->part[--w->nparts].stream);
	free(w->part);
}

void
walk_rewind(struct walk *w)
{
	size_t i;

	for (i = 0; i < w->nparts; i++)
		rewinddir(w->part[i].stream);
	w->at = 0;
	w->error = w->opened;
}

static void
walk_take(struct walk *w, const struct dirent *e, struct walk_entry *entry)
{
	const struct walk_part *part = &w->part[w->at];

	entry->path = e->d_name;
	entry->name = e->d_name;
	entry->len = strlen(e->d_name);
	entry->type = fsx_entry_type(e);
	if (part->level == 0)
		return;
	snprintf(w->path, sizeof(w->path), "%s%s", part->prefix, e->d_name);
	entry->path = w->path;
	entry->name = w->path + 2 * (size_t)part->level;
}

int
walk_next(struct walk *w, struct walk_entry *entry)
{
	const struct dirent *e;

	for (; w->at < w->nparts; w->at++) {
		errno = 0;
		if ((e = readdir(w->part[w->at].stream)) != NULL) {
			walk_take(w, e, entry);
			return 1;
		}
		if (errno != 0)
			w->error = errno;
	}
	errno = w->error;
	return w->error == 0 ? 0 : -1;
}
