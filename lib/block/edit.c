/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edit.c - a text of an access map while it is changed
 *
 * Pure.  Each change makes a new text and reads it again, so that the next
 * one sees what it would find in the file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "block/edit.h"

int
qblock_edit_begin(struct qblock_edit *e, const struct buf *bytes)
{
	*e = (struct qblock_edit)QBLOCK_EDIT_INIT;
	buf_add(&e->bytes, bytes->data, bytes->len);
	return buf_str(&e->bytes) != NULL ?
	    accessmap_parse(&e->map, buf_str(&e->bytes), e->bytes.len) :
	    -1;
}

void
qblock_edit_free(struct qblock_edit *e)
{
	accessmap_free(&e->map);
	buf_free(&e->bytes);
	buf_free(&e->diff);
}

/* Where the byte is, or the end. */
static const char *
qblock_edit_find(const char *p, const char *end, char c)
{
	const char *at = memchr(p, c, (size_t)(end - p));

	return at != NULL ? at : end;
}

/* Lines of the text, each behind a sign. */
static void
qblock_edit_show(struct buf *diff, char sign, const char *p, size_t n)
{
	const char *end = p + n, *nl, *tab;

	while (p != end) {
		nl = qblock_edit_find(p, end, '\n');
		buf_addc(diff, sign);
		for (; p != nl; p = tab != nl ? tab + 1 : nl) {
			tab = qblock_edit_find(p, nl, '\t');
			clean_add_line(diff, p, (size_t)(tab - p));
			if (tab != nl)
				buf_addc(diff, '\t');
		}
		buf_addc(diff, '\n');
		p = nl != end ? nl + 1 : end;
	}
}

int
qblock_edit_put(struct qblock_edit *e, const struct accessmap_block *block,
    const char *text)
{
	const char **instead = calloc(e->map.nblocks + 1, sizeof(*instead));
	struct buf bytes = BUF_INIT;
	size_t i;

	if (instead == NULL)
		return -1;
	if (block != NULL) {
		instead[block - e->map.block] = text;
		for (i = 0; i <= block->n; i++)
			qblock_edit_show(&e->diff, '-',
			    e->map.line[block->first + i].text.p,
			    e->map.line[block->first + i].text.n);
	}
	qblock_edit_show(&e->diff, '+', text, strlen(text));
	accessmap_write(&bytes, &e->map, instead, block != NULL ? "" : text);
	free(instead);
	if (buf_str(&bytes) == NULL || e->diff.oom) {
		buf_free(&bytes);
		return -1;
	}
	accessmap_free(&e->map);
	buf_free(&e->bytes);
	e->bytes = bytes;
	return accessmap_parse(&e->map, buf_str(&e->bytes), e->bytes.len);
}
