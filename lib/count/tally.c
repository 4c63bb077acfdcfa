/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tally.c - counts messages by relay, sender ..., in bounded memory
 *
 * This is a table of groups, with an index by open addressing beside it: the
 * handle of uthash alone would take 56 bytes, and a group needs 128.  A group
 * owns its key and host, in one allocation, and its detail.  A group has a
 * detail if it has more than a certain part of the messages that were read so
 * far; as long as few were read, every group has one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/hash.h"
#include "count/tally.h"
#include "mail/key.h"
#include "mail/selector.h"

#define TALLY_FIRST   64  /* room for this many groups at first */
#define TALLY_DETAIL  512 /* detail for a group over 1/512 of all */
#define TALLY_HOST    80  /* bytes kept of a host's name */
#define TALLY_EXAMPLE 160 /* bytes kept of a reply */

void
tally_init(struct tally *t, enum key_by by, int64_t now)
{
	size_t i;

	*t = (struct tally){ .by = by, .now = now };
	for (i = 0; i < RELAY_CLASSES; i++)
		t->classes[i].oldest = -1;
	t->unnamed.oldest = t->others.oldest = -1;
}

static void
tally_free_group(struct tally_group *g)
{
	free(g->bytes);
	free(g->detail);
}

void
tally_free(struct tally *t)
{
	const struct tally had = *t;
	size_t i;

	for (i = 0; i < t->ngroups; i++)
		tally_free_group(&t->group[i]);
	free(t->group);
	free(t->index);
	free(t->domains);
	tally_init(t, had.by, had.now);
	t->detail_all = had.detail_all;
	t->smtp_only = had.smtp_only;
	t->seed = had.seed;
}

int64_t
tally_older(int64_t a, int64_t b)
{
	return a == -1 || (b != -1 && b < a) ? b : a;
}

static void
tally_rest_add(struct tally_rest *r, uint64_t count, int64_t oldest)
{
	r->count += count;
	r->oldest = tally_older(r->oldest, oldest);
}

/* --- the table --------------------------------------------------------- */

/* The place in the index where a group with this key is, or would be. */
static size_t
tally_slot(const struct tally *t, uint64_t hash, struct span key)
{
	size_t slot = (size_t)hash & (t->nindex - 1);
	const struct tally_group *g;

	for (; t->index[slot] != 0; slot = (slot + 1) & (t->nindex - 1)) {
		g = &t->group[t->index[slot] - 1];
		if (g->hash == hash && g->key_len == key.n &&
		    memcmp(g->bytes, key.p, key.n) == 0)
			break;
	}
	return slot;
}

static void
tally_enter(struct tally *t, size_t i)
{
	const struct tally_group *g = &t->group[i];
	struct span key = { g->bytes, g->key_len };

	t->index[tally_slot(t, g->hash, key)] = (uint32_t)i + 1;
}

/* Makes the index anew, of n slots. */
static int
tally_reindex(struct tally *t, size_t n)
{
	uint32_t *index = calloc(n, sizeof(*index));
	size_t i;

	if (index == NULL)
		return -1;
	free(t->index);
	t->index = index;
	t->nindex = n;
	for (i = 0; i < t->ngroups; i++)
		tally_enter(t, i);
	return 0;
}

/* Makes room for one more group: half of the index stays free. */
static int
tally_grow(struct tally *t)
{
	size_t size = t->size == 0 ? TALLY_FIRST : t->size + t->size / 2;
	struct tally_group *group;

	if (t->ngroups == t->size) {
		group = realloc(t->group, size * sizeof(*group));
		if (group == NULL)
			return -1;
		t->group = group;
		t->size = size;
	}
	if ((t->ngroups + 1) * 2 <= t->nindex)
		return 0;
	return tally_reindex(t,
	    t->nindex == 0 ? 2 * TALLY_FIRST : 2 * t->nindex);
}

/* A count that at least half of the groups are below. */
static uint64_t
tally_small(const struct tally *t)
{
	uint64_t limit = 1;
	size_t i, n;

	do {
		limit *= 2;
		for (i = n = 0; i < t->ngroups; i++)
			n += t->group[i].count < limit;
	} while (n < t->ngroups / 2);
	return limit;
}

