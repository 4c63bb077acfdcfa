/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * files.c - the file of blocks and its map on disk: lock, read, replace
 *
 * The lock is flock(2) on the directory of the map, so that no lock file is
 * left behind.  New files have names that begin with a dot; as there is one
 * qblock at a time, they are always the same.
 *
 * A text that the server reads itself has no map: then there is one rename.
 * Else the text goes first, then the map.  Killed in between, the new map stays
 * behind while no new text does: the next run sees that, and makes the map
 * again.  Killed at any other point, text and map are both old, or both new.
 *
 * Limits: whoever edits the text by hand does not know of the lock.  ACLs and
 * other extended attributes are those of new files in the directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/when.h"
#include "tools/qblock/files.h"

#define QBLOCK_FILES_MAX   (256u << 20)
#define QBLOCK_FILES_WAIT  30000 /* ms for the lock */
#define QBLOCK_FILES_NEW   ".new.qblock"
#define QBLOCK_FILES_SHOWN 200

static int
qblock_files_fail(struct buf *why, const char *what, const char *path)
{
	const char *reason = strerror(errno);
	bool denied = errno == EACCES || errno == EPERM;

	buf_addf(why, "%s ", what);
	clean_adds(why, path, QBLOCK_FILES_SHOWN);
	buf_addf(why, ": %s%s", reason, denied ? "; run it as root" : "");
	return -1;
}

static int
qblock_files_oom(struct buf *why)
{
	buf_adds(why, "out of memory");
	return -1;
}

/* Splits a path into an open directory and a name. */
static int
qblock_files_split(const char *path, int *dir, struct buf *name,
    struct buf *why)
{
	char *copy = strdup(path), *base = strdup(path);
	int rc = -1;

	if (copy == NULL || base == NULL) {
		rc = qblock_files_oom(why);
		goto out;
	}
	*dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*dir == -1) {
		rc = qblock_files_fail(why, "cannot open the directory of",
		    path);
		goto out;
	}
	buf_adds(name, basename(base));
	rc = buf_str(name) != NULL ? 0 : qblock_files_oom(why);
out:
	free(copy);
	free(base);
	return rc;
}

/* The text's name where links lead to, and the map's beside the link. */
static int
qblock_files_locate(struct qblock_files *f, const struct block_place *place,
    struct buf *why)
{
	const char *suffix = place->map_suffix != NULL ? place->map_suffix : "";
	const char *file = place->file;
	char *real = realpath(file, NULL);
	int rc;

	if (real == NULL)
		return errno == ENOMEM ?
		    qblock_files_oom(why) :
		    qblock_files_fail(why, "cannot read", file);
	buf_adds(&f->path, file);
	f->has_map = place->map_suffix != NULL;
	buf_addf(&f->map_path, "%s%s", f->has_map ? file : real, suffix);
	rc = qblock_files_split(real, &f->text_dir, &f->name, why);
	if (rc == 0)
		rc = buf_str(&f->map_path) == NULL ?
		    qblock_files_oom(why) :
		    qblock_files_split(buf_str(&f->map_path), &f->map_dir,
			&f->map_name, why);
	free(real);
	if (rc != 0)
		return -1;
	buf_add(&f->new_map, f->map_path.data,
	    f->map_path.len - f->map_name.len);
	buf_adds(&f->new_map, QBLOCK_FILES_NEW);
	buf_addf(&f->new_name, QBLOCK_FILES_NEW "%s", suffix);
	return f->path.oom || f->new_map.oom || f->new_name.oom ?
	    qblock_files_oom(why) :
	    0;
}

