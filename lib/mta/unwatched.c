/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unwatched.c - queues that lie on the disk and are not watched
 *
 * Owns its rows, and while it looks a list of the directories that it has
 * been in and the descriptors of one way down.  What can't be looked at is
 * counted, with one example.
 *
 * Limits: UNWATCHED_DEPTH levels, UNWATCHED_DIRS directories,
 * UNWATCHED_ENTRIES entries, and half of the time that is left; a link is not
 * followed.  A directory whose listing hangs, as on a dead NFS server, is not
 * ended by the deadline: the caller needs an alarm behind it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"
#include "mta/sendmail/cf.h"
#include "mta/sendmail/sendmail.h"
#include "mta/table.h"
#include "mta/unwatched.h"

#define UNWATCHED_DEPTH   4
#define UNWATCHED_DIRS    4096
#define UNWATCHED_ENTRIES 4000000
#define UNWATCHED_CLOCK   256 /* entries between two looks at the clock */
#define UNWATCHED_FILES   100 /* configuration files of a directory */
#define UNWATCHED_FILE    (4 * 1024 * 1024)

struct unwatched_seen {
	dev_t dev;
	ino_t ino;
};

/* The walk. */
struct unwatched_walk {
	struct unwatched *u;
	const struct queue_list *watched;
	const struct mta *mta; /* whose messages are looked for */
	const char *root;
	struct when_deadline deadline;
	struct unwatched_seen *seen;
	size_t nseen;
	size_t entries;
};

static void
unwatched_row_free(struct unwatched_row *r)
{
	size_t i;

	for (i = 0; i < r->ndirs; i++)
		free(r->dirs[i].path);
	free(r->dirs);
	free(r->spec);
	free(r->source);
}

void
unwatched_free(struct unwatched *u)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		unwatched_row_free(&u->v[i]);
	free(u->v);
	free(u->closed_path);
	free(u->unread_path);
	*u = (struct unwatched)UNWATCHED_INIT;
}

static bool
unwatched_has_dir(const struct queue_dir *v, size_t n, const char *path,
    const struct stat *st)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (st != NULL && v[i].error == 0 ?
			v[i].dev == st->st_dev && v[i].ino == st->st_ino :
			strcmp(v[i].path, path) == 0)
			return true;
	return false;
}

/* st NULL: it can't be looked at, so only its path tells. */
static bool
unwatched_is_watched(const struct unwatched_walk *w, const char *path,
    const struct stat *st)
{
	const struct queue_list *list = w->watched;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (unwatched_has_dir(list->v[i].dirs, list->v[i].ndirs, path,
			st))
			return true;
	return false;
}

/* Room for a row; NULL: there are too many.  -1: out of memory. */
static int
unwatched_grow(struct unwatched *u, struct unwatched_row **row)
{
	struct unwatched_row *v;

	*row = NULL;
	if (u->n == UNWATCHED_ROWS) {
		u->more++;
		return 0;
	}
	if ((v = realloc(u->v, (u->n + 1) * sizeof(*v))) == NULL)
		return -1;
	u->v = v;
	*row = &v[u->n++];
	**row = (struct unwatched_row){ .spec = NULL };
	return 0;
}

/* --- configuration files -------------------------------------------------- */

static bool
unwatched_all_watched(const struct unwatched_walk *w, const struct queue *q)
{
	struct stat st = { 0 };
	size_t i;

	for (i = 0; i < q->ndirs; i++) {
		st.st_dev = q->dirs[i].dev;
		st.st_ino = q->dirs[i].ino;
		if (!unwatched_is_watched(w, q->dirs[i].path,
			q->dirs[i].error == 0 ? &st : NULL))
			return false;
	}
	return true;
}

/* A queue directory that a file names, unless it is known. */
static int
unwatched_conf_queue(struct unwatched_walk *w, const char *path,
    const char *source)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf rooted = BUF_INIT;
	struct unwatched_row *row;
	struct queue *q;
	const char *spec;
	int rc = -1, error = 0;

	buf_addf(&rooted, "%s%s", w->root, path);
	if ((spec = buf_str(&rooted)) == NULL)
		goto out;
	if (queue_list_add(&list, &sendmail_mta, NULL, QUEUE_OUT, source, &spec,
		1) != 0)
		error = errno;
	rc = error == ENOMEM ? -1 : 0;
	if (rc != 0 || (error == 0 && unwatched_all_watched(w, &list.v[0])) ||
	    (rc = unwatched_grow(w->u, &row)) != 0 || row == NULL)
		goto out;
	row->error = error;
	row->spec = strdup(spec);
	row->source = strdup(source);
	if (error == 0) {
		q = &list.v[0];
		row->error = q->dirs[0].error;
		row->dirs = q->dirs;
		row->ndirs = q->ndirs;
		q->dirs = NULL;
		q->ndirs = 0;
	}
	rc = row->spec != NULL && row->source != NULL ? 0 : -1;
