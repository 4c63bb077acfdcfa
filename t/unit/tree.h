/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.h - an empty directory for each test, and what is to be in it */
#ifndef T_TREE_H
#define T_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "unit.h"

/* The user without rights, if root runs the tests; and its group. */
#define TREE_NOBODY 65534

/* The whole path of the directory the running test has. */
extern char tree_dir[4096];

/*
 * For cmocka: makes that directory, of mode 0755, below $MQ_BUILDDIR, else
 * $TMPDIR, else /tmp, and goes there: so paths that begin there need no rights
 * above it.  -1 if that is not possible.
 */
int tree_set_up(void **state);

/* Regains root's rights, goes back, and removes it with all that is in it. */
int tree_tear_down(void **state);

/* A row of the tests of main(). */
#define TREE_TEST(test) \
	cmocka_unit_test_setup_teardown(test, tree_set_up, tree_tear_down)

/*
 * What follows fails the test when it can't be done.  Directories that lead
 * to a path are made where they are missing, of mode 0755.
 */

/* An empty new file of mode 0644; a directory if path ends in a slash. */
void tree_make(const char *path);

/* tree_make() for each name below a directory; NULL ends them. */
void tree_make_all(const char *below, const char *const *names);

/* The same for paths given as arguments. */
#define TREE_MAKE(...) \
	tree_make_all(".", (const char *const[]){ __VA_ARGS__, NULL })

/* tree_make() of a file, and its time of modification in seconds. */
void tree_make_at(const char *path, int64_t mtime);

/* A file with this text or these bytes and no others; new ones have 0644. */
void tree_write(const char *path, const char *text);
void tree_write_bytes(const char *path, const void *bytes, size_t n);

/*
 * For the row of a table: makes an empty directory of its own and goes there;
 * and back.
 */
void tree_enter_row(size_t row);
void tree_leave_row(void);

/*
 * To nobody's effective rights, in this group and no other; and back.  Both
 * do nothing unless root runs the test.
 */
void tree_drop(gid_t gid);
void tree_regain(void);

#endif
