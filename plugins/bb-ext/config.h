/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h - bb-ext's options and what its environment says */
#ifndef PLUGINS_BB_EXT_CONFIG_H
#define PLUGINS_BB_EXT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "plugins/bb-ext/display.h"

/* From the environment, which only main reads; NULL when not set. */
struct bbext_env {
	const char *machine;     /* MACHINE, with commas or dots */
	const char *machinedots; /* MACHINEDOTS */
	const char *hostname;    /* of uname(2) */
	const char *xymon;       /* XYMON: Xymon's client program */
	const char *xymsrv;      /* XYMSRV: a display, or 0.0.0.0 */
	const char *xymservers;  /* XYMSERVERS: several */
	const char *xymondport;  /* XYMONDPORT */
	const char *bb;          /* BB: Big Brother's client program */
	const char *bbdisp;      /* BBDISP: a display, or 0.0.0.0 */
	const char *bbdisplays;  /* BBDISPLAYS: several */
	const char *bbport;      /* BBPORT */
};

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
	/* What sends: Xymon's program, Big Brother's, or neither: TCP. */
	const char *xymon, *bb;
	struct bbext_displays displays;
	const char *port; /* where none was given */
	char *plugin;     /* its path */
	char **command;   /* plugin, arguments, NULL */
	struct bbext_kept kept[BBEXT_KEPT_MAX];
	size_t nkept;
};

extern const struct cli bbext_cli;

/*
 * Reads a command line and the environment, which both must outlive the
 * configuration.  0; or -1 with one line added to *why, clean for output.
 */
int bbext_config_parse(struct bbext_config *, int argc, char **argv,
    const struct bbext_env *, struct buf *why);
void bbext_config_free(struct bbext_config *);

/*
 * What options and environment share: each sets or adds one thing, which
 * "what" names in the error.  0; or -1 with *why.
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
