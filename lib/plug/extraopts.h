/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extraopts.h - --extra-opts: options from an ini file */
#ifndef PLUG_EXTRAOPTS_H
#define PLUG_EXTRAOPTS_H

#include "base/buf.h"

/* From the environment, which only main reads; NULL when not set. */
struct extraopts_env {
	const char *config_file; /* MP_CONFIG_FILE */
	const char *config_path; /* NAGIOS_CONFIG_PATH, deprecated */
};

/*
 * argv with the file's options put before the command line's own.  v ends
 * with NULL and owns its strings.
 */
struct extraopts {
	char **v;
	int n;
};

/*
 * Handles each --extra-opts[=[SECTION][@FILE]] of argv; without one, the
 * result is a copy.  SECTION is the program's name by default.  FILE is
 * searched as monitoring-plugins does (lib/parse_ini.c): MP_CONFIG_FILE, then
 * {monitoring-plugins,plugins,nagios-plugins}.ini in NAGIOS_CONFIG_PATH, then
 * fixed places in /usr/local/etc and /etc; "-" is standard input.
 *
 * A line "key=value" becomes --key=value, or -k value for a one-letter key;
 * a key without value is the option alone.
 *
 * 0; or -1 with the reason added to *why, clean for output, and what was read
 * of the files until then.  Free it in both cases.
 */
int extraopts_expand(struct extraopts *, const char *program, int argc,
    char **argv, const struct extraopts_env *, struct buf *why);

void extraopts_free(struct extraopts *);

#endif
