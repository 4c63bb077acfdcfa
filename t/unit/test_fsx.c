/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_fsx.c - whole files: read, write, replace */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#include "base/fsx.h"

static int dfd = -1;

static int
set_up(void **state)
{
	if (tree_set_up(state) != 0)
		return -1;
	dfd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dfd == -1 ? -1 : 0;
}

static int
tear_down(void **state)
{
	close(dfd);
	return tree_tear_down(state);
}

static size_t
count_entries(const char *name)
{
	int fd = openat(dfd, name, O_RDONLY | O_DIRECTORY);
	DIR *dp = fdopendir(fd);
	size_t n = 0;

	assert_non_null(dp);
	while (readdir(dp) != NULL)
		n++;
	closedir(dp);
	return n - 2;
}

static void
test_read(void **state)
{
	char path[sizeof(tree_dir) + 8];
	struct buf b = BUF_INIT;

	(void)state;
	tree_write_bytes("f", "a\0b\n", 4);
	buf_adds(&b, "before ");
	assert_int_equal(fsx_read(dfd, "f", 0, 100, &b), 0);
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.data, "before a\0b\n", 12);

	buf_truncate(&b, 0);
	tree_write_bytes("f", "", 0);
	assert_int_equal(fsx_read(dfd, "f", 0, 0, &b), 0);
	assert_int_equal(b.len, 0);

	snprintf(path, sizeof(path), "%s/f", tree_dir);
	tree_write_bytes("f", "absolute", 8);
	assert_int_equal(fsx_read(AT_FDCWD, path, 0, 8, &b), 0);
	assert_string_equal(buf_str(&b), "absolute");
	buf_free(&b);
}

/* A limit, and files of lengths around it and around the chunks read. */
static void
test_read_limit(void **state)
{
	static const struct {
		size_t size, max;
		bool fits;
	} rows[] = {
		/* clang-format off */
		{ 0, 0, true }, { 1, 0, false }, { 10, 10, true },
		{ 11, 10, false }, { 16384, 16384, true },
		{ 16385, 16384, false }, { 16384, 16383, false },
		{ 16385, 16385, true }, { 40000, 40000, true },
		{ 40000, 39999, false }, { 40000, SIZE_MAX, true },
		{ 32768, 32768, true }, { 32769, 32768, false },
		/* clang-format on */
	};
	struct buf b = BUF_INIT;
	char *bytes = malloc(40000);
	size_t i, k;
	int rc;

	(void)state;
	assert_non_null(bytes);
	for (k = 0; k < 40000; k++)
		bytes[k] = (char)(k * 31 % 251);
	for (i = 0; i < ROWS(rows); i++) {
		tree_write_bytes("f", bytes, rows[i].size);
		buf_truncate(&b, 0);
		errno = 0;
		rc = fsx_read(dfd, "f", 0, rows[i].max, &b);
		if (rc != (rows[i].fits ? 0 : -1))
			fail_msg("%zu bytes, at most %zu: %d", rows[i].size,
			    rows[i].max, rc);
		if (rc == -1) {
			assert_int_equal(errno, EFBIG);
			assert_true(b.len <= rows[i].max);
			continue;
		}
		assert_int_equal(b.len, rows[i].size);
		if (b.len != 0)
			assert_memory_equal(b.data, bytes, b.len);
	}
	free(bytes);
	buf_free(&b);
}

