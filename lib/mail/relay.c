/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay.c - who handed a message to this server
 *
 * Pure, with one pass over the value.  sendmail itself writes the address, at
 * the end and in brackets.  The text before it came from an ident server and
 * from the client's own reverse zone.  So the value is read from the right,
 * and text that looks like a relay but stands further left is part of the host
 * name.  A value that sendmail does not write is RELAY_UNKNOWN, and is never
 * attributed by guess.  A source route is such a value, because the client
 * chose it.
 */
#include <string.h>

#include "mail/relay.h"

#define RELAY_IDENT_MAX 99 /* MAXAUTHINFO - 1, sendmail.h */

static bool
relay_cut_start(struct span *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p, text, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static bool
relay_cut_end(struct span *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p + s->n - n, text, n) != 0)
		return false;
	s->n -= n;
	return true;
}

/* What cleanstrcpy(), util.c, leaves of an ident server's answer. */
static bool
relay_is_ident(struct span s)
{
	size_t i;

	relay_cut_start(&s, "IDENT:");
	if (s.n > RELAY_IDENT_MAX)
		return false;
	for (i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
			(s.p[i] >= 'A' && s.p[i] <= 'Z') ||
			(s.p[i] >= '0' && s.p[i] <= '9') ||
			(s.p[i] != '\0' &&
			    strchr("!#$%&'*+-./^_`{|}~", s.p[i]) != NULL)))
			return false;
	return true;
}

/* "IDENT@HOST ", "IDENT@", "HOST " or "": the text before the bracket. */
static bool
relay_parse_names(struct relay *r, struct span s)
{
	const char *at = s.n != 0 ? memchr(s.p, '@', s.n) : NULL;
	struct span ident = { s.p, at != NULL ? (size_t)(at - s.p) : 0 };

	/* If the host name contains an '@', its start is not an ident. */
	if (at != NULL && relay_is_ident(ident)) {
		r->ident = ident;
		s.p += ident.n + 1;
		s.n -= ident.n + 1;
	}
	if (s.n == 0)
		return true;
	if (!relay_cut_end(&s, " ") || s.n == 0)
		return false;
	r->host = s;
	return true;
}

/* NAMES[ADDRESS; its last ']' is cut off. */
static void
relay_parse_smtp(struct relay *r, struct span s)
{
	struct span text = { s.p + s.n, 0 };
	bool v6;

	while (text.n < s.n && text.p[-1] != '[') {
		text.p--;
		text.n++;
	}
	if (text.n == s.n)
		return;
	s.n -= text.n + 1;
	v6 = relay_cut_start(&text, "IPv6:");
	if (!relay_parse_names(r, s) ||
	    (v6 && memchr(text.p, ':', text.n) == NULL) ||
	    addr_parse(&r->addr, text.p, text.n) != 0)
		return;
	r->class = addr_is_loopback(&r->addr) ? RELAY_LOOPBACK : RELAY_SMTP;
}

/* "localhost [[UNIX: PATH]]", "[[UNIX: PATH]]": a Unix socket on stdin. */
static bool
relay_parse_unix(struct relay *r, struct span s)
{
	static const char host[] = "localhost";
	struct span start = s;

	if (relay_cut_start(&s, "localhost "))
		start.n = sizeof(host) - 1;
	else
		start.n = 0;
	if (!relay_cut_start(&s, "[[UNIX: ") || !relay_cut_end(&s, "]]"))
		return false;
	r->host = start;
	r->class = RELAY_LOCAL;
	return true;
}

/* "localhost", "LOGIN@localhost": a value without an address. */
static void
relay_parse_local(struct relay *r, struct span s)
{
	struct span login = s;

	if (!relay_cut_end(&login, "localhost"))
		return;
	if (login.n == 0) {
		r->host = s;
		r->class = RELAY_BOUNCE;
	} else if (relay_cut_end(&login, "@") && login.n != 0) {
		r->ident = login;
		r->host.p = login.p + login.n + 1;
		r->host.n = s.n - login.n - 1;
		r->class = RELAY_LOCAL;
	}
}

void
relay_parse(struct relay *r, const char *value, size_t n)
{
	struct span s = { value, n };

	memset(r, 0, sizeof(*r));
	r->class = n == 0 ? RELAY_NONE : RELAY_UNKNOWN;
	if (n == 0 || memchr(value, '\n', n) != NULL)
		return;
	if (relay_parse_unix(r, s))
		return;
	r->forged = relay_cut_end(&s, " (may be forged)");
	if (relay_cut_end(&s, "]"))
		relay_parse_smtp(r, s);
	else if (!r->forged)
		relay_parse_local(r, s);
}

const char *relay_class_name(enum relay_class class)
{
	static const char *const names[RELAY_CLASSES] = {
		[RELAY_SMTP] = "smtp",
		[RELAY_LOOPBACK] = "loopback",
		[RELAY_LOCAL] = "local",
		[RELAY_BOUNCE] = "bounce",
		[RELAY_NONE] = "none",
		[RELAY_UNKNOWN] = "unknown",
		[RELAY_INCOMPLETE] = "incomplete",
	};

	return names[class];
}