out:
	queue_list_free(&list);
	buf_free(&rooted);
	return rc;
}

/* Is a queue of the same words a row already? */
static bool
unwatched_has_spec(const struct unwatched_walk *w, const char *path)
{
	size_t i, n = strlen(w->root);

	for (i = 0; i < w->u->n; i++)
		if (strcmp(w->u->v[i].spec + n, path) == 0)
			return true;
	return false;
}

static int
unwatched_conf_parse(struct unwatched_walk *w, const char *file,
    const struct buf *bytes)
{
	struct sendmail_cf cf = SENDMAIL_CF_INIT;
	int rc = sendmail_cf_parse(&cf, bytes->data, bytes->len);
	const char *path;
	size_t i;

	path = cf.queue_directory;
	for (i = 0; rc == 0; i++) {
		if (path != NULL && *path == '/' &&
		    !unwatched_has_spec(w, path))
			rc = unwatched_conf_queue(w, path, file);
		if (i == cf.ngroups)
			break;
		path = cf.groups[i].path;
	}
	sendmail_cf_free(&cf);
	return rc;
}

static int
unwatched_conf_file(struct unwatched_walk *w, const char *dir, const char *name)
{
	struct unwatched *u = w->u;
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	int rc = -1;

	buf_addf(&path, "%s/%s", dir, name);
	if (buf_str(&path) == NULL)
		goto out;
	if (fsx_read(AT_FDCWD, buf_str(&path), 0, UNWATCHED_FILE, &bytes) ==
	    0) {
		rc = bytes.len == 0 ?
		    0 :
		    unwatched_conf_parse(w, buf_str(&path), &bytes);
	} else if (errno == ENOENT || errno == ENOMEM) {
		rc = errno == ENOENT ? 0 : -1;
	} else if (u->unread++ == 0) {
		u->unread_error = errno;
		rc = (u->unread_path = buf_take(&path)) != NULL ? 0 : -1;
	} else {
		rc = 0;
	}
out:
	buf_free(&path);
	buf_free(&bytes);
	return rc;
}

static int
unwatched_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of *.cf in a directory, sorted; -1: out of memory. */
static int
unwatched_conf_names(struct unwatched *u, const char *dir, char **names,
    size_t *n)
{
	const struct dirent *e;
	DIR *d = opendir(dir);
	size_t len;
	int rc = 0;

	if (d == NULL)
		return errno == ENOMEM ? -1 : 0;
	while (rc == 0 && (e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len <= 3 || strcmp(e->d_name + len - 3, ".cf") != 0)
			continue;
		if (*n == UNWATCHED_FILES)
			u->cut = true;
		else if ((names[*n] = strdup(e->d_name)) != NULL)
			(*n)++;
		else
			rc = -1;
	}
	closedir(d);
	qsort(names, *n, sizeof(*names), unwatched_compare);
	return rc;
}

static int
unwatched_conf_dir(struct unwatched_walk *w, const char *where)
{
	char *names[UNWATCHED_FILES];
	struct buf dir = BUF_INIT;
	size_t i, n = 0;
	int rc = -1;

	buf_addf(&dir, "%s%s", w->root, where);
	if (buf_str(&dir) != NULL)
		rc = unwatched_conf_names(w->u, buf_str(&dir), names, &n);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = unwatched_conf_file(w, buf_str(&dir), names[i]);
		free(names[i]);
	}
	buf_free(&dir);
	return rc;
}

/* --- directories ---------------------------------------------------------- */

/* Adds what was seen in a directory to its row, or makes one. */
static int
unwatched_dir_row(struct unwatched_walk *w, const char *path,
    const struct stat *st, uint64_t messages)
{
	struct unwatched_row *row;
	size_t i;

	for (i = 0; i < w->u->n; i++) {
		row = &w->u->v[i];
		if (unwatched_has_dir(row->dirs, row->ndirs, path, st)) {
			row->messages += messages;
			return 0;
		}
	}
	if (unwatched_grow(w->u, &row) != 0)
		return -1;
	if (row == NULL)
		return 0;
	row->messages = messages;
	row->spec = strdup(path);
	row->dirs = calloc(1, sizeof(*row->dirs));
	if (row->spec == NULL || row->dirs == NULL)
		return -1;
	row->ndirs = 1;
	row->dirs[0].dev = st->st_dev;
	row->dirs[0].ino = st->st_ino;
	return (row->dirs[0].path = strdup(path)) != NULL ? 0 : -1;
}

