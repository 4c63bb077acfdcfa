/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tsv.h - fields of a line that are parted by tabs */
#ifndef TOOLS_COMMON_TSV_H
#define TOOLS_COMMON_TSV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Each adds a tab and a field: every field but the first of a line.  A value
 * that is not known is an empty field.  A text that someone else chose is
 * cleaned by the caller, so that it holds no tab.
 */
void tsv_word(struct buf *, const char *);
void tsv_count(struct buf *, bool known, uint64_t n);

/* A negative number is not known. */
void tsv_integer(struct buf *, int64_t n);
void tsv_number(struct buf *, double n);

#endif
