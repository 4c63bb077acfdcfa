/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guard.h - refuses a block that hits the wrong ones or would have no effect */
#ifndef BLOCK_GUARD_H
#define BLOCK_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "block/block.h"
#include "block/client.h"
#include "block/entries.h"
#include "block/names.h"

/* This host. */
struct guard {
	struct addr *address; /* of its interfaces */
	size_t n;
	char name[256]; /* "": not known */
};

/*
 * Asks the system.  0; or -1 with errno.  Free it in both cases.
 */
int guard_init(struct guard *);
void guard_free(struct guard *);

/*
 * Pure.  -1 with a line added to *why if a block of these clients would hit
 * loopback, this host, or what an entry of the file lets in, or without wide
 * more than one owner's hosts; else 0.
 */
int guard_check(const struct guard *, const struct client *,
    const struct entries *, bool wide, struct buf *why);

/*
 * Adds a line for each entry of the file that still lets a part of these
 * clients in: the longer key counts.  n of them at most.
 */
void guard_note(struct buf *, const struct client *, const struct entries *,
    size_t n);

/*
 * Pure.  A server looks at a client's name before its address, so an entry for
 * the name may let in what a block of the address should refuse.  -1 with a
 * line added to *why if k is one address and a name of it does that; where k is
 * a network, a note for each such host, a few of them.
 */
int guard_names(const struct names *, const struct client *k,
    const struct entries *, const struct block_place *, struct buf *notes,
    struct buf *why);

/*
 * Pure.  How many entries of the file let hosts in by a name, but that of this
 * host: while the name of a client is not known, each of them may be for it.
 * Adds the first to out: "line 2 (Connect:isp.example OK)".
 */
size_t guard_lets_names(struct buf *out, const struct entries *,
    const struct block_place *);

#endif
