/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * source.c - what was read of a file, and what its parser asks for next
 *
 * Owns its bytes, unless source_of() lent them; never reads anything itself.
 * A part that begins where a piece ends makes that piece longer, so that a file
 * which is read from its beginning on stays in one piece.
 *
 * A short count is not yet the end of a file, because some file systems
 * interrupt reads.  The end is certain when a read returns nothing.
 */
#include <stdlib.h>

#include "mail/source.h"

/* The piece that has this place of the file, or ends there; or NULL. */
static const struct source_piece *
source_find(const struct source *s, uint64_t from)
{
	const struct source_piece *p, *end = s->piece + s->npieces;
	const struct source_piece *behind = NULL;

	for (p = s->piece; p < end; p++) {
		if (from >= p->from && from - p->from < p->n)
			return p;
		if (from == p->from + p->n)
			behind = p;
	}
	return behind;
}

const char *
source_at(const struct source *s, uint64_t from, size_t *n, bool *at_end)
{
	const struct source_piece *p = source_find(s, from);

	*n = 0;
	*at_end = false;
	if (p == NULL)
		return NULL;
	*n = p->n - (size_t)(from - p->from);
	*at_end = p->cut || p->ended;
	return s->bytes + p->at + (size_t)(from - p->from);
}

/* Does what follows this place go to the end of the last piece? */
static bool
source_is_next(const struct source *s, uint64_t from)
{
	const struct source_piece *last;

	if (s->npieces == 0)
		return false;
	last = &s->piece[s->npieces - 1];
	return from == last->from + last->n;
}

bool
source_ask(struct source *s, uint64_t from, size_t n)
{
	const struct source_piece *p = source_find(s, from);

	if (p != NULL && p->ended)
		return false;
	if (n > s->room - s->used)
		n = s->room - s->used;
	if (n == 0 || from > INT64_MAX - n ||
	    (s->npieces == SOURCE_PIECES && !source_is_next(s, from)))
		return false;
	s->asked_from = from;
	s->asked = n;
	return true;
}

int
source_init(struct source *s, size_t room)
{
	s->room = room;
	s->used = s->asked = s->npieces = 0;
	s->bytes = s->own = malloc(room);
	return s->own != NULL ? 0 : -1;
}

void
source_free(struct source *s)
{
	free(s->own);
	s->bytes = s->own = NULL;
}

void
source_start(struct source *s, size_t first)
{
	s->used = s->npieces = 0;
	s->asked_from = 0;
	s->asked = first < s->room ? first : s->room;
}

char *
source_room(const struct source *s)
{
	return s->own + s->used;
}

void
source_took(struct source *s, size_t n)
{
	struct source_piece *p;

	if (!source_is_next(s, s->asked_from))
		s->piece[s->npieces++] = (struct source_piece){
			.from = s->asked_from,
			.at = s->used,
		};
	p = &s->piece[s->npieces - 1];
	p->n += n;
	p->cut = n < s->asked;
	p->ended = n == 0;
	s->used += n;
	s->asked = 0;
}

void
source_of(struct source *s, const char *bytes, size_t n)
{
	s->bytes = bytes;
	s->own = NULL;
	s->room = s->used = n;
	s->asked = 0;
	s->npieces = 1;
	s->piece[0] = (struct source_piece){ .n = n, .ended = true };
}
