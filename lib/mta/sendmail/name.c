/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * name.c - what the name of an entry in a sendmail queue says
 *
 * An entry is <type>f<id>.  qf is a queued message, hf a quarantined and Qf a
 * lost one; df tf Tf xf are parts of one and never counted.  The rest of the
 * name is opaque: sendmail takes any, so long as the whole is not over 20
 * characters, and so do we.  A bare "qf", which sendmail would list as well,
 * is a subdirectory on every system met.
 *
 * The id of 8.10 and later carries its creation time in UTC.  All messages
 * of one SMTP session carry the time at which that session began, so the id
 * is never younger than the message's T line, and may be hours older.
 *
 * Pure, and owns nothing.
 */
#include <string.h>

#include "base/utc.h"
#include "mta/sendmail/name.h"

#define SENDMAIL_ID_MIN 12       /* 8.10: YMDhmsN + %05d pid */
#define SENDMAIL_ID_MAX 18       /* 8.12: YMDhmsNN, pid of 10 digits */
#define SENDMAIL_STAMP  6        /* YMDhms */
#define SENDMAIL_ID_NEW 14       /* from here on: two characters NN */
#define SENDMAIL_YEARS  60       /* Y is (year - 1900) % 60 */
#define SENDMAIL_YEAR   31556952 /* seconds, on average */
#define SENDMAIL_AHEAD  31622400 /* a leap year, seconds */

/* Value of a digit of the id's alphabet 0-9A-Za-z, or -1. */
static int
sendmail_name_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 36;
	return -1;
}

/*
 * The newest year that fits and does not lie more than a year ahead: mail that
 * came while the clock was ahead is of the future, not 60 years old.  No clock
 * stands before 1970, so what would be from before is of the future as well.
 */
static int64_t
sendmail_name_resolve(const int *field, int64_t now)
{
	int64_t latest = now + SENDMAIL_AHEAD, t;
	int year = 1971 + (int)(latest / SENDMAIL_YEAR);

	/* The last that fits, or the one after it: one date to work out. */
	year -= (year - 1900 - field[0]) % SENDMAIL_YEARS;
	if (year < 1970)
		year += SENDMAIL_YEARS;
	t = utc_seconds(year, field + 1);
	if (t <= latest || year - SENDMAIL_YEARS < 1970)
		return t;
	return utc_seconds(year - SENDMAIL_YEARS, field + 1);
}

/* The time in an id.  False: there is none. */
static bool
sendmail_name_time(const char *id, size_t n, int64_t now, int64_t *when)
{
	size_t i;
	int field[SENDMAIL_STAMP];
	int64_t t;

	if (n < SENDMAIL_ID_MIN || n > SENDMAIL_ID_MAX)
		return false;
	for (i = 0; i < SENDMAIL_STAMP; i++)
		if ((field[i] = sendmail_name_digit(id[i])) == -1)
			return false;
	for (; i < (n < SENDMAIL_ID_NEW ? 7 : 8); i++)
		if (sendmail_name_digit(id[i]) == -1)
			return false;
	for (; i < n; i++)
		if (id[i] < '0' || id[i] > '9')
			return false;
	if (field[0] >= SENDMAIL_YEARS ||
	    (t = sendmail_name_resolve(field, now)) == -1)
		return false;
	*when = t;
	return true;
}

/*
 * sendmail writes a control file anew as tf, and renames that, within
 * milliseconds; so does MailScanner.  Tf, an old tf that a queue run put
 * aside, is no draft: its message had a control file, or the run would not
 * have met it.
 */
void
sendmail_name_classify(const struct mta_dir *dir, const char *name, size_t len,
    int64_t now, struct mta_entry *e)
{
	(void)dir;
	*e = (struct mta_entry){ .state = MTA_NOTHING };
	if (len < 3 || len > SENDMAIL_NAME_MAX || name[1] != 'f')
		return;
	e->state = name[0] == 'q' ? MTA_QUEUED :
	    name[0] == 'h'        ? MTA_HELD :
	    name[0] == 'Q'        ? MTA_LOST :
				    MTA_NOTHING;
	e->draft = name[0] == 't';
	e->id = (struct span){ name + 2, len - 2 };
	if (e->state != MTA_NOTHING)
		e->has_time = sendmail_name_time(e->id.p, e->id.n, now,
		    &e->time);
}

const char *
sendmail_name_id(const char *name)
{
	return name + 2;
}