static void
test_read_refuse(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	tree_write_bytes("f", "x", 1);
	assert_int_equal(mkfifoat(dfd, "fifo", 0600), 0);
	assert_int_equal(symlinkat("f", dfd, "link"), 0);
	assert_int_equal(mkdirat(dfd, "d", 0700), 0);

	/* Without a writer an open for reading would wait for ever. */
	alarm(20);
	assert_int_equal(fsx_read(dfd, "fifo", 0, 10, &b), -1);
	assert_int_equal(errno, EINVAL);
	alarm(0);
	assert_int_equal(fsx_read(dfd, "d", 0, 10, &b), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(fsx_read(AT_FDCWD, "/dev/null", 0, 10, &b), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(fsx_read(dfd, "none", 0, 10, &b), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(fsx_read(dfd, "f/x", 0, 10, &b), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(b.len, 0);

	assert_int_equal(fsx_read(dfd, "link", O_NOFOLLOW, 10, &b), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(fsx_read(dfd, "link", 0, 10, &b), 0);
	assert_string_equal(buf_str(&b), "x");
	buf_free(&b);
}

static void
test_read_fd(void **state)
{
	struct buf b = BUF_INIT;
	int fds[2], i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(pipe(fds), 0);
		assert_int_equal(fsx_write(fds[1], "through a pipe", 14), 0);
		assert_int_equal(close(fds[1]), 0);
		errno = 0;
		assert_int_equal(fsx_read_fd(fds[0], i == 0 ? 14 : 13, &b),
		    i == 0 ? 0 : -1);
		assert_int_equal(errno, i == 0 ? 0 : EFBIG);
		assert_int_equal(close(fds[0]), 0);
	}
	assert_string_equal(buf_str(&b), "through a pipe");
	assert_int_equal(fsx_read_fd(fds[0], 10, &b), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(fsx_write(-1, "x", 1), -1);
	assert_int_equal(errno, EBADF);
	buf_free(&b);

	/* Out of memory is told, not a short file. */
	tree_write_bytes("f", "x", 1);
	b.oom = true;
	assert_int_equal(fsx_read(dfd, "f", 0, 10, &b), -1);
	assert_int_equal(errno, ENOMEM);
}

static void
check_file(const char *name, const void *bytes, size_t n)
{
	struct buf b = BUF_INIT;
	struct stat st;

	assert_int_equal(fstatat(dfd, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(fsx_read(dfd, name, 0, 1 << 20, &b), 0);
	assert_int_equal(b.len, n);
	if (n != 0)
		assert_memory_equal(b.data, bytes, n);
	buf_free(&b);
}

static void
test_replace(void **state)
{
	char *big = malloc(300000), temp[64];
	struct stat old, new;
	mode_t mask = umask(0);

	(void)state;
	assert_non_null(big);
	memset(big, 'b', 300000);
	assert_int_equal(fsx_replace(dfd, "f", "one\0two", 7), 0);
	check_file("f", "one\0two", 7);
	assert_int_equal(fstatat(dfd, "f", &old, 0), 0);
	assert_int_equal(fsx_replace(dfd, "f", big, 300000), 0);
	check_file("f", big, 300000);
	free(big);
	assert_int_equal(fstatat(dfd, "f", &new, 0), 0);
	assert_true(old.st_ino != new.st_ino);
	assert_int_equal(fsx_replace(dfd, "f", "", 0), 0);
	check_file("f", "", 0);
	assert_int_equal(count_entries("."), 1);

	/* What a crashed process with our pid left, of any kind. */
	snprintf(temp, sizeof(temp), ".f.%jd", (intmax_t)getpid());
	tree_write_bytes(temp, "stale, and longer", 17);
	assert_int_equal(fsx_replace(dfd, "f", "new", 3), 0);
	check_file("f", "new", 3);
	tree_write_bytes("victim", "safe", 4);
	assert_int_equal(fchmodat(dfd, "victim", 0600, 0), 0);
	assert_int_equal(symlinkat("victim", dfd, temp), 0);
	assert_int_equal(fsx_replace(dfd, "f", "newer", 5), 0);
	check_file("f", "newer", 5);
	check_file("victim", "safe", 4);
	assert_int_equal(count_entries("."), 2);

	/* A link is replaced, not followed; so is a file of another mode. */
	assert_int_equal(symlinkat("victim", dfd, "link"), 0);
	assert_int_equal(fsx_replace(dfd, "link", "file", 4), 0);
	check_file("link", "file", 4);
	check_file("victim", "safe", 4);
	tree_write_bytes("loose", "x", 1);
	assert_int_equal(fsx_replace(dfd, "loose", "y", 1), 0);
	check_file("loose", "y", 1);
	assert_int_equal(count_entries("."), 4);
	umask(mask);
}

/* An open file keeps the old bytes: it was not written over. */
static void
test_replace_reader(void **state)
{
	struct buf b = BUF_INIT;
	int fd;

	(void)state;
	assert_int_equal(fsx_replace(dfd, "f", "old bytes", 9), 0);
	fd = openat(dfd, "f", O_RDONLY);
	assert_true(fd != -1);
	assert_int_equal(fsx_replace(dfd, "f", "new", 3), 0);
	assert_int_equal(fsx_read_fd(fd, 100, &b), 0);
	assert_string_equal(buf_str(&b), "old bytes");
	close(fd);
	buf_free(&b);
}

static void
test_replace_refuse(void **state)
{
	char name[300];
	int rc, error;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(fsx_replace(dfd, name, "x", 1), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(fsx_replace(-1, "f", "x", 1), -1);
	assert_int_equal(errno, EBADF);

	/* A directory in the way stays; the temporary file does not. */
	assert_int_equal(mkdirat(dfd, "d", 0700), 0);
	assert_int_equal(fsx_replace(dfd, "d", "x", 1), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(count_entries("."), 1);

	tree_write_bytes("keep", "kept", 4);
	assert_int_equal(fchmodat(dfd, "keep", 0600, 0), 0);
	assert_int_equal(fchmod(dfd, 0555), 0);
	tree_drop(TREE_NOBODY);
	rc = fsx_replace(dfd, "keep", "x", 1);
	error = errno;
	tree_regain();
	assert_int_equal(fchmod(dfd, 0700), 0);
	assert_int_equal(rc, -1);
	assert_int_equal(error, EACCES);
	check_file("keep", "kept", 4);
	assert_int_equal(count_entries("."), 2);
}

static void
test_check_parent(void **state)
{
	int rc, error;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(fsx_check_parent("d/*"), 0);
	assert_int_equal(fsx_check_parent("none/*"), 0);
	assert_int_equal(fsx_check_parent("*"), 0);
	assert_int_equal(chmod("d", 0), 0);
	tree_drop(TREE_NOBODY);
	rc = fsx_check_parent("d/*");
	error = errno;
	tree_regain();
	assert_int_equal(rc, -1);
	assert_int_equal(error, EACCES);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(test_read),
		IN_DIR(test_read_limit),
		IN_DIR(test_read_refuse),
		IN_DIR(test_read_fd),
		IN_DIR(test_replace),
		IN_DIR(test_replace_reader),
		IN_DIR(test_replace_refuse),
		IN_DIR(test_check_parent),
	};

	return UNIT_RUN(tests);
}
