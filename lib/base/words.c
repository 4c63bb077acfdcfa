/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.c - splits text into lines and words; writes any string as one word
 *
 * For formats that a person can read with nc(1).  Works in the caller's bytes
 * and owns nothing.
 */
#include <string.h>

#include "base/num.h"
#include "base/words.h"

void
words_add(struct buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '%')
			buf_addf(out, "%%%02X", *p);
		else
			buf_addc(out, (char)*p);
}

static int
words_hex(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p = strchr(digits, c);

	return c != '\0' && p != NULL ? (int)(p - digits) : -1;
}

bool
words_decode(char *s)
{
	char *to = s;
	int high, low;

	for (; *s != '\0'; s++, to++) {
		*to = *s;
		if (*s != '%')
			continue;
		if ((high = words_hex(s[1])) == -1 ||
		    (low = words_hex(s[2])) == -1 || high + low == 0)
			return false;
		*to = (char)(high * 16 + low);
		s += 2;
	}
	*to = '\0';
	return true;
}

char *
words_line(char **text, char *end, bool *bad)
{
	char *line = *text, *p;

	for (p = line; p < end && *p != '\n'; p++)
		if ((*p < ' ' || *p > '~') &&
		    !(*p == '\r' && p + 1 < end && p[1] == '\n')) {
			*bad = true;
			return NULL;
		}
	if (p == end)
		return NULL;
	*text = p + 1;
	if (p > line && p[-1] == '\r')
		p--;
	*p = '\0';
	return line;
}

char *
words_next(char **line)
{
	char *word = *line + strspn(*line, " ");

	*line = word + strcspn(word, " ");
	if (*word == '\0')
		return NULL;
	if (**line != '\0')
		*(*line)++ = '\0';
	return word;
}

bool
words_number(const char *s, int64_t max, int64_t *out)
{
	const char *why;

	/* num_int64() would take a sign. */
	return s != NULL && *s >= '0' && *s <= '9' &&
	    num_int64(s, 0, max, out, &why) == 0;
}