/* One that can't be listed.  For a queue that is watched others say so. */
static int
unwatched_closed(struct unwatched_walk *w, const char *path)
{
	struct unwatched *u = w->u;
	struct stat st;

	if (unwatched_is_watched(w, path, stat(path, &st) == 0 ? &st : NULL))
		return 0;
	if (u->closed++ == 0 && (u->closed_path = strdup(path)) == NULL)
		return -1;
	return 0;
}

/* Takes down where the walk has been: 1 if it was there before, -1: oom. */
static int
unwatched_visit(struct unwatched_walk *w, const struct stat *st)
{
	struct unwatched_seen *seen;
	size_t i;

	for (i = 0; i < w->nseen; i++)
		if (w->seen[i].dev == st->st_dev &&
		    w->seen[i].ino == st->st_ino)
			return 1;
	if (w->nseen == UNWATCHED_DIRS || when_passed(&w->deadline)) {
		w->u->cut = true;
		return 1;
	}
	if ((w->nseen & (w->nseen - 1)) == 0) {
		seen = realloc(w->seen,
		    (w->nseen == 0 ? 1 : w->nseen * 2) * sizeof(*seen));
		if (seen == NULL)
			return -1;
		w->seen = seen;
	}
	w->seen[w->nseen++] = (struct unwatched_seen){ st->st_dev, st->st_ino };
	return 0;
}

/* Names of directories, to go down to once a listing is done. */
struct unwatched_names {
	char **v;
	size_t n;
};

static int
unwatched_push(struct unwatched_names *names, const char *name)
{
	char **v = names->v;

	if ((names->n & (names->n - 1)) == 0)
		v = realloc(v, (names->n == 0 ? 1 : names->n * 2) * sizeof(*v));
	if (v == NULL)
		return -1;
	names->v = v;
	if ((v[names->n] = strdup(name)) == NULL)
		return -1;
	names->n++;
	return 0;
}

/* A directory, a control file (counted), or nothing of interest. */
static int
unwatched_entry(const struct unwatched_walk *w, const struct mta_dir *kind,
    int fd, const struct dirent *e, struct unwatched_names *below,
    uint64_t *messages)
{
	enum sys_type type = sys_entry_type(e);
	bool control = kind != NULL &&
	    mta_state(w->mta, kind, e->d_name) != MTA_NOTHING;
	struct stat st;

	if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
		return 0;
	if (type == SYS_FILE) {
		*messages += control;
		return 0;
	}
	if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	if (S_ISREG(st.st_mode))
		*messages += control;
	else if (S_ISDIR(st.st_mode) && below->n < UNWATCHED_DIRS)
		return unwatched_push(below, e->d_name);
	return 0;
}

static int
unwatched_list(struct unwatched_walk *w, const struct mta_dir *kind, DIR *d,
    struct unwatched_names *below, uint64_t *messages)
{
	const struct dirent *e;
	int rc = 0;

	while (rc == 0 && (e = readdir(d)) != NULL) {
		rc = unwatched_entry(w, kind, dirfd(d), e, below, messages);
		if (++w->entries % UNWATCHED_CLOCK == 0 &&
		    (w->entries >= UNWATCHED_ENTRIES ||
			when_passed(&w->deadline))) {
			w->u->cut = true;
			break;
		}
	}
	return rc;
}

/* The directory whose subdirectory of a kind another one may be. */
struct unwatched_owner {
	const struct mta_dir *kind; /* NULL: not a subdirectory of a kind */
	const char *path;
	const struct stat *st;
};

/* One directory, and what is below it. */
static int unwatched_dir(struct unwatched_walk *w, const char *path, int depth,
    const struct unwatched_owner *);

static int
unwatched_below(struct unwatched_walk *w, const char *path,
    const struct stat *st, int depth, const struct unwatched_names *below)
{
	struct buf child = BUF_INIT;
	struct unwatched_owner owner = { NULL, path, st };
	size_t i;
	int rc = 0;

	if (below->n > 1)
		qsort(below->v, below->n, sizeof(*below->v), unwatched_compare);
	for (i = 0; rc == 0 && i < below->n; i++) {
		owner.kind = mta_dir_named(w->mta, below->v[i]);
		buf_truncate(&child, 0);
		buf_addf(&child, "%s/%s", path, below->v[i]);
		if (buf_str(&child) == NULL)
			rc = -1;
		else
			rc = unwatched_dir(w, buf_str(&child), depth - 1,
			    &owner);
	}
	buf_free(&child);
	return rc;
}

