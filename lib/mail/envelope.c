/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * envelope.c - what a control file says about the envelope of its message
 *
 * This is for the envelopes of all mail servers.  Pure.
 */
#include "mail/envelope.h"

struct span
envelope_domain(struct span address)
{
	size_t i = address.n;

	while (i > 0 && address.p[i - 1] != '@')
		i--;
	address.n -= i;
	/* NULL + 0 is undefined in C. */
	if (i > 0)
		address.p += i;
	return address;
}
