/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv.c - fields of a line that are parted by tabs
 *
 * Pure.
 */
#include <inttypes.h>

#include "base/num.h"
#include "tools/common/tsv.h"

void
tsv_word(struct buf *b, const char *word)
{
	buf_addc(b, '\t');
	buf_adds(b, word);
}

void
tsv_count(struct buf *b, bool known, uint64_t n)
{
	buf_addc(b, '\t');
	if (known)
		buf_addf(b, "%" PRIu64, n);
}

void
tsv_integer(struct buf *b, int64_t n)
{
	tsv_count(b, n >= 0, (uint64_t)n);
}

void
tsv_number(struct buf *b, double n)
{
	buf_addc(b, '\t');
	if (n >= 0)
		num_add_decimal(b, n);
}
