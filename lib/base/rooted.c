/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rooted.c - configuration files below a root, and why one can't be used
 *
 * Owns nothing.  A file that exists but can't be read is an error, because a
 * queue that it names would be left out silently.  Files are read whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/rooted.h"

#define ROOTED_FILE_MAX (4 * 1024 * 1024)
#define ROOTED_SHOWN    120 /* of a path in an error */

int
rooted_oom(const struct rooted *r)
{
	buf_adds(r->why, "out of memory");
	return -1;
}

int
rooted_fail(const struct rooted *r, const char *what, const char *path,
    const char *reason)
{
	buf_addf(r->why, "%s ", what);
	clean_adds(r->why, path, ROOTED_SHOWN);
	buf_addf(r->why, ": %s", reason);
	return -1;
}

int
rooted_fail_line(const struct rooted *r, const char *file, size_t line,
    const char *subject, const char *reason)
{
	clean_adds(r->why, file, ROOTED_SHOWN);
	if (line != 0)
		buf_addf(r->why, " line %zu", line);
	buf_adds(r->why, ": ");
	if (*subject != '\0') {
		clean_adds(r->why, subject, ROOTED_SHOWN);
		buf_addc(r->why, ' ');
	}
	clean_add_line(r->why, reason, strlen(reason));
	return -1;
}

int
rooted_path(const struct rooted *r, const char *path, struct buf *out)
{
	buf_truncate(out, 0);
	buf_addf(out, "%s%s", r->root, path);
	return out->oom ? rooted_oom(r) : 0;
}

int
rooted_read(const struct rooted *r, const char *path, struct buf *out)
{
	if (fsx_read(AT_FDCWD, path, 0, ROOTED_FILE_MAX, out) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return rooted_fail(r, "cannot read", path, strerror(errno));
}

int
rooted_first(const struct rooted *r, const char *const *files, struct buf *path,
    struct buf *out)
{
	int rc = 0;

	for (; *files != NULL && rc == 0; files++) {
		if (rooted_path(r, *files, path) != 0)
			return -1;
		rc = rooted_read(r, buf_str(path), out);
	}
	return rc;
}
