/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf.h - what MailScanner.conf says of queue directories */
#ifndef MTA_MAILSCANNER_CONF_H
#define MTA_MAILSCANNER_CONF_H

#include <stddef.h>

#include "base/buf.h"

struct mailscanner_conf_var;

/* The settings that decide which directories are MailScanner's queues. */
enum mailscanner_conf_key {
	MAILSCANNER_CONF_INCOMING, /* Incoming Queue Dir */
	MAILSCANNER_CONF_OUTGOING, /* Outgoing Queue Dir */
	MAILSCANNER_CONF_MTA,      /* MTA */
	/* Where else it takes settings from, which no file tells. */
	MAILSCANNER_CONF_LDAP_SERVER, /* LDAP Server */
	MAILSCANNER_CONF_DB_DSN,      /* DB DSN */
	MAILSCANNER_CONF_DB_USER,     /* DB Username */
	MAILSCANNER_CONF_DB_PASSWORD, /* DB Password */
	MAILSCANNER_CONF_SQL_CONFIG,  /* SQL Config */
	MAILSCANNER_CONF_KEYS
};

struct mailscanner_conf_setting {
	char *file;    /* NULL: not said */
	size_t line;   /* of the file */
	char *value;   /* expanded; NULL: see unknown */
	char *unknown; /* why it can't be expanded, NULL if it could */
};

/* The last value of each setting wins. */
struct mailscanner_conf {
	struct mailscanner_conf_setting v[MAILSCANNER_CONF_KEYS];
	struct mailscanner_conf_var *vars;
};

#define MAILSCANNER_CONF_INIT   \
	{                       \
		{ { 0 } }, NULL \
	}

/*
 * Called for each "include PATTERN" line, where it stands, so that later
 * lines win over the included file.  Returns 0, or -1 to stop.
 */
typedef int mailscanner_conf_include_fn(void *arg, const char *pattern,
    size_t line);

void mailscanner_conf_free(struct mailscanner_conf *);

/* What MailScanner.conf calls the setting. */
const char *mailscanner_conf_key_name(enum mailscanner_conf_key);

/*
 * Adds what the bytes of one file say.  Keys are compared as MailScanner's
 * Config.pm does: letters and digits only, in lower case.  Patterns of include
 * lines are not expanded, by MailScanner neither.  Lines that it does not need
 * are skipped.  0; or -1 with errno, ENOMEM or include's.
 */
int mailscanner_conf_parse(struct mailscanner_conf *, const char *file,
    const char *bytes, size_t n, mailscanner_conf_include_fn *include,
    void *arg);

/*
 * Adds a text to *out as MailScanner reads it: each %name% is replaced by the
 * value that the variable has by now.  1; 0 with *why when that is not known:
 * of a variable that no file sets, or of $NAME and ${NAME}, which MailScanner
 * takes from its environment; -1: out of memory.
 */
int mailscanner_conf_expand(const struct mailscanner_conf *, const char *text,
    struct buf *out, struct buf *why);

/* Cuts blanks at both ends, Perl's \s; returns the new start. */
char *mailscanner_conf_trim(char *);

/*
 * The next line of a file, without its end, and moves *s behind it, at most
 * to end.  What stands after a NUL is not part of it.  NULL: out of memory.
 * Not for *s == end.
 */
char *mailscanner_conf_next_line(const char **s, const char *end);

#endif
