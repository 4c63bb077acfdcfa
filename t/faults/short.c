/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * short.c - preloaded into a program: no read or write moves more than
 * $MQ_SHORT bytes at once
 *
 * Shadows what the programs and their libraries call, also the checked forms
 * of _FORTIFY_SOURCE.  Without MQ_SHORT nothing changes.
 */
#define _GNU_SOURCE

/* Without the inline functions of _FORTIFY_SOURCE and their names. */
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static size_t
cut(size_t n)
{
	const char *text = getenv("MQ_SHORT");
	size_t max = text != NULL ? strtoul(text, NULL, 10) : 0;

	return max != 0 && n > max ? max : n;
}

/* The function that this one shadows. */
#define NEXT(name)                       \
	static __typeof__(&(name)) next; \
	if (next == NULL)                \
	*(void **)(void *)&next = dlsym(RTLD_NEXT, #name)

ssize_t
read(int fd, void *p, size_t n)
{
	NEXT(read);
	return next(fd, p, cut(n));
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	NEXT(pread);
	return next(fd, p, cut(n), at);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	NEXT(write);
	return next(fd, p, cut(n));
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	NEXT(pwrite);
	return next(fd, p, cut(n), at);
}

ssize_t
recv(int fd, void *p, size_t n, int flags)
{
	NEXT(recv);
	return next(fd, p, cut(n), flags);
}

ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	NEXT(send);
	return next(fd, p, cut(n), flags);
}

/* Of the vectors, the first one that is not empty is enough to be short. */
static struct iovec
cut_vector(const struct iovec *v, int n)
{
	struct iovec first = { 0 };
	int i;

	for (i = 0; i < n && first.iov_len == 0; i++)
		first = v[i];
	first.iov_len = cut(first.iov_len);
	return first;
}

ssize_t
readv(int fd, const struct iovec *v, int n)
{
	struct iovec first = cut_vector(v, n);

	NEXT(readv);
	return next(fd, getenv("MQ_SHORT") ? &first : v,
	    getenv("MQ_SHORT") ? 1 : n);
}

ssize_t
writev(int fd, const struct iovec *v, int n)
{
	struct iovec first = cut_vector(v, n);

	NEXT(writev);
	return next(fd, getenv("MQ_SHORT") ? &first : v,
	    getenv("MQ_SHORT") ? 1 : n);
}

#ifdef RWF_NOWAIT
ssize_t
preadv2(int fd, const struct iovec *v, int n, off_t at, int flags)
{
	struct iovec first = cut_vector(v, n);

	NEXT(preadv2);
	return next(fd, getenv("MQ_SHORT") ? &first : v,
	    getenv("MQ_SHORT") ? 1 : n, at, flags);
}
#endif

#ifdef __GLIBC__
/* 64-bit names, where off_t is as wide; and the checked ones. */
#undef pread64
#undef pwrite64
#undef preadv64v2
ssize_t pread64(int, void *, size_t, off64_t);
ssize_t pwrite64(int, const void *, size_t, off64_t);
ssize_t preadv64v2(int, const struct iovec *, int, off64_t, int);
ssize_t __read_chk(int, void *, size_t, size_t);
ssize_t __pread_chk(int, void *, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void *, size_t, off64_t, size_t);
ssize_t __recv_chk(int, void *, size_t, size_t, int);

ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	return pread(fd, p, n, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

ssize_t
preadv64v2(int fd, const struct iovec *v, int n, off64_t at, int flags)
{
	return preadv2(fd, v, n, at, flags);
}

/* A buffer that is too small is for the unshadowed one to find. */
ssize_t
__read_chk(int fd, void *p, size_t n, size_t room)
{
	return n > room ? -1 : read(fd, p, n);
}

ssize_t
__pread_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
	return n > room ? -1 : pread(fd, p, n, at);
}

ssize_t
__pread64_chk(int fd, void *p, size_t n, off64_t at, size_t room)
{
	return n > room ? -1 : pread(fd, p, n, at);
}

ssize_t
__recv_chk(int fd, void *p, size_t n, size_t room, int flags)
{
	return n > room ? -1 : recv(fd, p, n, flags);
}
#endif
