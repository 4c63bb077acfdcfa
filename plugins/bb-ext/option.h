/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - bb-ext's command line */
#ifndef PLUGINS_BB_EXT_OPTION_H
#define PLUGINS_BB_EXT_OPTION_H

#include "base/cli.h"
#include "plugins/bb-ext/config.h"
#include "plugins/bb-ext/default.h"

extern const struct cli bbext_option_cli;

/*
 * Reads a command line and the environment, which both must outlive the
 * configuration.  0; or -1 with one line added to *why, clean for output.
 */
int bbext_option_parse(struct bbext_config *, int argc, char **argv,
    const struct bbext_env *, struct buf *why);

#endif
