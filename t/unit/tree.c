/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tree.c - an empty directory for each test, and what is to be in it
 *
 * Owns the directory of the running test, and the descriptor of the one to go
 * back to: there is one test at a time.  The test fails with the path and the
 * reason when something can't be made.  Paths of tree_make() and the like have
 * at most 255 bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

#include "base/fsx.h"

char tree_dir[4096];
static int home = -1;

int
tree_set_up(void **state)
{
	const char *base = getenv("MQ_BUILDDIR");

	(void)state;
	if (base == NULL)
		base = getenv("TMPDIR");
	snprintf(tree_dir, sizeof(tree_dir), "%s/unit.XXXXXX",
	    base != NULL ? base : "/tmp");
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (home == -1 || mkdtemp(tree_dir) == NULL || chdir(tree_dir) != 0)
		return -1;
	/* The base may have been relative. */
	return getcwd(tree_dir, sizeof(tree_dir)) != NULL ? chmod(".", 0755) :
							    -1;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

int
tree_tear_down(void **state)
{
	(void)state;
	tree_regain();
	if (fchdir(home) != 0 || close(home) != 0)
		return -1;
	return nftw(tree_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The directories before the last part of path. */
static void
make_parents(const char *path)
{
	char part[256], *slash = part;

	assert_in_range(snprintf(part, sizeof(part), "%s", path), 1,
	    sizeof(part) - 1);
	while ((slash = strchr(slash + 1, '/')) != NULL && slash[1] != '\0') {
		*slash = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			fail_msg("%s: %s", part, strerror(errno));
		*slash = '/';
	}
}

void
tree_make(const char *path)
{
	make_parents(path);
	if ((path[strlen(path) - 1] == '/' ?
		    mkdir(path, 0755) :
		    mknod(path, S_IFREG | 0644, 0)) != 0)
		fail_msg("%s: %s", path, strerror(errno));
}

void
tree_make_all(const char *below, const char *const *names)
{
	char path[256];

	for (; *names != NULL; names++) {
		assert_in_range(snprintf(path, sizeof(path), "%s/%s", below,
				    *names),
		    1, sizeof(path) - 1);
		tree_make(path);
	}
}

void
tree_make_at(const char *path, int64_t mtime)
{
	const struct timespec times[2] = { [1] = { .tv_sec = mtime } };

	tree_make(path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

void
tree_write_bytes(const char *path, const void *bytes, size_t n)
{
	int fd;

	make_parents(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd == -1)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(fsx_write(fd, bytes, n), 0);
	assert_int_equal(close(fd), 0);
}

void
tree_write(const char *path, const char *text)
{
	tree_write_bytes(path, text, strlen(text));
}

void
tree_enter_row(size_t row)
{
	char name[32];

	snprintf(name, sizeof(name), "row%zu", row);
	assert_int_equal(mkdir(name, 0755), 0);
	assert_int_equal(chdir(name), 0);
}

void
tree_leave_row(void)
{
	assert_int_equal(chdir(".."), 0);
}

void
tree_drop(gid_t gid)
{
	if (getuid() != 0)
		return;
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(setegid(gid), 0);
	assert_int_equal(seteuid(TREE_NOBODY), 0);
}

void
tree_regain(void)
{
	if (getuid() != 0)
		return;
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(setegid(0), 0);
}
