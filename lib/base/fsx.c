/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fsx.c - files: open, read, write, replace, and what is Linux's own
 *
 * Everything goes through a directory descriptor and O_CLOEXEC.  Two callers
 * that replace the same file at once both succeed and the later rename wins;
 * each has a temporary name of its own, ".NAME.PID".  A crash in between
 * leaves that file behind, and the next process with this pid removes it.
 *
 * fsx_replace() syncs nothing to the disk: a plugin that waits for a saturated
 * disk answers too late.  After a crash of the machine a replaced file may be
 * empty.
 *
 * A call that POSIX does not have is made here and nowhere else, if configure
 * found it (the table of HACKING, Portability); t/port/check builds without.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fsx.h"

#define FSX_CHUNK 16384

int
fsx_read_fd(int fd, size_t max, struct buf *out)
{
	char chunk[FSX_CHUNK];
	size_t total = 0;
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if ((size_t)n > max - total) {
			errno = EFBIG;
			return -1;
		}
		total += (size_t)n;
		buf_add(out, chunk, (size_t)n);
		if (out->oom) {
			errno = ENOMEM;
			return -1;
		}
	}
}

int
fsx_read(int dirfd, const char *path, int flags, size_t max, struct buf *out)
{
	int fd, rc = -1, error;
	struct stat st;

	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0) {
		errno = EINVAL;
		if (S_ISREG(st.st_mode))
			rc = fsx_read_fd(fd, max, out);
	}
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

int
fsx_open_at(int dirfd, const char *name, bool *noatime)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd;

#if HAVE_DECL_O_NOATIME
	if (*noatime) {
		fd = openat(dirfd, name, flags | O_NOATIME);
		if (fd != -1 || errno != EPERM)
			return fd;
	}
#endif
	*noatime = false;
	fd = openat(dirfd, name, flags);
	return fd;
}

/* One read(2) at an offset, which waits for the disk or does not. */
static ssize_t
fsx_read_once(int fd, void *bytes, size_t n, off_t offset, bool wait)
{
#if defined(HAVE_PREADV2) && HAVE_DECL_RWF_NOWAIT
	struct iovec v = { bytes, n };

	if (!wait)
		return preadv2(fd, &v, 1, offset, RWF_NOWAIT);
#endif
	if (wait)
		return pread(fd, bytes, n, offset);
	errno = EOPNOTSUPP;
	return -1;
}

ssize_t
fsx_read_at(int fd, void *bytes, size_t n, off_t offset, bool wait)
{
	ssize_t got;

	do
		got = fsx_read_once(fd, bytes, n, offset, wait);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN && !wait) {
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

ssize_t
fsx_read_all_at(int fd, void *bytes, size_t n, off_t offset)
{
	size_t total = 0;
	ssize_t got;

	do {
		got = fsx_read_at(fd, (char *)bytes + total, n - total,
		    offset + (off_t)total, true);
		if (got < 0)
			return -1;
		total += (size_t)got;
	} while (got != 0 && total < n);
	return (ssize_t)total;
}

void
fsx_own_descriptors(void)
{
	/* ThreadSanitizer takes equal numbers in two tables for one file. */
#if defined(HAVE_UNSHARE) && HAVE_DECL_CLONE_FILES && \
    !defined(__SANITIZE_THREAD__)
	(void)unshare(CLONE_FILES);
#endif
}

/* Waits until a descriptor takes more.  0, or -1: EAGAIN. */
static int
fsx_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int rc;

	do
		rc = poll(&p, 1, -1);
	while (rc < 0 && errno == EINTR);
	if (rc == 1)
		return 0;
	errno = EAGAIN;
	return -1;
}

int
fsx_write(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	ssize_t done;

	while (n != 0) {
		done = write(fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && errno == EAGAIN && fsx_wait(fd) == 0)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int
fsx_replace(int dirfd, const char *name, const void *bytes, size_t n)
{
	return fsx_replace_mode(dirfd, name, bytes, n, 0600);
}

int
fsx_replace_mode(int dirfd, const char *name, const void *bytes, size_t n,
    mode_t mode)
{
	char temp[256];
	int fd, len, error;

	len = snprintf(temp, sizeof(temp), ".%s.%jd", name, (intmax_t)getpid());
	if (len < 0 || (size_t)len >= sizeof(temp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (unlinkat(dirfd, temp, 0) != 0 && errno != ENOENT)
		return -1;
	fd = openat(dirfd, temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	/* Whatever the umask. */
	if (fsx_write(fd, bytes, n) != 0 || fchmod(fd, mode) != 0)
		goto fail;
	if (close(fd) != 0) {
		fd = -1;
		goto fail;
	}
	fd = -1;
	if (renameat(dirfd, temp, dirfd, name) != 0)
		goto fail;
	return 0;
fail:
	error = errno;
	if (fd != -1)
		close(fd);
	unlinkat(dirfd, temp, 0);
	errno = error;
	return -1;
}

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
	char *dir = slash == NULL ? strdup(".") :
				    strndup(path, (size_t)(slash - path) + 1);
	int fd = -1, error;

	if (dir != NULL)
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	error = errno;
	if (fd != -1)
		close(fd);
	free(dir);
	errno = error;
	return fd != -1 || error == ENOENT || error == ENOTDIR ? 0 : -1;
}
