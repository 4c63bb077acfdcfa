/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf.c - perfdata items, to the letter of the plugin guidelines
 *
 * Pure.  Values print in the C locale without exponent, whole ones without a
 * point.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/num.h"
#include "plug/perf.h"

/* Copies name into label with sep for what is not allowed; sep 0: nothing. */
static size_t
perf_squeeze(char *label, size_t max, const char *name, char sep)
{
	size_t n = 0;
	bool gap = false;

	if (!isalpha((unsigned char)*name))
		label[n++] = 'q';
	for (; *name != '\0'; name++) {
		if (!isalnum((unsigned char)*name)) {
			gap = true;
			continue;
		}
		if (gap && sep != '\0' && n != 0) {
			if (n < max)
				label[n] = sep;
			n++;
		}
		gap = false;
		if (n < max)
			label[n] = (char)tolower((unsigned char)*name);
		n++;
	}
	label[n < max ? n : max] = '\0';
	return n;
}

void
perf_label(char *label, size_t max, const char *name)
{
	if (perf_squeeze(label, max, name, '_') > max)
		perf_squeeze(label, max, name, '\0');
}

const char *
perf_uom_text(enum perf_uom uom)
{
	static const char *const texts[] = { "", "s", "%" };

	return texts[uom];
}

/* The fields after the value. */
static void
perf_add_limits(struct buf *b, const struct perf *p)
{
	if (p->has_warn || p->has_crit || p->min_zero)
		buf_addc(b, ';');
	if (p->has_warn)
		range_add(b, &p->warn);
	if (p->has_crit || p->min_zero)
		buf_addc(b, ';');
	if (p->has_crit)
		range_add(b, &p->crit);
	if (p->min_zero)
		buf_adds(b, ";0");
}

void
perf_add(struct buf *b, const struct perf *p)
{
	buf_addf(b, "%s=", p->label);
	if (p->unknown) {
		buf_addc(b, 'U');
	} else {
		num_add_decimal(b, p->value);
		buf_adds(b, perf_uom_text(p->uom));
	}
	perf_add_limits(b, p);
}

size_t
perf_width(const struct perf *p)
{
	static const size_t digits = 9;
	struct buf limits = BUF_INIT;
	size_t width;

	perf_add_limits(&limits, p);
	width = strlen(p->label) + 1 + digits + strlen(perf_uom_text(p->uom)) +
	    limits.len;
	buf_free(&limits);
	return width;
}
