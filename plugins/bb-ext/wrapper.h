/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrapper.h - a script of Big Brother's that runs bb-ext */
#ifndef PLUGINS_BB_EXT_WRAPPER_H
#define PLUGINS_BB_EXT_WRAPPER_H

#include "base/buf.h"
#include "plugins/bb-ext/config.h"

/*
 * Adds the script: it runs bb-ext, a path, with the options and the command of
 * the configuration, whatever its own arguments are.
 */
void bbext_wrapper_text(const struct bbext_config *, const char *bbext,
    struct buf *out);

/*
 * Makes the configuration's wrapper file, executable for all.  program is
 * argv[0].  A file that exists is replaced if it is such a wrapper, and else
 * left alone.  0, with what to do next added to *out; or -1 with *why.
 */
int bbext_wrapper_install(struct bbext_config *, const char *program,
    struct buf *out, struct buf *why);

#endif
