/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queue.c - named sets of queue directories
 *
 * A queue_list owns all its strings.  Directories are looked up when they are
 * added: one that a wildcard gains later is seen by the next run.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "mail/mta.h"
#include "mail/queue.h"

static void
queue_free(struct queue *q)
{
	size_t i;

	for (i = 0; i < q->ndirs; i++)
		free(q->dirs[i].path);
	free(q->dirs);
	free(q->name);
	free(q->from);
	free(q->source);
}

void
queue_list_free(struct queue_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		queue_free(&list->v[i]);
	free(list->v);
	*list = (struct queue_list)QUEUE_LIST_INIT;
}

const char *
queue_role_name(enum queue_role role)
{
	static const char *const names[] = { "out", "in", "client" };

	return names[role];
}

enum queue_role
queue_role_of(const char *name)
{
	size_t len = strlen(name);

	if (len >= 3 && strcmp(name + len - 3, ".in") == 0)
		return QUEUE_IN;
	if (strcmp(name, "clientmqueue") == 0 ||
	    strcmp(name, "mqueue-client") == 0)
		return QUEUE_CLIENT;
	return QUEUE_OUT;
}

const struct queue *
queue_list_find(const struct queue_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].name != NULL &&
		    strcmp(list->v[i].name, name) == 0)
			return &list->v[i];
	return NULL;
}

int
queue_compare(const struct queue *a, const struct queue *b)
{
	static const int rank[] = {
		[QUEUE_IN] = 0,
		[QUEUE_OUT] = 1,
		[QUEUE_CLIENT] = 2,
	};
	int diff = rank[a->role] - rank[b->role];

	return diff != 0 ? diff : strcmp(a->name, b->name);
}

static int
queue_compare_items(const void *a, const void *b)
{
	return queue_compare(a, b);
}

void
queue_list_sort(struct queue_list *list)
{
	if (list->n != 0)
		qsort(list->v, list->n, sizeof(*list->v), queue_compare_items);
}

bool
queue_list_keep(struct queue_list *list, enum queue_role role)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		n += list->v[i].role == role;
	if (n == 0)
		return false;
	for (i = n = 0; i < list->n; i++)
		if (list->v[i].role == role)
			list->v[n++] = list->v[i];
		else
			queue_free(&list->v[i]);
	list->n = n;
	return true;
}

static int
queue_open(const struct queue_dir *dir, const char *subdir, bool optional)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
	struct buf path = BUF_INIT;
	int fd = -1, error = ENOMEM;

	buf_adds(&path, dir->path);
	if (subdir != NULL)
		buf_addf(&path, "/%s", subdir);
	if (!path.oom) {
		fd = open(buf_str(&path), flags);
		if (fd == -1 && optional &&
		    (errno == ENOENT || errno == ENOTDIR))
			fd = open(dir->path, flags);
		error = errno;
	}
	buf_free(&path);
	errno = error;
	return fd;
}

int
queue_open_dir(const struct queue_dir *dir, const char *subdir)
{
	return queue_open(dir, subdir, true);
}

int
queue_open_kind(const struct queue_dir *dir, const struct mta_dir *kind)
{
	return queue_open(dir, kind->subdir, kind->optional);
}

/* st NULL: the directory can't be looked at, so only its path tells. */
static bool
queue_has_dir(const struct queue *q, const char *path, const struct stat *st)
{
	const struct queue_dir *d;
	size_t i;

	for (i = 0; i < q->ndirs; i++) {
		d = &q->dirs[i];
		if (strcmp(d->path, path) == 0)
			return true;
		if (st != NULL && d->error == 0 && d->dev == st->st_dev &&
		    d->ino == st->st_ino)
			return true;
	}
	return false;
}

static bool
queue_list_has_dir(const struct queue_list *list, const char *path,
    const struct stat *st)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (queue_has_dir(&list->v[i], path, st))
			return true;
	return false;
}

