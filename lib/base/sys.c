/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sys.c - what POSIX has no call for, with a fallback for each
 *
 * A function here uses the call of Linux if configure found it; else, or where
 * the kernel refuses it, it does what works anywhere, with the limit that
 * HACKING, Portability, tells.  t/port/check builds without all these calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/sys.h"

/* --- reading ------------------------------------------------------------- */

int
sys_open_noatime(int dirfd, const char *name, int flags)
{
#if HAVE_DECL_O_NOATIME
	return openat(dirfd, name, flags | O_NOATIME);
#else
	(void)dirfd;
	(void)name;
	(void)flags;
	errno = EPERM;
	return -1;
#endif
}

static ssize_t
sys_read_once(int fd, void *bytes, size_t n, off_t offset)
{
#if defined(HAVE_PREADV2) && HAVE_DECL_RWF_NOWAIT
	struct iovec v = { bytes, n };

	return preadv2(fd, &v, 1, offset, RWF_NOWAIT);
#else
	(void)fd;
	(void)bytes;
	(void)n;
	(void)offset;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

ssize_t
sys_read_nowait(int fd, void *bytes, size_t n, off_t offset)
{
	ssize_t got;

	do
		got = sys_read_once(fd, bytes, n, offset);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN) {
#ifdef HAVE_POSIX_FADVISE
		/* Most systems have begun to read by now; this makes sure. */
		posix_fadvise(fd, offset, (off_t)n, POSIX_FADV_WILLNEED);
#endif
		errno = EAGAIN;
	}
	if (got < 0 && errno == ENOSYS)
		errno = EOPNOTSUPP;
	return got;
}

void
sys_own_descriptors(void)
{
	/* ThreadSanitizer takes equal numbers in two tables for one file. */
#if defined(HAVE_UNSHARE) && HAVE_DECL_CLONE_FILES && \
    !defined(__SANITIZE_THREAD__)
	(void)unshare(CLONE_FILES);
#endif
}

/* --- files that get their name when they are complete -------------------- */

int
sys_new(int dirfd, const char *name, bool *named)
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
sys_link(int fd, int dirfd, const char *name)
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
sys_name(int fd, int dirfd, const char *name)
{
	if (sys_link(fd, dirfd, name) == 0)
		return 0;
	if (errno != EEXIST || unlinkat(dirfd, name, 0) != 0)
		return -1;
	return sys_link(fd, dirfd, name);
}

int
sys_rename_new(int fromdir, const char *from, int todir, const char *to)
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
sys_sync_all(int fd)
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
sys_sync_files(const int *fd, size_t n)
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
sys_lock(int fd)
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
sys_pipe_cloexec(int fd[2])
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
sys_pipe(int fd[2], bool wait)
{
	if (sys_pipe_cloexec(fd) != 0) {
		fd[0] = fd[1] = -1;
		return -1;
	}
	if (!wait)
		fcntl(fd[0], F_SETFL, O_NONBLOCK);
	return 0;
}

enum sys_type
sys_entry_type(const struct dirent *e)
{
#ifdef HAVE_STRUCT_DIRENT_D_TYPE
	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_REG ? SYS_FILE : SYS_OTHER;
#else
	(void)e;
#endif
	return SYS_UNKNOWN;
}

bool
sys_is_link_error(int error)
{
	/* POSIX and Linux; FreeBSD. */
	return error == ELOOP || error == EMLINK;
}
