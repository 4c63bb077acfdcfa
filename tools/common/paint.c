/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paint.c - text in the colours of a terminal
 *
 * Pure.  Each text ends with a reset, so that a terminal is never left in a
 * colour, wherever the output stops.  The codes are those of ECMA-48 that
 * every terminal with colours knows.
 */
#include "tools/common/paint.h"

void
paint_add(struct buf *out, enum paint paint, const char *s, size_t n,
    bool colour)
{
	static const char *const codes[] = {
		[PAINT_PLAIN] = NULL,
		[PAINT_TITLE] = "1",
		[PAINT_AGED] = "2",
		[PAINT_WARNING] = "33",
		[PAINT_CRITICAL] = "1;31",
		[PAINT_TROUBLE] = "35",
	};

	if (!colour || codes[paint] == NULL) {
		buf_add(out, s, n);
		return;
	}
	buf_addf(out, "\033[%sm", codes[paint]);
	buf_add(out, s, n);
	buf_adds(out, "\033[0m");
}

void
paint_pad(struct buf *out, size_t n)
{
	while (n-- != 0)
		buf_addc(out, ' ');
}
