/* SPDX-License-Identifier: GPL-3.0-or-later */
/* span.h - a piece of somebody else's bytes */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>

/*
 * The bytes are not terminated, and may hold any value.  If n is 0 there is
 * nothing, and p may be NULL.
 */
struct span {
	const char *p;
	size_t n;
};

#endif
