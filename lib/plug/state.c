/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * state.c - what a plugin keeps between two runs
 *
 * Text files with a version line.  Two runs at once both save, and the later
 * one wins; a crash leaves the old file.  What is read back is data like any
 * other: the reader of the text has to check it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "plug/state.h"

#define STATE_FILE_MAX (64 * 1024)
#define STATE_SHOWN    120

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
	buf_addf(key, "%s-%016" PRIx64, label, hash);
}

int
state_load(int dir, const char *key, struct buf *out)
{
	const size_t n = sizeof(state_version) - 1;
	struct buf all = BUF_INIT;
	int rc, error;

	rc = fsx_read(dir, key, O_NOFOLLOW, STATE_FILE_MAX, &all);
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
	else
		rc = fsx_replace(dir, key, all.data, all.len);
	error = errno;
	buf_free(&all);
	errno = error;
	return rc;
}
