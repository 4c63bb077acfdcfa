/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_range.c - a range, a number, a duration: what is printed is read back */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/num.h"
#include "plug/range.h"

static bool
same(const struct range *a, const struct range *b)
{
	return a->start == b->start && a->end == b->end &&
	    a->inside == b->inside;
}

static void
printed(const struct range *r)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct range again;
	const char *why;

	range_add(&once, r);
	FUZZ_MUST(range_parse(&again, buf_str(&once), &why) == 0);
	FUZZ_MUST(same(&again, r));
	range_add(&twice, &again);
	FUZZ_MUST(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	buf_free(&once);
	buf_free(&twice);
}

static void
judged(const struct range *r)
{
	const double values[] = { -INFINITY, -1, 0, 0.5, r->start, r->end, 1e9,
		INFINITY };
	struct range turned = *r;
	size_t i, j;

	FUZZ_MUST(!isnan(r->start) && !isnan(r->end) && r->start <= r->end);
	turned.inside = !r->inside;
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		FUZZ_MUST(range_alerts(r, values[i]) !=
		    range_alerts(&turned, values[i]));
		if (!range_alerts_from(r, values[i]))
			continue;
		for (j = 0; j < sizeof(values) / sizeof(*values); j++)
			FUZZ_MUST(values[j] < values[i] ||
			    range_alerts(r, values[j]));
	}
}

static void
numbers(const char *text)
{
	struct buf b = BUF_INIT;
	int64_t seconds, fewer;
	double value, again;
	const char *why;

	if (num_decimal(text, strlen(text), &value, &why) == 0) {
		num_add_decimal(&b, value);
		FUZZ_MUST(num_decimal(b.data, b.len, &again, &why) == 0);
		FUZZ_MUST(value == again && fabs(value) <= NUM_DECIMAL_MAX);
	}
	buf_truncate(&b, 0);
	if (num_duration(text, &seconds, &why) == 0) {
		num_add_duration(&b, seconds);
		FUZZ_MUST(num_duration(buf_str(&b), &fewer, &why) == 0);
		FUZZ_MUST(fewer >= 0 && fewer <= seconds);
		FUZZ_MUST(seconds - fewer < (seconds < 86400 ? 60 : 3600));
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_string(bytes, n);
	const char *why = NULL;
	struct range r;

	if (range_parse(&r, text, &why) != 0) {
		FUZZ_MUST(fuzz_is_line(why));
	} else {
		printed(&r);
		judged(&r);
	}
	numbers(text);
	free(text);
	return 0;
}
