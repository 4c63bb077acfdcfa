/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clean.c - untrusted bytes to one printable line
 *
 * Replaces, never escapes: what one consumer would decode, another shows raw
 * or strips.  The result is ASCII whatever comes in.
 */
#include <string.h>

#include "base/clean.h"

static char
clean_char(char c, const char *forbidden)
{
	if (c < 0x20 || c > 0x7e)
		return '?';
	if (strchr(forbidden, c) != NULL)
		return '_';
	return c;
}

static char
clean_plain(char c)
{
	return clean_char(c, "|<>&$`'\";\\");
}

bool
clean_keeps(char c)
{
	return clean_plain(c) == c;
}

static char
clean_bb(char c)
{
	if (c == '\t')
		return ' ';
	if (c == ';')
		c = ',';
	return clean_plain(c);
}

static void
clean_add_mapped(struct buf *b, const char *s, size_t n, size_t max,
    char (*map)(char))
{
	static const char dots[] = "...";
	bool cut = n > max && max >= sizeof(dots);
	size_t take = cut ? max - (sizeof(dots) - 1) : n < max ? n : max;
	size_t i;

	for (i = 0; i < take; i++)
		buf_addc(b, map(s[i]));
	if (cut)
		buf_adds(b, dots);
}

void
clean_add(struct buf *b, const char *s, size_t n, size_t max)
{
	clean_add_mapped(b, s, n, max, clean_plain);
}

void
clean_add_bb(struct buf *b, const char *s, size_t n, size_t max)
{
	clean_add_mapped(b, s, n, max, clean_bb);
}

void
clean_adds(struct buf *b, const char *s, size_t max)
{
	clean_add(b, s, strlen(s), max);
}

void
clean_add_line(struct buf *b, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_addc(b, clean_char(s[i], "|"));
}
