/* SPDX-License-Identifier: GPL-3.0-or-later */
/* display.h - the displays that a status goes to */
#ifndef PLUGINS_BB_EXT_DISPLAY_H
#define PLUGINS_BB_EXT_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/net.h"

#define BBEXT_PORT "1984" /* bbd's, in services(5) */

struct bbext_display {
	char *text;           /* as it was given */
	bool is_url;          /* which only Xymon's program knows */
	struct net_peer peer; /* unless it is a URL */
};

struct bbext_displays {
	struct bbext_display *v;
	size_t n;
};

/*
 * Adds each word of a list: HOST, HOST:PORT, [ADDRESS]:PORT, an IPv6 address
 * or a URL; port is for those without one.  0; or -1 with *why a constant
 * text, and *word and *n telling which one is wrong.
 */
int bbext_display_add(struct bbext_displays *, const char *list,
    const char *port, const char **word, size_t *n, const char **why);

void bbext_display_free(struct bbext_displays *);

#endif
