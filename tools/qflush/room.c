/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * room.c - what is full, how much is missing, and what helps
 *
 * A hold writes the control file anew before the old one goes, so it needs room
 * for one of them; to remove messages needs none.
 *
 * Numbers of a file system are from a moment later than the error.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/remedy.h"
#include "tools/qflush/room.h"

#define QFLUSH_ROOM_PATH 200
#define QFLUSH_ROOM_MORE 256 /* bytes that the line of a hold takes, at most */

/* Cuts the last component off. */
static void
qflush_room_up(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path] = '\0';
}

/* The directory at which the file system of a path begins; NULL: none. */
static char *
qflush_room_mount(const char *path)
{
	char *mount = realpath(path, NULL), *up = NULL;
	struct stat here, above;

	if (mount == NULL || stat(mount, &here) != 0)
		goto fail;
	while (strcmp(mount, "/") != 0) {
		if ((up = strdup(mount)) == NULL)
			goto fail;
		qflush_room_up(up);
		if (stat(up, &above) != 0)
			goto fail;
		if (above.st_dev != here.st_dev)
			break;
		free(mount);
		mount = up;
		up = NULL;
	}
	free(up);
	return mount;
fail:
	free(up);
	free(mount);
	return NULL;
}

void
qflush_room_look(struct qflush_room *r, const char *path)
{
	struct statvfs v;

	*r = (struct qflush_room){ .mount = qflush_room_mount(path) };
	if (statvfs(path, &v) != 0)
		return;
	r->known = true;
	r->block = v.f_frsize;
	r->size = (uint64_t)v.f_blocks * v.f_frsize;
	r->free = (uint64_t)(geteuid() == 0 ? v.f_bfree : v.f_bavail) *
	    v.f_frsize;
	r->inodes = v.f_files;
	r->inodes_free = geteuid() == 0 ? v.f_ffree : v.f_favail;
}

void
qflush_room_free(struct qflush_room *r)
{
	free(r->mount);
	r->mount = NULL;
}

/* "12 kB", "3.4 GB" */
static void
qflush_room_bytes(struct buf *b, uint64_t n)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double value = (double)n / 1024;
	size_t i;

	for (i = 0; value >= 1000 && i + 1 < sizeof(units) / sizeof(*units);
	     i++)
		value /= 1024;
	buf_addf(b, i == 0 ? "%.0f %s" : "%.1f %s", value, units[i]);
}

/* "full: /q is on the file system /, ..." */
static void
qflush_room_what(struct buf *b, const struct qflush_room *r, const char *path,
    const struct flush_count *count)
{
	uint64_t need = count->example[CHANGE_FAILED].bytes + QFLUSH_ROOM_MORE;

	buf_adds(b, count->error == EDQUOT ? "over quota: " : "full: ");
	clean_adds(b, path, QFLUSH_ROOM_PATH);
	buf_adds(b, " is on the file system ");
	if (r->mount != NULL)
		clean_adds(b, r->mount, QFLUSH_ROOM_PATH);
	else
		buf_adds(b, "of its own");
	if (!r->known) {
		buf_addc(b, '\n');
		return;
	}
	buf_adds(b, ", which has ");
	qflush_room_bytes(b, r->free);
	buf_adds(b, " of ");
	qflush_room_bytes(b, r->size);
	buf_adds(b, " free");
	if (r->inodes != 0)
		buf_addf(b, ", and %" PRIu64 " of %" PRIu64 " inodes",
		    r->inodes_free, r->inodes);
	if (!count->journal) {
		if (r->block > 1)
			need = (need + r->block - 1) / r->block * r->block;
		buf_adds(b, "; a new control file needs ");
		qflush_room_bytes(b, need);
		buf_adds(b, " and an inode");
	}
	buf_addc(b, '\n');
}

void
qflush_room_add(struct buf *b, const struct qflush_config *c,
    const struct flush_count *count, const struct qflush_room *r,
    const char *path, uint64_t files)
{
	const char *remedy = remedy_of(count->error);

	if (count->error == EMFILE) {
		buf_addf(b, "this needs %" PRIu64 " open files: ", files);
		buf_addf(b, "%s\n", remedy);
	} else if (remedy != NULL) {
		buf_addf(b, "%s\n", remedy);
	}
	if (count->error != ENOSPC && count->error != EDQUOT)
		return;
	qflush_room_what(b, r, path, count);
	if (count->journal)
		buf_adds(b,
		    "free some there, or name a journal on another file"
		    " system: --journal FILE\n");
	else if (c->action == CHANGE_HOLD)
		buf_adds(b,
		    "--delete needs no room, and --move DIR, to a directory of"
		    " that file system, hardly any;\n  or free some there, and"
		    " the same command goes on\n");
	else
		buf_adds(b, "free some there, and the same command goes on\n");
}
