/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - which access file, and how its map is made */
#ifndef MTA_SENDMAIL_ACCESS_PLACE_H
#define MTA_SENDMAIL_ACCESS_PLACE_H

#include "base/buf.h"
#include "block/block.h"
#include "mta/sendmail/access/cf.h"
#include "mta/sendmail/access/dump.h"
#include "mta/sendmail/access/makemap.h"

struct sendmail_access_place {
	struct block_place place;
	struct sendmail_access_cf cf;
	struct sendmail_access_makemap map;
	struct sendmail_access_dump dump; /* of load() */
	struct buf bytes;                 /* of that */
};

#define SENDMAIL_ACCESS_PLACE_INIT(server, file)      \
	{                                             \
		.place = { (server), (file), ".db" }, \
		.cf = SENDMAIL_ACCESS_CF_INIT         \
	}

/*
 * From the file that is given, else from the sendmail.cf that is given or the
 * usual one.  Points into what is given.  0; or -1 with a line added to *why.
 * Free it in both cases.
 */
int sendmail_access_place_find(struct sendmail_access_place *,
    const struct block_given *, struct buf *why);
void sendmail_access_place_free(struct sendmail_access_place *);

#endif
