/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.h - text in the colours of a terminal */
#ifndef TOOLS_COMMON_PAINT_H
#define TOOLS_COMMON_PAINT_H

#include <stdbool.h>

#include "base/buf.h"

enum paint {
	PAINT_PLAIN,
	PAINT_TITLE,
	PAINT_AGED, /* a number that was true some time ago */
	PAINT_WARNING,
	PAINT_CRITICAL,
	PAINT_TROUBLE, /* no number: unreadable, or no answer */
};

/* Adds n bytes in a colour; colour false: as they are. */
void paint_add(struct buf *, enum paint, const char *, size_t n, bool colour);

/* Adds so many blanks. */
void paint_pad(struct buf *, size_t n);

#endif
