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

/* Values from 0 on that alert: below the start, and beyond the end. */
static bool
range_alerts_below(const struct range *r)
{
	return !r->inside && r->start > 0;
}

static bool
range_alerts_beyond(const struct range *r)
{
	return !r->inside && !isinf(r->end);
}

static bool
range_never_alerts(const struct range *r)
{
	return r->inside ? r->end < 0 :
			   !range_alerts_below(r) && !range_alerts_beyond(r);
}

/* Does every value from 0 on that alerts by a alert by b as well? */
static bool
range_is_within(const struct range *a, const struct range *b)
{
	double start = fmax(a->start, 0);

	if (range_never_alerts(a))
		return true;
	if (a->inside && b->inside)
		return fmax(b->start, 0) <= start && a->end <= b->end;
	if (a->inside)
		return a->end < b->start || start > b->end;
	if (!b->inside)
		return start <= fmax(b->start, 0) && b->end <= a->end;
	return (!range_alerts_below(a) ||
		   (b->start <= 0 && a->start <= b->end)) &&
	    (!range_alerts_beyond(a) || (b->start <= a->end && isinf(b->end)));
}

bool
range_is_shadowed(const struct range *warning, const struct range *critical)
{
	return !range_never_alerts(warning) &&
	    range_is_within(warning, critical) &&
	    !range_is_within(critical, warning);
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