/* The kind of messages that may be in a queue directory itself; or NULL. */
static const struct mta_dir *
unwatched_optional(const struct mta *mta)
{
	size_t i;

	for (i = 0; i < mta->ndirs; i++)
		if (mta->dirs[i].optional)
			return &mta->dirs[i];
	return NULL;
}

static int
unwatched_dir(struct unwatched_walk *w, const char *path, int depth,
    const struct unwatched_owner *in)
{
	struct unwatched_names below = { NULL, 0 };
	struct unwatched_owner owner;
	uint64_t messages = 0;
	struct stat st;
	DIR *d = opendir(path);
	int rc;

	if (d == NULL)
		return errno == ENOMEM ? -1 :
		    errno == ENOENT    ? 0 :
					 unwatched_closed(w, path);
	if (in != NULL && in->kind != NULL)
		owner = *in;
	else
		owner = (struct unwatched_owner){ unwatched_optional(w->mta),
			path, &st };
	rc = fstat(dirfd(d), &st) != 0 ? 1 : unwatched_visit(w, &st);
	if (rc == 0)
		rc = unwatched_list(w, owner.kind, d, &below, &messages);
	closedir(d);
	if (rc == 0 && messages != 0 &&
	    !unwatched_is_watched(w, owner.path, owner.st))
		rc = unwatched_dir_row(w, owner.path, owner.st, messages);
	if (rc == 0 && depth > 0)
		rc = unwatched_below(w, path, &st, depth, &below);
	while (below.n != 0)
		free(below.v[--below.n]);
	free(below.v);
	return rc == -1 ? -1 : 0;
}

/* The directory that a queue directory is in, and all that is below it. */
static int
unwatched_parent(struct unwatched_walk *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf parent = BUF_INIT;
	int depth = UNWATCHED_DEPTH, rc = -1;

	if (slash == NULL) {
		buf_adds(&parent, ".");
	} else if (slash != path) {
		buf_add(&parent, path, (size_t)(slash - path));
	} else {
		/* No spool: all of the system is below it. */
		buf_adds(&parent, "/");
		depth = 1;
	}
	if (buf_str(&parent) != NULL)
		rc = unwatched_dir(w, buf_str(&parent), depth, NULL);
	buf_free(&parent);
	return rc;
}

/* What is in and below the queues that configuration files name. */
static int
unwatched_named(struct unwatched_walk *w)
{
	size_t i, j, n = w->u->n;
	int rc = 0;

	w->mta = &sendmail_mta;
	for (i = 0; i < n; i++)
		for (j = 0; rc == 0 && j < w->u->v[i].ndirs; j++)
			rc = unwatched_dir(w, w->u->v[i].dirs[j].path,
			    UNWATCHED_DEPTH - 1, NULL);
	return rc;
}

/* What is beside and below the queues. */
static int
unwatched_beside(struct unwatched_walk *w)
{
	const struct queue *q;
	size_t i, j;
	int rc = 0;

	for (i = 0; i < w->watched->n; i++) {
		q = &w->watched->v[i];
		w->mta = q->mta;
		for (j = 0; rc == 0 && j < q->ndirs; j++) {
			rc = unwatched_parent(w, q->dirs[j].path);
			/* It may be a link, and lie somewhere else. */
			if (rc == 0)
				rc = unwatched_dir(w, q->dirs[j].path,
				    UNWATCHED_DEPTH - 1, NULL);
		}
	}
	return rc;
}

int
unwatched_find(struct unwatched *u, const struct queue_list *watched,
    const char *root, bool spool, const struct when_deadline *deadline)
{
	struct unwatched_walk w = {
		.u = u,
		.watched = watched,
		.root = root,
		.deadline = when_after(deadline->clock,
		    when_left(deadline) / 2),
	};
	struct buf path = BUF_INIT;
	int rc;

	*u = (struct unwatched)UNWATCHED_INIT;
	rc = unwatched_conf_dir(&w, "/etc/mail");
	if (rc == 0)
		rc = unwatched_conf_dir(&w, "/etc");
	if (rc == 0)
		rc = unwatched_named(&w);
	if (rc == 0)
		rc = unwatched_beside(&w);
	if (rc == 0 && spool) {
		w.mta = mta_table_of("/var/spool");
		buf_addf(&path, "%s/var/spool", root);
		rc = buf_str(&path) == NULL ?
		    -1 :
		    unwatched_dir(&w, buf_str(&path), UNWATCHED_DEPTH, NULL);
	}
	buf_free(&path);
	free(w.seen);
	return rc;
}
