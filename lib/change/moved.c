/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * moved.c - a directory that messages are moved to, and restored from
 *
 * Whoever can write to it could have anything delivered, so it has to be this
 * user's alone.  It must not be in a queue directory, where MailScanner allows
 * no others.  That its name fits a wildcard of sendmail does no harm: all
 * messages are one level further down.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/remedy.h"
#include "base/sys.h"
#include "change/moved.h"

#define MOVED_SHOWN 200
#define MOVED_LETTERS                \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static int
moved_refuse(struct buf *why, const char *path, const char *reason)
{
	clean_adds(why, path, MOVED_SHOWN);
	buf_addf(why, ": %s", reason);
	return -1;
}

/* The same for an errno. */
static int
moved_fail(struct buf *why, const char *path, int error)
{
	const char *remedy = remedy_of(error);

	moved_refuse(why, path, strerror(error));
	if (remedy != NULL)
		buf_addf(why, "; %s", remedy);
	return -1;
}

/* "%2Fvar%2Fspool%2Fmqueue" */
static void
moved_name(struct buf *name, const char *path)
{
	for (; *path != '\0'; path++)
		if (strchr(MOVED_LETTERS, *path) != NULL)
			buf_addc(name, *path);
		else
			buf_addf(name, "%%%02X", (unsigned char)*path);
}

/* The path of a home's subdirectory; NULL with the reason. */
static char *
moved_path(const struct moved *m, const struct mta_place *home, struct buf *why)
{
	struct buf name = BUF_INIT, path = BUF_INIT;

	moved_name(&name, home->path);
	if (name.len > NAME_MAX) {
		buf_free(&name);
		moved_refuse(why, home->dir->path,
		    "the path is too long for a name");
		return NULL;
	}
	buf_addf(&path, "%s/%s", m->path, name.oom ? "" : buf_str(&name));
	path.oom = path.oom || name.oom;
	buf_free(&name);
	if (path.oom)
		buf_adds(why, "out of memory");
	return buf_take(&path);
}

/* --- what it must not be ------------------------------------------------- */

static bool
moved_is(const struct stat *st, const struct mta_part *part)
{
	return st->st_dev == part->dev && st->st_ino == part->ino;
}

static bool
moved_is_dir(const struct stat *st, const char *path)
{
	struct stat dir;

	return stat(path, &dir) == 0 &&
	    moved_is(st, &(struct mta_part){ dir.st_dev, dir.st_ino });
}

static int
moved_check_home(const char *path, int fd, const struct stat *st,
    const struct mta_place *home, bool used, struct buf *why)
{
	const struct mta_part *part;
	bool within, apart = false;
	struct stat up;
	size_t i;

	if (fstatat(fd, "..", &up, 0) != 0)
		return moved_fail(why, path, errno);
	within = moved_is_dir(st, home->dir->path) ||
	    moved_is_dir(&up, home->dir->path);
	for (i = 0; i < home->nparts; i++) {
		part = &home->part[i];
		within = within || moved_is(st, part) || moved_is(&up, part);
		apart = apart || st->st_dev != part->dev;
	}
	if (within)
		return moved_refuse(why, path,
		    "is in a queue directory; name"
		    " one beside the queues, like /var/spool/flood");
	if (!used || !apart)
		return 0;
	moved_refuse(why, path, "is not on the file system of ");
	clean_adds(why, home->dir->path, MOVED_SHOWN);
	buf_adds(why, "; name a directory that is, or use --hold");
	return -1;
}

static int
moved_check(struct moved *m, const char *path, int fd,
    const struct mta_place_list *homes, const bool *used, struct buf *why)
{
	struct stat st;
	size_t i;

	if (fstat(fd, &st) != 0)
		return moved_fail(why, path, errno);
	if (st.st_uid != geteuid() || (st.st_mode & 022) != 0)
		return moved_refuse(why, path,
		    "must be this user's, and no"
		    " one else may write to it (chmod go-w)");
	for (i = 0; i < homes->n; i++)
		if (homes->v[i].error == 0 &&
		    moved_check_home(path, fd, &st, &homes->v[i],
			used != NULL && used[i], why) != 0)
			return -1;
	if ((m->path = realpath(path, NULL)) == NULL)
		return moved_fail(why, path, errno);
	return 0;
}

/* --- opening ------------------------------------------------------------- */

