/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - what the options of several plugins have in common */
#ifndef PLUGINS_COMMON_OPTION_H
#define PLUGINS_COMMON_OPTION_H

#include "base/buf.h"
#include "base/cli.h"
#include "plug/render.h"
#include "plug/result.h"

/* What --output-format takes. */
#ifdef HAVE_JANSSON
#define OPTION_FORMATS      "nagios or json (nagios)"
#define OPTION_FORMAT_WORDS "nagios json"
#else
#define OPTION_FORMATS      "nagios; this build has no json"
#define OPTION_FORMAT_WORDS "nagios"
#endif

/* Rows for a table of options, and for that of the words of their values. */
/* clang-format off */
#define OPTION_FORMAT_ROW(id)   \
	{ id, "output-format", CLI_ARG, "FORMAT", OPTION_FORMATS }
#define OPTION_EXTRA_OPTS_ROW(id)                                       \
	{ id, "extra-opts", CLI_OPTIONAL_ARG, "[SECTION][@FILE]",       \
	    "more options from an ini file" }
#define OPTION_VALUES                           \
	{ "FORMAT", OPTION_FORMAT_WORDS },      \
	{ "STATE", RESULT_STATE_WORDS }
/* clang-format on */

/* What is wrong with a warning limit that a critical one leaves no room for. */
#define OPTION_SHADOWED                                          \
	"all that the first would warn of is critical already, " \
	"so there is no WARNING; perhaps they are exchanged"

/* The following return 0; or -1 with one line added to *why. */

/* -t SEC[:STATE]; without a state, *state stays as it is. */
int option_timeout(int *seconds, enum result_state *state, const char *text,
    struct buf *why);

/* --output-format FORMAT */
int option_render(render_fn **, const char *format, struct buf *why);

/*
 * --extra-opts was expanded before the options are read, unless it was
 * abbreviated or is in an ini file: then it is an error.  Always -1.
 */
int option_extra_opts(const char *text, struct buf *why);

#endif
