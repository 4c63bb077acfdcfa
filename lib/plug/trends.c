/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trends.c - the histories of many things in one text
 *
 * Pure but for memory.  The names are somebody else's, such as those of the
 * queues of another host: they are words in a text and never names of files.
 * Whoever writes the text decides how much of its room each thing gets.
 */
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "plug/trends.h"

#define TRENDS_TAG      "thing "
#define TRENDS_SAMPLES  2 /* fewer tell nothing */
#define TRENDS_NAME_MAX 1024

void
trends_free(struct trends *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->v[i].name);
	free(t->v);
	*t = (struct trends)TRENDS_INIT;
}

/* The thing of a line.  1; 0: it is no such line; -1: out of memory. */
static int
trends_parse_name(struct trends *t, const char *line, size_t n)
{
	const size_t tag = sizeof(TRENDS_TAG) - 1;
	char word[TRENDS_NAME_MAX];
	struct trends_thing *v;

	if (n <= tag || n - tag >= sizeof(word) || t->n == TRENDS_MAX ||
	    memchr(line, '\0', n) != NULL)
		return 0;
	memcpy(word, line + tag, n - tag);
	word[n - tag] = '\0';
	if (!words_decode(word))
		return 0;
	/* Doubled whenever n is a power of two. */
	if ((t->n & (t->n - 1)) == 0) {
		v = realloc(t->v, (t->n == 0 ? 1 : t->n * 2) * sizeof(*v));
		if (v == NULL)
			return -1;
		t->v = v;
	}
	t->v[t->n].trend.n = 0;
	if ((t->v[t->n].name = strdup(word)) == NULL)
		return -1;
	t->n++;
	return 1;
}

/* The first line from here on that begins with the tag, or the end. */
static const char *
trends_next(const char *s, const char *end)
{
	const size_t tag = sizeof(TRENDS_TAG) - 1;

	while (s < end) {
		if ((size_t)(end - s) > tag && memcmp(s, TRENDS_TAG, tag) == 0)
			return s;
		if ((s = memchr(s, '\n', (size_t)(end - s))) == NULL)
			return end;
		s++;
	}
	return end;
}

int
trends_parse(struct trends *t, const char *text, size_t n)
{
	const char *end, *line, *nl, *next;
	int rc;

	*t = (struct trends)TRENDS_INIT;
	if (n == 0)
		return 0;
	end = text + n;
	for (line = trends_next(text, end); line < end; line = next) {
		nl = memchr(line, '\n', (size_t)(end - line));
		if (nl == NULL)
			return 0; /* a cut line is not trusted */
		next = trends_next(nl + 1, end);
		rc = trends_parse_name(t, line, (size_t)(nl - line));
		if (rc == -1)
			return -1;
		if (rc == 1)
			trend_parse(&t->v[t->n - 1].trend, nl + 1,
			    (size_t)(next - nl - 1));
	}
	return 0;
}

void
trends_get(struct trends *t, const char *name, struct trend *trend)
{
	size_t i, at;

	/*
	 * Things are asked for in the order in which they were written, as a
	 * rule: then each is the one behind the last.
	 */
	for (i = 0; i < t->n; i++) {
		at = (t->at + i) % t->n;
		if (strcmp(t->v[at].name, name) != 0)
			continue;
		t->at = at + 1;
		*trend = t->v[at].trend;
		return;
	}
	trend->n = 0;
}

void
trends_add(struct buf *out, const char *name, const struct trend *trend,
    size_t room)
{
	const size_t start = out->len;
	struct trend newest = *trend;

	while (newest.n >= TRENDS_SAMPLES || newest.n == trend->n) {
		buf_adds(out, TRENDS_TAG);
		words_add(out, name);
		buf_addc(out, '\n');
		trend_format(&newest, out);
		if (newest.n != 0 && out->len - start <= room)
			return;
		buf_truncate(out, start);
		if (newest.n == 0)
			return;
		newest.n--;
		memmove(newest.v, newest.v + 1, newest.n * sizeof(*newest.v));
	}
}
