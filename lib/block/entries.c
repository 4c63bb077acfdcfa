/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * entries.c - the file that says whom a server refuses, and our blocks in it
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

#define ENTRIES_MORE 64

void
entries_free(struct entries *m)
{
	free(m->line);
	free(m->block);
	*m = (struct entries)ENTRIES_INIT;
}

/* Room for one more of n things of this size; NULL, out of memory. */
static void *
entries_grow(void *things, size_t n, size_t size)
{
	/* Full at 0, ENTRIES_MORE, and each power of two from there. */
	if (n != 0 && (n < ENTRIES_MORE || (n & (n - 1)) != 0))
		return things;
	n = n == 0 ? ENTRIES_MORE : 2 * n;
	return n > SIZE_MAX / size ? NULL : realloc(things, n * size);
}

/* Is this entry one that we wrote below the tag? */
static bool
entries_is_ours(const struct block_server *server,
    const struct entries_line *line, const struct client *tag)
{
	enum block_effect effect = server->effect(line->value);

	return line->key.n != 0 && effect != BLOCK_ADMITS &&
	    effect != BLOCK_EXEMPTS && server->is_key(tag, line->key);
}

static int
entries_add_line(struct entries *m, const struct entries_line *line)
{
	struct entries_line *v;

	v = entries_grow(m->line, m->nlines, sizeof(*v));
	if (v == NULL)
		return -1;
	m->line = v;
	v[m->nlines++] = *line;
	return 0;
}

/* Begins a block where the line is a tag, or goes on with the last one. */
static int
entries_add_to_block(struct entries *m, const struct entries_line *line)
{
	struct entries_block *v, *last = NULL;
	struct tag tag;
	struct span text = line->text;

	if (m->nblocks != 0)
		last = m->block + m->nblocks - 1;
	if (text.n != 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (tag_parse(&tag, text)) {
		v = entries_grow(m->block, m->nblocks, sizeof(*v));
		if (v == NULL)
			return -1;
		m->block = v;
		v[m->nblocks++] = (struct entries_block){ tag, m->nlines - 1,
			0 };
	} else if (last != NULL && last->first + last->n + 2 == m->nlines &&
	    entries_is_ours(m->server, line, &last->tag.key)) {
		last->n++;
	}
	return 0;
}

int
entries_parse(struct entries *m, const struct block_server *server,
    const char *bytes, size_t n)
{
	const char *s = bytes, *end = bytes + n;
	struct entries_line line = { .number = 1 };

	m->server = server;
	while (s != end) {
		line.text.p = s;
		line.text.n = server->cut(s, (size_t)(end - s));
		s += line.text.n;
		server->split(&line);
		if (entries_add_line(m, &line) != 0 ||
		    entries_add_to_block(m, &line) != 0)
			return -1;
		line.number += s[-1] == '\n';
	}
	return 0;
}

const struct entries_block *
entries_block_of(const struct entries *m, const struct client *k)
{
	size_t i;

	for (i = 0; i < m->nblocks; i++)
		if (client_equal(&m->block[i].tag.key, k))
			return m->block + i;
	return NULL;
}

const struct entries_block *
entries_owner(const struct entries *m, const struct entries_line *line)
{
	size_t at = (size_t)(line - m->line), i;

	for (i = 0; i < m->nblocks; i++)
		if (at > m->block[i].first &&
		    at <= m->block[i].first + m->block[i].n)
			return m->block + i;
	return NULL;
}

const struct entries_line *
entries_find(const struct entries *m, const char *key)
{
	size_t n = strlen(key), i;

	for (i = 0; i < m->nlines; i++)
		if (n != 0 && m->line[i].key.n == n &&
		    strncasecmp(m->line[i].key.p, key, n) == 0)
			return m->line + i;
	return NULL;
}

void
entries_add_block(struct buf *out, const struct block_server *server,
    const struct tag *tag, const struct block_keys *keys, const char *value)
{
	size_t i;

	tag_add(out, tag);
	for (i = 0; i < keys->n; i++)
		server->add(out, keys->key[i], value);
}

void
entries_write(struct buf *out, const struct entries *m,
    const char *const *instead, const char *append)
{
	struct span last = { "\n", 1 };
	size_t i = 0, b = 0;
	bool behind;

	if (m->nlines != 0)
		last = m->line[m->nlines - 1].text;
	behind = last.p[last.n - 1] == '\n' && !m->server->first;
	if (!behind)
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
	if (behind)
		buf_adds(out, append);
}
