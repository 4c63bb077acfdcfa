/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guard.c - clients that are not to be blocked
 *
 * Limits: no name is looked up, because the DNS may be what the flood has
 * brought down.  The names of an address are those that qblock_names has, and
 * the names of this host are its host name only.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clean.h"
#include "mta/sendmail/access_value.h"
#include "mail/domain.h"
#include "block/guard.h"

#define QBLOCK_GUARD_BITS  128
#define QBLOCK_GUARD_V4_AT 96 /* bits before an IPv4 address */
#define QBLOCK_GUARD_V4    24 /* wider takes --wide */
#define QBLOCK_GUARD_V6    64
#define QBLOCK_GUARD_SHOWN 80
#define QBLOCK_GUARD_NOTES 5 /* hosts of a network */

/* --- this host ----------------------------------------------------------- */

static bool
qblock_guard_of(struct addr *a, const struct sockaddr *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (sa != NULL && sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memset(a->b, 0, sizeof(a->b));
		a->b[10] = a->b[11] = 0xff;
		memcpy(a->b + 12, &v4.sin_addr, 4);
		return true;
	}
	if (sa != NULL && sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		memcpy(a->b, &v6.sin6_addr, sizeof(a->b));
		return true;
	}
	return false;
}

int
qblock_guard_init(struct qblock_guard *g)
{
	struct ifaddrs *list, *i;
	size_t n = 0;

	*g = (struct qblock_guard){ NULL, 0, "" };
	if (gethostname(g->name, sizeof(g->name) - 1) != 0)
		g->name[0] = '\0';
	if (getifaddrs(&list) != 0)
		return -1;
	for (i = list; i != NULL; i = i->ifa_next)
		n++;
	g->address = calloc(n + 1, sizeof(*g->address));
	for (i = list; i != NULL && g->address != NULL; i = i->ifa_next)
		if (qblock_guard_of(g->address + g->n, i->ifa_addr))
			g->n++;
	freeifaddrs(list);
	errno = ENOMEM;
	return g->address != NULL ? 0 : -1;
}

void
qblock_guard_free(struct qblock_guard *g)
{
	free(g->address);
	*g = (struct qblock_guard){ NULL, 0, "" };
}

/* --- what is refused ----------------------------------------------------- */

static int
qblock_guard_refuse(struct buf *why, const struct accesskey *k,
    const char *reason)
{
	buf_adds(why, "refused: ");
	accesskey_add(why, k);
	buf_addf(why, " %s", reason);
	return -1;
}

