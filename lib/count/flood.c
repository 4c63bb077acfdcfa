/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flood.c - the rule by which one relay holds too much of a queue
 *
 * Pure.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "count/flood.h"

#define FLOOD_EXPECTED "expected COUNT,SHARE% like 100,10%, or one of them"

/* "10%", the n bytes at s. */
static int
flood_parse_share(double *share, const char *s, size_t n, const char **why)
{
	double percent;

	if (n < 2 || s[n - 1] != '%' ||
	    num_decimal(s, n - 1, &percent, why) != 0) {
		*why = FLOOD_EXPECTED;
		return -1;
	}
	if (percent < 0 || percent > 100) {
		*why = "a share is from 0% to 100%";
		return -1;
	}
	*share = percent / 100;
	return 0;
}

static int
flood_parse_count(uint64_t *count, const char *s, size_t n, const char **why)
{
	double value;

	if (num_decimal(s, n, &value, why) != 0 || value < 0 ||
	    value != floor(value)) {
		*why = FLOOD_EXPECTED;
		return -1;
	}
	*count = (uint64_t)value;
	return 0;
}

int
flood_parse(struct flood_rule *rule, const char *s, const char **why)
{
	struct flood_rule new = { 0, 0 };
	size_t n = strlen(s), count = strcspn(s, ",");

	if (count == n && n != 0 && s[n - 1] == '%') {
		if (flood_parse_share(&new.share, s, n, why) != 0)
			return -1;
	} else if (flood_parse_count(&new.count, s, count, why) != 0 ||
	    (count != n &&
		flood_parse_share(&new.share, s + count + 1, n - count - 1,
		    why) != 0)) {
		return -1;
	}
	*rule = new;
	return 0;
}

void
flood_add_rule(struct buf *b, const struct flood_rule *rule)
{
	num_add_decimal(b, (double)rule->count);
	buf_addc(b, ',');
	num_add_decimal(b, rule->share * 100);
	buf_addc(b, '%');
}

bool
flood_is_shadowed(const struct flood_rule *warning,
    const struct flood_rule *critical)
{
	return warning->count >= critical->count &&
	    warning->share >= critical->share &&
	    (warning->count != critical->count ||
		warning->share != critical->share);
}

double
flood_limit(const struct flood_rule *rule, uint64_t total)
{
	/* 10% of 1010 is 101, not a hair less or more. */
	double share = round(rule->share * (double)total * 1e6) / 1e6;

	return fmax((double)rule->count, share);
}

enum flood_verdict
flood_judge(const struct flood_rule *rule, const struct sample_estimate *e,
    uint64_t total)
{
	double limit = flood_limit(rule, total);

	if (sample_proves(e, limit))
		return FLOOD_YES;
	return e->high > limit ? FLOOD_DOUBT : FLOOD_NO;
}

enum flood_level
flood_level(const struct flood_rule *warning, const struct flood_rule *critical,
    const struct sample_estimate *e, uint64_t total,
    const struct flood_rule **doubt)
{
	enum flood_verdict mild = flood_judge(warning, e, total);
	enum flood_verdict severe = flood_judge(critical, e, total);

	*doubt = NULL;
	if (severe == FLOOD_DOUBT)
		*doubt = critical;
	else if (severe == FLOOD_NO && mild == FLOOD_DOUBT)
		*doubt = warning;
	if (severe == FLOOD_YES)
		return FLOOD_LEVEL_CRITICAL;
	return mild == FLOOD_YES ? FLOOD_LEVEL_WARNING : FLOOD_LEVEL_OK;
}
