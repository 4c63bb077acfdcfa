/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tally_group.c - what the groups of a tally say: order, key, senders, flood
 *
 * The second half of tally.h: it only looks at what tally.c has counted.
 */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "count/tally.h"
#include "mail/key.h"
#include "mail/selector.h"

static int
tally_compare(const void *a, const void *b)
{
	const struct tally_group *x = a, *y = b;
	size_t n = x->key_len < y->key_len ? x->key_len : y->key_len;
	int rc;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	rc = memcmp(x->bytes, y->bytes, n);
	return rc != 0 ? rc : (int)x->key_len - (int)y->key_len;
}

void
tally_sort(struct tally *t)
{
	if (t->ngroups > 1)
		qsort(t->group, t->ngroups, sizeof(*t->group), tally_compare);
	free(t->index);
	t->index = NULL;
	t->nindex = 0;
}

struct addr_prefix
tally_prefix(const struct tally *t, const struct tally_group *g)
{
	struct addr_prefix p = { .bits = 128 };

	memcpy(p.addr.b, g->bytes, sizeof(p.addr.b));
	return t->by == KEY_NETWORK ? key_network(&p.addr) : p;
}

void
tally_add_key(struct buf *b, const struct tally *t, const struct tally_group *g)
{
	struct addr_prefix p;

	if (t->by != KEY_RELAY && t->by != KEY_NETWORK) {
		buf_add(b, g->bytes, g->key_len);
		return;
	}
	p = tally_prefix(t, g);
	addr_add_prefix(b, &p);
}

void
tally_add_selector(struct buf *b, const struct tally *t,
    const struct tally_group *g)
{
	static const enum selector_kind kinds[] = {
		[KEY_RELAY] = SELECTOR_RELAY,
		[KEY_NETWORK] = SELECTOR_RELAY,
		[KEY_NAME] = SELECTOR_NAME,
		[KEY_HELO] = SELECTOR_HELO,
		[KEY_SENDER] = SELECTOR_SENDER,
		[KEY_SENDER_DOMAIN] = SELECTOR_SENDER_DOMAIN,
		[KEY_RECIPIENT_DOMAIN] = SELECTOR_RECIPIENT_DOMAIN,
		[KEY_STATUS] = SELECTOR_STATUS,
	};
	struct selector_word w = {
		.kind = kinds[t->by],
		.text = g->bytes,
		.n = g->key_len,
	};

	if (w.kind == SELECTOR_RELAY)
		w.prefix = tally_prefix(t, g);
	/* The null sender. */
	if ((w.kind == SELECTOR_SENDER || w.kind == SELECTOR_SENDER_DOMAIN) &&
	    w.n == 2 && memcmp(w.text, "<>", 2) == 0)
		w.n = 0;
	selector_add(b, &w);
}

const char *
tally_selector_class(const struct tally *t)
{
	return t->by == KEY_NAME || t->by == KEY_HELO ? " class:smtp" : "";
}

struct span
tally_host(const struct tally_group *g)
{
	return (struct span){ g->bytes + g->key_len, g->host_len };
}

struct span
tally_example(const struct tally_group *g)
{
	return tally_host(g);
}

uint64_t
tally_senders(const struct tally_group *g, bool *exact)
{
	uint64_t n;

	*exact = false;
	if (g->detail == NULL)
		return 0;
	n = distinct_count(&g->detail->senders, exact);
	*exact = *exact && g->detail->seen == g->count;
	return n;
}

bool
tally_flood(const struct tally_group *g, struct arrivals_flood *f)
{
	double scale;

	if (g->detail == NULL || !arrivals_flood(&g->detail->arrivals, f))
		return false;
	/* The group's first messages may be missing in the detail. */
	scale = (double)g->count / (double)g->detail->seen;
	f->n = (uint64_t)((double)f->n * scale + 0.5);
	f->per_minute *= scale;
	return true;
}
