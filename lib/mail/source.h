/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.h - what was read of a file, and what its parser asks for next */
#ifndef MAIL_SOURCE_H
#define MAIL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_PIECES 64 /* parts of a file with gaps between them, at most */

/* Bytes of the file without a gap. */
struct source_piece {
	uint64_t from; /* in the file */
	size_t n;
	size_t at;  /* in the source's bytes */
	bool cut;   /* the file gave fewer than were asked for */
	bool ended; /* the file gave nothing after them */
};

/*
 * A parser gets what was read of a file so far.  If it needs another part, it
 * asks for that and returns; it is called again when that part was read.  The
 * reader reads what was asked for and nothing else: what no parser asks for,
 * such as the body of a message, is never read.
 */
struct source {
	const char *bytes;
	char *own; /* the same, unless it was lent */
	size_t room;
	size_t used;
	uint64_t asked_from;
	size_t asked; /* 0: nothing */
	size_t npieces;
	struct source_piece piece[SOURCE_PIECES];
};

/* --- for the parser ------------------------------------------------------ */

/*
 * What was read from there on without a gap: *n bytes, which may be 0.
 * *at_end: the file seems to have no more after them.
 */
const char *source_at(const struct source *, uint64_t from, size_t *n,
    bool *at_end);

/*
 * Asks for up to n bytes from there on; one part at a time.  False: there is
 * nothing to come, since the file ends there, or all the room is taken.
 */
bool source_ask(struct source *, uint64_t from, size_t n);

/* --- for who reads -------------------------------------------------------- */

/* Room for so many bytes of a file.  0, or -1: out of memory. */
int source_init(struct source *, size_t room);
void source_free(struct source *);

/* Forgets a file, and asks for the beginning of another. */
void source_start(struct source *, size_t first);

/*
 * Where to put which part: asked bytes from asked_from on.  Then tells how
 * many there were.  After that nothing is asked for.
 */
char *source_room(const struct source *);
void source_took(struct source *, size_t n);

/* A whole file that is in memory, and stays there; not to be freed. */
void source_of(struct source *, const char *bytes, size_t n);

#endif
