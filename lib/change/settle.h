/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settle.h - what a run that was killed has left, and what became of it */
#ifndef CHANGE_SETTLE_H
#define CHANGE_SETTLE_H

#include <stddef.h>

#include "base/buf.h"
#include "change/journal.h"
#include "mail/mta_change.h"

/*
 * How the journal names a message: by its id; where ids return, also by inode
 * and arrival, so that another message of this id is not taken for it:
 * "B835C2A4039 inode=2768953 arrival=1795975220".
 */
void settle_add_id(struct buf *, const struct mta_message *);

/*
 * Has the server settle each line that stayed pending, and enters what became
 * of it; lines of directories that are not among the places stay as they are.
 * 0 with *n, how many there were; or -1 with errno.
 */
int settle_run(struct journal *, const struct mta_place_list *, size_t *n);

#endif
