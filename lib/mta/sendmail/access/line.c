/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line.c - a line of the access file, as makemap(8) reads it
 *
 * Pure.
 */
#include <string.h>

#include "mta/sendmail/access/line.h"

/* As isspace(3) in makemap, in no locale. */
static bool
sendmail_access_line_isblank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
sendmail_access_line_is_long(const struct entries_line *line)
{
	return line->text.n == SENDMAIL_ACCESS_LINE_LONG &&
	    line->text.p[line->text.n - 1] != '\n';
}

size_t
sendmail_access_line_cut(const char *bytes, size_t n)
{
	const char *nl;

	if (n > SENDMAIL_ACCESS_LINE_LONG)
		n = SENDMAIL_ACCESS_LINE_LONG;
	nl = memchr(bytes, '\n', n);
	return nl != NULL ? (size_t)(nl + 1 - bytes) : n;
}

/* None in an empty line, in a comment, and where there is no value. */
void
sendmail_access_line_split(struct entries_line *line)
{
	const char *p = line->text.p, *end = p + line->text.n;

	line->key = line->value = (struct span){ p, 0 };
	if (p == end || *p == '#' || sendmail_access_line_is_long(line))
		return;
	if (end[-1] == '\n')
		end--;
	while (p != end && !sendmail_access_line_isblank(*p))
		p++;
	line->key.n = (size_t)(p - line->key.p);
	while (p != end && sendmail_access_line_isblank(*p))
		p++;
	line->value = (struct span){ p, (size_t)(end - p) };
	if (line->value.n == 0)
		line->key.n = 0;
}

void
sendmail_access_line_add(struct buf *out, const char *key, const char *value)
{
	buf_adds(out, key);
	buf_addc(out, '\t');
	buf_adds(out, value);
	buf_addc(out, '\n');
}
