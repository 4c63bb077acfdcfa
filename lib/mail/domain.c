/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * domain.c - the part of a host name that its owner registered
 *
 * Pure: the list is compiled into libpsl, so no file is read.  A libpsl that
 * was built without a list counts as none.
 */
#include <stdbool.h>
#include <string.h>

#ifdef HAVE_LIBPSL
#include <libpsl.h>
#endif

#include "mail/domain.h"

/* The character in lower case, or '\0' if host names cannot contain it. */
static char
domain_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	    c == '_' || c == '.')
		return c;
	return '\0';
}

bool
domain_copy(struct span host, char room[static DOMAIN_MAX + 1])
{
	bool number = true; /* the label so far */
	size_t i;
	char c, before = '.';

	if (host.n != 0 && host.p[host.n - 1] == '.')
		host.n--;
	if (host.n == 0 || host.n > DOMAIN_MAX)
		return false;
	for (i = 0; i < host.n; i++, before = c) {
		if ((c = domain_lower(host.p[i])) == '\0' ||
		    (c == '.' && before == '.'))
			return false;
		if (before == '.')
			number = true;
		number = number && c >= '0' && c <= '9';
		room[i] = c;
	}
	room[i] = '\0';
	/* No top-level domain is a number: this is an address or an error. */
	return before != '.' && !number;
}

static const char *
domain_of(const char *name)
{
#ifdef HAVE_LIBPSL
	const psl_ctx_t *list = psl_builtin();
	const char *domain = NULL;

	if (list != NULL)
		domain = psl_registrable_domain(list, name);
	if (domain != NULL)
		return domain;
#endif
	return name;
}

bool
domain_is_shared(const char *name)
{
	const char *dot = strchr(name, '.');
#ifdef HAVE_LIBPSL
	const psl_ctx_t *list = psl_builtin();

	if (list != NULL)
		return psl_is_public_suffix(list, name);
#endif
	return dot == NULL || strchr(dot + 1, '.') == NULL;
}

struct span
domain_registrable(struct span host, char room[static DOMAIN_MAX + 1])
{
	struct span domain = { NULL, 0 };

	if (domain_copy(host, room)) {
		domain.p = domain_of(room);
		domain.n = strlen(domain.p);
	}
	return domain;
}
