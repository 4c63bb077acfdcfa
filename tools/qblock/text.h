/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - the blocks of an access file, as text and JSON */
#ifndef TOOLS_QBLOCK_TEXT_H
#define TOOLS_QBLOCK_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "block/entries.h"
#include "mta/sendmail/access_dump.h"
#include "mta/sendmail/access_cf.h"

/* A table of all blocks; file is named where there is none. */
void qblock_text_list(struct buf *, const struct accessmap *, const char *file,
    int64_t now, size_t width);

#ifdef HAVE_JANSSON
/* 0; or -1, out of memory. */
int qblock_text_json(struct buf *, const struct accessmap *, const char *file,
    int64_t now);
#endif

/*
 * What a map says to a client: adds a line, and one more where the text says
 * otherwise.  name: the host name of an address; NULL: it has none.  Returns 1
 * if it is refused, else 0.
 */
int qblock_text_check(struct buf *, const struct accesskey *, const char *name,
    const struct mapdump *, const struct accessmap *text,
    const struct sendmail_access *);

#endif
