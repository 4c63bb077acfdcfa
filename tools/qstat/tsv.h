/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tsv.h - the answer as lines of fields that are parted by tabs */
#ifndef TOOLS_QSTAT_TSV_H
#define TOOLS_QSTAT_TSV_H

#include "base/buf.h"
#include "tools/qstat/messages.h"
#include "tools/qstat/view.h"

/*
 * Adds a line of the fields' names, and one for each group or message.  A
 * value that is not known is empty.  Fields are only ever added at the end.
 */
void qstat_tsv_groups(struct buf *, const struct qstat_view *);
void qstat_tsv_messages(struct buf *, const struct qstat_messages *);

#endif
