/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clients.h - clients for the tests, from what an operator would type */
#ifndef T_CLIENTS_H
#define T_CLIENTS_H

#include "unit.h"

#include "block/client.h"

/* What cannot be read fails the test. */
static inline struct client
clients_parsed(const char *text)
{
	struct client k;
	const char *why;

	if (client_parse(&k, text, &why) != 0)
		fail_msg("'%s': %s", text, why);
	return k;
}

#endif
