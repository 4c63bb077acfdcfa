/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - the mail servers that are known */
#ifndef MTA_TABLE_H
#define MTA_TABLE_H

#include <stddef.h>

#include "mail/mta.h"
#include "mail/queue.h"

/* The i-th server, 0 the first; NULL: there are no more. */
const struct mta *mta_table_at(size_t i);

/* The server of this name, as in struct mta; NULL: there is none. */
const struct mta *mta_table_find(const char *name);

/* The server of which a directory is a queue. */
const struct mta *mta_table_of(const char *dir);

/*
 * queue_list_add_spec() of what a user typed after -q, for the server of which
 * it is a queue.
 */
int mta_table_add_spec(struct queue_list *, const char *spec);

#endif
