/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - splits text into lines and words; writes any string as one word */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* A string as one word: %XX stands for '%', and for all but visible ASCII. */
void words_add(struct buf *, const char *);

/* Undoes that in place.  false: it is no such word, or has a %00. */
bool words_decode(char *);

/*
 * The next line of *text, which begins before end; moves *text behind it.
 * The newline, and a carriage return before it, become its end.  NULL: there
 * is no newline; or, with *bad set, a byte that is not printable ASCII.  *bad
 * is never cleared here: the caller sets it to false before the first line.
 */
char *words_line(char **text, char *end, bool *bad);

/*
 * The next word of a line, in which it is ended, and moves *line behind it.
 * NULL: there is none.
 */
char *words_next(char **line);

/* Is it digits only, and at most max?  s may be NULL. */
bool words_number(const char *s, int64_t max, int64_t *out);

#endif
