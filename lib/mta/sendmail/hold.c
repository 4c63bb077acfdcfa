/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hold.c - the line in a control file by which sendmail holds a message
 *
 * Works on whole lines; one that begins with a blank goes on with the line
 * before.  Behind the end mark nothing is a line.
 */
#include <stdbool.h>
#include <string.h>

#include "base/clean.h"
#include "mta/sendmail/hold.h"

/* Where the line at p ends, with what continues it. */
static const char *
hold_line_end(const char *p, const char *end)
{
	const char *nl;

	do {
		nl = memchr(p, '\n', (size_t)(end - p));
		p = nl != NULL ? nl + 1 : end;
	} while (p != end && (*p == ' ' || *p == '\t'));
	return p;
}

/* The first line that begins with code; end if none does. */
static const char *
hold_find(const char *p, const char *end, char code)
{
	while (p != end && *p != code)
		p = *p == '.' ? end : hold_line_end(p, end);
	return p;
}

int
hold_add(struct buf *b, const char *text, size_t n, const char *reason)
{
	const char *end = text + n, *sender = hold_find(text, end, 'S');

	if (sender == end)
		return -1;
	buf_add(b, text, (size_t)(sender - text));
	buf_addc(b, 'q');
	clean_add_line(b, reason, strlen(reason));
	buf_addc(b, '\n');
	buf_add(b, sender, (size_t)(end - sender));
	return 0;
}

void
hold_remove(struct buf *b, const char *text, size_t n)
{
	const char *p = text, *end = text + n, *q;

	for (;;) {
		q = hold_find(p, end, 'q');
		buf_add(b, p, (size_t)(q - p));
		if (q == end)
			return;
		p = hold_line_end(q, end);
	}
}
