/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell.c - the cell of a host in the waterfall, such as 39:726
 *
 * Pure.  All marks are ASCII, so that a byte is a column.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "tools/common/paint.h"
#include "tools/mqc/cell.h"
#include "tools/mqc/hosts.h"

size_t
mqc_cell_add_title(struct buf *out, const struct mqc_fleet *f, const char *name,
    const struct mqc_cell_look *look)
{
	struct buf text = BUF_INIT;
	size_t c, width;

	clean_adds(&text, name, MQC_HOSTS_NAME);
	for (c = 0; c < f->columns->n; c++) {
		buf_addc(&text, c == 0 ? '(' : ':');
		clean_adds(&text, f->columns->v[c].name, MQC_COLUMN_NAME);
	}
	buf_addc(&text, ')');
	width = text.len;
	paint_add(out, PAINT_TITLE, text.data, text.len, look->colour);
	buf_free(&text);
	return width;
}

/* A number with its marks. */
static void
mqc_cell_number(struct buf *text, const struct mqc_column_value *v, bool fast,
    bool aged)
{
	if (v->kind == MQC_COLUMN_MISSING) {
		buf_addc(text, '-');
		return;
	}
	if (fast)
		buf_addc(text, '^');
	/* What could be read of it is a lower bound. */
	if (v->kind == MQC_COLUMN_AT_LEAST ||
	    (v->kind == MQC_COLUMN_UNREADABLE && v->n != 0))
		buf_addc(text, '~');
	if (v->kind != MQC_COLUMN_UNREADABLE || v->n != 0)
		buf_addf(text, "%" PRIu64, v->n);
	if (v->kind == MQC_COLUMN_UNREADABLE)
		buf_addc(text, '!');
	if (aged)
		buf_addc(text, '?');
}

static enum paint
mqc_cell_paint(const struct mqc_fleet_cell *cell, bool aged)
{
	if (cell->level == MQC_COLUMN_ALARMED)
		return PAINT_CRITICAL;
	if (cell->value.kind == MQC_COLUMN_UNREADABLE)
		return PAINT_TROUBLE;
	if (cell->level == MQC_COLUMN_WARNED)
		return PAINT_WARNING;
	return aged ? PAINT_AGED : PAINT_PLAIN;
}

size_t
mqc_cell_add(struct buf *out, const struct mqc_fleet *f,
    const struct mqc_fleet_host *h, const struct mqc_cell_look *look)
{
	const bool aged = h->age_class == MQC_FLEET_AGED;
	struct buf text = BUF_INIT;
	size_t c, width = 0;

	if (h->age_class == MQC_FLEET_GONE) {
		paint_add(out, PAINT_TROUBLE, "--", 2, look->colour);
		return 2;
	}
	for (c = 0; c < f->columns->n; c++) {
		const struct mqc_fleet_cell *cell = &h->cells[c];

		if (c != 0)
			buf_addc(out, ':');
		buf_truncate(&text, 0);
		mqc_cell_number(&text, &cell->value, cell->fast && look->arrows,
		    aged);
		paint_add(out, mqc_cell_paint(cell, aged), text.data, text.len,
		    look->colour);
		width += text.len + (c != 0);
	}
	buf_free(&text);
	return width;
}

size_t
mqc_cell_add_total(struct buf *out, const struct mqc_fleet *f)
{
	size_t start = out->len, c, i;

	for (c = 0; c < f->columns->n; c++) {
		struct mqc_column_value sum = { MQC_COLUMN_MISSING, 0 };
		bool aged = false, bound = false;

		for (i = 0; i < f->n; i++) {
			const struct mqc_fleet_host *h = &f->hosts[i];
			const struct mqc_column_value *v = &h->cells[c].value;

			if (!mqc_fleet_counts(h)) {
				bound |= mqc_fleet_misses(h);
				continue;
			}
			if (v->kind == MQC_COLUMN_MISSING)
				continue;
			sum.kind = MQC_COLUMN_EXACT;
			sum.n += v->n;
			bound |= v->kind != MQC_COLUMN_EXACT;
			aged |= h->age_class == MQC_FLEET_AGED;
		}
		if (bound)
			sum.kind = MQC_COLUMN_AT_LEAST;
		if (c != 0)
			buf_addc(out, ':');
		mqc_cell_number(out, &sum, false, aged);
	}
	return out->len - start;
}
