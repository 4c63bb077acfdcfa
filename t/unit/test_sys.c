/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_sys.c - what POSIX has no call for
 *
 * t/port/check runs this with a build that has none of them, too.  Where the
 * build has one and the kernel says no, see test_old_system.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/fsx.h"
#include "base/sys.h"

static int
open_dir(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd != -1);
	return fd;
}

static void
check_bytes(int dir, const char *name, const char *text)
{
	struct buf b = BUF_INIT;

	assert_int_equal(fsx_read(dir, name, 0, 100, &b), 0);
	assert_string_equal(buf_str(&b), text);
	buf_free(&b);
}

/* A new file is complete when it has its name, or is gone. */
static void
test_new(void **state)
{
	int dir = open_dir(), fd;
	bool named;

	(void)state;
	tree_write_bytes("f", "old", 3);
	tree_write_bytes("temp", "left by a crash", 15);
	fd = sys_new(dir, "temp", &named);
	assert_true(fd != -1);
	assert_int_equal(fsx_write(fd, "new", 3), 0);
	if (named) {
		check_bytes(dir, "temp", "new");
		assert_int_equal(unlinkat(dir, "temp", 0), 0);
	} else {
		check_bytes(dir, "temp", "left by a crash");
		assert_int_equal(sys_name(fd, dir, "g"), 0);
		check_bytes(dir, "g", "new");
		/* What had the name before loses it. */
		assert_int_equal(sys_name(fd, dir, "f"), 0);
		check_bytes(dir, "f", "new");
	}
	close(fd);
#ifdef __linux__
	assert_int_equal(named, !HAVE_DECL_O_TMPFILE);
#endif
	assert_int_equal(sys_new(-1, "temp", &named), -1);
	assert_int_equal(errno, EBADF);
	close(dir);
}

