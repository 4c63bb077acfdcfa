/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mapdump.h - what is in a map, beside what its text says */
#ifndef BLOCK_MAPDUMP_H
#define BLOCK_MAPDUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "block/entries.h"

struct mapdump_entry {
	struct span key, value;
};

/* Keys and values, sorted; they point into somebody else's bytes. */
struct mapdump {
	struct mapdump_entry *entry;
	size_t n;
	bool keep_case; /* of keys */
};

#define MAPDUMP_INIT           \
	{                      \
		NULL, 0, false \
	}

/*
 * From the output of makemap -u: KEY TAB VALUE.  bytes may be NULL for none.
 * 0; or -1, out of memory.
 */
int mapdump_parse(struct mapdump *, bool keep_case, const char *bytes,
    size_t n);

/*
 * From the text: what makemap would put into the map.  Of entries with the
 * same key the first one counts.  0; or -1, out of memory.
 */
int mapdump_of_text(struct mapdump *, bool keep_case, const struct accessmap *);

void mapdump_free(struct mapdump *);

/* The entry of a key, or NULL. */
const struct mapdump_entry *mapdump_find(const struct mapdump *,
    const char *key);

/* Where two differ: how many entries, and the key of one of them. */
struct mapdump_difference {
	size_t n;
	struct span key;
};

void mapdump_compare(struct mapdump_difference *, const struct mapdump *,
    const struct mapdump *);

#endif
