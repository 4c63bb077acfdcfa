/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dump.h - what is in a map, beside what its text says */
#ifndef MTA_SENDMAIL_ACCESS_DUMP_H
#define MTA_SENDMAIL_ACCESS_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "block/entries.h"

/* Keys and values, sorted; they point into somebody else's bytes. */
struct sendmail_access_dump {
	struct block_entry *entry;
	size_t n;
	bool keep_case; /* of keys */
};

#define SENDMAIL_ACCESS_DUMP_INIT \
	{                         \
		NULL, 0, false    \
	}

/*
 * From the output of makemap -u: KEY TAB VALUE.  bytes may be NULL for none.
 * 0; or -1, out of memory.
 */
int sendmail_access_dump_parse(struct sendmail_access_dump *, bool keep_case,
    const char *bytes, size_t n);

/*
 * From the text: what makemap would put into the map.  Of entries with the
 * same key the first one counts.  0; or -1, out of memory.
 */
int sendmail_access_dump_of_text(struct sendmail_access_dump *, bool keep_case,
    const struct entries *);

void sendmail_access_dump_free(struct sendmail_access_dump *);

/* The entry of a key, or NULL. */
const struct block_entry *
sendmail_access_dump_find(const struct sendmail_access_dump *, const char *key);

/* Where two differ. */
void sendmail_access_dump_compare(struct block_difference *,
    const struct sendmail_access_dump *, const struct sendmail_access_dump *);

#endif
