/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msconf.h - what MailScanner.conf says of queue directories */
#ifndef MQUEUE_MSCONF_H
#define MQUEUE_MSCONF_H

#include <stddef.h>

#include "base/buf.h"

struct msconf_var;

/* The settings that decide which directories are MailScanner's queues. */
enum msconf_key {
	MSCONF_INCOMING, /* Incoming Queue Dir */
	MSCONF_OUTGOING, /* Outgoing Queue Dir */
	MSCONF_MTA,      /* MTA */
	/* Where else it takes settings from, which no file tells. */
	MSCONF_LDAP_SERVER, /* LDAP Server */
	MSCONF_DB_DSN,      /* DB DSN */
	MSCONF_DB_USER,     /* DB Username */
	MSCONF_DB_PASSWORD, /* DB Password */
	MSCONF_SQL_CONFIG,  /* SQL Config */
	MSCONF_KEYS
};

struct msconf_setting {
	char *file;    /* NULL: not said */
	size_t line;   /* of the file */
	char *value;   /* expanded; NULL: see unknown */
	char *unknown; /* why it can't be expanded, NULL if it could */
};

/* The last value of each setting wins. */
struct msconf {
	struct msconf_setting v[MSCONF_KEYS];
	struct msconf_var *vars;
};

#define MSCONF_INIT             \
	{                       \
		{ { 0 } }, NULL \
	}

/*
 * Called for each "include PATTERN" line, where it stands, so that later
 * lines win over the included file.  Returns 0, or -1 to stop.
 */
typedef int msconf_include_fn(void *arg, const char *pattern, size_t line);

void msconf_free(struct msconf *);

/* What MailScanner.conf calls the setting. */
const char *msconf_key_name(enum msconf_key);

/*
 * Adds what the bytes of one file say.  Keys are compared as MailScanner's
 * Config.pm does: letters and digits only, in lower case.  Patterns of include
 * lines are not expanded, by MailScanner neither.  Lines that it does not need
 * are skipped.  0; or -1 with errno, ENOMEM or include's.
 */
int msconf_parse(struct msconf *, const char *file, const char *bytes, size_t n,
    msconf_include_fn *include, void *arg);

/*
 * Adds a text to *out as MailScanner reads it: each %name% is replaced by the
 * value that the variable has by now.  1; 0 with *why when that is not known:
 * of a variable that no file sets, or of $NAME and ${NAME}, which MailScanner
 * takes from its environment; -1: out of memory.
 */
int msconf_expand(const struct msconf *, const char *text, struct buf *out,
    struct buf *why);

/* Cuts blanks at both ends, Perl's \s; returns the new start. */
char *msconf_trim(char *);

/*
 * The next line of a file, without its end, and moves *s behind it, at most
 * to end.  What stands after a NUL is not part of it.  NULL: out of memory.
 * Not for *s == end.
 */
char *msconf_next_line(const char **s, const char *end);

#endif
