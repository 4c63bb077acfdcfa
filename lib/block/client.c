/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accesskey.c - clients, and the keys of the access map that name them
 *
 * Pure.  sendmail looks an address up as text, and then what is left of it
 * without its last part, again and again: so only whole parts can be named,
 * 8 bits of an IPv4 address and 16 of an IPv6 address.
 *
 * Limit: the key [IPv6:2001::5] of a configuration with compressed addresses
 * may name a network; it is read as the address.
 */
#include <string.h>
#include <strings.h>

#include "block/client.h"

#define ACCESSKEY_TAG    "Connect:"
#define ACCESSKEY_V6     "IPv6:"
#define ACCESSKEY_BITS   128
#define ACCESSKEY_GROUPS 8

static bool
accesskey_begins(struct span s, const char *with)
{
	return s.n >= strlen(with) && strncasecmp(s.p, with, strlen(with)) == 0;
}

static struct span
accesskey_skip(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

/* Without "[" and "]"; false if there is only one of them. */
static bool
accesskey_unbracket(struct span *s)
{
	bool open = s->n != 0 && s->p[0] == '[';
	bool closed = s->n != 0 && s->p[s->n - 1] == ']';

	if (open && closed && s->n > 2)
		*s = (struct span){ s->p + 1, s->n - 2 };
	else if (open || closed)
		return false;
	return true;
}

static bool
accesskey_is_numeric(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	return s.n != 0;
}

/* --- what an operator typed ---------------------------------------------- */

static int
accesskey_parse_prefix(struct accesskey *k, struct span s, const char **why)
{
	char text[ADDR_TEXT + sizeof("/128")];

	if (s.n >= sizeof(text)) {
		*why = "expected an address, a prefix or a host name";
		return -1;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return addr_parse_prefix(&k->prefix, text, why);
}

int
accesskey_parse(struct accesskey *k, const char *text, const char **why)
{
	struct span s = { text, strlen(text) };
	struct accesskey new = { .is_name = false };
	bool numeric;

	if (!accesskey_unbracket(&s)) {
		*why = "expected an address in the brackets";
		return -1;
	}
	if (accesskey_begins(s, ACCESSKEY_V6))
		s = accesskey_skip(s, strlen(ACCESSKEY_V6));
	numeric = accesskey_is_numeric(s);
	if (numeric && addr_parse(&new.prefix.addr, s.p, s.n) != 0) {
		*why = "no whole address; a network is written as"
		       " 192.0.2.0/24";
		return -1;
	}
	if (numeric ||
	    (s.n != 0 &&
		(memchr(s.p, ':', s.n) != NULL ||
		    memchr(s.p, '/', s.n) != NULL))) {
		if (accesskey_parse_prefix(&new, s, why) != 0)
			return -1;
	} else if (!domain_copy(s, new.name)) {
		*why = "expected an address (192.0.2.66), a prefix"
		       " (192.0.2.0/24) or a host name";
		return -1;
	} else {
		new.is_name = true;
	}
	*k = new;
	return 0;
}

void
accesskey_add(struct buf *out, const struct accesskey *k)
{
	if (k->is_name)
		buf_adds(out, k->name);
	else
		addr_add_prefix(out, &k->prefix);
}

bool
accesskey_covers(const struct accesskey *a, const struct accesskey *b)
{
	size_t na, nb;

	if (a->is_name != b->is_name)
		return false;
	if (!a->is_name)
		return a->prefix.bits <= b->prefix.bits &&
		    addr_in(&a->prefix, &b->prefix.addr);
	na = strlen(a->name);
	nb = strlen(b->name);
	return nb >= na && strcmp(b->name + nb - na, a->name) == 0 &&
	    (nb == na || b->name[nb - na - 1] == '.');
}

bool
accesskey_equal(const struct accesskey *a, const struct accesskey *b)
{
	return accesskey_covers(a, b) && accesskey_covers(b, a);
}

/* --- a key of the file --------------------------------------------------- */

/* "192.0.2": the parts that are there, each from 0 to 255. */
static bool
accesskey_of_v4(struct addr_prefix *p, struct span s)
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
accesskey_of_v6(struct addr_prefix *p, struct span s)
{
	struct buf text = BUF_INIT;
	struct addr a;
	unsigned int groups = 1;
	size_t i;
	bool ok;

	if (s.n == 0 || s.n >= ADDR_TEXT)
		return false;
	if (addr_parse(&a, s.p, s.n) == 0 && !accesskey_is_numeric(s)) {
		*p = (struct addr_prefix){ a, ACCESSKEY_BITS };
		return true;
	}
	for (i = 0; i < s.n; i++)
		groups += s.p[i] == ':';
	if (groups >= ACCESSKEY_GROUPS)
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
accesskey_of(struct accesskey *k, struct span key)
{
	struct accesskey new = { .is_name = false };
	bool ok, brackets;

	if (accesskey_begins(key, ACCESSKEY_TAG))
		key = accesskey_skip(key, strlen(ACCESSKEY_TAG));
	brackets = key.n != 0 && *key.p == '[';
	if (!accesskey_unbracket(&key))
		return false;
	if (accesskey_begins(key, ACCESSKEY_V6))
		ok = accesskey_of_v6(&new.prefix,
		    accesskey_skip(key, strlen(ACCESSKEY_V6)));
	else if (accesskey_is_numeric(key))
		ok = accesskey_of_v4(&new.prefix, key);
	else
		ok = new.is_name = !brackets &&domain_copy(key, new.name);
	if (ok)
		*k = new;
	return ok;
}
