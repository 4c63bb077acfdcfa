/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accessfault.c - lines of an access file that makemap(8) complains of
 *
 * Pure.  Limit: what Berkeley DB itself refuses is not known here.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "mta/sendmail/access_fault.h"

#define ACCESSFAULT_SHOWN 200 /* of a file's name */

static int
accessfault_order(struct span a, struct span b, bool keep_case)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = keep_case ? memcmp(a.p, b.p, n) : strncasecmp(a.p, b.p, n);

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* By key, and lines of one key as they stand in the file. */
static int
accessfault_compare(const struct accessmap_line *a,
    const struct accessmap_line *b, bool keep_case)
{
	int order = accessfault_order(a->key, b->key, keep_case);

	return order != 0 ? order : (a > b) - (a < b);
}

static int
accessfault_by_folded(const void *a, const void *b)
{
	const struct accessmap_line *const *x = a, *const *y = b;

	return accessfault_compare(*x, *y, false);
}

static int
accessfault_by_key(const void *a, const void *b)
{
	const struct accessmap_line *const *x = a, *const *y = b;

	return accessfault_compare(*x, *y, true);
}

/* Keeps the first lines of the file, in their order. */
static void
accessfault_keep(struct accessfault_list *list, const struct accessfault *new)
{
	size_t i = list->n < ACCESSFAULT_KEPT ? list->n : ACCESSFAULT_KEPT;

	list->n++;
	if (i == ACCESSFAULT_KEPT && list->v[i - 1].line <= new->line)
		return;
	if (i == ACCESSFAULT_KEPT)
		i--;
	for (; i != 0 && list->v[i - 1].line > new->line; i--)
		list->v[i] = list->v[i - 1];
	list->v[i] = *new;
}

/* What is wrong with a line by itself.  False: nothing. */
static bool
accessfault_alone(const struct accessmap_line *line, struct accessfault *f)
{
	const char *p = line->text.p;

	*f = (struct accessfault){ .line = line->number };
	if (accessmap_is_long(line))
		f->kind = ACCESSFAULT_LONG;
	else if (*p == '\n' || *p == '#' || line->key.n != 0)
		return false;
	else if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		f->kind = ACCESSFAULT_BLANK;
	else
		f->kind = ACCESSFAULT_NO_VALUE;
	return true;
}

int
accessfault_find(struct accessfault_list *list, const struct accessmap *m,
    bool keep_case)
{
	const size_t size = sizeof(struct accessmap_line *);
	const struct accessmap_line **v = calloc(m->nlines + 1, size);
	struct accessfault f;
	size_t i, n = 0, first = 0;

	list->n = 0;
	if (v == NULL)
		return -1;
	for (i = 0; i < m->nlines; i++) {
		if (accessfault_alone(m->line + i, &f))
			accessfault_keep(list, &f);
		if (m->line[i].key.n != 0)
			v[n++] = m->line + i;
	}
	qsort(v, n, size,
	    keep_case ? accessfault_by_key : accessfault_by_folded);
	for (i = 1; i < n; i++) {
		if (accessfault_order(v[first]->key, v[i]->key, keep_case) !=
		    0) {
			first = i;
			continue;
		}
		f = (struct accessfault){ ACCESSFAULT_AGAIN, v[i]->number,
			v[first]->number };
		accessfault_keep(list, &f);
	}
	free(v);
	return 0;
}

void
accessfault_add(struct buf *out, const struct accessfault *f, const char *file)
{
	buf_addf(out, "line %zu of ", f->line);
	clean_adds(out, file, ACCESSFAULT_SHOWN);
	buf_addc(out, ' ');
	switch (f->kind) {
	case ACCESSFAULT_BLANK:
		buf_adds(out, "begins with a blank");
		break;
	case ACCESSFAULT_NO_VALUE:
		buf_adds(out, "has a key without a value");
		break;
	case ACCESSFAULT_AGAIN:
		buf_addf(out, "has the key of line %zu again", f->first);
		break;
	case ACCESSFAULT_LONG:
		buf_addf(out, "is longer than %d bytes", ACCESSMAP_LONG);
		break;
	}
}
