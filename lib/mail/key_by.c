/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key_by.c - what messages can be grouped by */
#include <stddef.h>
#include <string.h>

#include "base/cli.h"
#include "mail/key_by.h"

static const char *const key_by_names[] = {
	[KEY_RELAY] = "relay",
	[KEY_NETWORK] = "network",
	[KEY_NAME] = "name",
	[KEY_HELO] = "helo",
	[KEY_SENDER] = "sender",
	[KEY_SENDER_DOMAIN] = "sender-domain",
	[KEY_RECIPIENT_DOMAIN] = "recipient-domain",
	[KEY_STATUS] = "status",
};

const char *
key_by_name(enum key_by by)
{
	return key_by_names[by];
}

int
key_by_parse(const char *s, enum key_by *by)
{
	size_t i;

	for (i = 0; i < sizeof(key_by_names) / sizeof(*key_by_names); i++)
		if (strcmp(s, key_by_names[i]) == 0) {
			*by = (enum key_by)i;
			return 0;
		}
	return -1;
}

int
key_by_option(enum key_by *by, const char *text, struct buf *why)
{
	if (key_by_parse(text, by) == 0)
		return 0;
	return cli_bad_value(why, "--by", text,
	    "expected relay, network, name, helo, sender, sender-domain,"
	    " recipient-domain or status");
}

bool
key_by_is_host(enum key_by by)
{
	return by <= KEY_HELO;
}

unsigned int
key_by_keys(enum key_by by)
{
	return by == KEY_RECIPIENT_DOMAIN ? KEY_DOMAINS : 1;
}
