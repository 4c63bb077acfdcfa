/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bbext_default.h - what bb-ext takes where no option says it */
#ifndef BBEXT_DEFAULT_H
#define BBEXT_DEFAULT_H

#include "bbext_config.h"

/*
 * Sets the port of displays that come without one, which has to be known
 * first.  0; or -1 with one line added to *why.
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
