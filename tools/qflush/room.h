/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.h - what is full, how much is missing, and what helps */
#ifndef TOOLS_QFLUSH_ROOM_H
#define TOOLS_QFLUSH_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "change/flush.h"
#include "tools/qflush/config.h"

/* The file system that a path is on. */
struct qflush_room {
	char *mount;    /* where it is mounted; NULL: not known */
	bool known;     /* the numbers below are known */
	uint64_t block; /* bytes; so are size and free */
	uint64_t size;
	uint64_t free;   /* for this user */
	uint64_t inodes; /* that there are; 0: they are not counted */
	uint64_t inodes_free;
};

/* Never fails: what can't be found out is not known.  Free it. */
void qflush_room_look(struct qflush_room *, const char *path);
void qflush_room_free(struct qflush_room *);

/*
 * Adds lines about the error that ended a run, if space or descriptors were
 * missing.  path could not be written to, and is on the file system room; files
 * is how many descriptors one message needs.  Pure.
 */
void qflush_room_add(struct buf *, const struct qflush_config *,
    const struct flush_count *, const struct qflush_room *, const char *path,
    uint64_t files);

#endif