/* Adds one directory; st NULL with an error.  Takes over path. */
static int
queue_push(struct queue *q, char *path, int error, const struct stat *st)
{
	struct queue_dir *dirs = NULL;

	if (path != NULL)
		dirs = realloc(q->dirs, (q->ndirs + 1) * sizeof(*dirs));
	if (dirs == NULL) {
		free(path);
		errno = ENOMEM;
		return -1;
	}
	q->dirs = dirs;
	dirs[q->ndirs] = (struct queue_dir){ .path = path, .error = error };
	if (st != NULL) {
		dirs[q->ndirs].dev = st->st_dev;
		dirs[q->ndirs].ino = st->st_ino;
	}
	q->ndirs++;
	return 0;
}

/* A plain path; left out when it is there already. */
static int
queue_add_path(const struct queue_list *list, struct queue *q, const char *path)
{
	const struct stat *known;
	struct stat st;
	int error = 0;

	if (stat(path, &st) != 0)
		error = errno;
	else if (!S_ISDIR(st.st_mode))
		error = ENOTDIR;
	known = error == 0 ? &st : NULL;
	if (queue_has_dir(q, path, known) ||
	    queue_list_has_dir(list, path, known))
		return 0;
	return queue_push(q, strdup(path), error, known);
}

static int
queue_compare_dirs(const void *a, const void *b)
{
	const struct queue_dir *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/*
 * The entries of an open parent that begin with prefix.  Returns how many
 * directories there were, new or not; -1 with errno.
 */
static int
queue_add_matches(const struct queue_list *list, struct queue *q, DIR *parent,
    const char *base, const char *prefix)
{
	struct buf path = BUF_INIT;
	const struct dirent *e;
	struct stat st;
	int found = 0, rc = 0;

	while (rc == 0 && (errno = 0, e = readdir(parent)) != NULL) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 ||
		    strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		/* What can't be looked at may be one: it is kept as such. */
		if (fstatat(dirfd(parent), e->d_name, &st, 0) == 0 ?
			!S_ISDIR(st.st_mode) :
			errno == ENOENT)
			continue;
		found++;
		buf_truncate(&path, 0);
		buf_addf(&path, "%s/%s", base, e->d_name);
		if (buf_str(&path) == NULL)
			rc = -1;
		else
			rc = queue_add_path(list, q, buf_str(&path));
	}
	if (rc == 0 && errno != 0)
		rc = -1;
	buf_free(&path);
	return rc == 0 ? found : -1;
}

/* A sendmail wildcard; base is what stands before the last slash. */
static int
queue_add_wildcard(const struct queue_list *list, struct queue *q,
    const char *base, const char *prefix)
{
	size_t first = q->ndirs;
	DIR *parent = opendir(base);
	int found;

	/* For want of memory or descriptors it is not known what is in it. */
	if (parent == NULL && errno != ENOENT && errno != ENOTDIR &&
	    errno != EACCES)
		return -1;
	/* Missing, or closed to this user: so it is for whoever reads it. */
	if (parent == NULL)
		return queue_add_path(list, q, base);
	found = queue_add_matches(list, q, parent, base, prefix);
	closedir(parent);
	if (found == -1)
		return -1;
	if (found == 0)
		return queue_add_path(list, q, base);
	if (q->ndirs > first)
		qsort(q->dirs + first, q->ndirs - first, sizeof(*q->dirs),
		    queue_compare_dirs);
	return 0;
}

/* Splits "BASE/PREFIX*"; a prefix without a slash is in ".". */
static int
queue_add_dirs(const struct queue_list *list, struct queue *q,
    const char *pattern)
{
	size_t len = strlen(pattern);
	const char *slash;
	char *base, *prefix;
	int rc = -1;

	if (len == 0 || pattern[len - 1] != '*')
		return queue_add_path(list, q, pattern);
	slash = strrchr(pattern, '/');
	base = slash == NULL ? strdup(".") :
	    slash == pattern ? strdup("/") :
			       strndup(pattern, (size_t)(slash - pattern));
	prefix = slash == NULL ? strdup(pattern) : strdup(slash + 1);
	if (base != NULL && prefix != NULL) {
		prefix[strlen(prefix) - 1] = '\0';
		rc = queue_add_wildcard(list, q, base, prefix);
	}
	free(base);
	free(prefix);
	return rc;
}

