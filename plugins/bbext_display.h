/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bbext_display.h - the displays that a status goes to */
#ifndef BBEXT_DISPLAY_H
#define BBEXT_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>

#define BBEXT_PORT	"1984"	/* bbd's, in services(5) */

/* As it was given, and taken apart. */
struct bbext_display {
	char	*text;
	char	*host;		/* NULL: a URL, for Xymon's program only */
	char	*port;		/* NULL: not given */
};

struct bbext_displays {
	struct bbext_display	*v;
	size_t			 n;
};

/*
 * Adds HOST, HOST:PORT, [ADDRESS]:PORT, an IPv6 address or a URL, n bytes.
 * 0; or -1 with *why a constant text.
 */
int	bbext_display_add(struct bbext_displays *, const char *text, size_t n,
	    const char **why);

/* Adds each word of a list.  When one is wrong, *word and *n tell which. */
int	bbext_display_add_list(struct bbext_displays *, const char *words,
	    const char **word, size_t *n, const char **why);

bool	bbext_display_is_port(const char *);

void	bbext_display_free(struct bbext_displays *);

#endif