/* Adds the smallest groups of a full table to the others. */
static int
tally_purge(struct tally *t)
{
	uint64_t limit = tally_small(t);
	size_t i, kept = 0;

	for (i = 0; i < t->ngroups; i++) {
		if (t->group[i].count >= limit) {
			t->group[kept++] = t->group[i];
			continue;
		}
		tally_rest_add(&t->others, t->group[i].count,
		    t->group[i].oldest);
		tally_free_group(&t->group[i]);
	}
	t->ngroups = kept;
	return tally_reindex(t, t->nindex);
}

/*
 * Must this name, or example, replace the one that is shown?  A proven name
 * comes before others, and then the first by its bytes wins.  A relay may have
 * several names, and the order in which they are met is a matter of chance.
 */
static bool
tally_is_better(const struct tally_group *g, struct span host, bool proven)
{
	struct span had = tally_host(g);
	int order;

	if (host.n == 0)
		return false;
	if (had.n == 0 || proven != g->host_proven)
		return had.n == 0 || proven;
	order = memcmp(host.p, had.p, host.n < had.n ? host.n : had.n);
	return order < 0 || (order == 0 && host.n < had.n);
}

/* 0, or -1. */
static int
tally_set_host(struct tally_group *g, struct span host, bool proven)
{
	char *bytes;

	if (!tally_is_better(g, host, proven))
		return 0;
	if ((bytes = realloc(g->bytes, g->key_len + host.n)) == NULL)
		return -1;
	memcpy(bytes + g->key_len, host.p, host.n);
	g->bytes = bytes;
	g->host_len = (uint16_t)host.n;
	g->host_proven = proven;
	return 0;
}

/* The text that is shown beside the key of a message's group. */
static int
tally_note(const struct tally *t, struct tally_group *g,
    const struct envelope *e)
{
	struct span host = e->relay.host, example = e->status;
	bool whole = host.n <= TALLY_HOST;

	if (t->by == KEY_STATUS) {
		if (example.n > TALLY_EXAMPLE)
			example.n = TALLY_EXAMPLE;
		return tally_set_host(g, example, false);
	}
	if (!whole)
		host.n = TALLY_HOST;
	return tally_set_host(g, host, whole && !e->relay.forged);
}

/* The group with this key, which is made if necessary.  NULL: out of memory. */
static struct tally_group *
tally_group(struct tally *t, struct span key)
{
	uint64_t hash = hash_bytes(key.p, key.n, t->seed);
	struct tally_group *g;
	size_t slot;

	if (t->nindex != 0) {
		slot = tally_slot(t, hash, key);
		if (t->index[slot] != 0)
			return &t->group[t->index[slot] - 1];
	}
	if ((t->ngroups == TALLY_GROUPS && tally_purge(t) != 0) ||
	    tally_grow(t) != 0)
		return NULL;
	g = &t->group[t->ngroups];
	*g = (struct tally_group){
		.oldest = -1,
		.newest = -1,
		.hash = hash,
		.key_len = (uint16_t)key.n,
	};
	if ((g->bytes = malloc(key.n)) == NULL)
		return NULL;
	memcpy(g->bytes, key.p, key.n);
	tally_enter(t, t->ngroups++);
	return g;
}

/* --- counting ---------------------------------------------------------- */

/* Does a group of this size get a detail? */
static bool
tally_is_large(const struct tally *t, const struct tally_group *g)
{
	return t->detail_all || g->count >= t->read / TALLY_DETAIL;
}

static int
tally_add_detail(struct tally *t, struct tally_group *g,
    const struct envelope *e)
{
	struct tally_detail *d = g->detail;

	if (d == NULL) {
		if (!tally_is_large(t, g))
			return 0;
		if ((d = g->detail = calloc(1, sizeof(*d))) == NULL)
			return -1;
	}
	d->seen++;
	if (e->arrival != -1)
		arrivals_add(&d->arrivals, t->now - e->arrival);
	distinct_add(&d->senders,
	    hash_bytes(e->sender.p, e->sender.n, t->seed));
	return 0;
}

/* Adds a message to the group of one of its keys. */
static int
tally_count(struct tally *t, const struct envelope *e, struct span key)
{
	struct tally_group *g = tally_group(t, key);

	if (g == NULL || tally_note(t, g, e) != 0)
		return -1;
	g->count++;
	g->smtp += e->relay.class == RELAY_SMTP;
	g->recipients += e->recipients;
	g->oldest = tally_older(g->oldest, e->arrival);
	if (e->arrival > g->newest)
		g->newest = e->arrival;
	return tally_add_detail(t, g, e);
}

