/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault.c - lines of an access file that makemap(8) complains of
 *
 * Pure.  Limit: what Berkeley DB itself refuses is not known here.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "mta/sendmail/access/fault.h"
#include "mta/sendmail/access/line.h"

#define SENDMAIL_ACCESS_FAULT_SHOWN 200 /* of a file's name */

static int
sendmail_access_fault_order(struct span a, struct span b, bool keep_case)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = keep_case ? memcmp(a.p, b.p, n) : strncasecmp(a.p, b.p, n);

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* By key, and lines of one key as they stand in the file. */
static int
sendmail_access_fault_compare(const struct entries_line *a,
    const struct entries_line *b, bool keep_case)
{
	int order = sendmail_access_fault_order(a->key, b->key, keep_case);

	return order != 0 ? order : (a > b) - (a < b);
}

static int
sendmail_access_fault_by_folded(const void *a, const void *b)
{
	const struct entries_line *const *x = a, *const *y = b;

	return sendmail_access_fault_compare(*x, *y, false);
}

static int
sendmail_access_fault_by_key(const void *a, const void *b)
{
	const struct entries_line *const *x = a, *const *y = b;

	return sendmail_access_fault_compare(*x, *y, true);
}

/* Keeps the first lines of the file, in their order. */
static void
sendmail_access_fault_keep(struct sendmail_access_fault_list *list,
    const struct sendmail_access_fault *new)
{
	size_t i = list->n < SENDMAIL_ACCESS_FAULT_KEPT ?
	    list->n :
	    SENDMAIL_ACCESS_FAULT_KEPT;

	list->n++;
	if (i == SENDMAIL_ACCESS_FAULT_KEPT && list->v[i - 1].line <= new->line)
		return;
	if (i == SENDMAIL_ACCESS_FAULT_KEPT)
		i--;
	for (; i != 0 && list->v[i - 1].line > new->line; i--)
		list->v[i] = list->v[i - 1];
	list->v[i] = *new;
}

/* What is wrong with a line by itself.  False: nothing. */
static bool
sendmail_access_fault_alone(const struct entries_line *line,
    struct sendmail_access_fault *f)
{
	const char *p = line->text.p;

	*f = (struct sendmail_access_fault){ .line = line->number };
	if (sendmail_access_line_is_long(line))
		f->kind = SENDMAIL_ACCESS_FAULT_LONG;
	else if (*p == '\n' || *p == '#' || line->key.n != 0)
		return false;
	else if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		f->kind = SENDMAIL_ACCESS_FAULT_BLANK;
	else
		f->kind = SENDMAIL_ACCESS_FAULT_NO_VALUE;
	return true;
}

int
sendmail_access_fault_find(struct sendmail_access_fault_list *list,
    const struct entries *m, bool keep_case)
{
	const size_t size = sizeof(struct entries_line *);
	const struct entries_line **v = calloc(m->nlines + 1, size);
	struct sendmail_access_fault f;
	size_t i, n = 0, first = 0;

	list->n = 0;
	if (v == NULL)
		return -1;
	for (i = 0; i < m->nlines; i++) {
		if (sendmail_access_fault_alone(m->line + i, &f))
			sendmail_access_fault_keep(list, &f);
		if (m->line[i].key.n != 0)
			v[n++] = m->line + i;
	}
	qsort(v, n, size,
	    keep_case ? sendmail_access_fault_by_key :
			sendmail_access_fault_by_folded);
	for (i = 1; i < n; i++) {
		if (sendmail_access_fault_order(v[first]->key, v[i]->key,
			keep_case) != 0) {
			first = i;
			continue;
		}
		f = (struct sendmail_access_fault){ SENDMAIL_ACCESS_FAULT_AGAIN,
			v[i]->number, v[first]->number };
		sendmail_access_fault_keep(list, &f);
	}
	free(v);
	return 0;
}

void
sendmail_access_fault_add(struct buf *out,
    const struct sendmail_access_fault *f, const char *file)
{
	buf_addf(out, "line %zu of ", f->line);
	clean_adds(out, file, SENDMAIL_ACCESS_FAULT_SHOWN);
	buf_addc(out, ' ');
	switch (f->kind) {
	case SENDMAIL_ACCESS_FAULT_BLANK:
		buf_adds(out, "begins with a blank");
		break;
	case SENDMAIL_ACCESS_FAULT_NO_VALUE:
		buf_adds(out, "has a key without a value");
		break;
	case SENDMAIL_ACCESS_FAULT_AGAIN:
		buf_addf(out, "has the key of line %zu again", f->first);
		break;
	case SENDMAIL_ACCESS_FAULT_LONG:
		buf_addf(out, "is longer than %d bytes",
		    SENDMAIL_ACCESS_LINE_LONG);
		break;
	}
}
