/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guard.c - refuses a block that hits the wrong ones or would have no effect
 *
 * Limits: no name is looked up, because the DNS may be what the flood has
 * brought down.  The names of an address are those that struct names has, and
 * the names of this host are its host name only.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clean.h"
#include "block/guard.h"
#include "mail/domain.h"

#define GUARD_V4_AT 96 /* bits before an IPv4 address */
#define GUARD_V4    24 /* wider takes --wide */
#define GUARD_V6    64
#define GUARD_SHOWN 80
#define GUARD_NOTES 5 /* hosts of a network */

/* --- this host ----------------------------------------------------------- */

static bool
guard_of(struct addr *a, const struct sockaddr *sa)
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
guard_init(struct guard *g)
{
	struct ifaddrs *list, *i;
	size_t n = 0;

	*g = (struct guard){ NULL, 0, "" };
	if (gethostname(g->name, sizeof(g->name) - 1) != 0)
		g->name[0] = '\0';
	if (getifaddrs(&list) != 0)
		return -1;
	for (i = list; i != NULL; i = i->ifa_next)
		n++;
	g->address = calloc(n + 1, sizeof(*g->address));
	for (i = list; i != NULL && g->address != NULL; i = i->ifa_next)
		if (guard_of(g->address + g->n, i->ifa_addr))
			g->n++;
	freeifaddrs(list);
	errno = ENOMEM;
	return g->address != NULL ? 0 : -1;
}

void
guard_free(struct guard *g)
{
	free(g->address);
	*g = (struct guard){ NULL, 0, "" };
}

/* --- what is refused ----------------------------------------------------- */

static int
guard_refuse(struct buf *why, const struct client *k, const char *reason)
{
	buf_adds(why, "refused: ");
	client_add(why, k);
	buf_addf(why, " %s", reason);
	return -1;
}