void
tally_recipient(void *arg, struct span address)
{
	/* Cut it, because keys that differ only behind that are one group. */
	struct span domain = key_cut(envelope_domain(address));
	struct tally *t = arg;
	size_t i;

	if (t->domains == NULL)
		t->domains = calloc(KEY_DOMAINS, sizeof(*t->domains));
	if (t->domains == NULL) {
		t->domains_oom = true;
		return;
	}
	for (i = 0; i < t->ndomains; i++)
		if (key_is_same(t->domains[i], domain))
			return;
	if (domain.n != 0 && t->ndomains < KEY_DOMAINS)
		t->domains[t->ndomains++] = domain;
}

/*
 * A message counts once for each domain of its recipients.  If there is none,
 * it is one of the unnamed messages.
 */
static int
tally_count_domains(struct tally *t, const struct envelope *e)
{
	char bytes[KEY_MAX];
	struct span key;
	size_t i;
	int rc = t->domains_oom ? -1 : 0;

	for (i = 0; rc == 0 && i < t->ndomains; i++) {
		key = key_lower(t->domains[i], bytes);
		rc = tally_count(t, e, key);
	}
	if (t->ndomains == 0)
		tally_rest_add(&t->unnamed, 1, e->arrival);
	t->ndomains = 0;
	return rc;
}

int
tally_add(struct tally *t, const struct envelope *e)
{
	enum relay_class class = e->relay.class;
	char bytes[KEY_MAX];
	struct span key;

	t->read++;
	t->undated += e->dated == DATED_NEVER;
	t->future += e->dated == DATED_FUTURE;
	tally_rest_add(&t->classes[class], 1, e->arrival);
	if (e->arrival != -1)
		arrivals_add(&t->arrivals, t->now - e->arrival);
	if (class != RELAY_SMTP && (t->smtp_only || key_by_is_host(t->by))) {
		t->ndomains = 0;
		return 0;
	}
	if (t->by == KEY_RECIPIENT_DOMAIN)
		return tally_count_domains(t, e);
	key = key_of(t->by, e, bytes);
	if (key.n != 0)
		return tally_count(t, e, key);
	tally_rest_add(&t->unnamed, 1, e->arrival);
	return 0;
}

/* --- several tallies --------------------------------------------------- */

/* Moves a group into another tally. */
static int
tally_merge_group(struct tally *t, struct tally_group *from)
{
	struct span key = { from->bytes, from->key_len };
	struct tally_group *g = tally_group(t, key);

	if (g == NULL ||
	    tally_set_host(g, tally_host(from), from->host_proven) != 0)
		return -1;
	g->count += from->count;
	g->smtp += from->smtp;
	g->recipients += from->recipients;
	g->oldest = tally_older(g->oldest, from->oldest);
	if (from->newest > g->newest)
		g->newest = from->newest;
	if (g->detail == NULL) {
		g->detail = from->detail;
		from->detail = NULL;
	} else if (from->detail != NULL) {
		arrivals_merge(&g->detail->arrivals, &from->detail->arrivals);
		distinct_merge(&g->detail->senders, &from->detail->senders);
		g->detail->seen += from->detail->seen;
	}
	return 0;
}

int
tally_merge(struct tally *t, struct tally *from)
{
	size_t i;
	int rc = 0;

	t->read += from->read;
	t->undated += from->undated;
	t->future += from->future;
	for (i = 0; i < RELAY_CLASSES; i++)
		tally_rest_add(&t->classes[i], from->classes[i].count,
		    from->classes[i].oldest);
	tally_rest_add(&t->unnamed, from->unnamed.count, from->unnamed.oldest);
	tally_rest_add(&t->others, from->others.count, from->others.oldest);
	arrivals_merge(&t->arrivals, &from->arrivals);
	for (i = 0; i < from->ngroups; i++) {
		if (rc == 0)
			rc = tally_merge_group(t, &from->group[i]);
		/* Free it now: both in full would take much memory. */
		tally_free_group(&from->group[i]);
	}
	from->ngroups = 0;
	tally_free(from);
	return rc;
}

/* --- what the groups say ----------------------------------------------- */

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