/* 0, or -1 with errno. */
static int
qblock_files_lock(int dir)
{
	const struct timespec pause = { 0, 50000000 };
	struct when_deadline deadline = when_after(&when_system,
	    QBLOCK_FILES_WAIT);

	while (flock(dir, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (when_passed(&deadline)) {
			errno = EWOULDBLOCK;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

int
qblock_files_open(struct qblock_files *f, const struct block_place *place,
    bool lock, struct buf *why)
{
	const char *file = place->file;
	struct stat st;
	bool text, map;

	*f = (struct qblock_files){ .text_dir = -1, .map_dir = -1 };
	if (qblock_files_locate(f, place, why) != 0)
		return -1;
	if (lock && qblock_files_lock(f->map_dir) != 0) {
		if (errno != EWOULDBLOCK)
			return qblock_files_fail(why,
			    "cannot lock the"
			    " directory of",
			    file);
		buf_adds(why,
		    "another qblock has been at this map for half a"
		    " minute");
		return -1;
	}
	text = fstatat(f->text_dir, QBLOCK_FILES_NEW, &st,
		   AT_SYMLINK_NOFOLLOW) == 0;
	map = fstatat(f->map_dir, f->new_name.data, &st, AT_SYMLINK_NOFOLLOW) ==
	    0;
	f->interrupted = map && !text;
	if (lock)
		qblock_files_drop(f);
	if (fstatat(f->text_dir, f->name.data, &f->st, 0) != 0 ||
	    fsx_read(f->text_dir, f->name.data, 0, QBLOCK_FILES_MAX,
		&f->bytes) != 0)
		return qblock_files_fail(why, "cannot read", file);
	return 0;
}

void
qblock_files_close(struct qblock_files *f)
{
	if (f->text_dir != -1)
		close(f->text_dir);
	if (f->map_dir != -1)
		close(f->map_dir);
	buf_free(&f->path);
	buf_free(&f->map_path);
	buf_free(&f->new_map);
	buf_free(&f->name);
	buf_free(&f->map_name);
	buf_free(&f->new_name);
	buf_free(&f->bytes);
}

/* The map first: alone it would mean that a run was interrupted. */
void
qblock_files_drop(struct qblock_files *f)
{
	if (f->interrupted)
		return;
	unlinkat(f->map_dir, f->new_name.data, 0);
	unlinkat(f->text_dir, QBLOCK_FILES_NEW, 0);
}

/* Owner first, because that clears bits of the mode. */
static int
qblock_files_like(int fd, const struct stat *st)
{
	struct stat now;

	if (fstat(fd, &now) != 0)
		return -1;
	if ((now.st_uid != st->st_uid || now.st_gid != st->st_gid) &&
	    fchown(fd, st->st_uid, st->st_gid) != 0)
		return -1;
	return fchmod(fd, st->st_mode & 07777);
}

int
qblock_files_write(struct qblock_files *f, const struct buf *bytes,
    struct buf *why)
{
	int fd;

	fd = openat(f->text_dir, QBLOCK_FILES_NEW,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return qblock_files_fail(why, "cannot write beside",
		    buf_str(&f->path));
	if (fsx_write(fd, bytes->data, bytes->len) != 0 ||
	    qblock_files_like(fd, &f->st) != 0 || fsync(fd) != 0 ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		qblock_files_fail(why, "cannot write beside",
		    buf_str(&f->path));
		close(fd);
		return -1;
	}
	return fd;
}

int
qblock_files_text(const struct qblock_files *f, struct buf *why)
{
	int fd = openat(f->text_dir, f->name.data, O_RDONLY | O_CLOEXEC);

	return fd != -1 ?
	    fd :
	    qblock_files_fail(why, "cannot read", buf_str(&f->path));
}

/* Owner and mode of the old map, and to the disk. */
static int
qblock_files_finish_map(struct qblock_files *f)
{
	struct stat st;
	int fd, rc = 0, error;

	fd = openat(f->map_dir, f->new_name.data,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstatat(f->map_dir, f->map_name.data, &st, 0) == 0)
		rc = qblock_files_like(fd, &st);
	else if (errno != ENOENT)
		rc = -1;
	if (rc == 0)
		rc = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

/* The old text also gets the name of the copy; the copy of before goes. */
static int
qblock_files_keep_old(struct qblock_files *f)
{
	struct buf backup = BUF_INIT;
	int rc = -1;

	buf_addf(&backup, "%s" QBLOCK_FILES_BACKUP, f->name.data);
	errno = ENOMEM;
	if (buf_str(&backup) != NULL &&
	    (unlinkat(f->text_dir, backup.data, 0) == 0 || errno == ENOENT))
		rc = linkat(f->text_dir, f->name.data, f->text_dir, backup.data,
		    0);
	buf_free(&backup);
	return rc;
}

int
qblock_files_commit_map(struct qblock_files *f, struct buf *why)
{
	if (qblock_files_finish_map(f) != 0 ||
	    renameat(f->map_dir, f->new_name.data, f->map_dir,
		f->map_name.data) != 0)
		return qblock_files_fail(why, "cannot replace",
		    buf_str(&f->map_path));
	f->interrupted = false;
	fsync(f->map_dir);
	return 0;
}

/* Is the text still as it was read?  -1: that can't be told. */
static int
qblock_files_is_same(const struct qblock_files *f)
{
	struct stat st;

	if (fstatat(f->text_dir, f->name.data, &st, 0) != 0)
		return errno == ENOENT ? 0 : -1;
	return st.st_ino == f->st.st_ino && st.st_size == f->st.st_size &&
	    st.st_mtim.tv_sec == f->st.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == f->st.st_mtim.tv_nsec;
}

int
qblock_files_commit(struct qblock_files *f, struct buf *why)
{
	int same;

	if (f->has_map && qblock_files_finish_map(f) != 0)
		return qblock_files_fail(why, "cannot finish the new map of",
		    buf_str(&f->path));
	if ((same = qblock_files_is_same(f)) == -1)
		return qblock_files_fail(why, "cannot look again at",
		    buf_str(&f->path));
	if (same == 0) {
		buf_adds(why, "somebody changed ");
		clean_adds(why, buf_str(&f->path), QBLOCK_FILES_SHOWN);
		buf_adds(why, " meanwhile; nothing was done, try again");
		return -1;
	}
	if (qblock_files_keep_old(f) != 0)
		return qblock_files_fail(why, "cannot keep a copy of",
		    buf_str(&f->path));
	if (renameat(f->text_dir, QBLOCK_FILES_NEW, f->text_dir,
		f->name.data) != 0)
		return qblock_files_fail(why, "cannot replace",
		    buf_str(&f->path));
	if (f->has_map &&
	    renameat(f->map_dir, f->new_name.data, f->map_dir,
		f->map_name.data) != 0) {
		f->interrupted = true;
		return qblock_files_fail(why,
		    "the text is new, but cannot"
		    " replace",
		    buf_str(&f->map_path));
	}
	fsync(f->text_dir);
	fsync(f->map_dir);
	return 0;
}