/* Networks that no client of another host is in. */
static bool
guard_is_special(const struct client *k)
{
	static const char *const networks[] = { "0.0.0.0/8", "127.0.0.0/8",
		"224.0.0.0/3", "::/127", "ff00::/8" };
	struct client special = { .is_name = false };
	const char *unused;
	size_t i;

	for (i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if (addr_parse_prefix(&special.prefix, networks[i], &unused) !=
			0 ||
		    client_covers(&special, k) || client_covers(k, &special))
			return true;
	return false;
}

static int
guard_address(const struct guard *g, const struct client *k, bool wide,
    struct buf *why)
{
	const struct addr_prefix *p = &k->prefix;
	bool v4 = p->bits >= GUARD_V4_AT && addr_is_v4(&p->addr);
	size_t i;

	if (guard_is_special(k))
		return guard_refuse(why, k,
		    "has loopback, multicast or"
		    " reserved addresses, from which no other host sends");
	for (i = 0; i < g->n; i++)
		if (addr_in(p, g->address + i)) {
			guard_refuse(why, k, "would block this host: ");
			addr_add(why, g->address + i);
			return -1;
		}
	if (wide || p->bits >= (v4 ? GUARD_V4_AT + GUARD_V4 : GUARD_V6))
		return 0;
	return guard_refuse(why, k,
	    v4 ? "is wider than /24; if you mean"
		 " all of it: --wide" :
		 "is wider than /64; if you mean all of it:"
		 " --wide");
}

static int
guard_name(const struct guard *g, const struct client *k, bool wide,
    struct buf *why)
{
	struct client own = { .is_name = true };
	struct span host = { g->name, strlen(g->name) };

	if (strcmp(k->name, "localhost") == 0 ||
	    strcmp(k->name, "localdomain") == 0)
		return guard_refuse(why, k, "is this host");
	if (domain_copy(host, own.name) && client_covers(k, &own)) {
		guard_refuse(why, k, "would block this host: ");
		buf_adds(why, own.name);
		return -1;
	}
	if (!wide && domain_is_shared(k->name))
		return guard_refuse(why, k,
		    "stands for all hosts below"
		    " it, which have many owners; if you mean all of them:"
		    " --wide");
	return 0;
}

/* "line 12 (Connect:192.0.2 RELAY)" */
static void
guard_add_line(struct buf *out, const struct entries_line *line)
{
	buf_addf(out, "line %zu (", line->number);
	clean_add(out, line->key.p, line->key.n, GUARD_SHOWN);
	buf_addc(out, ' ');
	clean_add(out, line->value.p, line->value.n, GUARD_SHOWN);
	buf_addc(out, ')');
}

/* Does this entry let in what its key names, or exempt it? */
static bool
guard_admits(const struct entries *map, const struct entries_line *line,
    struct client *named)
{
	enum block_effect effect = map->server->effect(line->value);

	return line->key.n != 0 &&
	    (effect == BLOCK_ADMITS || effect == BLOCK_EXEMPTS) &&
	    map->server->names(named, line->key, NULL);
}

int
guard_check(const struct guard *g, const struct client *k,
    const struct entries *map, bool wide, struct buf *why)
{
	struct client named;
	size_t i;

	if ((k->is_name ? guard_name : guard_address)(g, k, wide, why) != 0)
		return -1;
	for (i = 0; i < map->nlines; i++) {
		if (!guard_admits(map, map->line + i, &named) ||
		    !client_covers(&named, k))
			continue;
		guard_refuse(why, k, "is let in by ");
		guard_add_line(why, map->line + i);
		buf_addf(why,
		    " of the %s; if it shall not be, take that line out first",
		    map->server->text);
		return -1;
	}
	return 0;
}

void
guard_note(struct buf *out, const struct client *k, const struct entries *map,
    size_t n)
{
	struct client named;
	size_t i;

	/* What stands behind our block does not come to decide. */
	if (map->server->first)
		return;
	for (i = 0; i < map->nlines && n != 0; i++) {
		if (!guard_admits(map, map->line + i, &named) ||
		    !client_covers(k, &named))
			continue;
		buf_adds(out, "note: still let in by ");
		guard_add_line(out, map->line + i);
		buf_addc(out, '\n');
		n--;
	}
}

/* --- what a name of the client decides ----------------------------------- */

/* The entry that decides by this name and does not refuse; NULL: none. */
static const struct entries_line *
guard_decides(const char *name, const struct entries *map,
    const struct block_place *place)
{
	struct client host = { .is_name = true };
	const struct entries_line *line;

	if (*name == '\0')
		return NULL;
	snprintf(host.name, sizeof(host.name), "%s", name);
	line = map->server->decides(place, map, &host, NULL);
	if (line == NULL)
		return NULL;
	switch (map->server->effect(line->value)) {
	case BLOCK_ADMITS:
	case BLOCK_TAKES:
		return line;
	default:
		/* Who is exempted is left to the address, or is refused. */
		return NULL;
	}
}

int
guard_names(const struct names *names, const struct client *k,
    const struct entries *map, const struct block_place *place,
    struct buf *notes, struct buf *why)
{
	const struct entries_line *line;
	size_t i, n = 0;

	for (i = 0; i < names->n; i++) {
		if (!client_covers(k, &names->v[i].address))
			continue;
		line = guard_decides(names->v[i].name, map, place);
		if (line == NULL)
			continue;
		if (client_equal(k, &names->v[i].address)) {
			guard_refuse(why, k, "would not be refused: as ");
			buf_adds(why, names->v[i].name);
			buf_adds(why, " it is let in by ");
			guard_add_line(why, line);
			buf_addf(why,
			    " of the %s, because %s looks at the name before"
			    " the address; take that line out first",
			    map->server->text, map->server->name);
			return -1;
		}
		if (n++ >= GUARD_NOTES)
			continue;
		buf_adds(notes, "note: ");
		client_add(notes, &names->v[i].address);
		buf_addf(notes, " is still let in as %s by ", names->v[i].name);
		guard_add_line(notes, line);
		buf_addf(notes, ": %s looks at the name first\n",
		    map->server->name);
	}
	return 0;
}

/* Does this entry let in hosts of a name, but this host? */
static bool
guard_lets(const struct entries *map, const struct entries_line *line,
    const struct block_place *place)
{
	enum block_effect effect = map->server->effect(line->value);
	struct client named;

	return (effect == BLOCK_ADMITS || effect == BLOCK_TAKES) &&
	    map->server->hosts(place, &named, line->key) &&
	    strcmp(named.name, "localhost") != 0 &&
	    strcmp(named.name, "localdomain") != 0 &&
	    strcmp(named.name, "localhost.localdomain") != 0;
}

size_t
guard_lets_names(struct buf *out, const struct entries *map,
    const struct block_place *place)
{
	size_t i, n = 0;

	for (i = 0; i < map->nlines; i++)
		if (guard_lets(map, map->line + i, place) && n++ == 0)
			guard_add_line(out, map->line + i);
	return n;
}
