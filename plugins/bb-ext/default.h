/* SPDX-License-Identifier: GPL-3.0-or-later */
/* default.h - what the environment tells bb-ext where no option does */
#ifndef PLUGINS_BB_EXT_DEFAULT_H
#define PLUGINS_BB_EXT_DEFAULT_H

#include "plugins/bb-ext/config.h"

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

/*
 * Sets the port of displays that are named without one.  It has to be set
 * before displays are added.  0; or -1 with one line added to *why.
 */
int bbext_default_port(struct bbext_config *, const struct bbext_env *,
    struct buf *why);

/*
 * Completes a configuration whose options were read: the plugin's path, the
 * column from its name, host and displays from the environment.  0; or -1 with
 * one line added to *why.
 */
int bbext_default_fill(struct bbext_config *, const struct bbext_env *,
    struct buf *why);

#endif
