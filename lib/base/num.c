/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * num.c - strict numbers: the whole string, or an error text
 *
 * The only file that turns text into numbers.  Owns nothing, allocates
 * nothing.  Overflow is an error, never a saturated or wrapped value.
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/num.h"

#define NUM_DECIMALS     6
#define NUM_ROUND_MAX    1e9 /* of a number with decimals */
#define NUM_DURATION_MAX (INT64_C(3653) * 24 * 3600)

static bool
num_isdigit(char c)
{
	return c >= '0' && c <= '9';
}

/* *v = *v * 10 + digit, unless that is over limit. */
static bool
num_push(uint64_t *v, char c, uint64_t limit)
{
	uint64_t digit = (uint64_t)(c - '0');

	if (*v > (limit - digit) / 10)
		return false;
	*v = *v * 10 + digit;
	return true;
}

int
num_int64_of(const char *s, size_t n, int64_t min, int64_t max, int64_t *out,
    const char **why)
{
	const char *end = s + n;
	bool negative = n != 0 && *s == '-';
	uint64_t v = 0, limit;
	int64_t value;

	if (n != 0 && (*s == '-' || *s == '+'))
		s++;
	if (s == end || !num_isdigit(*s)) {
		*why = "expected a whole number";
		return -1;
	}
	limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	for (; s < end && num_isdigit(*s); s++)
		if (!num_push(&v, *s, limit)) {
			*why = "the number is too large";
			return -1;
		}
	if (s != end) {
		*why = "expected a whole number and nothing after it";
		return -1;
	}
	value = negative ? (int64_t)(0 - v) : (int64_t)v;
	if (value < min || value > max) {
		*why = value < min ? "the number is too small" :
				     "the number is too large";
		return -1;
	}
	*out = value;
	return 0;
}

int
num_int64(const char *s, int64_t min, int64_t max, int64_t *out,
    const char **why)
{
	return num_int64_of(s, strlen(s), min, max, out, why);
}

int
num_decimal(const char *s, size_t len, double *out, const char **why)
{
	static const double scale[NUM_DECIMALS + 1] = { 1, 10, 100, 1000, 10000,
		100000, 1000000 };
	const char *end = s + len;
	bool negative = len != 0 && *s == '-';
	uint64_t v = 0;
	size_t decimals = 0, digits = 0;
	bool point = false;

	if (len != 0 && (*s == '-' || *s == '+'))
		s++;
	for (; s < end; s++) {
		if (*s == '.' && !point && digits != 0 && s + 1 < end) {
			point = true;
			continue;
		}
		if (!num_isdigit(*s)) {
			*why = "expected a number like 10 or 0.5";
			return -1;
		}
		digits++;
		if (point && ++decimals > NUM_DECIMALS) {
			*why = "at most six decimals are read";
			return -1;
		}
		if (!num_push(&v, *s, UINT64_C(999999999999999))) {
			*why = "the number is too large";
			return -1;
		}
	}
	if (digits == 0) {
		*why = "expected a number like 10 or 0.5";
		return -1;
	}
	if ((double)v / scale[decimals] > NUM_DECIMAL_MAX) {
		*why = "the number is too large";
		return -1;
	}
	*out = (double)v / scale[decimals];
	if (negative && v != 0)
		*out = -*out;
	return 0;
}

int
num_duration(const char *s, int64_t *seconds, const char **why)
{
	static const char unit[] = "dhms";
	static const int64_t size[] = { 86400, 3600, 60, 1 };
	const char *next = unit, *u;
	int64_t total = 0;
	uint64_t v;

	do {
		if (!num_isdigit(*s))
			goto bad;
		for (v = 0; num_isdigit(*s); s++)
			if (!num_push(&v, *s, NUM_DURATION_MAX))
				goto large;
		/* A bare number is seconds, and ends the text. */
		if (*s == '\0' && next == unit)
			u = unit + 3;
		else if (*s == '\0' || (u = strchr(next, *s)) == NULL)
			goto bad;
		if (*s != '\0')
			s++;
		total += (int64_t)v * size[u - unit];
		if (total > NUM_DURATION_MAX)
			goto large;
		next = u + 1;
	} while (*s != '\0');
	*seconds = total;
	return 0;
bad:
	*why = "expected a duration like 90s, 15m, 2h or 1d";
	return -1;
large:
	*why = "a duration is at most ten years";
	return -1;
}

void
num_add_decimal(struct buf *b, double value)
{
	double rounded = round(value * 1e6) / 1e6;
	size_t start = b->len;

	/* A number this large has no exact millionths. */
	if (fabs(value) >= NUM_ROUND_MAX)
		rounded = value;
	buf_addf(b, "%.*f", NUM_DECIMALS, rounded == 0 ? 0.0 : rounded);
	if (b->oom)
		return;
	while (b->len > start && b->data[b->len - 1] == '0')
		buf_truncate(b, b->len - 1);
	if (b->len > start && b->data[b->len - 1] == '.')
		buf_truncate(b, b->len - 1);
}

/* "2h5m", or "2h" when there is nothing to say of the smaller unit. */
static void
num_add_units(struct buf *b, int64_t big, char big_unit, int64_t small,
    char small_unit)
{
	buf_addf(b, "%lld%c", (long long)big, big_unit);
	if (small != 0)
		buf_addf(b, "%lld%c", (long long)small, small_unit);
}

void
num_add_duration(struct buf *b, int64_t s)
{
	if (s < 60)
		num_add_units(b, s > 0 ? s : 0, 's', 0, 's');
	else if (s < 3600)
		num_add_units(b, s / 60, 'm', 0, 's');
	else if (s < 86400)
		num_add_units(b, s / 3600, 'h', s % 3600 / 60, 'm');
	else
		num_add_units(b, s / 86400, 'd', s % 86400 / 3600, 'h');
}
