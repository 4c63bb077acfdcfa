/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files.h - the file of blocks and its map on disk: lock, read, replace */
#ifndef TOOLS_QBLOCK_FILES_H
#define TOOLS_QBLOCK_FILES_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "block/block.h"

/*
 * The text FILE and its map, as FILE.db, if it has one.  FILE may be a symbolic
 * link: the text is replaced where it leads to, and the map is beside the link.
 */
struct qblock_files {
	struct buf path;     /* as it was given */
	struct buf map_path; /* with its suffix */
	struct buf new_map;  /* a map to be, without its suffix */
	struct buf name;     /* of the text in text_dir */
	struct buf map_name; /* of the map in map_dir */
	struct buf new_name; /* of a map to be in map_dir */
	bool has_map; /* else the paths of the map are those of the text */
	int text_dir, map_dir;
	struct stat st;   /* of the text */
	struct buf bytes; /* the text */
	bool interrupted; /* an earlier run was, see below */
};

/*
 * Opens both directories and reads the text.  With lock it waits, for half a
 * minute at most, until no other qblock is at this map, and clears away what
 * one that was killed has left; interrupted: it had replaced the text and not
 * yet the map.  0; or -1 with a line added to *why.  Close it in both cases.
 */
int qblock_files_open(struct qblock_files *, const struct block_place *,
    bool lock, struct buf *why);
void qblock_files_close(struct qblock_files *);

/*
 * Writes a text beside the old one, with its owner and mode, to the disk.  A
 * descriptor at its beginning; or -1 with a line added to *why.
 */
int qblock_files_write(struct qblock_files *, const struct buf *bytes,
    struct buf *why);

/* The text as it is.  A descriptor, or -1 with a line added to *why. */
int qblock_files_text(const struct qblock_files *, struct buf *why);

/* The name of the copy of the old text, beside it: NAME.qblock.bak. */
#define QBLOCK_FILES_BACKUP ".qblock.bak"

/*
 * Gives the new map owner and mode of the old one, and puts both new files in
 * the place of the old ones; the old text stays as a copy.  0; or -1 with a
 * line added to *why.
 */
int qblock_files_commit(struct qblock_files *, struct buf *why);

/*
 * Puts the new map alone in the place of the old one; so ends what another
 * run has begun.  0; or -1 with a line added to *why.
 */
int qblock_files_commit_map(struct qblock_files *, struct buf *why);

/* Removes new files, but the map of a run that was interrupted. */
void qblock_files_drop(struct qblock_files *);

#endif
