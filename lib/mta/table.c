/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - the mail servers that are known
 *
 * Owns nothing.  Only the files of this folder know all servers; everybody else
 * takes the server from the queue.
 */
#include <string.h>

#include "mta/sendmail/sendmail.h"
#include "mta/table.h"

static const struct mta *const table[] = { &sendmail_mta };

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

const struct mta *
mta_table_at(size_t i)
{
	return i < TABLE_SIZE ? table[i] : NULL;
}

const struct mta *
mta_table_find(const char *name)
{
	size_t i;

	for (i = 0; i < TABLE_SIZE; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

/* With one server there is nothing to look at in the directory. */
const struct mta *
mta_table_of(const char *dir)
{
	(void)dir;
	return table[0];
}

int
mta_table_add_spec(struct queue_list *list, const char *spec)
{
	size_t len = strcspn(spec, "=/");

	return queue_list_add_spec(list,
	    mta_table_of(spec[len] == '=' ? spec + len + 1 : spec), spec);
}
