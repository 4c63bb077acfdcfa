/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h - how the tools end */
#ifndef TOOLS_COMMON_TOOL_H
#define TOOLS_COMMON_TOOL_H

#include "base/buf.h"
#include "base/cli.h"

/*
 * Rows that the tables of several tools have.  before tells which command
 * prints JSON, where not every one does.
 */
/* clang-format off */
#ifdef HAVE_JANSSON
#define TOOL_JSON "print JSON"
#else
#define TOOL_JSON "print JSON; not in this build"
#endif
#define TOOL_JSON_ROW(id, before)       \
	{ id, "json", CLI_NO_ARG, NULL, before TOOL_JSON }
#define TOOL_YES_ROW                    \
	{ 'y', "yes", CLI_NO_ARG, NULL, \
	    "do it; without this, only say what would be done" }
/* clang-format on */

/* The exit status of a tool that could not do what it was asked for. */
#define TOOL_FAILED 2

/*
 * Writes the answer to standard output, and "PROGRAM: why" to standard error if
 * *why is not empty.  If there is a reason and no answer, and --json stands
 * anywhere on the command line, even on a wrong one, the answer is
 * {"error":{"reason":"why"}}.  Returns the status, or TOOL_FAILED if the answer
 * could not be made or written.
 */
int tool_end(const struct cli *, int argc, char **argv, int status,
    struct buf *out, struct buf *why);

#endif
