/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * utc.c - dates in UTC, to seconds since 1970 and back
 *
 * Pure.  timegm(3) is not used, because POSIX does not have it, and because it
 * takes 31 February for 3 March.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/utc.h"

#define UTC_YEAR_MAX 9999

static bool
utc_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970 to the first of January of year. */
static int64_t
utc_days(int year)
{
	int y = year - 1;

	return INT64_C(365) * (year - 1970) + (y / 4 - 1969 / 4) -
	    (y / 100 - 1969 / 100) + (y / 400 - 1969 / 400);
}

/* Days before each month. */
static const int utc_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273,
	304, 334, 365 };

int64_t
utc_seconds(int year, const int *field)
{
	const int *before = utc_before;
	int month = field[0], leap = utc_leap(year);
	int64_t days;

	if (year < 1970 || month < 0 || month > 11 || field[1] < 1 ||
	    field[1] >
		before[month + 1] - before[month] + (month == 1 ? leap : 0) ||
	    field[2] > 23 || field[3] > 59 || field[4] > 60)
		return -1;
	days = utc_days(year) + before[month] + (month > 1 ? leap : 0) +
	    field[1] - 1;
	return ((days * 24 + field[2]) * 60 + field[3]) * 60 + field[4];
}

/* gmtime(3) is not used either, because a time_t may have 32 bits. */
void
utc_add(struct buf *out, int64_t t)
{
	int year, month = 11, day, second, leap;
	int64_t days = t / 86400;

	if (t < 0 || days >= utc_days(UTC_YEAR_MAX + 1)) {
		buf_addf(out, "%" PRId64, t);
		return;
	}
	second = (int)(t % 86400);
	year = 1970 + (int)(days / 366);
	while (utc_days(year + 1) <= days)
		year++;
	day = (int)(days - utc_days(year));
	leap = utc_leap(year);
	while (day < utc_before[month] + (month > 1 ? leap : 0))
		month--;
	day -= utc_before[month] + (month > 1 ? leap : 0);
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month + 1,
	    day + 1, second / 3600, second / 60 % 60, second % 60);
}

int
utc_parse(const char *s, size_t n, int64_t *t)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	int field[6] = { 0 };
	size_t i, f = 0;
	int64_t seconds;

	if (n != sizeof(form) - 1)
		return -1;
	for (i = 0; i < n; i++) {
		if (form[i] == '0') {
			if (s[i] < '0' || s[i] > '9')
				return -1;
			field[f] = field[f] * 10 + s[i] - '0';
		} else if (s[i] != form[i]) {
			return -1;
		} else {
			f++;
		}
	}
	field[1]--;
	if ((seconds = utc_seconds(field[0], field + 1)) == -1)
		return -1;
	*t = seconds;
	return 0;
}
