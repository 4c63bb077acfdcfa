/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - what the options of several plugins have in common */
#ifndef PLUGINS_COMMON_OPTION_H
#define PLUGINS_COMMON_OPTION_H

#include "base/buf.h"
#include "mail/queue.h"
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

/* What is wrong with a warning limit that a critical one leaves no room for. */
#define OPTION_SHADOWED                                          \
	"all that the first would warn of is critical already, " \
	"so there is no WARNING; perhaps they are exchanged"

/* The following return 0; or -1 with one line added to *why. */

/* -q [NAME=]DIR: adds a queue. */
int option_add_queue(struct queue_list *, const char *spec, struct buf *why);

/* -t SEC[:STATE]; without a state, *state stays as it is. */
int option_timeout(int *seconds, enum result_state *state, const char *text,
    struct buf *why);

/* --root DIR */
void option_root(const char **root, const char *dir);

/* --output-format FORMAT */
int option_render(render_fn **, const char *format, struct buf *why);

/* --extra-opts is expanded before, where it was spelled out; -1. */
int option_extra_opts(const char *text, struct buf *why);

#endif
