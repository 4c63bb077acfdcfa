/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guard.h - clients that are not to be blocked */
#ifndef TOOLS_QBLOCK_GUARD_H
#define TOOLS_QBLOCK_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/buf.h"
#include "block/client.h"
#include "block/entries.h"
#include "mta/sendmail/access_cf.h"
#include "tools/qblock/names.h"

/* This host. */
struct qblock_guard {
	struct addr *address; /* of its interfaces */
	size_t n;
	char name[256]; /* "": not known */
};

/*
 * Asks the system.  0; or -1 with errno.  Free it in both cases.
 */
int qblock_guard_init(struct qblock_guard *);
void qblock_guard_free(struct qblock_guard *);

/*
 * Pure.  -1 with a line added to *why if a block of these clients would hit
 * loopback, this host, or what an entry of the file lets in, or without wide
 * more than one owner's hosts; else 0.
 */
int qblock_guard_check(const struct qblock_guard *, const struct accesskey *,
    const struct accessmap *, bool wide, struct buf *why);

/*
 * Adds a line for each entry of the file that still lets a part of these
 * clients in: the longer key counts.  n of them at most.
 */
void qblock_guard_note(struct buf *, const struct accesskey *,
    const struct accessmap *, size_t n);

/*
 * Pure.  sendmail looks at a client's name before its address, so an entry for
 * the name may let in what a block of the address should refuse.  -1 with a
 * line added to *why if k is one address and a name of it does that; where k is
 * a network, a note for each such host, a few of them.
 */
int qblock_guard_names(const struct qblock_names *, const struct accesskey *k,
    const struct accessmap *, const struct sendmail_access *, struct buf *notes,
    struct buf *why);

/*
 * Pure.  How many entries of the file let hosts in by a name, but that of this
 * host: while the name of a client is not known, each of them may be for it.
 * Adds the first to out: "line 2 (Connect:isp.example OK)".
 */
size_t qblock_guard_lets_names(struct buf *out, const struct accessmap *,
    const struct sendmail_access *);

#endif
