/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fsx_calls.c - what POSIX has no call for: new files, locks, pipes, entries
 *
 * Each has a way of Linux, if configure found it, and one that works anywhere,
 * with its limit: see HACKING, Portability.  t/port/check builds without the
 * first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"

/* --- files that get their name when they are complete -------------------- */

int
fsx_new(int dirfd, const char *name, bool *named)
{
	int fd;

	*named = false;
#if HAVE_DECL_O_TMPFILE
	fd = openat(dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd != -1 ||
	    (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd;
#endif
	if (unlinkat(dirfd, name, 0) != 0 && errno != ENOENT)
		return -1;
	fd = openat(dirfd, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	*named = fd != -1;
	return fd;
}

static int
fsx_link(int fd, int dirfd, const char *name)
{
	char path[32];

#if HAVE_DECL_AT_EMPTY_PATH
	/* For this some kernels ask for a capability, and say ENOENT. */
	if (linkat(fd, "", dirfd, name, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOENT && errno != EPERM && errno != EINVAL)
		return -1;
#endif
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, dirfd, name, AT_SYMLINK_FOLLOW);
}

int
fsx_name(int fd, int dirfd, const char *name)
{
	if (fsx_link(fd, dirfd, name) == 0)
		return 0;
	if (errno != EEXIST || unlinkat(dirfd, name, 0) != 0)
		return -1;
	return fsx_link(fd, dirfd, name);
}

int
fsx_rename_new(int fromdir, const char *from, int todir, const char *to)
{
	struct stat st;

#ifdef HAVE_RENAMEAT2
	if (renameat2(fromdir, from, todir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
#endif
	/* As there: what is gone is told first. */
	if (fstatat(fromdir, from, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	/* Between these two somebody else could take the name. */
	if (fstatat(todir, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? renameat(fromdir, from, todir, to) : -1;
}

int
fsx_sync_all(int fd)
{
#ifdef HAVE_SYNCFS
	return syncfs(fd);
#else
	(void)fd;
	errno = ENOSYS;
	return -1;
#endif
}

int
fsx_sync_files(const int *fd, size_t n)
{
	size_t i;

#ifdef HAVE_SYNC_FILE_RANGE
	/* A hint: what goes wrong here is told by fsync(2). */
	for (i = 0; n > 1 && i < n; i++)
		(void)sync_file_range(fd[i], 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
	for (i = 0; i < n; i++)
		if (fsync(fd[i]) != 0)
			return -1;
	return 0;
}

/* --- locks, pipes, entries of directories ------------------------------- */

int
fsx_lock(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

#if HAVE_DECL_F_OFD_SETLK
	/* A kernel before 3.15 says EINVAL. */
	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
#endif
	return fcntl(fd, F_SETLK, &whole) == 0 ? 0 : -1;
}

static int
fsx_pipe_cloexec(int fd[2])
{
#ifdef HAVE_PIPE2
	return pipe2(fd, O_CLOEXEC);
#else
	if (pipe(fd) != 0)
		return -1;
	/* A program that starts others from two threads needs pipe2(2). */
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	return 0;
#endif
}

int
fsx_pipe(int fd[2], bool wait)
{
	if (fsx_pipe_cloexec(fd) != 0) {
		fd[0] = fd[1] = -1;
		return -1;
	}
	if (!wait)
		fcntl(fd[0], F_SETFL, O_NONBLOCK);
	return 0;
}

enum fsx_type
fsx_entry_type(const struct dirent *e)
{
#ifdef HAVE_STRUCT_DIRENT_D_TYPE
	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_REG ? FSX_FILE : FSX_OTHER;
#else
	(void)e;
#endif
	return FSX_UNKNOWN;
}

bool
fsx_is_link_error(int error)
{
	/* POSIX and Linux; FreeBSD. */
	return error == ELOOP || error == EMLINK;
}

int
fsx_check_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int fd = -1, error;

	if (slash == NULL)
		dir = strdup(".");
	else
		dir = strndup(path, (size_t)(slash - path) + 1);
	if (dir != NULL)
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	error = errno;
	if (fd != -1)
		close(fd);
	free(dir);
	errno = error;
	return fd != -1 || error == ENOENT || error == ENOTDIR ? 0 : -1;
}
