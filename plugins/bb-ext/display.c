/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * display.c - the displays that a status goes to
 *
 * A display becomes an argument of Xymon's or Big Brother's program, so one
 * that looks like an option is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "plugins/bb-ext/display.h"

static const char display_blanks[] = " \t\n";

void
bbext_display_free(struct bbext_displays *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		free(d->v[i].text);
	free(d->v);
	*d = (struct bbext_displays){ NULL, 0 };
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

static int
display_parse(struct bbext_display *d, const char *port, const char **why)
{
	if (!display_is_word(d->text)) {
		*why = "expected HOST or HOST:PORT";
		return -1;
	}
	d->is_url = strstr(d->text, "://") != NULL;
	return d->is_url ? 0 : net_parse_peer(&d->peer, d->text, port, why);
}

static int
display_add_one(struct bbext_displays *list, const char *text, size_t n,
    const char *port, const char **why)
{
	struct bbext_display *v;

	v = realloc(list->v, (list->n + 1) * sizeof(*v));
	if (v == NULL) {
		*why = "out of memory";
		return -1;
	}
	list->v = v;
	v += list->n;
	if ((v->text = strndup(text, n)) == NULL) {
		*why = "out of memory";
		return -1;
	}
	list->n++;
	return display_parse(v, port, why);
}

int
bbext_display_add(struct bbext_displays *d, const char *list, const char *port,
    const char **word, size_t *n, const char **why)
{
	list += strspn(list, display_blanks);
	do {
		*n = strcspn(list, display_blanks);
		*word = list;
		if (display_add_one(d, list, *n, port, why) != 0)
			return -1;
		list += *n;
		list += strspn(list, display_blanks);
	} while (*list != '\0');
	return 0;
}
