/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tag.c - the comment that marks a block as ours in the file of a server
 *
 * Pure.  The tag names the clients, so that the entries below it can be told
 * from those that somebody put there later.
 */
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "block/tag.h"

#define TAG_BEGIN "# qblock "
#define TAG_KEY   (DOMAIN_MAX + 2) /* characters of a client, and more */

static void
tag_add_by(struct buf *out, struct span by)
{
	size_t i;
	char c;

	for (i = 0; i < by.n && i < TAG_BY; i++) {
		c = by.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '_' ||
			c == '-'))
			c = '_';
		buf_addc(out, c);
	}
	if (i == 0)
		buf_adds(out, "unknown");
}

void
tag_add(struct buf *out, const struct tag *t)
{
	buf_adds(out, TAG_BEGIN);
	client_add(out, &t->key);
	buf_adds(out, " added ");
	utc_add(out, t->added);
	buf_adds(out, " until ");
	if (t->until == TAG_NEVER)
		buf_adds(out, "never");
	else
		utc_add(out, t->until);
	buf_adds(out, " by ");
	tag_add_by(out, t->by);
	if (t->reason.n != 0) {
		buf_adds(out, ": ");
		clean_add(out, t->reason.p, t->reason.n, TAG_REASON);
	}
	buf_addc(out, '\n');
}

/* The next word of *s, which a blank ends; n 0 if none does. */
static struct span
tag_word(struct span *s)
{
	const char *blank = s->n != 0 ? memchr(s->p, ' ', s->n) : NULL;
	struct span word = { s->p, 0 };

	if (blank != NULL) {
		word.n = (size_t)(blank - s->p);
		*s = (struct span){ blank + 1, s->n - word.n - 1 };
	}
	return word;
}

static bool
tag_take(struct span *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p, text, n) != 0)
		return false;
	*s = (struct span){ s->p + n, s->n - n };
	return true;
}

static bool
tag_take_key(struct span *s, struct client *key)
{
	struct span word = tag_word(s);
	char text[TAG_KEY + 1];
	const char *unused;

	if (word.n == 0 || word.n > TAG_KEY ||
	    memchr(word.p, '\0', word.n) != NULL)
		return false;
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	return client_parse(key, text, &unused) == 0;
}

static bool
tag_take_time(struct span *s, int64_t *t)
{
	struct span word = tag_word(s);

	return utc_parse(word.p, word.n, t) == 0;
}

bool
tag_parse(struct tag *t, struct span line)
{
	struct tag new = { .until = TAG_NEVER };
	const char *colon;

	if (!tag_take(&line, TAG_BEGIN) || !tag_take_key(&line, &new.key) ||
	    !tag_take(&line, "added ") || !tag_take_time(&line, &new.added) ||
	    !tag_take(&line, "until ") ||
	    (!tag_take(&line, "never ") && !tag_take_time(&line, &new.until)) ||
	    !tag_take(&line, "by "))
		return false;
	new.by = line;
	colon = line.n != 0 ? memchr(line.p, ':', line.n) : NULL;
	if (colon != NULL) {
		new.by.n = (size_t)(colon - line.p);
		line = (struct span){ colon, line.n - new.by.n };
		if (!tag_take(&line, ": ") || line.n == 0)
			return false;
		new.reason = line;
	}
	if (new.by.n == 0 || memchr(new.by.p, ' ', new.by.n) != NULL)
		return false;
	*t = new;
	return true;
}

bool
tag_expired(const struct tag *t, int64_t now)
{
	return t->until != TAG_NEVER && t->until <= now;
}