/* Networks that no client of another host is in. */
static bool
qblock_guard_is_special(const struct accesskey *k)
{
	static const char *const networks[] = { "0.0.0.0/8", "127.0.0.0/8",
		"224.0.0.0/3", "::/127", "ff00::/8" };
	struct accesskey special = { .is_name = false };
	const char *unused;
	size_t i;

	for (i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if (addr_parse_prefix(&special.prefix, networks[i], &unused) !=
			0 ||
		    accesskey_covers(&special, k) ||
		    accesskey_covers(k, &special))
			return true;
	return false;
}

static int
qblock_guard_address(const struct qblock_guard *g, const struct accesskey *k,
    bool wide, struct buf *why)
{
	const struct addr_prefix *p = &k->prefix;
	bool v4 = p->bits >= QBLOCK_GUARD_V4_AT && addr_is_v4(&p->addr);
	size_t i;

	if (qblock_guard_is_special(k))
		return qblock_guard_refuse(why, k,
		    "has loopback, multicast or"
		    " reserved addresses, from which no other host sends");
	for (i = 0; i < g->n; i++)
		if (addr_in(p, g->address + i)) {
			qblock_guard_refuse(why, k, "would block this host: ");
			addr_add(why, g->address + i);
			return -1;
		}
	if (wide ||
	    p->bits >=
		(v4 ? QBLOCK_GUARD_V4_AT + QBLOCK_GUARD_V4 : QBLOCK_GUARD_V6))
		return 0;
	return qblock_guard_refuse(why, k,
	    v4 ? "is wider than /24; if you mean"
		 " all of it: --wide" :
		 "is wider than /64; if you mean all of it:"
		 " --wide");
}

static int
qblock_guard_name(const struct qblock_guard *g, const struct accesskey *k,
    bool wide, struct buf *why)
{
	struct accesskey own = { .is_name = true };
	struct span host = { g->name, strlen(g->name) };

	if (strcmp(k->name, "localhost") == 0 ||
	    strcmp(k->name, "localdomain") == 0)
		return qblock_guard_refuse(why, k, "is this host");
	if (domain_copy(host, own.name) && accesskey_covers(k, &own)) {
		qblock_guard_refuse(why, k, "would block this host: ");
		buf_adds(why, own.name);
		return -1;
	}
	if (!wide && domain_is_shared(k->name))
		return qblock_guard_refuse(why, k,
		    "stands for all hosts below"
		    " it, which have many owners; if you mean all of them:"
		    " --wide");
	return 0;
}

/* "line 12 (Connect:192.0.2 RELAY)" */
static void
qblock_guard_add_line(struct buf *out, const struct accessmap_line *line)
{
	buf_addf(out, "line %zu (", line->number);
	clean_add(out, line->key.p, line->key.n, QBLOCK_GUARD_SHOWN);
	buf_addc(out, ' ');
	clean_add(out, line->value.p, line->value.n, QBLOCK_GUARD_SHOWN);
	buf_addc(out, ')');
}

/* Does this entry let in what its key names, or exempt it? */
static bool
qblock_guard_admits(const struct accessmap_line *line, struct accesskey *named)
{
	enum accessvalue value = accessvalue_of(line->value);

	return line->key.n != 0 &&
	    (value == ACCESSVALUE_ADMIT || value == ACCESSVALUE_SKIP) &&
	    accesskey_of(named, line->key);
}

int
qblock_guard_check(const struct qblock_guard *g, const struct accesskey *k,
    const struct accessmap *map, bool wide, struct buf *why)
{
	struct accesskey named;
	size_t i;

	if ((k->is_name ? qblock_guard_name : qblock_guard_address)(g, k, wide,
		why) != 0)
		return -1;
	for (i = 0; i < map->nlines; i++) {
		if (!qblock_guard_admits(map->line + i, &named) ||
		    !accesskey_covers(&named, k))
			continue;
		qblock_guard_refuse(why, k, "is let in by ");
		qblock_guard_add_line(why, map->line + i);
		buf_adds(why,
		    " of the access file; if it shall not be, take"
		    " that line out first");
		return -1;
	}
	return 0;
}

void
qblock_guard_note(struct buf *out, const struct accesskey *k,
    const struct accessmap *map, size_t n)
{
	struct accesskey named;
	size_t i;

	for (i = 0; i < map->nlines && n != 0; i++) {
		if (!qblock_guard_admits(map->line + i, &named) ||
		    !accesskey_covers(k, &named))
			continue;
		buf_adds(out, "note: still let in by ");
		qblock_guard_add_line(out, map->line + i);
		buf_addc(out, '\n');
		n--;
	}
}

/* --- what a name of the client decides ----------------------------------- */

struct qblock_guard_search {
	const struct accessmap *map;
	const struct accessmap_line *line; /* the first that is found */
};

static int
qblock_guard_step(void *arg, const char *key)
{
	struct qblock_guard_search *s = arg;

	s->line = accessmap_find(s->map, key);
	return s->line != NULL;
}

/* The entry that decides by this name and does not refuse; NULL: none. */
static const struct accessmap_line *
qblock_guard_decides(const char *name, const struct accessmap *map,
    const struct sendmail_access *cf)
{
	struct qblock_guard_search s = { map, NULL };
	struct accesskey host = { .is_name = true };

	snprintf(host.name, sizeof(host.name), "%s", name);
	if (*name == '\0' ||
	    accesskey_walk(&host, NULL, &cf->way, qblock_guard_step, &s) == 0)
		return NULL;
	switch (accessvalue_of(s.line->value)) {
	case ACCESSVALUE_ADMIT:
	case ACCESSVALUE_OTHER:
		return s.line;
	default:
		/* SKIP leaves it to the address, or is a text that refuses. */
		return NULL;
	}
}

int
qblock_guard_names(const struct qblock_names *names, const struct accesskey *k,
    const struct accessmap *map, const struct sendmail_access *cf,
    struct buf *notes, struct buf *why)
{
	const struct accessmap_line *line;
	size_t i, n = 0;

	for (i = 0; i < names->n; i++) {
		if (!accesskey_covers(k, &names->v[i].address))
			continue;
		line = qblock_guard_decides(names->v[i].name, map, cf);
		if (line == NULL)
			continue;
		if (accesskey_equal(k, &names->v[i].address)) {
			qblock_guard_refuse(why, k,
			    "would not be refused: as ");
			buf_adds(why, names->v[i].name);
			buf_adds(why, " it is let in by ");
			qblock_guard_add_line(why, line);
			buf_adds(why,
			    " of the access file, because sendmail looks at"
			    " the name before the address; take that line out"
			    " first");
			return -1;
		}
		if (n++ >= QBLOCK_GUARD_NOTES)
			continue;
		buf_adds(notes, "note: ");
		accesskey_add(notes, &names->v[i].address);
		buf_addf(notes, " is still let in as %s by ", names->v[i].name);
		qblock_guard_add_line(notes, line);
		buf_adds(notes, ": sendmail looks at the name first\n");
	}
	return 0;
}

/* Does this entry let in hosts of a name, but this host? */
static bool
qblock_guard_lets(const struct accessmap_line *line,
    const struct sendmail_access *cf)
{
	static const char tag[] = "Connect:";
	enum accessvalue value = accessvalue_of(line->value);
	struct span key = line->key;
	struct accesskey named;

	if (value != ACCESSVALUE_ADMIT && value != ACCESSVALUE_OTHER)
		return false;
	if (key.n >= sizeof(tag) &&
	    strncasecmp(key.p, tag, sizeof(tag) - 1) == 0)
		key = (struct span){ key.p + sizeof(tag) - 1,
			key.n - (sizeof(tag) - 1) };
	/* lookupdotdomain: ".isp.example" */
	if (cf->way.dots && key.n > 1 && key.p[0] == '.')
		key = (struct span){ key.p + 1, key.n - 1 };
	return key.n != 0 && accesskey_of(&named, key) && named.is_name &&
	    strcmp(named.name, "localhost") != 0 &&
	    strcmp(named.name, "localdomain") != 0 &&
	    strcmp(named.name, "localhost.localdomain") != 0;
}

size_t
qblock_guard_lets_names(struct buf *out, const struct accessmap *map,
    const struct sendmail_access *cf)
{
	size_t i, n = 0;

	for (i = 0; i < map->nlines; i++)
		if (qblock_guard_lets(map->line + i, cf) && n++ == 0)
			qblock_guard_add_line(out, map->line + i);
	return n;
}
