/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * key.c - the keys of the access map, and how sendmail looks them up
 *
 * Pure.  sendmail looks an address up as text, and then what is left of it
 * without its last part, again and again: so only whole parts can be named,
 * 8 bits of an IPv4 address and 16 of an IPv6 address.
 *
 * An IPv6 address has all its groups in the key since 8.15, or "::"
 * for its longest run of zeros with UseCompressedIPv6Addresses.  In that
 * form a network with such a run, or that ends in 0, has no key of its own:
 * "2001:db8::10" without its last part is "2001:db8", whatever the length of
 * the network, and "2001::5" is a network of 2001:0:0:5, and a host, too.  A
 * host may share its key with such networks; sendmail knows no other for it.
 *
 * Limit: the key [IPv6:2001::5] of a configuration with compressed addresses
 * may name a network; it is read as the address.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mta/sendmail/access/key.h"

#define SENDMAIL_ACCESS_KEY_TAG    "Connect:"
#define SENDMAIL_ACCESS_KEY_V6     "IPv6:"
#define SENDMAIL_ACCESS_KEY_BITS   128
#define SENDMAIL_ACCESS_KEY_V4_AT  96 /* bits before an IPv4 address */
#define SENDMAIL_ACCESS_KEY_GROUPS 8

/* --- a key of the file --------------------------------------------------- */

static bool
sendmail_access_key_begins(struct span s, const char *with)
{
	return s.n >= strlen(with) && strncasecmp(s.p, with, strlen(with)) == 0;
}

