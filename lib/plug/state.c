/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * state.c - what a plugin keeps between two runs
 *
 * Text files with a version line.  Their names come from state_key(), and the
 * caller has to bound how many there are; those that nobody writes any more are
 * removed in the end.  Two runs at once both save, and the later one wins; a
 * crash leaves the old file.  What is read back is data like any other: the
 * reader of the text has to check it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "plug/state.h"

#define STATE_SHOWN       120
#define STATE_HASH        16  /* hex digits at the end of a key */
#define STATE_CLOCK_EVERY 256 /* entries between two looks */

static const char state_version[] = "mqueue-plugins state 1\n";

static int
state_fail(struct buf *why, const char *prefix, const char *reason)
{
	buf_adds(why, "state directory ");
	clean_adds(why, prefix, STATE_SHOWN);
	buf_addf(why, ": %s", reason);
	return -1;
}

/*
 * Enters a subdirectory of parent, made if need be; closes parent.  EPERM: it
 * is another user's, or others may write to it.
 */
static int
state_enter(int parent, const char *name, uid_t uid)
{
	struct stat st;
	int fd = -1, error;

	if (parent == -1)
		return -1;
	if (mkdirat(parent, name, 0700) == 0 || errno == EEXIST)
		fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	error = errno;
	close(parent);
	if (fd == -1)
		goto out;
	if (fstat(fd, &st) != 0)
		error = errno;
	else if (st.st_uid != uid || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		error = EPERM;
	else
		return fd;
	close(fd);
	fd = -1;
out:
	errno = error;
	return fd;
}

int
state_open(const char *prefix, uid_t uid, const char *plugin, struct buf *why)
{
	char name[32];
	int fd;

	if (mkdir(prefix, 0755) != 0 && errno != EEXIST)
		return state_fail(why, prefix, strerror(errno));
	snprintf(name, sizeof(name), "%ju", (uintmax_t)uid);
	fd = state_enter(open(prefix, O_RDONLY | O_DIRECTORY | O_CLOEXEC), name,
	    uid);
	fd = state_enter(fd, plugin, uid);
	if (fd == -1)
		return state_fail(why, prefix,
		    errno == EPERM ? "another user owns or may write to it" :
				     strerror(errno));
	return fd;
}

void
state_key(struct buf *key, const char *label, const char *identity)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *identity != '\0'; identity++)
		hash = (hash ^ (unsigned char)*identity) *
		    UINT64_C(1099511628211);
	buf_addf(key, "%s-%0*" PRIx64, label, STATE_HASH, hash);
}

int
state_load(int dir, const char *key, struct buf *out)
{
	const size_t n = sizeof(state_version) - 1;
	struct buf all = BUF_INIT;
	int rc, error;

	rc = fsx_read(dir, key, O_NOFOLLOW, STATE_MAX + n, &all);
	if (rc != 0 && errno == ENOENT)
		rc = 0;
	else if (rc == 0 && all.len >= n &&
	    memcmp(all.data, state_version, n) == 0)
		buf_add(out, all.data + n, all.len - n);
	error = errno;
	buf_free(&all);
	errno = error;
	return rc;
}

int
state_save(int dir, const char *key, const struct buf *text)
{
	struct buf all = BUF_INIT;
	int rc = -1, error;

	buf_adds(&all, state_version);
	buf_add(&all, text->data, text->len);
	if (all.oom || text->oom)
		errno = ENOMEM;
	else if (text->len > STATE_MAX)
		errno = EFBIG;
	else
		rc = fsx_replace(dir, key, all.data, all.len);
	error = errno;
	buf_free(&all);
	errno = error;
	return rc;
}

/* Is it a name of state_key(), or ".NAME.PID" (fsx.c) of a killed run? */
static bool
state_is_own(const char *name)
{
	const char *dash, *rest;
	bool temporary = *name == '.';

	name += temporary;
	dash = strrchr(name, '-');
	if (dash == NULL || dash == name ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") !=
		(size_t)(dash - name) ||
	    strspn(dash + 1, "0123456789abcdef") != STATE_HASH)
		return false;
	rest = dash + 1 + STATE_HASH;
	if (!temporary)
		return *rest == '\0';
	return *rest == '.' && rest[1] != '\0' &&
	    rest[1 + strspn(rest + 1, "0123456789")] == '\0';
}

void
state_expire(int dir, int64_t age, const struct when_deadline *deadline)
{
	int64_t now = when_wall(deadline->clock), old;
	const struct dirent *e;
	unsigned int n = 0;
	struct stat st;
	DIR *list;
	int fd;

	/* A descriptor of its own, because reading moves its position. */
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return;
	if ((list = fdopendir(fd)) == NULL) {
		close(fd);
		return;
	}
	while ((e = readdir(list)) != NULL) {
		if (++n % STATE_CLOCK_EVERY == 0 && when_passed(deadline))
			break;
		if (!state_is_own(e->d_name) ||
		    fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		/* One from the future was written before a clock was set. */
		old = now - (int64_t)st.st_mtime;
		if (old > age || old < -age)
			unlinkat(dir, e->d_name, 0);
	}
	closedir(list);
}