/* Adds the subdirectories; from[] tells whose they are. */
static int
moved_add(struct moved *m, const struct mta_place_list *homes, const bool *used,
    char **paths, struct mta_place **from, size_t *n, struct buf *why)
{
	struct stat st;
	char *path;
	size_t i;
	int rc;

	for (i = 0; i < homes->n; i++) {
		if (homes->v[i].error != 0 || (used != NULL && !used[i]))
			continue;
		if ((path = moved_path(m, &homes->v[i], why)) == NULL)
			return -1;
		if (used != NULL && mkdir(path, 0700) != 0 && errno != EEXIST) {
			moved_fail(why, path, errno);
			free(path);
			return -1;
		}
		if (lstat(path, &st) != 0) {
			rc = errno == ENOENT ? 0 : moved_fail(why, path, errno);
			free(path);
			if (rc != 0)
				return -1;
			continue;
		}
		paths[*n] = path;
		from[(*n)++] = &homes->v[i];
	}
	return 0;
}

/* Opens what moved_add() found, and ties each to its home. */
static int
moved_tie(struct moved *m, char **paths, struct mta_place **from, size_t n,
    struct buf *why)
{
	struct mta_place *p;
	size_t i;

	if (n == 0)
		return 0;
	if (queue_list_add(&m->queues, from[0]->queue->mta, "moved", QUEUE_OUT,
		"moved", (const char *const *)paths, n) != 0 ||
	    place_list_open(&m->places, &m->queues) != 0) {
		buf_adds(why, strerror(errno));
		return -1;
	}
	for (i = 0; i < n && i < m->places.n; i++) {
		p = &m->places.v[i];
		if (p->error != 0)
			return moved_fail(why, paths[i], p->error);
		p->home = from[i];
		from[i]->moved = p;
	}
	return 0;
}

/* Counts the subdirectories that were not opened, where that matters. */
static int
moved_find_strangers(struct moved *m, DIR *dir, char **paths, size_t n,
    struct buf *why)
{
	const struct dirent *d;
	size_t i;

	while ((errno = 0, d = readdir(dir)) != NULL) {
		if (d->d_name[0] != '%')
			continue;
		for (i = 0; i < n; i++)
			if (strcmp(strrchr(paths[i], '/') + 1, d->d_name) == 0)
				break;
		if (i == n && m->strangers++ == 0)
			m->stranger = strdup(d->d_name);
	}
	return errno == 0 ? 0 : moved_fail(why, m->path, errno);
}

static DIR *
moved_open_dir(const char *path, bool make, struct buf *why)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = -1;
	DIR *dir;

	if (!make || mkdir(path, 0700) == 0 || errno == EEXIST)
		fd = open(path, flags);
	if (fd != -1 && (dir = fdopendir(fd)) != NULL)
		return dir;
	if (sys_is_link_error(errno) || errno == ENOTDIR)
		moved_refuse(why, path,
		    "not a directory (a link to one is not taken)");
	else
		moved_fail(why, path, errno);
	if (fd != -1)
		close(fd);
	return NULL;
}

int
moved_open(struct moved *m, const char *path,
    const struct mta_place_list *homes, const bool *used, struct buf *why)
{
	struct mta_place **from = calloc(homes->n + 1,
	    sizeof(struct mta_place *));
	char **paths = calloc(homes->n + 1, sizeof(char *));
	DIR *dir = NULL;
	size_t n = 0;
	int rc = -1;

	*m = (struct moved)MOVED_INIT;
	if (from == NULL || paths == NULL)
		buf_adds(why, "out of memory");
	else if ((dir = moved_open_dir(path, used != NULL, why)) != NULL &&
	    moved_check(m, path, dirfd(dir), homes, used, why) == 0 &&
	    moved_add(m, homes, used, paths, from, &n, why) == 0)
		rc = moved_tie(m, paths, from, n, why);
	if (rc == 0 && used == NULL)
		rc = moved_find_strangers(m, dir, paths, n, why);
	if (dir != NULL)
		closedir(dir);
	while (paths != NULL && n > 0)
		free(paths[--n]);
	free(paths);
	free(from);
	return rc;
}

void
moved_close(struct moved *m)
{
	size_t i;

	for (i = 0; i < m->places.n; i++)
		if (m->places.v[i].home != NULL)
			m->places.v[i].home->moved = NULL;
	place_list_close(&m->places);
	queue_list_free(&m->queues);
	free(m->stranger);
	free(m->path);
	*m = (struct moved)MOVED_INIT;
}
