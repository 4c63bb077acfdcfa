/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.c - a list of clients' addresses with the host names they have
 *
 * Pure.
 */
#include <string.h>

#include "block/names.h"

void
names_init(struct names *names)
{
	names->n = 0;
	names->unread = (struct buf)BUF_INIT;
}

void
names_free(struct names *names)
{
	buf_free(&names->unread);
}

void
names_put(struct names *names, const struct names_one *new)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (client_equal(&names->v[i].address, &new->address) &&
		    strcmp(names->v[i].name, new->name) == 0)
			return;
	if (names->n < NAMES_KEPT)
		names->v[names->n++] = *new;
}

int
names_give(struct names *names, const struct client *address, const char *name)
{
	struct names_one new = { .address = *address };

	if (!domain_copy((struct span){ name, strlen(name) }, new.name))
		return -1;
	names_put(names, &new);
	return 0;
}

bool
names_has(const struct names *names, const struct client *key)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (client_covers(key, &names->v[i].address))
			return true;
	return false;
}
