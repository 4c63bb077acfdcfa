/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edit.c - the text of a file of blocks, changed block by block, with a diff
 *
 * Pure.  Each change makes a new text and reads it again, so that the next
 * one sees what it would find in the file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "block/edit.h"

int
edit_begin(struct edit *e, const struct block_server *server,
    const struct buf *bytes)
{
	*e = (struct edit)EDIT_INIT;
	buf_add(&e->bytes, bytes->data, bytes->len);
	return buf_str(&e->bytes) != NULL ?
	    entries_parse(&e->map, server, buf_str(&e->bytes), e->bytes.len) :
	    -1;
}

void
edit_free(struct edit *e)
{
	entries_free(&e->map);
	buf_free(&e->bytes);
	buf_free(&e->diff);
}

/* Where the byte is, or the end. */
static const char *
edit_find(const char *p, const char *end, char c)
{
	const char *at = memchr(p, c, (size_t)(end - p));

	return at != NULL ? at : end;
}

/* Lines of the text, each behind a sign. */
static void
edit_show(struct buf *diff, char sign, const char *p, size_t n)
{
	const char *end = p + n, *nl, *tab;

	while (p != end) {
		nl = edit_find(p, end, '\n');
		buf_addc(diff, sign);
		for (; p != nl; p = tab != nl ? tab + 1 : nl) {
			tab = edit_find(p, nl, '\t');
			clean_add_line(diff, p, (size_t)(tab - p));
			if (tab != nl)
				buf_addc(diff, '\t');
		}
		buf_addc(diff, '\n');
		p = nl != end ? nl + 1 : end;
	}
}

int
edit_put(struct edit *e, const struct entries_block *block, const char *text)
{
	const struct block_server *server = e->map.server;
	const char **instead = calloc(e->map.nblocks + 1, sizeof(*instead));
	struct buf bytes = BUF_INIT;
	size_t i;

	if (instead == NULL)
		return -1;
	if (block != NULL) {
		instead[block - e->map.block] = text;
		for (i = 0; i <= block->n; i++)
			edit_show(&e->diff, '-',
			    e->map.line[block->first + i].text.p,
			    e->map.line[block->first + i].text.n);
	}
	edit_show(&e->diff, '+', text, strlen(text));
	entries_write(&bytes, &e->map, instead, block != NULL ? "" : text);
	free(instead);
	if (buf_str(&bytes) == NULL || e->diff.oom) {
		buf_free(&bytes);
		return -1;
	}
	entries_free(&e->map);
	buf_free(&e->bytes);
	e->bytes = bytes;
	return entries_parse(&e->map, server, buf_str(&e->bytes), e->bytes.len);
}
