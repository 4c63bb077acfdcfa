/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * elsewhere.c - other directories where the body of a message may be
 *
 * Owns one descriptor at a time, beside that of a directory it lists.  A
 * queue of another role is another server's or another step's: there a file
 * of the same name is the body of a copy.
 *
 * Limit: of what lies beside or below a directory, the first
 * ELSEWHERE_DIRS directories, one level deep.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fsx.h"
#include "look/elsewhere.h"

#define ELSEWHERE_DIRS 1024

struct elsewhere {
	const struct queue_list *queues;
	const struct mta *mta;
	void (*visit)(void *arg, int body_fd);
	void *arg;
	int error; /* the first, or 0 */
};

static void
elsewhere_fail(struct elsewhere *e, int error)
{
	if (e->error == 0 && error != ENOENT && error != ENOTDIR)
		e->error = error;
}

static void
elsewhere_open(struct elsewhere *e, const struct queue_dir *dir)
{
	int fd = queue_open_dir(dir, e->mta->body_subdir);

	if (fd == -1) {
		elsewhere_fail(e, errno);
		return;
	}
	e->visit(e->arg, fd);
	close(fd);
}

static bool
elsewhere_is_queue(const struct elsewhere *e, const struct stat *st)
{
	const struct queue_dir *d;
	size_t i, j;

	for (i = 0; i < e->queues->n; i++)
		for (j = 0; j < e->queues->v[i].ndirs; j++) {
			d = &e->queues->v[i].dirs[j];
			if (d->error == 0 && d->dev == st->st_dev &&
			    d->ino == st->st_ino)
				return true;
		}
	return false;
}

/* The directory itself, unless it is a queue. */
static void
elsewhere_stranger(struct elsewhere *e, const char *path)
{
	struct queue_dir dir = { .path = strdup(path) };
	struct stat st;

	if (dir.path == NULL)
		elsewhere_fail(e, ENOMEM);
	/* One that this user may not enter is no queue of his. */
	else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    !elsewhere_is_queue(e, &st) && access(path, X_OK) == 0)
		elsewhere_open(e, &dir);
	free(dir.path);
}

/* The directories in one. */
static void
elsewhere_below(struct elsewhere *e, const char *path)
{
	struct buf name = BUF_INIT;
	DIR *d = opendir(path);
	const struct dirent *entry;
	size_t n = 0;

	while (d != NULL && n < ELSEWHERE_DIRS &&
	    (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    fsx_entry_type(entry) == FSX_FILE ||
		    mta_has_subdir(e->mta, entry->d_name))
			continue;
		n++;
		buf_truncate(&name, 0);
		buf_addf(&name, "%s/%s", path, entry->d_name);
		if (buf_str(&name) == NULL)
			elsewhere_fail(e, ENOMEM);
		else
			elsewhere_stranger(e, buf_str(&name));
	}
	if (d != NULL)
		closedir(d);
	/* One that this user may not list is no queue of his. */
	else if (errno != EACCES)
		elsewhere_fail(e, errno);
	buf_free(&name);
}

int
elsewhere_visit(const struct queue_list *queues, const struct queue *q,
    const struct queue_dir *dir, void (*visit)(void *arg, int body_fd),
    void *arg)
{
	struct elsewhere e = { queues, q->mta, visit, arg, 0 };
	struct buf parent = BUF_INIT;
	size_t i, j;

	for (i = 0; i < queues->n; i++)
		for (j = 0; j < queues->v[i].ndirs; j++)
			if (queues->v[i].role == q->role &&
			    &queues->v[i].dirs[j] != dir)
				elsewhere_open(&e, &queues->v[i].dirs[j]);
	buf_addf(&parent, "%s/..", dir->path);
	if (buf_str(&parent) == NULL) {
		elsewhere_fail(&e, ENOMEM);
	} else {
		elsewhere_stranger(&e, buf_str(&parent));
		elsewhere_below(&e, buf_str(&parent));
	}
	elsewhere_below(&e, dir->path);
	buf_free(&parent);
	errno = e.error;
	return e.error == 0 ? 0 : -1;
}
