/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bbext_display.c - the displays that a status goes to
 *
 * A display becomes an argument of Xymon's or Big Brother's program, so one
 * that looks like an option is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bbext_display.h"

static const char display_blanks[] = " \t\n";
static const char display_expected[] =
    "expected HOST or HOST:PORT, an IPv6 address with a port in brackets";

static void
display_free_one(struct bbext_display *d)
{
	free(d->text);
	free(d->host);
	free(d->port);
}

void
bbext_display_free(struct bbext_displays *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		display_free_one(&d->v[i]);
	free(d->v);
	*d = (struct bbext_displays){ NULL, 0 };
}

bool
bbext_display_is_port(const char *s)
{
	const char *why;
	int64_t port;

	return *s >= '0' && *s <= '9' &&
	    num_int64(s, 1, 65535, &port, &why) == 0;
}

/* Printable, and nothing that a program takes for an option. */
static bool
display_is_word(const char *s)
{
	if (*s == '\0' || *s == '-')
		return false;
	for (; *s != '\0'; s++)
		if (*s <= 0x20 || *s > 0x7e)
			return false;
	return true;
}

/* Where the host ends and the port begins; NULL: neither is there. */
static int
display_split(struct bbext_display *d)
{
	const char *host = d->text, *end, *port = NULL;

	if (*host == '[') {
		end = strchr(++host, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return 0;
		if (end[1] == ':')
			port = end + 2;
	} else {
		end = strchr(host, ':');
		/* More than one: an IPv6 address. */
		if (end != NULL && strchr(end + 1, ':') == NULL)
			port = end + 1;
		else
			end = host + strlen(host);
	}
	if (end == host || (port != NULL && !bbext_display_is_port(port)))
		return 0;
	if ((d->host = strndup(host, (size_t)(end - host))) == NULL ||
	    (port != NULL && (d->port = strdup(port)) == NULL))
		return -1;
	return 1;
}

int
bbext_display_add(struct bbext_displays *list, const char *text, size_t n,
    const char **why)
{
	struct bbext_display d = { strndup(text, n), NULL, NULL }, *v;
	int split = 0;

	*why = display_expected;
	if (d.text != NULL && display_is_word(d.text))
		split = strstr(d.text, "://") != NULL ? 1 : display_split(&d);
	v = split == 1 ? realloc(list->v, (list->n + 1) * sizeof(*v)) : NULL;
	if (d.text == NULL || split == -1 || (split == 1 && v == NULL))
		*why = "out of memory";
	if (v == NULL) {
		display_free_one(&d);
		return -1;
	}
	list->v = v;
	v[list->n++] = d;
	return 0;
}

int
bbext_display_add_list(struct bbext_displays *list, const char *words,
    const char **word, size_t *n, const char **why)
{
	for (words += strspn(words, display_blanks); *words != '\0';
	    words += strspn(words, display_blanks)) {
		*n = strcspn(words, display_blanks);
		*word = words;
		if (bbext_display_add(list, words, *n, why) != 0)
			return -1;
		words += *n;
	}
	return 0;
}