/*
 * The last n components of a path, leaving out a wildcard's and slashes at
 * the end; the whole path when it has no more than n.
 */
static char *
queue_tail(const char *path, int n)
{
	size_t end = strlen(path), start;

	if (end != 0 && path[end - 1] == '*') {
		while (end != 0 && path[end - 1] != '/')
			end--;
		if (end == 0)
			return strdup(".");
	}
	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start != 0; start--)
		if (path[start - 1] == '/' && start != end && --n == 0)
			break;
	return strndup(path + start, end - start);
}

/* A name that the list does not have: as many components as that takes. */
static char *
queue_new_name(const struct queue_list *list, const char *name,
    const char *path)
{
	char *s = name != NULL ? strdup(name) : queue_tail(path, 1);
	size_t before;
	int n;

	for (n = 2; s != NULL && queue_list_find(list, s) != NULL; n++) {
		before = strlen(s);
		free(s);
		s = queue_tail(path, n);
		if (s != NULL && n > 2 && strlen(s) <= before) {
			/* Nothing left to add: no two paths are the same. */
			free(s);
			errno = EEXIST;
			return NULL;
		}
	}
	if (s == NULL)
		errno = ENOMEM;
	return s;
}

int
queue_list_add(struct queue_list *list, const struct mta *mta, const char *name,
    enum queue_role role, const char *source, const char *const *paths,
    size_t npaths)
{
	struct queue q = { .mta = mta, .role = role };
	struct queue *v;
	size_t i;
	int error;

	for (i = 0; i < npaths; i++)
		if (queue_add_dirs(list, &q, paths[i]) != 0)
			goto fail;
	errno = EEXIST;
	if (q.ndirs == 0)
		goto fail;
	if ((q.name = queue_new_name(list, name, paths[0])) == NULL)
		goto fail;
	q.source = strdup(source);
	q.from = name == NULL ? strdup(paths[0]) : NULL;
	v = realloc(list->v, (list->n + 1) * sizeof(*v));
	if (v != NULL)
		list->v = v;
	if (q.source == NULL || (name == NULL && q.from == NULL) || v == NULL) {
		errno = ENOMEM;
		goto fail;
	}
	v[list->n++] = q;
	return 0;
fail:
	error = errno;
	queue_free(&q);
	errno = error;
	return -1;
}

/* The queue of the list that has this directory, or NULL. */
static struct queue *
queue_list_owner(const struct queue_list *list, const struct queue_dir *d)
{
	const struct stat st = { .st_dev = d->dev, .st_ino = d->ino };
	size_t i;

	for (i = 0; i < list->n; i++)
		if (queue_has_dir(&list->v[i], d->path,
			d->error == 0 ? &st : NULL))
			return &list->v[i];
	return NULL;
}

int
queue_list_add_alias(struct queue_list *list, const char *pattern,
    const char *name)
{
	const struct queue_list none = QUEUE_LIST_INIT;
	struct queue one = { .role = QUEUE_OUT }, *owner = NULL;
	struct buf source = BUF_INIT;
	char *told;
	int rc = queue_add_dirs(&none, &one, pattern);

	if (rc == 0 && one.ndirs != 0)
		owner = queue_list_owner(list, &one.dirs[0]);
	if (owner != NULL && strcmp(owner->name, name) != 0) {
		buf_addf(&source, "%s, which is queue group %s as well",
		    owner->source, name);
		if ((told = buf_take(&source)) == NULL) {
			errno = ENOMEM;
			rc = -1;
		} else {
			free(owner->source);
			owner->source = told;
		}
	}
	queue_free(&one);
	return rc;
}

