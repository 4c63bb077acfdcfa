/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_id.c - each line is a name in a queue directory; the time of an id is
 * its digits, and far in the future only where it would be before 1970
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/utc.h"
#include "mta/sendmail/sendmail.h"

#define NOW  INT64_C(1795532400)
#define DAY  INT64_C(86400)
#define YEAR (INT64_C(366) * DAY)

static const char digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static int
digit(char c)
{
	const char *p = strchr(digits, c);

	FUZZ_MUST(c != '\0' && p != NULL);
	return (int)(p - digits);
}

/* The two digits at a place of "2026-11-24T09:41:00Z". */
static int
two(const char *date, size_t at)
{
	return digit(date[at]) * 10 + digit(date[at + 1]);
}

static void
time_of(const char *name, size_t n, int64_t now)
{
	struct buf b = BUF_INIT;
	const char *id = sendmail_mta.id(name), *date;
	int64_t t = -1;

	if (sendmail_mta.id_time(name, n, now, &t) != 0) {
		FUZZ_MUST(t == -1);
		return;
	}
	FUZZ_MUST(t >= 0 && t > now - 61 * YEAR);
	FUZZ_MUST(t <= now + YEAR || t < 60 * YEAR);
	/* Second 60 is that of a leap, and the next minute's first. */
	if (digit(id[5]) == 60)
		return;
	utc_add(&b, t);
	date = buf_str(&b);
	FUZZ_MUST((two(date, 0) * 100 + two(date, 2) - 1900) % 60 ==
	    digit(id[0]));
	FUZZ_MUST(two(date, 5) == digit(id[1]) + 1);
	FUZZ_MUST(two(date, 8) == digit(id[2]));
	FUZZ_MUST(two(date, 11) == digit(id[3]));
	FUZZ_MUST(two(date, 14) == digit(id[4]));
	FUZZ_MUST(two(date, 17) == digit(id[5]));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	enum mta_kind kind;
	char *name;
	size_t len;

	while ((name = fuzz_line(&bytes, &n)) != NULL) {
		len = strlen(name);
		kind = sendmail_mta.classify(name, len);
		if (kind != MTA_NOTHING) {
			FUZZ_MUST(len >= 3 && len <= 20 && name[1] == 'f');
			FUZZ_MUST(sendmail_mta.id(name) == name + 2);
			time_of(name, len, NOW);
			time_of(name, len, NOW + 40 * YEAR);
			time_of(name, len, DAY);
		}
		free(name);
	}
	return 0;
}
