/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bash.h - a program's options as a completion script of bash */
#ifndef TOOLS_COMPLETION_BASH_H
#define TOOLS_COMPLETION_BASH_H

#include "base/buf.h"
#include "base/cli.h"

/*
 * Adds a script for bash 4.2 or later that completes the long options of the
 * table, files and directories, hosts that bash knows, and values that are
 * one of a few words.  plugindir is where a PLUGIN is looked for.
 *
 * An argname tells what the value is: DIR, FILE, HOST, PLUGIN, or one of
 * cli->values.  "[NAME=]DIR" is a DIR, "NAME,..." are several, "SEC[:STATE]"
 * has a STATE after its colon.  Others are not completed.
 */
void completion_bash_add(const struct cli *, const char *plugindir,
    struct buf *);

#endif
