/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accesskey_lookup.c - what sendmail looks clients up as
 *
 * Pure.  An IPv6 address has all its groups in the key since 8.15, or "::"
 * for its longest run of zeros with UseCompressedIPv6Addresses.  In that
 * form a network with such a run, or that ends in 0, has no key of its own:
 * "2001:db8::10" without its last part is "2001:db8", whatever the length of
 * the network, and "2001::5" is a network of 2001:0:0:5, and a host, too.  A
 * host may share its key with such networks; sendmail knows no other for it.
 */
#include <stdio.h>
#include <string.h>

#include "block/client.h"

#define ACCESSKEY_TAG    "Connect:"
#define ACCESSKEY_V6     "IPv6:"
#define ACCESSKEY_V4_AT  96 /* bits before an IPv4 address */
#define ACCESSKEY_GROUPS 8

/* --- the keys of clients ------------------------------------------------- */

static unsigned int
accesskey_group(const struct addr *a, unsigned int i)
{
	return (unsigned int)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

static void
accesskey_add_groups(struct buf *out, const struct addr *a, unsigned int from,
    unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		buf_addf(out, i == from ? "%x" : ":%x", accesskey_group(a, i));
}

/* Where the longest run of 0 is among n groups; how long it is, if not 1. */
static unsigned int
accesskey_zeros(const struct addr *a, unsigned int n, unsigned int *at)
{
	unsigned int i, run = 0, longest = 0;

	for (i = 0; i < n; i++) {
		run = accesskey_group(a, i) == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			*at = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

/* "IPv6:2001:db8:0:0:1", or with a run of 0 as "::" (inet_ntop()). */
static void
accesskey_add_v6(struct buf *out, const struct addr *a, unsigned int n,
    bool compressed)
{
	unsigned int at = 0, run = 0;

	if (compressed)
		run = accesskey_zeros(a, n, &at);
	buf_adds(out, ACCESSKEY_V6);
	accesskey_add_groups(out, a, 0, run != 0 ? at : n);
	if (run != 0) {
		buf_adds(out, "::");
		accesskey_add_groups(out, a, at + run, n);
	}
}

static void
accesskey_add_v4(struct buf *out, const struct addr *a, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		buf_addf(out, i == 0 ? "%d" : ".%d", a->b[12 + i]);
}

static int
accesskey_push(struct accesskey_list *list, const struct buf *text)
{
	if (text->oom)
		return -1;
	snprintf(list->key[list->n++], ACCESSKEY_TEXT, ACCESSKEY_TAG "%s",
	    text->data);
	return 0;
}

/* Is a network of n groups shortened to what other clients are, too? */
static bool
accesskey_is_ambiguous(const struct addr *a, unsigned int n)
{
	unsigned int unused;

	return n < ACCESSKEY_GROUPS &&
	    (accesskey_group(a, n - 1) == 0 ||
		accesskey_zeros(a, n, &unused) != 0);
}

/* The keys of one network of n parts. */
static int
accesskey_network(struct accesskey_list *list, const struct addr *a,
    unsigned int n, bool compressed, const char **why)
{
	struct buf text = BUF_INIT;
	int rc = -1;

	*why = "out of memory";
	if (addr_is_v4(a)) {
		accesskey_add_v4(&text, a, n);
		rc = accesskey_push(list, &text);
	} else if (compressed && accesskey_is_ambiguous(a, n)) {
		*why = "sendmail.cf says UseCompressedIPv6Addresses, so that no"
		       " key means only a network whose last group is 0, or"
		       " that has groups of 0 in a row";
	} else {
		accesskey_add_v6(&text, a, n, compressed);
		rc = accesskey_push(list, &text);
	}
	buf_free(&text);
	return rc;
}

/* Adds 1 to the first bits of an address. */
static void
accesskey_next(struct addr *a, unsigned int bits)
{
	size_t i = (bits - 1) / 8;
	unsigned int sum = a->b[i] + (1u << (7 - (bits - 1) % 8));

	a->b[i] = (uint8_t)sum;
	while (sum > 0xff && i-- > 0)
		a->b[i] = (uint8_t)(sum = a->b[i] + 1u);
}

int
accesskey_keys(const struct accesskey *k, bool compressed,
    struct accesskey_list *list, const char **why)
{
	const struct addr_prefix *p = &k->prefix;
	struct addr a = p->addr;
	bool v4 = p->bits >= ACCESSKEY_V4_AT && addr_is_v4(&a);
	unsigned int part = v4 ? 8 : 16, bits, base = v4 ? ACCESSKEY_V4_AT : 0;
	unsigned int i;

	list->n = 0;
	if (k->is_name) {
		snprintf(list->key[list->n++], ACCESSKEY_TEXT,
		    ACCESSKEY_TAG "%s", k->name);
		return 0;
	}
	bits = base + (p->bits - base + part - 1) / part * part;
	if (bits == base)
		bits += part;
	if (bits - p->bits > 5) { /* 2 to this: ACCESSKEY_KEYS */
		*why = v4 ?
		    "would take more than 32 entries: sendmail's"
		    " networks are /8, /16 and /24" :
		    "would take more than"
		    " 32 entries: sendmail's networks are /16, /32, /48, /64"
		    " and so on";
		return -1;
	}
	for (i = 0; i < 1u << (bits - p->bits); i++) {
		if (accesskey_network(list, &a, (bits - base) / part,
			compressed, why) != 0)
			return -1;
		accesskey_next(&a, bits);
	}
	return 0;
}

/* --- sendmail's way through them ----------------------------------------- */

void
accesskey_client(struct buf *out, const struct accesskey *k, bool compressed)
{
	const struct addr *a = &k->prefix.addr;

	if (k->is_name)
		buf_adds(out, k->name);
	else if (addr_is_v4(a))
		accesskey_add_v4(out, a, 4);
	else
		accesskey_add_v6(out, a, ACCESSKEY_GROUPS, compressed);
}

/* Takes the last part away; false if there is but one. */
static bool
accesskey_shorten(char *text, bool v6)
{
	char *last = strrchr(text, v6 ? ':' : '.');

	if (last == NULL)
		return false;
	if (v6 && last != text && last[-1] == ':')
		last--;
	*last = '\0';
	return last != text;
}

/* A key with and then without the tag, which has this before and after it. */
static int
accesskey_try(const char *before, const char *text, const char *after,
    accesskey_step *step, void *arg)
{
	char key[ACCESSKEY_TEXT + 2];
	int rc;

	snprintf(key, sizeof(key), ACCESSKEY_TAG "%s%s%s", before, text, after);
	rc = step(arg, key);
	return rc != 0 ? rc : step(arg, key + strlen(ACCESSKEY_TAG));
}

/* Rule set D with a host name. */
static int
accesskey_walk_name(const char *name, bool dots, accesskey_step *step,
    void *arg)
{
	const char *rest;
	int rc = 0;

	while (rc == 0 && name != NULL) {
		rest = strchr(name, '.');
		rc = accesskey_try("", name, "", step, arg);
		if (rc == 0 && dots && rest != NULL)
			rc = accesskey_try("", rest, "", step, arg);
		name = rest != NULL ? rest + 1 : NULL;
	}
	return rc;
}

/* Rule set A; or D with the address of a host that has no name. */
static int
accesskey_walk_address(const struct accesskey *k, bool compressed,
    bool brackets, accesskey_step *step, void *arg)
{
	bool v6 = !addr_is_v4(&k->prefix.addr);
	struct buf text = BUF_INIT;
	int rc = 0;

	accesskey_client(&text, k, compressed);
	if (!text.oom)
		do
			rc = accesskey_try(brackets ? "[" : "", text.data,
			    brackets ? "]" : "", step, arg);
		while (rc == 0 && accesskey_shorten(text.data, v6));
	buf_free(&text);
	return rc;
}

int
accesskey_walk(const struct accesskey *k, const char *name,
    const struct accesskey_way *way, accesskey_step *step, void *arg)
{
	int rc;

	if (k->is_name)
		name = k->name;
	rc = name != NULL ?
	    accesskey_walk_name(name, way->dots, step, arg) :
	    accesskey_walk_address(k, way->compressed, true, step, arg);
	if (rc <= 0 && !k->is_name)
		rc = accesskey_walk_address(k, way->compressed, false, step,
		    arg);
	return rc > 0 ? rc : 0;
}
