/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.h - text in the colours of a terminal */
#ifndef TOOLS_MQC_PAINT_H
#define TOOLS_MQC_PAINT_H

#include <stdbool.h>

#include "base/buf.h"

enum mqc_paint {
	MQC_PAINT_PLAIN,
	MQC_PAINT_TITLE,
	MQC_PAINT_AGED,
	MQC_PAINT_WARNING,
	MQC_PAINT_CRITICAL,
	MQC_PAINT_TROUBLE, /* no number: unreadable, or no answer */
};

/* Adds n bytes; without colour as they are. */
void mqc_paint_add(struct buf *, enum mqc_paint, const char *, size_t n,
    bool colour);

/* Adds so many blanks. */
void mqc_paint_pad(struct buf *, size_t n);

#endif
