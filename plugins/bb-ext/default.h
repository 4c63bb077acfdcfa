/* SPDX-License-Identifier: GPL-3.0-or-later */
/* default.h - what bb-ext takes where no option says it */
#ifndef PLUGINS_BB_EXT_DEFAULT_H
#define PLUGINS_BB_EXT_DEFAULT_H

#include "plugins/bb-ext/config.h"

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
