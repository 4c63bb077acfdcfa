/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tsv.h - rounds as lines of fields parted by tabs */
#ifndef TOOLS_MQC_TSV_H
#define TOOLS_MQC_TSV_H

#include "base/buf.h"
#include "tools/mqc/fleet.h"

/* Adds the line of the names of the fields: once, at the beginning. */
void mqc_tsv_add_head(struct buf *, const struct mqc_fleet *);

/* Adds a line for each host.  A number that is not known is an empty field. */
void mqc_tsv_add(struct buf *, const struct mqc_fleet *);

#endif
