/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msconf.h - what MailScanner.conf says of queue directories */
#ifndef MQUEUE_MSCONF_H
#define MQUEUE_MSCONF_H

#include <stddef.h>

struct msconf_var;

/* NULL: not said.  The last value wins, %variables% are put in. */
struct msconf {
	char *incoming; /* Incoming Queue Dir */
	char *outgoing; /* Outgoing Queue Dir */
	char *mta;      /* MTA */
	struct msconf_var *vars;
};

#define MSCONF_INIT                    \
	{                              \
		NULL, NULL, NULL, NULL \
	}

/*
 * Called for each "include PATTERN" line, where it stands, so that later
 * lines win over the included file.  Returns 0, or -1 to stop.
 */
typedef int msconf_include_fn(void *arg, const char *pattern);

void msconf_free(struct msconf *);

/*
 * Adds what the bytes of one file say.  Keys are compared as MailScanner's
 * Config.pm does: letters and digits only, in lower case.  Lines that it does
 * not need are skipped.  0; or -1 with errno, ENOMEM or include's.
 */
int msconf_parse(struct msconf *, const char *bytes, size_t n,
    msconf_include_fn *include, void *arg);

/*
 * The directories and globs of a list file or a ruleset: the last word of
 * each line when it begins with '/'.  Calls add for each; its -1 ends it.
 */
int msconf_parse_list(const char *bytes, size_t n,
    int (*add)(void *arg, const char *path), void *arg);

#endif
