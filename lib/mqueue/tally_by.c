/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally_by.c - what messages can be grouped by */
#include <stddef.h>
#include <string.h>

#include "mqueue/tally_by.h"

static const char *const tally_by_names[] = {
	[TALLY_RELAY] = "relay",
	[TALLY_NETWORK] = "network",
	[TALLY_NAME] = "name",
	[TALLY_HELO] = "helo",
	[TALLY_SENDER] = "sender",
	[TALLY_SENDER_DOMAIN] = "sender-domain",
	[TALLY_RECIPIENT_DOMAIN] = "recipient-domain",
	[TALLY_STATUS] = "status",
};

const char *
tally_by_name(enum tally_by by)
{
	return tally_by_names[by];
}

int
tally_by_parse(const char *s, enum tally_by *by)
{
	size_t i;

	for (i = 0; i < sizeof(tally_by_names) / sizeof(*tally_by_names); i++)
		if (strcmp(s, tally_by_names[i]) == 0) {
			*by = (enum tally_by)i;
			return 0;
		}
	return -1;
}

bool
tally_by_is_host(enum tally_by by)
{
	return by <= TALLY_HELO;
}

unsigned int
tally_by_keys(enum tally_by by)
{
	return by == TALLY_RECIPIENT_DOMAIN ? TALLY_DOMAINS : 1;
}
