/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * read.c - MailScanner's settings and globs, from the file system
 *
 * The model of what is read is ReadConfFile() of MailScanner's Config.pm.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fsx.h"
#include "mta/mailscanner/read.h"

#define MAILSCANNER_READ_DEPTH 64 /* of includes */

struct mailscanner_read {
	const struct rooted *r;
	struct mailscanner_conf *ms;
	const char *file; /* that is being read, with the root */
	size_t line;      /* of its include */
	char **seen;      /* the files that were read */
	size_t nseen;
	int depth;
};

/* glob(3) asks: is a directory that can't be read the end of it? */
static int
mailscanner_read_glob_error(const char *path, int error)
{
	(void)path;
	return error != ENOENT && error != ENOTDIR;
}

/* The root is a path, whatever is in it; what follows is a pattern. */
static void
mailscanner_read_add_root(const struct rooted *r, struct buf *out)
{
	const char *s;

	for (s = r->root; *s != '\0'; s++) {
		if (strchr("*?[\\", *s) != NULL)
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
}

int
mailscanner_read_glob(const struct rooted *r, const char *pattern,
    glob_t *found)
{
	struct buf path = BUF_INIT;
	int rc = GLOB_NOSPACE, err = EACCES;

	*found = (glob_t){ 0 };
	mailscanner_read_add_root(r, &path);
	buf_adds(&path, pattern);
	if (buf_str(&path) != NULL)
		rc = glob(buf_str(&path), 0, mailscanner_read_glob_error,
		    found);
	/* glob() does not say why it gave up, and in musl not even that. */
	if ((rc == GLOB_NOMATCH || rc == GLOB_ABORTED) &&
	    fsx_check_parent(buf_str(&path)) != 0) {
		err = errno;
		rc = GLOB_ABORTED;
	}
	buf_free(&path);
	if (rc == GLOB_NOSPACE)
		return rooted_oom(r);
	if (rc == GLOB_ABORTED)
		return rooted_fail(r, "cannot read", pattern, strerror(err));
	return rc == 0;
}

int
mailscanner_read_patterns(const struct rooted *r, const char *file, size_t line,
    const char *text, mailscanner_glob_fn *add, void *arg)
{
	size_t len = r->why->len;

	if (mailscanner_glob_patterns(text, add, arg) == 0)
		return 0;
	if (r->why->len != len)
		return -1;
	return errno == E2BIG ? rooted_fail_line(r, file, line, "",
				    "this stands for too many patterns") :
				rooted_oom(r);
}

/* MailScanner reads no file twice.  1 when it was read, -1 with why. */
static int
mailscanner_read_seen(struct mailscanner_read *d, const char *path)
{
	char **seen;
	size_t i;

	for (i = 0; i < d->nseen; i++)
		if (strcmp(d->seen[i], path) == 0)
			return 1;
	seen = realloc(d->seen, (d->nseen + 1) * sizeof(*seen));
	if (seen != NULL)
		d->seen = seen;
	if (seen == NULL || (seen[d->nseen] = strdup(path)) == NULL)
		return rooted_oom(d->r);
	d->nseen++;
	return 0;
}

static int mailscanner_read_include(void *arg, const char *text, size_t line);

static int
mailscanner_read_parse(struct mailscanner_read *d, const char *path,
    const struct buf *bytes)
{
	const char *file = d->file;
	size_t line = d->line, len = d->r->why->len;
	int rc;

	d->file = path;
	rc = mailscanner_conf_parse(d->ms, path, buf_str(bytes), bytes->len,
	    mailscanner_read_include, d);
	d->file = file;
	d->line = line;
	return rc == 0 || d->r->why->len != len ? rc : rooted_oom(d->r);
}

static int
mailscanner_read_file(struct mailscanner_read *d, const char *path)
{
	struct buf bytes = BUF_INIT;
	struct stat st;
	int rc;

	/* MailScanner reads plain files only. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return 0;
	if ((rc = mailscanner_read_seen(d, path)) != 0)
		return rc < 0 ? -1 : 0;
	rc = rooted_read(d->r, path, &bytes);
	if (rc == 1)
		rc = mailscanner_read_parse(d, path, &bytes);
	buf_free(&bytes);
	return rc;
}

/*
 * For mailscanner_glob_patterns().  That no such file exists is no error, as in
 * MailScanner.
 */
static int
mailscanner_read_include_pattern(void *arg, const char *pattern, bool magic)
{
	struct mailscanner_read *d = arg;
	struct buf path = BUF_INIT;
	glob_t found;
	size_t i;
	int rc;

	if (*pattern != '/')
		return rooted_fail_line(d->r, d->file, d->line, pattern,
		    "does not begin with '/'; in an include line MailScanner"
		    " puts in no variable");
	if (!magic) {
		rc = rooted_path(d->r, pattern, &path);
		if (rc == 0)
			rc = mailscanner_read_file(d, buf_str(&path));
		buf_free(&path);
		return rc;
	}
	rc = mailscanner_read_glob(d->r, pattern, &found) < 0 ? -1 : 0;
	for (i = 0; rc == 0 && i < found.gl_pathc; i++)
		rc = mailscanner_read_file(d, found.gl_pathv[i]);
	globfree(&found);
	return rc;
}

static int
mailscanner_read_include(void *arg, const char *text, size_t line)
{
	struct mailscanner_read *d = arg;
	int rc;

	if (d->depth == MAILSCANNER_READ_DEPTH)
		return rooted_fail_line(d->r, d->file, line, "",
		    "includes are nested too deeply");
	d->depth++;
	d->line = line;
	rc = mailscanner_read_patterns(d->r, d->file, line, text,
	    mailscanner_read_include_pattern, d);
	d->depth--;
	return rc;
}

int
mailscanner_read_settings(const struct rooted *r, struct mailscanner_conf *ms,
    struct buf *path)
{
	static const char *const files[] = {
		"/etc/MailScanner/MailScanner.conf",
		"/opt/MailScanner/etc/MailScanner.conf",
		"/usr/local/etc/MailScanner/MailScanner.conf", NULL
	};
	struct mailscanner_read d = { .r = r, .ms = ms };
	struct buf bytes = BUF_INIT;
	int rc = rooted_first(r, files, path, &bytes);

	if (rc == 1 &&
	    (mailscanner_read_seen(&d, buf_str(path)) != 0 ||
		mailscanner_read_parse(&d, buf_str(path), &bytes) != 0))
		rc = -1;
	while (d.nseen != 0)
		free(d.seen[--d.nseen]);
	free(d.seen);
	buf_free(&bytes);
	return rc;
}
