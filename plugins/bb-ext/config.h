/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - what bb-ext is to do */
#ifndef PLUGINS_BB_EXT_CONFIG_H
#define PLUGINS_BB_EXT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "plugins/bb-ext/display.h"

enum bbext_action {
	BBEXT_RUN,
	BBEXT_INSTALL,
	BBEXT_HELP,
	BBEXT_VERSION,
};

/* An option that a wrapper repeats. */
struct bbext_kept {
	const char *name;
	const char *arg; /* NULL: it has none */
};

#define BBEXT_KEPT_MAX 32

struct bbext_config {
	enum bbext_action action;
	const char *host;
	char *column;
	int interval;        /* seconds */
	int lifetime;        /* minutes; 0: not told */
	const char *unknown; /* a colour */
	int timeout;         /* of the plugin, seconds */
	bool print, big_sister;
	const char *wrapper; /* the file to make */
	/*
	 * The program that sends, Xymon's or Big Brother's.  Without either,
	 * the status goes by TCP.
	 */
	const char *xymon, *bb;
	struct bbext_displays displays;
	const char *port; /* where none was given */
	char *plugin;     /* its path */
	char **command;   /* plugin, arguments, NULL */
	struct bbext_kept kept[BBEXT_KEPT_MAX];
	size_t nkept;
};

void bbext_config_free(struct bbext_config *);

/*
 * Each sets or adds one thing, which the text "what" names in the error.  0;
 * or -1 with one line added to *why, clean for output.
 */
int bbext_config_set_host(struct bbext_config *, const char *what,
    const char *host, struct buf *why);
int bbext_config_set_column(struct bbext_config *, const char *what,
    const char *column, size_t n, struct buf *why);
int bbext_config_add_displays(struct bbext_config *, const char *what,
    const char *list, struct buf *why);

/* Always -1, with "out of memory". */
int bbext_config_no_memory(struct buf *why);

#endif
