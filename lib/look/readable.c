/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readable.c - may this user read a queue directory, and if not, why
 *
 * Asks the kernel (faccessat(2) with AT_EACCESS), so ACLs and capabilities
 * count; only the remedy is guessed from owner, group and mode.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "look/readable.h"
#include "look/walk.h"

#define READABLE_SHOWN  160 /* of a path */
#define READABLE_GROUPS 256 /* of a user, looked at for the remedy */
#define READABLE_FILES  256 /* of a directory, looked at */

static void
readable_add_user(struct buf *b, uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		clean_adds(b, pw->pw_name, 40);
	else
		buf_addf(b, "uid %lu", (unsigned long)uid);
}

static void
readable_add_group(struct buf *b, gid_t gid)
{
	const struct group *gr = getgrgid(gid);

	if (gr != NULL)
		clean_adds(b, gr->gr_name, 40);
	else
		buf_addf(b, "gid %lu", (unsigned long)gid);
}

/* Does the user database put the user into the group already? */
static bool
readable_is_member(uid_t uid, gid_t gid)
{
	const struct passwd *pw = getpwuid(uid);
	gid_t groups[READABLE_GROUPS];
	int n = READABLE_GROUPS, i;

	if (pw == NULL ||
	    getgrouplist(pw->pw_name, pw->pw_gid, groups, &n) == -1)
		return false;
	for (i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

static int
readable_no_memory(struct buf *remedy)
{
	remedy->oom = true;
	return ENOMEM;
}

/* need: the permission bits that are missing, as of "others". */
static void
readable_add_remedy(struct buf *b, const char *path, mode_t need)
{
	uid_t uid = geteuid();
	struct stat st;

	buf_adds(b, "user ");
	readable_add_user(b, uid);
	buf_adds(b, " may not read ");
	clean_adds(b, path, READABLE_SHOWN);
	if (stat(path, &st) != 0)
		return;
	if ((st.st_mode & need) == need) {
		buf_adds(b,
		    ": its mode allows that, so an access list,"
		    " SELinux or AppArmor forbids it");
		return;
	}
	/* To be in root's group is no small thing to ask for. */
	if ((st.st_mode & (need << 3)) != need << 3 || st.st_gid == 0) {
		buf_adds(b, ": only ");
		readable_add_user(b, st.st_uid);
		buf_addf(b,
		    " may (mode %04o): let that user's cron run the"
		    " check and submit a passive result",
		    (unsigned int)(st.st_mode & 07777));
		return;
	}
	if (readable_is_member(uid, st.st_gid)) {
		buf_adds(b, ": it is in group ");
		readable_add_group(b, st.st_gid);
		buf_adds(b,
		    " now, but the monitor runs without:"
		    " restart the monitor");
		return;
	}
	buf_adds(b, ": add it to group ");
	readable_add_group(b, st.st_gid);
	buf_adds(b, " (usermod -a -G ");
	readable_add_group(b, st.st_gid);
	buf_addc(b, ' ');
	readable_add_user(b, uid);
	buf_adds(b, ") and restart the monitor");
}

/*
 * One directory on the way; need as of "others": 1 enter, 5 list too.  A path
 * of NULL, here and below, is one that there was no memory for.
 */
static int
readable_step(const char *path, mode_t need, struct buf *remedy)
{
	int mode = need == 1 ? X_OK : R_OK | X_OK, error = 0;
	struct stat st;

	if (path == NULL)
		return readable_no_memory(remedy);
	if (stat(path, &st) != 0 ||
	    (S_ISDIR(st.st_mode) &&
		faccessat(AT_FDCWD, path, mode, AT_EACCESS) != 0))
		error = errno;
	else if (!S_ISDIR(st.st_mode))
		error = ENOTDIR;
	if (error == 0)
		return 0;
	if (error == EACCES) {
		readable_add_remedy(remedy, path, need);
	} else {
		clean_adds(remedy, path, READABLE_SHOWN);
		buf_addf(remedy, ": %s", strerror(error));
		if (error == ENOENT)
			buf_adds(remedy, ": name the right directory with -q");
		if (error == ENOTDIR)
			buf_adds(remedy,
			    ": if a pattern of MailScanner.conf"
			    " matches this file, move it"
			    " elsewhere; else name the right"
			    " directory with -q");
	}
	return error;
}

/* Adds the path of the messages: the subdirectory if it has to be there. */
static void
readable_add_control(struct buf *b, const char *dir, const struct mta_dir *kind)
{
	size_t start = b->len;
	struct stat st;

	buf_addf(b, "%s/%s", dir, kind->subdir);
	if (b->oom || !kind->optional)
		return;
	if (stat(b->data + start, &st) == 0 && S_ISDIR(st.st_mode))
		return;
	buf_truncate(b, start);
	buf_adds(b, dir);
}

static int
readable_last(const char *dir, const struct mta *mta, struct buf *remedy)
{
	struct buf path = BUF_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < mta->ndirs; i++) {
		buf_truncate(&path, 0);
		readable_add_control(&path, dir, &mta->dirs[i]);
		rc = readable_step(buf_str(&path), 5, remedy);
	}
	buf_free(&path);
	return rc;
}

int
readable_check(const char *dir, const struct mta *mta, struct buf *remedy)
{
	char *path = strdup(dir), *slash;
	int rc = 0;

	if (path == NULL)
		return readable_no_memory(remedy);
	for (slash = path; rc == 0 && (slash = strchr(slash, '/')) != NULL;
	     slash++) {
		if (slash == path)
			continue;
		*slash = '\0';
		rc = readable_step(path, 1, remedy);
		*slash = '/';
	}
	free(path);
	if (rc == 0)
		rc = readable_step(dir, 1, remedy);
	return rc != 0 ? rc : readable_last(dir, mta, remedy);
}

/* A control file by its path; one that is gone needs no reading. */
static int
readable_file(const char *path, struct buf *remedy)
{
	struct stat st;
	int error;

	if (path == NULL)
		return readable_no_memory(remedy);
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
		return 0;
	if ((error = errno) == ENOENT)
		return 0;
	if (error == EACCES) {
		readable_add_remedy(remedy, path, 4);
	} else {
		clean_adds(remedy, path, READABLE_SHOWN);
		buf_addf(remedy, ": %s", strerror(error));
	}
	return error;
}

int
readable_check_file(const char *dir, const char *name, const struct mta *mta,
    struct buf *remedy)
{
	struct buf path = BUF_INIT;
	size_t i;
	int rc = readable_check(dir, mta, remedy);

	for (i = 0; rc == 0 && i < mta->ndirs; i++) {
		buf_truncate(&path, 0);
		readable_add_control(&path, dir, &mta->dirs[i]);
		buf_addf(&path, "/%s", name);
		rc = readable_file(buf_str(&path), remedy);
	}
	buf_free(&path);
	return rc;
}

/* The first messages of a kind. */
static int
readable_files(const char *dir, const struct mta *mta,
    const struct mta_dir *kind, struct buf *remedy)
{
	struct queue_dir where = { .path = strdup(dir) };
	struct buf path = BUF_INIT;
	struct walk_entry e;
	struct walk walk;
	size_t n = 0, start;
	int rc = 0;

	readable_add_control(&path, dir, kind);
	if (path.oom || where.path == NULL) {
		rc = readable_no_memory(remedy);
		goto out;
	}
	if (walk_open(&walk, &where, kind) != 0) {
		rc = errno;
		clean_adds(remedy, buf_str(&path), READABLE_SHOWN);
		buf_addf(remedy, ": %s", strerror(rc));
		goto out;
	}
	buf_addc(&path, '/');
	start = path.len;
	while (rc == 0 && n < READABLE_FILES && walk_next(&walk, &e) == 1) {
		if (mta_state(mta, kind, e.name) != MTA_QUEUED)
			continue;
		n++;
		buf_truncate(&path, start);
		buf_adds(&path, e.path);
		rc = readable_file(buf_str(&path), remedy);
	}
	walk_close(&walk);
out:
	free(where.path);
	buf_free(&path);
	return rc;
}

int
readable_check_files(const char *dir, const struct mta *mta, struct buf *remedy)
{
	size_t i;
	int rc = readable_check(dir, mta, remedy);

	for (i = 0; rc == 0 && i < mta->ndirs; i++)
		rc = readable_files(dir, mta, &mta->dirs[i], remedy);
	return rc;
}