static void
test_rename_new(void **state)
{
	int dir = open_dir();

	(void)state;
	tree_write_bytes("a", "a", 1);
	tree_write_bytes("b", "b", 1);
	assert_int_equal(sys_rename_new(dir, "a", dir, "b"), -1);
	assert_int_equal(errno, EEXIST);
	check_bytes(dir, "a", "a");
	check_bytes(dir, "b", "b");
	assert_int_equal(symlinkat("nowhere", dir, "link"), 0);
	assert_int_equal(sys_rename_new(dir, "a", dir, "link"), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(sys_rename_new(dir, "a", dir, "c"), 0);
	check_bytes(dir, "c", "a");
	assert_int_equal(sys_rename_new(dir, "a", dir, "d"), -1);
	assert_int_equal(errno, ENOENT);
	/* A body that an earlier run has moved: not EEXIST. */
	assert_int_equal(sys_rename_new(dir, "a", dir, "b"), -1);
	assert_int_equal(errno, ENOENT);
	close(dir);
}

static void
test_sync(void **state)
{
	int dir = open_dir(), pipes[2], fd[3], rc;

	(void)state;
	tree_make("s1");
	tree_make("s2");
	fd[0] = openat(dir, "s1", O_RDWR);
	fd[1] = openat(dir, "s2", O_RDWR);
	assert_int_equal(pipe(pipes), 0);
	fd[2] = pipes[1];
	rc = sys_sync_all(dir);
#ifdef HAVE_SYNCFS
	assert_int_equal(rc, 0);
#else
	assert_int_equal(rc, -1);
	assert_int_equal(errno, ENOSYS);
#endif
	assert_int_equal(sys_sync_files(fd, 0), 0);
	assert_int_equal(sys_sync_files(fd, 2), 0);
	/* The last of them fails. */
	assert_int_equal(sys_sync_files(fd, 3), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(sys_sync_files(fd + 2, 1), -1);
	close(pipes[0]);
	close(pipes[1]);
	close(fd[0]);
	close(fd[1]);
	close(dir);
}

/* Bytes from the cache, or a word that it can't be known. */
static void
test_read_at(void **state)
{
	bool noatime = true;
	int dir = open_dir(), fd;
	char bytes[16];
	ssize_t n;

	(void)state;
	tree_write_bytes("f", "0123456789", 10);
	fd = fsx_open_at(dir, "f", &noatime);
	assert_true(fd != -1);
	assert_int_equal(fsx_read_at(fd, bytes, 4, 8, true), 2);
	assert_memory_equal(bytes, "89", 2);
	assert_int_equal(fsx_read_at(fd, bytes, 4, 10, true), 0);
	n = fsx_read_at(fd, bytes, 4, 2, false);
	if (n == -1)
		assert_true(errno == EOPNOTSUPP || errno == EAGAIN);
	else
		assert_memory_equal(bytes, "2345", 4);
	close(fd);

	assert_int_equal(symlinkat("f", dir, "link"), 0);
	assert_int_equal(fsx_open_at(dir, "link", &noatime), -1);
	assert_true(sys_is_link_error(errno));
	assert_int_equal(fsx_open_at(dir, "none", &noatime), -1);
	assert_false(sys_is_link_error(errno));
	close(dir);
}

static void
test_lock(void **state)
{
	struct flock whole = { .l_type = F_RDLCK };
	int fd;

	(void)state;
	tree_write_bytes("f", "x", 1);
	fd = open("f", O_RDONLY);
	assert_int_equal(sys_lock(fd), -1);
	assert_int_equal(errno, EBADF);
	close(fd);
	fd = open("f", O_RDWR);
	assert_int_equal(sys_lock(fd), 0);
	assert_int_equal(sys_lock(fd), 0);
#if HAVE_DECL_F_OFD_SETLK
	/* To a lock of the process it is another's. */
	assert_int_equal(fcntl(fd, F_GETLK, &whole), 0);
	assert_int_equal(whole.l_type, F_WRLCK);
#else
	(void)whole;
#endif
	close(fd);
}

static void
test_pipe(void **state)
{
	char byte;
	int fd[2], i, wait;

	(void)state;
	for (wait = 0; wait < 2; wait++) {
		assert_int_equal(sys_pipe(fd, wait), 0);
		for (i = 0; i < 2; i++)
			assert_int_equal(fcntl(fd[i], F_GETFD), FD_CLOEXEC);
		assert_int_equal(fcntl(fd[0], F_GETFL) & O_NONBLOCK,
		    wait ? 0 : O_NONBLOCK);
		assert_int_equal(fcntl(fd[1], F_GETFL) & O_NONBLOCK, 0);
		assert_int_equal(fsx_write(fd[1], "x", 1), 0);
		assert_int_equal(read(fd[0], &byte, 1), 1);
		assert_int_equal(byte, 'x');
		close(fd[0]);
		close(fd[1]);
	}
}

/* What an entry is; where that can't be known, nothing is said. */
static void
test_entry_type(void **state)
{
	const struct dirent *e;
	enum sys_type type, wanted;
	size_t n = 0;
	DIR *dir;

	(void)state;
	tree_write_bytes("file", "x", 1);
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(mkdir("sub", 0700), 0);
	dir = opendir(".");
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		wanted = strcmp(e->d_name, "file") == 0 ? SYS_FILE : SYS_OTHER;
		type = sys_entry_type(e);
#ifdef HAVE_STRUCT_DIRENT_D_TYPE
		assert_true(type == wanted || type == SYS_UNKNOWN);
#else
		(void)wanted;
		assert_int_equal(type, SYS_UNKNOWN);
#endif
		n++;
	}
	assert_int_equal(n, 5);
	closedir(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_new),
		TREE_TEST(test_rename_new),
		TREE_TEST(test_sync),
		TREE_TEST(test_read_at),
		TREE_TEST(test_lock),
		TREE_TEST(test_pipe),
		TREE_TEST(test_entry_type),
	};

	return UNIT_RUN(tests);
}
