/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_relay.c - a value of $_ comes back from its parts, and what a client
 * chose never becomes the address
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mail/relay.h"

static struct relay
parse(const struct buf *b)
{
	struct relay r;

	FUZZ_MUST(!b->oom);
	relay_parse(&r, b->data, b->len);
	return r;
}

static bool
has_address(const struct relay *r)
{
	return r->class == RELAY_SMTP || r->class == RELAY_LOOPBACK;
}

static void
round_trip(const struct relay *r)
{
	struct buf b = BUF_INIT;
	struct relay again;

	if (r->ident.p != NULL)
		buf_add(&b, r->ident.p, r->ident.n);
	if (r->ident.p != NULL)
		buf_addc(&b, '@');
	if (r->host.n != 0)
		buf_add(&b, r->host.p, r->host.n);
	buf_adds(&b, r->host.n != 0 ? " [" : "[");
	buf_adds(&b, addr_is_v4(&r->addr) ? "" : "IPv6:");
	addr_add(&b, &r->addr);
	buf_adds(&b, r->forged ? "] (may be forged)" : "]");
	again = parse(&b);
	FUZZ_MUST(fuzz_same_relay(r, &again));
	buf_free(&b);
}

/* More of a host name, an ident or an HELO before it changes no address. */
static void
more_before(const struct relay *r, const char *value, size_t n)
{
	static const char *const more[] = { "x", "x@", "[203.0.113.9]",
		"[203.0.113.9] ", "localhost [203.0.113.9] (may be forged) ",
		"a@b [IPv6:2001:db8::9]@" };
	struct buf b = BUF_INIT;
	struct relay again;
	size_t i;

	for (i = 0; i < sizeof(more) / sizeof(*more); i++) {
		buf_truncate(&b, 0);
		buf_adds(&b, more[i]);
		buf_add(&b, value, n);
		again = parse(&b);
		FUZZ_MUST(!has_address(&again) ||
		    (addr_equal(&again.addr, &r->addr) &&
			again.forged == r->forged && again.class == r->class));
		FUZZ_MUST(again.class != RELAY_LOCAL);
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct addr none;
	const char *value = n != 0 ? (const char *)bytes : NULL;
	struct relay r;

	relay_parse(&r, value, n);
	FUZZ_MUST(relay_class_name(r.class) != NULL);
	FUZZ_MUST((r.class == RELAY_NONE) == (n == 0));
	FUZZ_MUST(r.class != RELAY_INCOMPLETE);
	FUZZ_MUST(fuzz_inside(r.host, value, n));
	FUZZ_MUST(fuzz_inside(r.ident, value, n));
	FUZZ_MUST(has_address(&r) || addr_equal(&r.addr, &none));
	if (has_address(&r)) {
		FUZZ_MUST(memchr(value, '\n', n) == NULL);
		round_trip(&r);
		more_before(&r, value, n);
	}
	return 0;
}
