/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rooted.h - configuration files below a root, and why one can't be used */
#ifndef BASE_ROOTED_H
#define BASE_ROOTED_H

#include "base/buf.h"

/*
 * root is put before every path that a configuration names; "" stands for the
 * running system.  When a function returns -1, it adds the reason to why, clean
 * for output.
 */
struct rooted {
	const char *root;
	struct buf *why;
};

/* Each adds the reason, and returns -1. */
int rooted_oom(const struct rooted *);
/* "WHAT PATH: REASON" */
int rooted_fail(const struct rooted *, const char *what, const char *path,
    const char *reason);
/* "FILE line LINE: SUBJECT REASON"; line 0: of no line.  subject may be "". */
int rooted_fail_line(const struct rooted *, const char *file, size_t line,
    const char *subject, const char *reason);

/* Replaces *out by the path with the root before it.  0 or -1. */
int rooted_path(const struct rooted *, const char *path, struct buf *out);

/*
 * Adds the bytes of a file.  The path has the root already.  1; 0: there is no
 * such file; -1: it can't be read, or has more than 4 MB.
 */
int rooted_read(const struct rooted *, const char *path, struct buf *out);

/*
 * Reads the first of the files that exists below the root, as rooted_read()
 * does.  NULL ends the list.  *path is its path with the root.
 */
int rooted_first(const struct rooted *, const char *const *files,
    struct buf *path, struct buf *out);

#endif
