/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * discover.c - finds this machine's queues in its configuration
 *
 * A configuration file that exists but can't be read is an error: without it
 * a queue would be left out silently.  Files are read whole, up to
 * DISCOVER_FILE_MAX; includes up to DISCOVER_DEPTH deep.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "mqueue/discover.h"
#include "mqueue/msconf.h"
#include "mqueue/sendmailcf.h"

#define DISCOVER_FILE_MAX (4 * 1024 * 1024)
#define DISCOVER_DEPTH    8
#define DISCOVER_SHOWN    120 /* of a path in an error */

struct discover {
	struct queue_list *list;
	const char *root;
	struct buf *why;
	struct msconf ms;
	int depth;
};

/* Directories of one queue, gathered before the queue is added. */
struct discover_paths {
	struct discover *d;
	char **v;
	size_t n;
};

static int
discover_fail(struct discover *d, const char *what, const char *path,
    const char *reason)
{
	buf_addf(d->why, "%s ", what);
	clean_adds(d->why, path, DISCOVER_SHOWN);
	buf_addf(d->why, ": %s", reason);
	return -1;
}

static int
discover_oom(struct discover *d)
{
	buf_adds(d->why, "out of memory");
	return -1;
}

/* 1 with the file's bytes, 0 when there is none, -1 with d->why. */
static int
discover_read(struct discover *d, const char *path, struct buf *out)
{
	if (fsx_read(AT_FDCWD, path, 0, DISCOVER_FILE_MAX, out) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return discover_fail(d, "cannot read", path, strerror(errno));
}

/* The first of the files below the root that exists, as discover_read(). */
static int
discover_first(struct discover *d, const char *const *files, struct buf *path,
    struct buf *out)
{
	int rc = 0;

	for (; *files != NULL && rc == 0; files++) {
		buf_truncate(path, 0);
		buf_addf(path, "%s%s", d->root, *files);
		if (buf_str(path) == NULL)
			return discover_oom(d);
		rc = discover_read(d, buf_str(path), out);
	}
	return rc;
}

static void
discover_paths_free(struct discover_paths *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free(p->v[i]);
	free(p->v);
}

/* Adds a path that has the root already. */
static int
discover_push(struct discover_paths *p, const char *path)
{
	char **v = realloc(p->v, (p->n + 1) * sizeof(*v));

	if (v != NULL)
		p->v = v;
	if (v == NULL || path == NULL || (v[p->n] = strdup(path)) == NULL)
		return discover_oom(p->d);
	p->n++;
	return 0;
}

/* Adds a path of a configuration file. */
static int
discover_push_rooted(struct discover_paths *p, const char *path)
{
	struct buf rooted = BUF_INIT;
	int rc;

	buf_addf(&rooted, "%s%s", p->d->root, path);
	rc = discover_push(p, buf_str(&rooted));
	buf_free(&rooted);
	return rc;
}

/*
 * Makes one queue of the paths.  Directories that belong to an earlier queue
 * are no error: MailScanner's outgoing queue is sendmail's, for instance.
 */
static int
discover_add(struct discover_paths *p, const char *name, enum queue_role role,
    const char *source)
{
	const char *const *dirs = (const char *const *)p->v;
	int rc = 0;

	if (p->n != 0 &&
	    queue_list_add(p->d->list, name, role, source, dirs, p->n) != 0 &&
	    errno != EEXIST)
		rc = discover_fail(p->d, "cannot list", dirs[0],
		    strerror(errno));
	discover_paths_free(p);
	return rc;
}

/* --- MailScanner ------------------------------------------------------- */

static int discover_include(void *arg, const char *path);

static int
discover_parse_ms(struct discover *d, const struct buf *bytes)
{
	if (msconf_parse(&d->ms, buf_str(bytes), bytes->len, discover_include,
		d) == 0)
		return 0;
	return d->why->len != 0 ? -1 : discover_oom(d);
}

/* glob(3) asks: is a directory that can't be read the end of it? */
static int
discover_glob_error(const char *path, int error)
{
	(void)path;
	return error != ENOENT && error != ENOTDIR;
}

/*
 * The paths below the root that a pattern matches, for globfree().  1, 0 when
 * there is none, -1 with d->why.  onerror: NULL, or discover_glob_error.
 */
static int
discover_glob(struct discover *d, const char *pattern,
    int (*onerror)(const char *, int), glob_t *found)
{
	struct buf path = BUF_INIT;
	int rc = GLOB_NOSPACE, err = EACCES;

	*found = (glob_t){ 0 };
	buf_addf(&path, "%s%s", d->root, pattern);
	if (buf_str(&path) != NULL)
		rc = glob(buf_str(&path), 0, onerror, found);
	/* glob() does not say why it gave up, and in musl not even that. */
	if ((rc == GLOB_NOMATCH || rc == GLOB_ABORTED) && onerror != NULL &&
	    fsx_check_parent(buf_str(&path)) != 0) {
		err = errno;
		rc = GLOB_ABORTED;
	}
	buf_free(&path);
	if (rc == GLOB_NOSPACE)
		return discover_oom(d);
	if (rc == GLOB_ABORTED && onerror != NULL)
		return discover_fail(d, "cannot read", pattern, strerror(err));
	return rc == 0;
}

/* Files that an include line names; none is no error, as in MailScanner. */
static int
discover_include(void *arg, const char *pattern)
{
	struct discover *d = arg;
	struct buf bytes = BUF_INIT;
	glob_t found;
	struct stat st;
	size_t i;
	int rc;

	if (++d->depth > DISCOVER_DEPTH)
		return discover_fail(d, "cannot include", pattern,
		    "includes are nested too deeply");
	rc = discover_glob(d, pattern, discover_glob_error, &found);
	for (i = 0; rc >= 0 && i < found.gl_pathc; i++) {
		buf_truncate(&bytes, 0);
		/* MailScanner reads plain files only. */
		if (stat(found.gl_pathv[i], &st) == 0 && !S_ISREG(st.st_mode))
			continue;
		rc = discover_read(d, found.gl_pathv[i], &bytes);
		if (rc == 1)
			rc = discover_parse_ms(d, &bytes);
	}
	globfree(&found);
	buf_free(&bytes);
	d->depth--;
	return rc < 0 ? -1 : 0;
}

/* A directory, or a glob of directories, of MailScanner's. */
static int
discover_ms_dirs(void *arg, const char *pattern)
{
	struct discover_paths *p = arg;
	glob_t found;
	size_t i;
	int rc = discover_glob(p->d, pattern, NULL, &found);

	if (rc == 0)
		rc = discover_push_rooted(p, pattern) == 0 ? 1 : -1;
	else
		for (i = 0; rc == 1 && i < found.gl_pathc; i++)
			if (discover_push(p, found.gl_pathv[i]) != 0)
				rc = -1;
	globfree(&found);
	return rc == 1 ? 0 : -1;
}

/*
 * A setting's value: a directory, a glob, or a file that lists those.  A
 * queue of several directories gets the name that MailScanner's own
 * documentation gives to it.
 */
static int
discover_ms_queue(struct discover *d, const char *value, enum queue_role role,
    const char *source)
{
	struct discover_paths p = { d, NULL, 0 };
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	const char *name = role == QUEUE_IN ? "mqueue.in" : "mqueue";
	struct stat st;
	int rc;

	if (value == NULL || *value == '\0')
		return 0;
	buf_addf(&path, "%s%s", d->root, value);
	if (buf_str(&path) == NULL) {
		rc = discover_oom(d);
	} else if (stat(buf_str(&path), &st) == 0 && S_ISREG(st.st_mode)) {
		rc = discover_read(d, buf_str(&path), &bytes);
		if (rc == 1)
			rc = msconf_parse_list(buf_str(&bytes), bytes.len,
			    discover_ms_dirs, &p);
		if (rc == 0 && p.n == 0)
			rc = discover_fail(d, "no directory in", buf_str(&path),
			    "no line begins with '/'");
	} else {
		if (strpbrk(value, "*?[") == NULL)
			name = NULL;
		rc = discover_ms_dirs(&p, value);
	}
	if (rc == 0)
		rc = discover_add(&p, name, role, source);
	else
		discover_paths_free(&p);
	buf_free(&bytes);
	buf_free(&path);
	return rc;
}

static int
discover_mailscanner(struct discover *d)
{
	static const char *const files[] = {
		"/etc/MailScanner/MailScanner.conf",
		"/opt/MailScanner/etc/MailScanner.conf",
		"/usr/local/etc/MailScanner/MailScanner.conf", NULL
	};
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	int rc = discover_first(d, files, &path, &bytes);

	if (rc == 1)
		rc = discover_parse_ms(d, &bytes);
	if (rc == 0 && d->ms.mta != NULL &&
	    strcasecmp(d->ms.mta, "sendmail") != 0) {
		rc = discover_fail(d, "MailScanner works for", d->ms.mta,
		    "only sendmail's queues are understood");
	}
	if (rc == 0)
		rc = discover_ms_queue(d, d->ms.incoming, QUEUE_IN,
		    buf_str(&path));
	if (rc == 0)
		rc = discover_ms_queue(d, d->ms.outgoing, QUEUE_OUT,
		    buf_str(&path));
	buf_free(&bytes);
	buf_free(&path);
	return rc;
}

/* --- sendmail ---------------------------------------------------------- */

static int
discover_one(struct discover *d, const char *name, const char *path,
    enum queue_role role, const char *source)
{
	struct discover_paths p = { d, NULL, 0 };

	if (discover_push_rooted(&p, path) != 0) {
		discover_paths_free(&p);
		return -1;
	}
	return discover_add(&p, name, role, source);
}

/* 1 when one of the files was there, 0 when none, -1 with d->why. */
static int
discover_sendmail(struct discover *d, const char *const *files,
    enum queue_role role)
{
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	struct sendmailcf cf = SENDMAILCF_INIT;
	int rc = discover_first(d, files, &path, &bytes);
	const char *base;
	size_t i;

	if (rc != 1)
		goto out;
	if (sendmailcf_parse(&cf, buf_str(&bytes), bytes.len) != 0) {
		rc = discover_oom(d);
		goto out;
	}
	base = cf.queue_directory != NULL ? cf.queue_directory :
					    "/var/spool/mqueue";
	if (discover_one(d, NULL, base, role, buf_str(&path)) != 0)
		rc = -1;
	for (i = 0; rc == 1 && i < cf.ngroups; i++)
		if (cf.groups[i].path != NULL &&
		    discover_one(d, cf.groups[i].name, cf.groups[i].path, role,
			buf_str(&path)) != 0)
			rc = -1;
out:
	sendmailcf_free(&cf);
	buf_free(&bytes);
	buf_free(&path);
	return rc;
}

/* A default directory, only if there is one. */
static int
discover_default(struct discover *d, const char *path, enum queue_role role)
{
	struct buf rooted = BUF_INIT;
	struct stat st;
	bool there;

	buf_addf(&rooted, "%s%s", d->root, path);
	if (buf_str(&rooted) == NULL)
		return discover_oom(d);
	there = stat(buf_str(&rooted), &st) == 0 || errno != ENOENT;
	buf_free(&rooted);
	return there ? discover_one(d, NULL, path, role, "default") : 0;
}

int
discover_queues(struct queue_list *list, const char *root, struct buf *why)
{
	static const char *const main_cf[] = { "/etc/mail/sendmail.cf",
		"/etc/sendmail.cf", NULL };
	static const char *const submit_cf[] = { "/etc/mail/submit.cf", NULL };
	struct discover d = { list, root, why, MSCONF_INIT, 0 };
	int rc = discover_mailscanner(&d);

	if (rc == 0 && d.ms.incoming == NULL)
		rc = discover_default(&d, "/var/spool/mqueue.in", QUEUE_IN);
	if (rc == 0) {
		rc = discover_sendmail(&d, main_cf, QUEUE_OUT);
		if (rc == 0 && d.ms.outgoing == NULL)
			rc = discover_default(&d, "/var/spool/mqueue",
			    QUEUE_OUT);
	}
	if (rc >= 0)
		rc = discover_sendmail(&d, submit_cf, QUEUE_CLIENT);
	msconf_free(&d.ms);
	return rc < 0 ? -1 : 0;
}
