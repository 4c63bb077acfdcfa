/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accessmap.c - the text of an access map, and our blocks in it
 *
 * Pure: bytes in, lines out, bytes out.  A line is ours only while it has a
 * key as we write it for the tag above and does not let the client in, so an
 * entry that somebody put below a tag is never taken for one of ours.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "block/entries.h"
#include "mta/sendmail/access_value.h"

#define ACCESSMAP_MORE 64

void
accessmap_free(struct accessmap *m)
{
	free(m->line);
	free(m->block);
	*m = (struct accessmap)ACCESSMAP_INIT;
}

/* As isspace(3) in makemap, in no locale. */
static bool
accessmap_isblank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
accessmap_is_long(const struct accessmap_line *line)
{
	return line->text.n == ACCESSMAP_LONG &&
	    line->text.p[line->text.n - 1] != '\n';
}

/* Room for one more of n things of this size; NULL, out of memory. */
static void *
accessmap_grow(void *things, size_t n, size_t size)
{
	/* Full at 0, ACCESSMAP_MORE, and each power of two from there. */
	if (n != 0 && (n < ACCESSMAP_MORE || (n & (n - 1)) != 0))
		return things;
	n = n == 0 ? ACCESSMAP_MORE : 2 * n;
	return n > SIZE_MAX / size ? NULL : realloc(things, n * size);
}

/* Key and value of a line; none in an empty line or a comment. */
static void
accessmap_split(struct accessmap_line *line)
{
	const char *p = line->text.p, *end = p + line->text.n;

	line->key = line->value = (struct span){ p, 0 };
	if (p == end || *p == '#' || accessmap_is_long(line))
		return;
	if (end[-1] == '\n')
		end--;
	while (p != end && !accessmap_isblank(*p))
		p++;
	line->key.n = (size_t)(p - line->key.p);
	while (p != end && accessmap_isblank(*p))
		p++;
	line->value = (struct span){ p, (size_t)(end - p) };
	if (line->value.n == 0)
		line->key.n = 0;
}

static bool
accessmap_has_key(const struct accesskey_list *keys, struct span key)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (strlen(keys->key[i]) == key.n &&
		    memcmp(keys->key[i], key.p, key.n) == 0)
			return true;
	return false;
}

/* Is this entry one that we wrote below the tag? */
static bool
accessmap_is_ours(const struct accessmap_line *line,
    const struct accesskey *tag)
{
	struct accesskey_list keys;
	enum accessvalue value = accessvalue_of(line->value);
	const char *unused;
	int compressed;

	if (line->key.n == 0 || value == ACCESSVALUE_ADMIT ||
	    value == ACCESSVALUE_SKIP)
		return false;
	for (compressed = 0; compressed < 2; compressed++)
		if (accesskey_keys(tag, compressed, &keys, &unused) == 0 &&
		    accessmap_has_key(&keys, line->key))
			return true;
	return false;
}

static int
accessmap_add_line(struct accessmap *m, const struct accessmap_line *line)
{
	struct accessmap_line *v;

	v = accessmap_grow(m->line, m->nlines, sizeof(*v));
	if (v == NULL)
		return -1;
	m->line = v;
	v[m->nlines++] = *line;
	return 0;
}

/* Begins a block where the line is a tag, or goes on with the last one. */
static int
accessmap_add_to_block(struct accessmap *m, const struct accessmap_line *line)
{
	struct accessmap_block *v, *last = NULL;
	struct accesstag tag;
	struct span text = line->text;

	if (m->nblocks != 0)
		last = m->block + m->nblocks - 1;
	if (text.n != 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (accesstag_parse(&tag, text)) {
		v = accessmap_grow(m->block, m->nblocks, sizeof(*v));
		if (v == NULL)
			return -1;
		m->block = v;
		v[m->nblocks++] = (struct accessmap_block){ tag, m->nlines - 1,
			0 };
	} else if (last != NULL && last->first + last->n + 2 == m->nlines &&
	    accessmap_is_ours(line, &last->tag.key)) {
		last->n++;
	}
	return 0;
}

/* The line at s, as makemap reads it: a part of it, if it is long. */
static struct span
accessmap_cut(const char *s, const char *end)
{
	size_t n = (size_t)(end - s);
	const char *nl = memchr(s, '\n',
	    n < ACCESSMAP_LONG ? n : ACCESSMAP_LONG);

	if (nl != NULL)
		n = (size_t)(nl + 1 - s);
	else if (n > ACCESSMAP_LONG)
		n = ACCESSMAP_LONG;
	return (struct span){ s, n };
}

int
accessmap_parse(struct accessmap *m, const char *bytes, size_t n)
{
	const char *s = bytes, *end = bytes + n;
	struct accessmap_line line = { .number = 1 };

	while (s != end) {
		line.text = accessmap_cut(s, end);
		s += line.text.n;
		accessmap_split(&line);
		if (accessmap_add_line(m, &line) != 0 ||
		    accessmap_add_to_block(m, &line) != 0)
			return -1;
		line.number += s[-1] == '\n';
	}
	return 0;
}

const struct accessmap_block *
accessmap_block_of(const struct accessmap *m, const struct accesskey *k)
{
	size_t i;

	for (i = 0; i < m->nblocks; i++)
		if (accesskey_equal(&m->block[i].tag.key, k))
			return m->block + i;
	return NULL;
}

const struct accessmap_block *
accessmap_owner(const struct accessmap *m, const struct accessmap_line *line)
{
	size_t at = (size_t)(line - m->line), i;

	for (i = 0; i < m->nblocks; i++)
		if (at > m->block[i].first &&
		    at <= m->block[i].first + m->block[i].n)
			return m->block + i;
	return NULL;
}

const struct accessmap_line *
accessmap_find(const struct accessmap *m, const char *key)
{
	size_t n = strlen(key), i;

	for (i = 0; i < m->nlines; i++)
		if (n != 0 && m->line[i].key.n == n &&
		    strncasecmp(m->line[i].key.p, key, n) == 0)
			return m->line + i;
	return NULL;
}

void
accessmap_add_block(struct buf *out, const struct accesstag *tag,
    const struct accesskey_list *keys, const char *value)
{
	size_t i;

	accesstag_add(out, tag);
	for (i = 0; i < keys->n; i++) {
		buf_adds(out, keys->key[i]);
		buf_addc(out, '\t');
		buf_adds(out, value);
		buf_addc(out, '\n');
	}
}

void
accessmap_write(struct buf *out, const struct accessmap *m,
    const char *const *instead, const char *append)
{
	struct span last = { "\n", 1 };
	size_t i = 0, b = 0;
	bool whole;

	if (m->nlines != 0)
		last = m->line[m->nlines - 1].text;
	whole = last.p[last.n - 1] == '\n';
	if (!whole)
		buf_adds(out, append);
	while (i < m->nlines) {
		while (b < m->nblocks && m->block[b].first < i)
			b++;
		if (b < m->nblocks && m->block[b].first == i &&
		    instead[b] != NULL) {
			buf_adds(out, instead[b]);
			i += 1 + m->block[b].n;
		} else {
			buf_add(out, m->line[i].text.p, m->line[i].text.n);
			i++;
		}
	}
	if (whole)
		buf_adds(out, append);
}
