/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * range.c - threshold ranges, to the letter of the plugin guidelines
 *
 * Pure.  Numbers are those of num_decimal(), so that a printed range is
 * exactly the one that was read.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "plug/range.h"

int
range_parse(struct range *r, const char *s, const char **why)
{
	struct range new = { 0, INFINITY, false };
	const char *colon;

	if (*s == '@') {
		new.inside = true;
		s++;
	}
	colon = strchr(s, ':');
	if (colon == s + 1 && *s == '~') {
		new.start = -INFINITY;
	} else if (colon != NULL && colon != s) {
		if (num_decimal(s, (size_t)(colon - s), &new.start, why) != 0)
			return -1;
	} else if (colon != NULL && colon[1] == '\0') {
		*why = "expected a range like 10, 10:, ~:10 or @10:20";
		return -1;
	}
	s = colon != NULL ? colon + 1 : s;
	if (colon == NULL || *s != '\0') {
		if (num_decimal(s, strlen(s), &new.end, why) != 0)
			return -1;
	}
	if (new.start > new.end) {
		*why = new.start == 0 ?
		    "the end is below 0, where a range starts by itself"
		    " (~:END starts at minus infinity)" :
		    "the start is greater than the end";
		return -1;
	}
	*r = new;
	return 0;
}

bool
range_alerts(const struct range *r, double value)
{
	bool within = r->start <= value && value <= r->end;

	return within == r->inside;
}

bool
range_alerts_from(const struct range *r, double value)
{
	if (r->inside)
		return r->start <= value && isinf(r->end);
	return value > r->end;
}

void
range_add(struct buf *b, const struct range *r)
{
	if (r->inside)
		buf_addc(b, '@');
	if (isinf(r->start))
		buf_adds(b, "~:");
	else if (r->start != 0 || isinf(r->end)) {
		num_add_decimal(b, r->start);
		buf_addc(b, ':');
	}
	if (!isinf(r->end))
		num_add_decimal(b, r->end);
}
