/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv.c - rounds as lines of fields parted by tabs
 *
 * Pure.  Every line has the same fields, whatever a host says: a new version
 * may add some at the end.
 */
#include <inttypes.h>

#include "base/clean.h"
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
	buf_addc(out, '\t');
	if (v->kind == MQC_COLUMN_EXACT || v->kind == MQC_COLUMN_AT_LEAST)
		buf_addf(out, "%" PRIu64, v->n);
	buf_addf(out, "\t%s", mqc_column_kind_name(v->kind));
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
		buf_addf(out, "\t%s\t", mqc_fleet_answer_name(h->answer));
		if (h->known)
			buf_addf(out, "%" PRId64, h->age > 0 ? h->age : 0);
		for (c = 0; c < f->columns->n; c++)
			if (h->age_class != MQC_FLEET_GONE)
				mqc_tsv_add_cell(out, &h->cells[c].value);
			else
				buf_adds(out, "\t\tunknown");
		buf_addc(out, '\n');
	}
}
