/* SPDX-License-Identifier: GPL-3.0-or-later */
/* span.h - a piece of somebody else's bytes */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>

/* Not terminated, may hold any byte; n 0: nothing, and p may be NULL. */
struct span {
	const char *p;
	size_t n;
};

#endif
