/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - which access file, and how its map is made */
#ifndef TOOLS_QBLOCK_PLACE_H
#define TOOLS_QBLOCK_PLACE_H

#include "base/buf.h"
#include "mta/sendmail/access_cf.h"
#include "tools/qblock/config.h"
#include "mta/sendmail/access_makemap.h"

struct qblock_place {
	struct sendmail_access cf;
	const char *file; /* of the text */
	struct qblock_map map;
};

/*
 * From --map, else from the sendmail.cf of --cf or the usual one.  Points into
 * the configuration.  0; or -1 with a line added to *why.  Free it in both
 * cases.
 */
int qblock_place_find(struct qblock_place *, const struct qblock_config *,
    struct buf *why);
void qblock_place_free(struct qblock_place *);

#endif
