/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qstat_tsv.h - the answer as lines of fields that are parted by tabs */
#ifndef QSTAT_TSV_H
#define QSTAT_TSV_H

#include "base/buf.h"
#include "qstat_messages.h"
#include "qstat_view.h"

/*
 * Adds a line of the fields' names, and one for each group or message.  A
 * value that is not known is empty.  Fields are only ever added at the end.
 */
void qstat_tsv_groups(struct buf *, const struct qstat_view *);
void qstat_tsv_messages(struct buf *, const struct qstat_messages *);

#endif