int
queue_list_rename(struct queue_list *list, size_t at, const char *name)
{
	struct queue *q = &list->v[at], *other = NULL;
	char *mine, *its = NULL, *from = NULL;
	size_t i;

	if (strcmp(q->name, name) == 0)
		return 0;
	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i].name, name) == 0)
			other = &list->v[i];
	if ((mine = strdup(name)) == NULL)
		return -1;
	if (other != NULL &&
	    ((its = queue_new_name(list, NULL, other->dirs[0].path)) == NULL ||
		(from = strdup(other->dirs[0].path)) == NULL)) {
		free(mine);
		free(its);
		return -1;
	}
	if (other != NULL) {
		free(other->name);
		free(other->from);
		other->name = its;
		other->from = from;
	}
	free(q->name);
	free(q->from);
	q->name = mine;
	q->from = NULL;
	return 0;
}

/* Names those without a name, in the order of their paths; -1 with errno. */
static int
queue_list_name_rest(struct queue_list *list)
{
	struct queue *next, *q;
	size_t i;

	for (;;) {
		next = NULL;
		for (i = 0; i < list->n; i++) {
			q = &list->v[i];
			if (q->name == NULL &&
			    (next == NULL || strcmp(q->from, next->from) < 0))
				next = q;
		}
		if (next == NULL)
			return 0;
		next->name = queue_new_name(list, NULL, next->from);
		if (next->name == NULL)
			return -1;
	}
}

/* Swaps the names that were made of paths with those in old. */
static void
queue_list_swap(struct queue_list *list, char **old, size_t n)
{
	char *name;
	size_t i;

	for (i = 0; i < n; i++)
		if (list->v[i].from != NULL) {
			name = list->v[i].name;
			list->v[i].name = old[i];
			old[i] = name;
		}
}

/*
 * Adds a queue, and makes all names anew that are made of paths: so it plays no
 * part which was there first.  What fails changes nothing.
 */
static int
queue_list_add_named(struct queue_list *list, const struct mta *mta,
    const char *name, enum queue_role role, const char *path)
{
	size_t n = list->n, i;
	char **old = calloc(n + 1, sizeof(*old));
	int rc, error;

	if (old == NULL)
		return -1;
	queue_list_swap(list, old, n);
	rc = queue_list_add(list, mta, name, role, "-q", &path, 1);
	if (rc == 0 && name == NULL) {
		free(list->v[n].name);
		list->v[n].name = NULL;
	}
	if (rc == 0)
		rc = queue_list_name_rest(list);
	error = errno;
	if (rc != 0) {
		queue_list_swap(list, old, n);
		if (list->n > n)
			queue_free(&list->v[--list->n]);
	}
	for (i = 0; i < n; i++)
		free(old[i]);
	free(old);
	errno = error;
	return rc;
}

int
queue_list_add_spec(struct queue_list *list, const struct mta *mta,
    const char *spec)
{
	size_t len = strcspn(spec, "=/");
	const char *path = spec;
	const struct queue *same;
	char *name = NULL, *from_path;
	enum queue_role role;
	int rc = -1;

	if (spec[len] == '=') {
		path = spec + len + 1;
		if ((name = strndup(spec, len)) == NULL)
			return -1;
	}
	if (*path == '\0' || (name != NULL && *name == '\0')) {
		errno = EINVAL;
	} else if (name != NULL &&
	    (same = queue_list_find(list, name)) != NULL &&
	    same->from == NULL) {
		errno = EEXIST;
	} else if ((from_path = queue_tail(path, 1)) != NULL) {
		role = queue_role_of(name != NULL ? name : from_path);
		if (role == QUEUE_OUT)
			role = queue_role_of(from_path);
		rc = queue_list_add_named(list, mta, name, role, path);
		free(from_path);
	}
	free(name);
	return rc;
}

const char *
queue_spec_error(int error)
{
	if (error == EEXIST)
		return "this name or this directory was given before"
		       " (NAME=DIR gives a name)";
	return error == EINVAL ? "expected DIR or NAME=DIR" : strerror(error);
}
