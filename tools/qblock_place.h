/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qblock_place.h - which access file, and how its map is made */
#ifndef QBLOCK_PLACE_H
#define QBLOCK_PLACE_H

#include "base/buf.h"
#include "mqueue/accesscf.h"
#include "qblock_config.h"
#include "qblock_map.h"

struct qblock_place {
	struct accesscf cf;
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
