/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - what bb-ext is to do
 *
 * A host, a column or a display that could be taken for anything else is
 * refused, whether an option or the environment names it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cli.h"
#include "plugins/bb-ext/config.h"

#define CONFIG_SHOWN    80
#define CONFIG_NAME_MAX 255

static const char config_letters[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

void
bbext_config_free(struct bbext_config *c)
{
	bbext_display_free(&c->displays);
	free(c->column);
	free(c->plugin);
}

int
bbext_config_no_memory(struct buf *why)
{
	buf_adds(why, "out of memory");
	return -1;
}

/* Letters, digits and the others; must begin with a letter or a digit. */
static bool
config_is_name(const char *s, const char *others)
{
	size_t n = strlen(s);

	if (n == 0 || n > CONFIG_NAME_MAX || strchr(config_letters, *s) == NULL)
		return false;
	for (; *s != '\0'; s++)
		if (strchr(config_letters, *s) == NULL &&
		    strchr(others, *s) == NULL)
			return false;
	return true;
}

int
bbext_config_set_host(struct bbext_config *c, const char *what,
    const char *text, struct buf *why)
{
	if (!config_is_name(text, ".,-_"))
		return cli_bad_value(why, what, text,
		    "expected a host"
		    " name, of letters, digits and .,-_");
	c->host = text;
	return 0;
}

int
bbext_config_set_column(struct bbext_config *c, const char *what,
    const char *text, size_t n, struct buf *why)
{
	free(c->column);
	if ((c->column = strndup(text, n)) == NULL)
		return bbext_config_no_memory(why);
	if (!config_is_name(c->column, "-_"))
		return cli_bad_value(why, what, c->column,
		    "expected the"
		    " name of a column, of letters, digits and -_; give it"
		    " with --test");
	return 0;
}

/* Each word of a list is a display. */
int
bbext_config_add_displays(struct bbext_config *c, const char *what,
    const char *list, struct buf *why)
{
	const char *word = "", *reason = NULL;
	size_t n = 0;

	if (bbext_display_add(&c->displays, list, c->port, &word, &n,
		&reason) == 0)
		return 0;
	buf_addf(why, "%s '", what);
	clean_add(why, word, n, CONFIG_SHOWN);
	buf_addf(why, "': %s", reason);
	return -1;
}
