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
	struct mta_entry e;
	const char *id, *date;
	int64_t t;

	sendmail_mta.classify(sendmail_mta.dirs, name, n, now, &e);
	FUZZ_MUST(e.id.p == name + 2 && e.id.n == n - 2);
	FUZZ_MUST(!e.draft && !e.exact);
	if (!e.has_time)
		return;
	id = e.id.p;
	t = e.time;
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
	enum mta_state state;
	char *name;
	size_t len;

	while ((name = fuzz_line(&bytes, &n)) != NULL) {
		len = strlen(name);
		state = mta_state(&sendmail_mta, sendmail_mta.dirs, name);
		if (state != MTA_NOTHING) {
			FUZZ_MUST(len >= 3 && len <= 20 && name[1] == 'f');
			time_of(name, len, NOW);
			time_of(name, len, NOW + 40 * YEAR);
			time_of(name, len, DAY);
		}
		free(name);
	}
	return 0;
}
