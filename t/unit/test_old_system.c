/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_old_system.c - what is done where the kernel refuses a call
 *
 * What each call of fsx_calls.c does is in test_fsx_calls.c; this is about the
 * way taken when a build that has the call gets no for an answer.
 *
 * The functions below come before those of libc: here the kernel is an old
 * one, or the file system can do little.  Other systems than Linux with glibc
 * are the old ones themselves: what they do, all tests show.
 */
#include <stdio.h>

#ifdef __GLIBC__
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tree.h"

#include "base/fsx.h"
#include "mta/sendmail/lock.h"
#include "look/scan.h"
#include "mta/sendmail/sendmail.h"

#define NOW INT64_C(1795342500) /* of qf6AMAF0aA004101 */

/* Does this build ask for them?  One for another system does not. */
#if defined(HAVE_PREADV2) && HAVE_DECL_RWF_NOWAIT
#define ASKS_PREADV2 1
#else
#define ASKS_PREADV2 0
#endif
#ifdef HAVE_RENAMEAT2
#define ASKS_RENAMEAT2 1
#else
#define ASKS_RENAMEAT2 0
#endif

/* How many times each was asked in vain. */
static int asked_preadv2, asked_renameat2, asked_tmpfile, asked_ofd;

ssize_t
preadv2(int fd, const struct iovec *v, int n, off_t at, int flags)
{
	(void)fd, (void)v, (void)n, (void)at, (void)flags;
	asked_preadv2++;
	errno = ENOSYS;
	return -1;
}

int
renameat2(int from, const char *old, int to, const char *new,
    unsigned int flags)
{
	(void)from, (void)old, (void)to, (void)new, (void)flags;
	asked_renameat2++;
	errno = EINVAL;
	return -1;
}

int
openat(int dirfd, const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, int) : 0;
	va_end(ap);
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		asked_tmpfile++;
		errno = EOPNOTSUPP;
		return -1;
	}
	return (int)syscall(SYS_openat, dirfd, path, flags, mode);
}

int
fcntl(int fd, int command, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, command);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (command == F_OFD_SETLK) {
		asked_ofd++;
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_fcntl, fd, command, arg);
}

/* The types of files are not told, as on XFS of version 4. */
struct dirent *
readdir(DIR *dir)
{
	struct dirent *(*next)(DIR *);
	struct dirent *entry;

	*(void **)&next = dlsym(RTLD_NEXT, "readdir");
	if ((entry = next(dir)) != NULL)
		entry->d_type = DT_UNKNOWN;
	return entry;
}

static void
test_read(void **state)
{
	char bytes[8];
	int fd;

	(void)state;
	tree_write("f", "text");
	fd = open("f", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fsx_read_at(fd, bytes, sizeof(bytes), 0, false), -1);
	assert_int_equal(errno, EOPNOTSUPP);
	assert_int_equal(asked_preadv2, ASKS_PREADV2);
	assert_int_equal(fsx_read_at(fd, bytes, sizeof(bytes), 1, true), 3);
	assert_memory_equal(bytes, "ext", 3);
	close(fd);
}

/* A file that cannot be without a name has one from the start. */
static void
test_new(void **state)
{
	struct stat st;
	bool named;
	int fd;

	(void)state;
	tree_write("n", "what a killed run left");
	fd = fsx_new(AT_FDCWD, "n", &named);
	assert_true(fd != -1 && named);
	assert_int_equal(asked_tmpfile, HAVE_DECL_O_TMPFILE);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	close(fd);
	tree_make("d/x");
	assert_int_equal(fsx_new(AT_FDCWD, "d", &named), -1);
	assert_int_equal(errno, EISDIR);
	assert_false(named);
	assert_int_equal(fsx_new(AT_FDCWD, "no/n", &named), -1);
	assert_int_equal(errno, ENOENT);
	assert_false(named);
}

static void
test_rename(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	tree_write("from", "1");
	tree_write("taken", "2");
	assert_int_equal(fsx_rename_new(AT_FDCWD, "from", AT_FDCWD, "taken"),
	    -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(asked_renameat2, ASKS_RENAMEAT2);
	assert_int_equal(fsx_read(AT_FDCWD, "taken", 0, 10, &b), 0);
	assert_string_equal(buf_str(&b), "2");
	assert_int_equal(fsx_rename_new(AT_FDCWD, "from", AT_FDCWD, "no/to"),
	    -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(fsx_rename_new(AT_FDCWD, "from", AT_FDCWD, "to"), 0);
	assert_int_equal(access("from", F_OK), -1);
	buf_truncate(&b, 0);
	assert_int_equal(fsx_read(AT_FDCWD, "to", 0, 10, &b), 0);
	assert_string_equal(buf_str(&b), "1");
	buf_free(&b);
}

static void
test_lock(void **state)
{
	bool both = false;
	int fd;

	(void)state;
	assert_int_equal(sendmail_lock_probe(AT_FDCWD, "probe", &both), 0);
	assert_true(both);
	assert_int_equal(access("probe", F_OK), -1);
	tree_make("f");
	fd = open("f", O_RDWR | O_CLOEXEC);
	asked_ofd = 0;
	assert_int_equal(sendmail_lock_take(fd, true), 0);
	assert_int_equal(asked_ofd, HAVE_DECL_F_OFD_SETLK);
	close(fd);
}

static void
test_types(void **state)
{
	const struct when_deadline late = when_after(&when_system, 60000);
	const struct scan_options opt = { NOW, 60, &late, 0, NULL };
	struct queue_dir dir = { .path = tree_dir };
	const struct queue q = { .mta = &sendmail_mta,
		.dirs = &dir,
		.ndirs = 1 };
	struct scan_count c;

	(void)state;
	TREE_MAKE("qf6AMAF0aA004101", "qf6AMAF0aA004102/", "df6AMAF0aA004101");
	assert_int_equal(symlink("qf6AMAF0aA004101", "qf6AMAF0aA004103"), 0);
	scan_count_queue(&q, &opt, &c);
	assert_int_equal(c.failed, 0);
	assert_int_equal(c.queued, 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_read),
		TREE_TEST(test_new),
		TREE_TEST(test_rename),
		TREE_TEST(test_lock),
		TREE_TEST(test_types),
	};

	return UNIT_RUN(tests);
}

#else

int
main(void)
{
	puts("1..0 # SKIP it is made for glibc");
	return 0;
}

#endif
