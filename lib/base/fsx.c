/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fsx.c - files: open, read, write, replace
 *
 * Everything goes through a directory descriptor and O_CLOEXEC.  Two callers
 * that replace the same file at once both succeed and the later rename wins;
 * each has a temporary name of its own, ".NAME.PID".  A crash in between
 * leaves that file behind, and the next process with this pid removes it.
 *
 * fsx_replace() syncs nothing to the disk: a plugin that waits for a saturated
 * disk answers too late.  After a crash of the machine a replaced file may be
 * empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/sys.h"

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

	if (*noatime) {
		fd = sys_open_noatime(dirfd, name, flags);
		if (fd != -1 || errno != EPERM)
			return fd;
	}
	*noatime = false;
	fd = openat(dirfd, name, flags);
	return fd;
}

ssize_t
fsx_read_at(int fd, void *bytes, size_t n, off_t offset, bool wait)
{
	ssize_t got;

	if (!wait)
		return sys_read_nowait(fd, bytes, n, offset);
	do
		got = pread(fd, bytes, n, offset);
	while (got < 0 && errno == EINTR);
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

/* Waits until a descriptor takes more.  0, or -1: EAGAIN. */
static int
fsx_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int rc;

	while ((rc = poll(&p, 1, -1)) < 0 && errno == EINTR)
		;
	errno = EAGAIN;
	return rc == 1 ? 0 : -1;
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
