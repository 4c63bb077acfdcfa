/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rooted.h - configuration files below a root, and why one can't be used */
#ifndef BASE_ROOTED_H
#define BASE_ROOTED_H

#include "base/buf.h"

/*
 * root is put before every path that a configuration names, "" for the running
 * system.  why gets the reason of whatever returns -1, cleaned for output.
 */
struct rooted {
	const char *root;
	struct buf *why;
};

/* Each tells why, and returns -1. */
int rooted_oom(const struct rooted *);
/* "WHAT PATH: REASON" */
int rooted_fail(const struct rooted *, const char *what, const char *path,
    const char *reason);
/* "FILE line LINE: SUBJECT REASON"; line 0: of no line.  subject may be "". */
int rooted_fail_line(const struct rooted *, const char *file, size_t line,
    const char *subject, const char *reason);

/* The path with the root before it, to *out, which is emptied.  0 or -1. */
int rooted_path(const struct rooted *, const char *path, struct buf *out);

/*
 * Adds the bytes of a file, whose path has the root already.  1; 0 when there
 * is none; -1 when it can't be read, or has more than 4 MB.
 */
int rooted_read(const struct rooted *, const char *path, struct buf *out);

/*
 * The first of the files (NULL ends them) that exists below the root, as
 * rooted_read(); *path is its path with the root.
 */
int rooted_first(const struct rooted *, const char *const *files,
    struct buf *path, struct buf *out);

#endif
