/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clean.h - untrusted bytes to one printable line */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Adds at most max bytes made from the n bytes at s; longer text is cut and
 * ends in "...".  Bytes outside 0x20-0x7e become '?'.  So do the characters
 * that a monitor's macros, web pages or perfdata would take for their own,
 * as '_': | < > & $ ` ' " ; \ (illegal_macro_output_chars of Nagios, the
 * stripping list of Big Brother's bbd, and ';' which Nagios rewrites).
 */
void clean_add(struct buf *, const char *s, size_t n, size_t max);

/* Does clean_add() leave this byte as it is? */
bool clean_keeps(char);

/* The same for a string. */
void clean_adds(struct buf *, const char *s, size_t max);

/*
 * The same for the body of a Big Brother, Xymon or Big Sister status, which
 * people read as it is: a tab becomes a blank, and ';' a comma.
 */
void clean_add_bb(struct buf *, const char *s, size_t n, size_t max);

/*
 * For a line with punctuation of our own: only what would break the line is
 * replaced.  Bytes outside 0x20-0x7e become '?', and '|' becomes '_'.
 */
void clean_add_line(struct buf *, const char *s, size_t n);

#endif
