/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * client.c - an address, a network or a name: read, written and compared
 *
 * Pure.
 */
#include <string.h>
#include <strings.h>

#include "block/client.h"

#define CLIENT_V6 "IPv6:"

static bool
client_begins(struct span s, const char *with)
{
	return s.n >= strlen(with) && strncasecmp(s.p, with, strlen(with)) == 0;
}

static struct span
client_skip(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

bool
client_unbracket(struct span *s)
{
	bool open = s->n != 0 && s->p[0] == '[';
	bool closed = s->n != 0 && s->p[s->n - 1] == ']';

	if (open && closed && s->n > 2)
		*s = (struct span){ s->p + 1, s->n - 2 };
	else if (open || closed)
		return false;
	return true;
}

bool
client_is_numeric(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	return s.n != 0;
}

static int
client_parse_prefix(struct client *k, struct span s, const char **why)
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
client_parse(struct client *k, const char *text, const char **why)
{
	struct span s = { text, strlen(text) };
	struct client new = { .is_name = false };
	bool numeric;

	if (!client_unbracket(&s)) {
		*why = "expected an address in the brackets";
		return -1;
	}
	if (client_begins(s, CLIENT_V6))
		s = client_skip(s, strlen(CLIENT_V6));
	numeric = client_is_numeric(s);
	if (numeric && addr_parse(&new.prefix.addr, s.p, s.n) != 0) {
		*why = "no whole address; a network is written as"
		       " 192.0.2.0/24";
		return -1;
	}
	if (numeric ||
	    (s.n != 0 &&
		(memchr(s.p, ':', s.n) != NULL ||
		    memchr(s.p, '/', s.n) != NULL))) {
		if (client_parse_prefix(&new, s, why) != 0)
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
client_add(struct buf *out, const struct client *k)
{
	if (k->is_name)
		buf_adds(out, k->name);
	else
		addr_add_prefix(out, &k->prefix);
}

bool
client_covers(const struct client *a, const struct client *b)
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
client_equal(const struct client *a, const struct client *b)
{
	return client_covers(a, b) && client_covers(b, a);
}