static struct span
sendmail_access_key_skip(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

/* "192.0.2": the parts that are there, each from 0 to 255. */
static bool
sendmail_access_key_of_v4(struct addr_prefix *p, struct span s)
{
	struct buf text = BUF_INIT;
	struct addr a;
	unsigned int parts = 1;
	size_t i;
	bool ok;

	for (i = 0; i < s.n; i++)
		parts += s.p[i] == '.';
	if (parts > 4 || s.n > ADDR_TEXT)
		return false;
	buf_add(&text, s.p, s.n);
	for (i = parts; i < 4; i++)
		buf_adds(&text, ".0");
	ok = buf_str(&text) != NULL &&
	    addr_parse(&a, buf_str(&text), text.len) == 0;
	buf_free(&text);
	if (ok)
		*p = addr_network(&a, 8 * parts, 0);
	return ok;
}

/* "2001:db8:1": a whole address, or its first groups. */
static bool
sendmail_access_key_of_v6(struct addr_prefix *p, struct span s)
{
	struct buf text = BUF_INIT;
	struct addr a;
	unsigned int groups = 1;
	size_t i;
	bool ok;

	if (s.n == 0 || s.n >= ADDR_TEXT)
		return false;
	if (addr_parse(&a, s.p, s.n) == 0 && !client_is_numeric(s)) {
		*p = (struct addr_prefix){ a, SENDMAIL_ACCESS_KEY_BITS };
		return true;
	}
	for (i = 0; i < s.n; i++)
		groups += s.p[i] == ':';
	if (groups >= SENDMAIL_ACCESS_KEY_GROUPS)
		return false;
	buf_add(&text, s.p, s.n);
	buf_adds(&text, "::");
	ok = buf_str(&text) != NULL &&
	    addr_parse(&a, buf_str(&text), text.len) == 0;
	buf_free(&text);
	if (ok)
		*p = (struct addr_prefix){ a, 16 * groups };
	return ok;
}

bool
sendmail_access_key_of(struct client *k, struct span key)
{
	struct client new = { .is_name = false };
	bool ok, brackets;

	if (sendmail_access_key_begins(key, SENDMAIL_ACCESS_KEY_TAG))
		key = sendmail_access_key_skip(key,
		    strlen(SENDMAIL_ACCESS_KEY_TAG));
	brackets = key.n != 0 && *key.p == '[';
	if (!client_unbracket(&key))
		return false;
	if (sendmail_access_key_begins(key, SENDMAIL_ACCESS_KEY_V6))
		ok = sendmail_access_key_of_v6(&new.prefix,
		    sendmail_access_key_skip(key,
			strlen(SENDMAIL_ACCESS_KEY_V6)));
	else if (client_is_numeric(key))
		ok = sendmail_access_key_of_v4(&new.prefix, key);
	else
		ok = new.is_name = !brackets &&domain_copy(key, new.name);
	if (ok)
		*k = new;
	return ok;
}

bool
sendmail_access_key_is_nameless(struct span key)
{
	return key.n != 0 && memchr(key.p, '[', key.n) != NULL;
}

bool
sendmail_access_key_hosts(const struct sendmail_access_way *way,
    struct client *k, struct span key)
{
	const size_t tag = strlen(SENDMAIL_ACCESS_KEY_TAG);

	if (key.n > tag &&
	    sendmail_access_key_begins(key, SENDMAIL_ACCESS_KEY_TAG))
		key = sendmail_access_key_skip(key, tag);
	/* lookupdotdomain: ".isp.example" */
	if (way->dots && key.n > 1 && key.p[0] == '.')
		key = sendmail_access_key_skip(key, 1);
	return key.n != 0 && sendmail_access_key_of(k, key) && k->is_name;
}

/* --- the keys of clients ------------------------------------------------- */

static unsigned int
sendmail_access_key_group(const struct addr *a, unsigned int i)
{
	return (unsigned int)a->b[2 * i] << 8 | a->b[2 * i + 1];
}

static void
sendmail_access_key_add_groups(struct buf *out, const struct addr *a,
    unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		buf_addf(out, i == from ? "%x" : ":%x",
		    sendmail_access_key_group(a, i));
}

/* Where the longest run of 0 is among n groups; how long it is, if not 1. */
static unsigned int
sendmail_access_key_zeros(const struct addr *a, unsigned int n,
    unsigned int *at)
{
	unsigned int i, run = 0, longest = 0;

	for (i = 0; i < n; i++) {
		run = sendmail_access_key_group(a, i) == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			*at = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

/* "IPv6:2001:db8:0:0:1", or with a run of 0 as "::" (inet_ntop()). */
static void
sendmail_access_key_add_v6(struct buf *out, const struct addr *a,
    unsigned int n, bool compressed)
{
	unsigned int at = 0, run = 0;

	if (compressed)
		run = sendmail_access_key_zeros(a, n, &at);
	buf_adds(out, SENDMAIL_ACCESS_KEY_V6);
	sendmail_access_key_add_groups(out, a, 0, run != 0 ? at : n);
	if (run != 0) {
		buf_adds(out, "::");
		sendmail_access_key_add_groups(out, a, at + run, n);
	}
}

static void
sendmail_access_key_add_v4(struct buf *out, const struct addr *a,
    unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		buf_addf(out, i == 0 ? "%d" : ".%d", a->b[12 + i]);
}

static int
sendmail_access_key_push(struct block_keys *list, const struct buf *text)
{
	if (text->oom)
		return -1;
	snprintf(list->key[list->n++], BLOCK_KEY_TEXT,
	    SENDMAIL_ACCESS_KEY_TAG "%s", text->data);
	return 0;
}

/* Is a network of n groups shortened to what other clients are, too? */
static bool
sendmail_access_key_is_ambiguous(const struct addr *a, unsigned int n)
{
	unsigned int unused;

	return n < SENDMAIL_ACCESS_KEY_GROUPS &&
	    (sendmail_access_key_group(a, n - 1) == 0 ||
		sendmail_access_key_zeros(a, n, &unused) != 0);
}

/* The keys of one network of n parts. */
static int
sendmail_access_key_network(struct block_keys *list, const struct addr *a,
    unsigned int n, bool compressed, const char **why)
{
	struct buf text = BUF_INIT;
	int rc = -1;

	*why = "out of memory";
	if (addr_is_v4(a)) {
		sendmail_access_key_add_v4(&text, a, n);
		rc = sendmail_access_key_push(list, &text);
	} else if (compressed && sendmail_access_key_is_ambiguous(a, n)) {
		*why = "sendmail.cf says UseCompressedIPv6Addresses, so that no"
		       " key means only a network whose last group is 0, or"
		       " that has groups of 0 in a row";
	} else {
		sendmail_access_key_add_v6(&text, a, n, compressed);
		rc = sendmail_access_key_push(list, &text);
	}
	buf_free(&text);
	return rc;
}

/* Adds 1 to the first bits of an address. */
static void
sendmail_access_key_next(struct addr *a, unsigned int bits)
{
	size_t i = (bits - 1) / 8;
	unsigned int sum = a->b[i] + (1u << (7 - (bits - 1) % 8));

	a->b[i] = (uint8_t)sum;
	while (sum > 0xff && i-- > 0)
		a->b[i] = (uint8_t)(sum = a->b[i] + 1u);
}

int
sendmail_access_key_list(const struct client *k, bool compressed,
    struct block_keys *list, const char **why)
{
	const struct addr_prefix *p = &k->prefix;
	struct addr a = p->addr;
	bool v4 = p->bits >= SENDMAIL_ACCESS_KEY_V4_AT && addr_is_v4(&a);
	unsigned int part = v4 ? 8 : 16, bits,
		     base = v4 ? SENDMAIL_ACCESS_KEY_V4_AT : 0;
	unsigned int i;

	list->n = 0;
	if (k->is_name) {
		snprintf(list->key[list->n++], BLOCK_KEY_TEXT,
		    SENDMAIL_ACCESS_KEY_TAG "%s", k->name);
		return 0;
	}
	bits = base + (p->bits - base + part - 1) / part * part;
	if (bits == base)
		bits += part;
	if (bits - p->bits > 5) { /* 2 to this: BLOCK_KEYS */
		*why = v4 ?
		    "would take more than 32 entries: sendmail's"
		    " networks are /8, /16 and /24" :
		    "would take more than"
		    " 32 entries: sendmail's networks are /16, /32, /48, /64"
		    " and so on";
		return -1;
	}
	for (i = 0; i < 1u << (bits - p->bits); i++) {
		if (sendmail_access_key_network(list, &a, (bits - base) / part,
			compressed, why) != 0)
			return -1;
		sendmail_access_key_next(&a, bits);
	}
	return 0;
}

bool
sendmail_access_key_is_one(const struct client *k, struct span key)
{
	struct block_keys keys;
	const char *unused;
	int compressed;
	size_t i;

	for (compressed = 0; compressed < 2; compressed++) {
		if (sendmail_access_key_list(k, compressed, &keys, &unused) !=
		    0)
			continue;
		for (i = 0; i < keys.n; i++)
			if (strlen(keys.key[i]) == key.n &&
			    memcmp(keys.key[i], key.p, key.n) == 0)
				return true;
	}
	return false;
}

/* --- sendmail's way through them ----------------------------------------- */

void
sendmail_access_key_client(struct buf *out, const struct client *k,
    bool compressed)
{
	const struct addr *a = &k->prefix.addr;

	if (k->is_name)
		buf_adds(out, k->name);
	else if (addr_is_v4(a))
		sendmail_access_key_add_v4(out, a, 4);
	else
		sendmail_access_key_add_v6(out, a, SENDMAIL_ACCESS_KEY_GROUPS,
		    compressed);
}

/* Takes the last part away; false if there is but one. */
static bool
sendmail_access_key_shorten(char *text, bool v6)
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
sendmail_access_key_try(const char *before, const char *text, const char *after,
    sendmail_access_key_step *step, void *arg)
{
	char key[BLOCK_KEY_TEXT + 2];
	int rc;

	snprintf(key, sizeof(key), SENDMAIL_ACCESS_KEY_TAG "%s%s%s", before,
	    text, after);
	rc = step(arg, key);
	return rc != 0 ? rc : step(arg, key + strlen(SENDMAIL_ACCESS_KEY_TAG));
}

/* Rule set D with a host name. */
static int
sendmail_access_key_walk_name(const char *name, bool dots,
    sendmail_access_key_step *step, void *arg)
{
	const char *rest;
	int rc = 0;

	while (rc == 0 && name != NULL) {
		rest = strchr(name, '.');
		rc = sendmail_access_key_try("", name, "", step, arg);
		if (rc == 0 && dots && rest != NULL)
			rc = sendmail_access_key_try("", rest, "", step, arg);
		name = rest != NULL ? rest + 1 : NULL;
	}
	return rc;
}

/* Rule set A; or D with the address of a host that has no name. */
static int
sendmail_access_key_walk_address(const struct client *k, bool compressed,
    bool brackets, sendmail_access_key_step *step, void *arg)
{
	bool v6 = !addr_is_v4(&k->prefix.addr);
	struct buf text = BUF_INIT;
	int rc = 0;

	sendmail_access_key_client(&text, k, compressed);
	if (!text.oom)
		do
			rc = sendmail_access_key_try(brackets ? "[" : "",
			    text.data, brackets ? "]" : "", step, arg);
		while (rc == 0 && sendmail_access_key_shorten(text.data, v6));
	buf_free(&text);
	return rc;
}

int
sendmail_access_key_walk(const struct client *k, const char *name,
    const struct sendmail_access_way *way, sendmail_access_key_step *step,
    void *arg)
{
	int rc;

	if (k->is_name)
		name = k->name;
	rc = name != NULL ?
	    sendmail_access_key_walk_name(name, way->dots, step, arg) :
	    sendmail_access_key_walk_address(k, way->compressed, true, step,
		arg);
	if (rc <= 0 && !k->is_name)
		rc = sendmail_access_key_walk_address(k, way->compressed, false,
		    step, arg);
	return rc > 0 ? rc : 0;
}
