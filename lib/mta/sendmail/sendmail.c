/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sendmail.c - sendmail's queue files (8.8 to 8.18), for struct mta
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
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utc.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/command.h"
#include "mta/sendmail/qf.h"
#include "mta/sendmail/sendmail.h"

#define SENDMAIL_NAME_MAX 20       /* MAXQFNAME - 1, conf.h */
#define SENDMAIL_ID_MIN   12       /* 8.10: YMDhmsN + %05d pid */
#define SENDMAIL_ID_MAX   18       /* 8.12: YMDhmsNN, pid of 10 digits */
#define SENDMAIL_STAMP    6        /* YMDhms */
#define SENDMAIL_ID_NEW   14       /* from here on: two characters NN */
#define SENDMAIL_YEARS    60       /* Y is (year - 1900) % 60 */
#define SENDMAIL_YEAR     31556952 /* seconds, on average */
#define SENDMAIL_AHEAD    31622400 /* a leap year, seconds */

static enum mta_kind
sendmail_classify(const char *name, size_t len)
{
	if (len < 3 || len > SENDMAIL_NAME_MAX || name[1] != 'f')
		return MTA_NOTHING;
	switch (name[0]) {
	case 'q':
		return MTA_QUEUED;
	case 'h':
		return MTA_QUARANTINED;
	case 'Q':
		return MTA_LOST;
	default:
		return MTA_NOTHING;
	}
}

/*
 * sendmail writes a control file anew as tf, and renames that, within
 * milliseconds; so does MailScanner.  Tf, an old tf that a queue run put
 * aside, is none: its message had a control file, or the run would not have
 * met it.
 */
static bool
sendmail_is_draft(const char *name, size_t len)
{
	return len >= 3 && len <= SENDMAIL_NAME_MAX && name[0] == 't' &&
	    name[1] == 'f';
}

/* Value of a digit of the id's alphabet 0-9A-Za-z, or -1. */
static int
sendmail_digit(char c)
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
sendmail_resolve(const int *field, int64_t now)
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

static int
sendmail_id_time(const char *name, size_t len, int64_t now, int64_t *when)
{
	const char *id = name + 2;
	size_t n = len - 2, i;
	int field[SENDMAIL_STAMP];
	int64_t t;

	if (n < SENDMAIL_ID_MIN || n > SENDMAIL_ID_MAX)
		return -1;
	for (i = 0; i < SENDMAIL_STAMP; i++)
		if ((field[i] = sendmail_digit(id[i])) == -1)
			return -1;
	for (; i < (n < SENDMAIL_ID_NEW ? 7 : 8); i++)
		if (sendmail_digit(id[i]) == -1)
			return -1;
	for (; i < n; i++)
		if (id[i] < '0' || id[i] > '9')
			return -1;
	if (field[0] >= SENDMAIL_YEARS ||
	    (t = sendmail_resolve(field, now)) == -1)
		return -1;
	*when = t;
	return 0;
}

static const char *
sendmail_id(const char *name)
{
	return name + 2;
}

/*
 * A tf becomes qf or hf, and the other one of these is removed only after
 * that.
 */
static int
sendmail_has_control(int control_fd, const char *draft)
{
	static const char kinds[] = "qhQ";
	char name[SENDMAIL_NAME_MAX + 1];
	struct stat st;
	const char *kind;

	for (kind = kinds; *kind != '\0'; kind++) {
		snprintf(name, sizeof(name), "%cf%s", *kind,
		    sendmail_id(draft));
		if (fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return 1;
		if (errno != ENOENT)
			return -1;
	}
	return 0;
}

/* fstatat(2) of a message's body. */
static int
sendmail_stat_body(int body_fd, const char *name, struct stat *st)
{
	char body[SENDMAIL_NAME_MAX + 1];

	snprintf(body, sizeof(body), "df%s", sendmail_id(name));
	return fstatat(body_fd, body, st, AT_SYMLINK_NOFOLLOW);
}

/* The same; EINVAL: it is no regular file. */
static int
sendmail_stat_file(int body_fd, const char *name, struct stat *st)
{
	if (sendmail_stat_body(body_fd, name, st) != 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return 0;
	errno = EINVAL;
	return -1;
}

/* The body's time of modification is when it was received. */
static int
sendmail_received(int body_fd, const char *name, int64_t *when)
{
	struct stat st;

	if (sendmail_stat_file(body_fd, name, &st) != 0)
		return -1;
	*when = (int64_t)st.st_mtime;
	return 0;
}

/*
 * The control file is rewritten at each delivery attempt, so its time only
 * helps where the body is elsewhere (another queue group) or not there at all.
 */
static int
sendmail_arrival(int control_fd, int body_fd, const char *name, int64_t *when)
{
	struct stat st;

	if (sendmail_stat_body(body_fd, name, &st) != 0) {
		if (errno != ENOENT ||
		    fstatat(control_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			return -1;
	}
	*when = (int64_t)st.st_mtime;
	return 0;
}

static int
sendmail_body_size(int control_fd, int body_fd, const char *name,
    int64_t *bytes)
{
	struct stat st;

	(void)control_fd;
	if (sendmail_stat_file(body_fd, name, &st) != 0)
		return -1;
	*bytes = (int64_t)st.st_size;
	return 0;
}

const struct mta sendmail_mta = {
	.name = "sendmail",
	.control_subdir = "qf",
	.body_subdir = "df",
	.log_subdir = "xf",
	.command = sendmail_command,
	.mend_beside = "stop sendmail, move qf*, hf* and Qf* into qf/ (and df*"
		       " into df/, if there is one), and start it again",
	.mend_draft = "what wrote it was killed: if its last line is a dot and"
		      " its df is there, rename it from tf to qf; else remove"
		      " it",
	.mend_bodyless = "a queue run would deliver it empty: bring its df back"
			 " from a backup, or remove it",
	.head = 4096,      /* the relay is among the first 500 bytes, */
	.head_max = 65536, /* unless MailScanner puts headers first */
	.classify = sendmail_classify,
	.is_draft = sendmail_is_draft,
	.has_control = sendmail_has_control,
	.id_time = sendmail_id_time,
	.arrival = sendmail_arrival,
	.received = sendmail_received,
	.id = sendmail_id,
	.parse = qf_parse,
	.wants_more = qf_wants_more,
	.body_size = sendmail_body_size,
	.change = &sendmail_change,
};
