/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value.c - what the value of an entry of the access map does
 *
 * Pure.  sendmail compares keywords without regard to case, and ends a value
 * before blanks and CR.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "mta/sendmail/access/value.h"

#define SENDMAIL_ACCESS_VALUE_MAX \
	200 /* of an ERROR:, makemap's lines have 1023 */

static bool
sendmail_access_value_is(struct span value, const char *word)
{
	return value.n == strlen(word) &&
	    strncasecmp(value.p, word, value.n) == 0;
}

static bool
sendmail_access_value_begins(struct span value, const char *word)
{
	return value.n >= strlen(word) &&
	    strncasecmp(value.p, word, strlen(word)) == 0;
}

static bool
sendmail_access_value_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * The code of "550 text", perhaps in quotes: its first digit, or 0 where there
 * is none.
 */
static char
sendmail_access_value_code(struct span value)
{
	if (value.n != 0 && *value.p == '"') {
		value.p++;
		value.n--;
	}
	if (value.n < 4 || value.p[3] != ' ' ||
	    !sendmail_access_value_digit(value.p[0]) ||
	    !sendmail_access_value_digit(value.p[1]) ||
	    !sendmail_access_value_digit(value.p[2]))
		return '\0';
	return value.p[0];
}

static bool
sendmail_access_value_is_code(struct span value)
{
	char first = sendmail_access_value_code(value);

	return first == '4' || first == '5';
}

/* Has a keyword with this prefix something behind it? */
static bool
sendmail_access_value_has(struct span value, const char *prefix)
{
	return sendmail_access_value_begins(value, prefix) &&
	    value.n > strlen(prefix);
}

/* The text of "ERROR:D.S.N:text" or "ERROR:text"; of any other, itself. */
static struct span
sendmail_access_value_text(struct span value)
{
	static const char error[] = "ERROR:";
	size_t n;

	if (!sendmail_access_value_has(value, error))
		return value;
	n = sizeof(error) - 1;
	value = (struct span){ value.p + n, value.n - n };
	for (n = 0; n < value.n; n++)
		if (value.p[n] != '.' &&
		    !sendmail_access_value_digit(value.p[n]))
			break;
	if (n != 0 && n < value.n && value.p[n] == ':')
		value = (struct span){ value.p + n + 1, value.n - n - 1 };
	return value;
}

enum block_effect
sendmail_access_value_of(struct span value)
{
	char code;

	while (value.n != 0 &&
	    (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t' ||
		value.p[value.n - 1] == '\r'))
		value.n--;
	if (sendmail_access_value_is(value, "OK") ||
	    sendmail_access_value_is(value, "RELAY"))
		return BLOCK_ADMITS;
	if (sendmail_access_value_is(value, "SKIP"))
		return BLOCK_EXEMPTS;
	if (value.n == 0 || sendmail_access_value_is(value, "DISCARD") ||
	    sendmail_access_value_has(value, "QUARANTINE:"))
		return BLOCK_TAKES;
	code = sendmail_access_value_code(sendmail_access_value_text(value));
	return code == '\0' || code == '4' || code == '5' ? BLOCK_REFUSES :
							    BLOCK_TAKES;
}

/* "5.7.1:" before the quotes: its length, 0 where there is none. */
static size_t
sendmail_access_value_status(const char *s)
{
	size_t n = 2, digits;
	int part;

	if ((s[0] != '4' && s[0] != '5') || s[1] != '.')
		return 0;
	for (part = 0; part < 2; part++) {
		digits = strspn(s + n, "0123456789");
		if (digits == 0 || digits > 3)
			return 0;
		n += digits;
		if (s[n++] != (part == 0 ? '.' : ':'))
			return 0;
	}
	return n;
}

/* What follows ERROR:. */
static int
sendmail_access_value_check(const char *s, const char **why)
{
	size_t status = sendmail_access_value_status(s), i, n;
	const char *quoted = s + status;

	n = strlen(quoted);
	if (n < 7 || quoted[0] != '"' || quoted[n - 1] != '"' ||
	    !sendmail_access_value_is_code((struct span){ quoted, n }) ||
	    quoted[5] == '"') {
		*why = "expected ERROR:5.7.1:\"550 text\" or"
		       " ERROR:4.7.1:\"450 text\"";
		return -1;
	}
	if (status != 0 && s[0] != quoted[1]) {
		*why = "the first digits of the two codes differ";
		return -1;
	}
	for (i = 1; i < n - 1; i++)
		if (quoted[i] < ' ' || quoted[i] > '~' || quoted[i] == '"' ||
		    quoted[i] == '\\' || quoted[i] == '$') {
			*why = "the text may not have \" \\ $ or what is not"
			       " printable ASCII";
			return -1;
		}
	return 0;
}

int
sendmail_access_value_parse(struct buf *value, const char *reply,
    const char **why)
{
	if (strcasecmp(reply, "REJECT") == 0) {
		buf_adds(value, "REJECT");
		return 0;
	}
	if (strcasecmp(reply, "tempfail") == 0) {
		buf_adds(value,
		    "ERROR:4.7.1:\"450 Too much mail from your"
		    " host, try again later\"");
		return 0;
	}
	if (strncasecmp(reply, "ERROR:", 6) != 0) {
		*why = "expected REJECT, tempfail or ERROR:5.7.1:\"550 text\"";
		return -1;
	}
	if (strlen(reply) > SENDMAIL_ACCESS_VALUE_MAX) {
		*why = "longer than 200 characters";
		return -1;
	}
	if (sendmail_access_value_check(reply + 6, why) != 0)
		return -1;
	buf_adds(value, "ERROR:");
	buf_adds(value, reply + 6);
	return 0;
}
