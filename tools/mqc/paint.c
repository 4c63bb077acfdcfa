/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paint.c - text in the colours of a terminal
 *
 * Pure.  Each text ends with a reset, so that a terminal is never left in a
 * colour, wherever the output stops.  The codes are those of ECMA-48 that
 * every terminal with colours knows.
 */
#include "tools/mqc/paint.h"

void
mqc_paint_add(struct buf *out, enum mqc_paint paint, const char *s, size_t n,
    bool colour)
{
	static const char *const codes[] = {
		[MQC_PAINT_PLAIN] = NULL,
		[MQC_PAINT_TITLE] = "1",
		[MQC_PAINT_AGED] = "2",
		[MQC_PAINT_WARNING] = "33",
		[MQC_PAINT_CRITICAL] = "1;31",
		[MQC_PAINT_TROUBLE] = "35",
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
mqc_paint_pad(struct buf *out, size_t n)
{
	while (n-- != 0)
		buf_addc(out, ' ');
}
