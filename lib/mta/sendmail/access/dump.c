/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dump.c - what is in a map, beside what its text says
 *
 * Pure.  makemap folds keys to lower case unless it is told not to, and
 * sendmail does the same when it looks one up.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mta/sendmail/access/dump.h"

void
sendmail_access_dump_free(struct sendmail_access_dump *d)
{
	free(d->entry);
	*d = (struct sendmail_access_dump)SENDMAIL_ACCESS_DUMP_INIT;
}

static int
sendmail_access_dump_order(struct span a, struct span b, bool keep_case)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = 0;

	if (n != 0)
		order = keep_case ? memcmp(a.p, b.p, n) :
				    strncasecmp(a.p, b.p, n);
	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* The place in the text decides between the same keys: the first wins. */
static int
sendmail_access_dump_place(const struct block_entry *a,
    const struct block_entry *b)
{
	return (a->key.p > b->key.p) - (a->key.p < b->key.p);
}

static int
sendmail_access_dump_by_folded(const void *a, const void *b)
{
	const struct block_entry *x = a, *y = b;
	int order = sendmail_access_dump_order(x->key, y->key, false);

	return order != 0 ? order : sendmail_access_dump_place(x, y);
}

static int
sendmail_access_dump_by_key(const void *a, const void *b)
{
	const struct block_entry *x = a, *y = b;
	int order = sendmail_access_dump_order(x->key, y->key, true);

	return order != 0 ? order : sendmail_access_dump_place(x, y);
}

static void
sendmail_access_dump_sort(struct sendmail_access_dump *d)
{
	size_t i, n = 0;

	if (d->n == 0)
		return;
	qsort(d->entry, d->n, sizeof(*d->entry),
	    d->keep_case ? sendmail_access_dump_by_key :
			   sendmail_access_dump_by_folded);
	for (i = 1; i < d->n; i++)
		if (sendmail_access_dump_order(d->entry[n].key, d->entry[i].key,
			d->keep_case) != 0)
			d->entry[++n] = d->entry[i];
	d->n = n + 1;
}

int
sendmail_access_dump_parse(struct sendmail_access_dump *d, bool keep_case,
    const char *bytes, size_t n)
{
	const char *s = n != 0 ? bytes : "", *end = s + n, *nl, *tab;
	size_t lines = 1, i;

	for (i = 0; i < n; i++)
		lines += bytes[i] == '\n';
	*d = (struct sendmail_access_dump){ calloc(lines, sizeof(*d->entry)), 0,
		keep_case };
	if (d->entry == NULL)
		return -1;
	for (; s != end; s = nl != end ? nl + 1 : end) {
		nl = memchr(s, '\n', (size_t)(end - s));
		if (nl == NULL)
			nl = end;
		tab = memchr(s, '\t', (size_t)(nl - s));
		if (tab == NULL)
			tab = nl;
		if (tab != s)
			d->entry[d->n++] = (struct block_entry){
				{ s, (size_t)(tab - s) },
				{ tab + (tab != nl),
				    (size_t)(nl - tab) - (tab != nl) }
			};
	}
	sendmail_access_dump_sort(d);
	return 0;
}

int
sendmail_access_dump_of_text(struct sendmail_access_dump *d, bool keep_case,
    const struct entries *m)
{
	size_t i;

	*d = (struct sendmail_access_dump){
		calloc(m->nlines + 1, sizeof(*d->entry)), 0, keep_case
	};
	if (d->entry == NULL)
		return -1;
	for (i = 0; i < m->nlines; i++)
		if (m->line[i].key.n != 0)
			d->entry[d->n++] = (struct block_entry){ m->line[i].key,
				m->line[i].value };
	sendmail_access_dump_sort(d);
	return 0;
}

const struct block_entry *
sendmail_access_dump_find(const struct sendmail_access_dump *d, const char *key)
{
	struct span wanted = { key, strlen(key) };
	size_t low = 0, high = d->n, at;
	int order;

	while (low < high) {
		at = low + (high - low) / 2;
		order = sendmail_access_dump_order(wanted, d->entry[at].key,
		    d->keep_case);
		if (order == 0)
			return d->entry + at;
		if (order < 0)
			high = at;
		else
			low = at + 1;
	}
	return NULL;
}

void
sendmail_access_dump_compare(struct block_difference *diff,
    const struct sendmail_access_dump *a, const struct sendmail_access_dump *b)
{
	size_t i = 0, j = 0;
	int order;

	*diff = (struct block_difference){ 0, { NULL, 0 } };
	while (i < a->n || j < b->n) {
		order = i == a->n ? 1 :
		    j == b->n     ? -1 :
				    sendmail_access_dump_order(a->entry[i].key,
					b->entry[j].key, a->keep_case);
		if (order != 0 || a->entry[i].value.n != b->entry[j].value.n ||
		    memcmp(a->entry[i].value.p, b->entry[j].value.p,
			a->entry[i].value.n) != 0) {
			diff->key = order <= 0 ? a->entry[i].key :
						 b->entry[j].key;
			diff->n++;
		}
		i += order <= 0;
		j += order >= 0;
	}
}
