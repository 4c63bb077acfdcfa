/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv.c - rounds as lines of fields parted by tabs
 *
 * Pure.  Every line has the same fields, whatever a host answers.  A new
 * version may add fields at the end.
 */
#include <inttypes.h>

#include "base/clean.h"
#include "tools/common/tsv.h"
#include "tools/mqc/hosts.h"
#include "tools/mqc/tsv.h"

void
mqc_tsv_add_head(struct buf *out, const struct mqc_fleet *f)
{
	size_t c;

	buf_adds(out, "time\thost\tanswer\tage");
	for (c = 0; c < f->columns->n; c++) {
		buf_addc(out, '\t');
		clean_adds(out, f->columns->v[c].name, MQC_COLUMN_NAME);
		buf_addc(out, '\t');
		clean_adds(out, f->columns->v[c].name, MQC_COLUMN_NAME);
		buf_adds(out, "_count");
	}
	buf_addc(out, '\n');
}

static void
mqc_tsv_add_cell(struct buf *out, const struct mqc_column_value *v)
{
	tsv_count(out,
	    v->kind == MQC_COLUMN_EXACT || v->kind == MQC_COLUMN_AT_LEAST,
	    v->n);
	tsv_word(out, mqc_column_kind_name(v->kind));
}

void
mqc_tsv_add(struct buf *out, const struct mqc_fleet *f)
{
	const struct mqc_fleet_host *h;
	size_t i, c;

	for (i = 0; i < f->n; i++) {
		h = &f->hosts[i];
		buf_addf(out, "%" PRId64 "\t", f->began.wall);
		clean_adds(out, h->name, MQC_HOSTS_NAME);
		tsv_word(out, mqc_fleet_answer_name(h->answer));
		tsv_count(out, h->known, h->age > 0 ? (uint64_t)h->age : 0);
		for (c = 0; c < f->columns->n; c++)
			if (h->age_class != MQC_FLEET_GONE)
				mqc_tsv_add_cell(out, &h->cells[c].value);
			else
				buf_adds(out, "\t\tunknown");
		buf_addc(out, '\n');
	}
}
