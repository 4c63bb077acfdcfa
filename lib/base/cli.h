/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - one option table that feeds getopt_long, --help, completion */
#ifndef BASE_CLI_H
#define BASE_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum cli_arg { CLI_NO_ARG, CLI_ARG, CLI_OPTIONAL_ARG };

/* Options without a letter take ids from here on. */
#define CLI_LONG 256

struct cli_option {
	int id;           /* the letter, or CLI_LONG and up */
	const char *name; /* the long name */
	enum cli_arg arg;
	const char *argname; /* "[QUEUE=]RANGE"; NULL without one */
	const char *help;    /* lines, parted by '\n' */
};

/*
 * Rows that the tables of several programs have.  CLI_LAST_ROWS ends a table.
 */
/* clang-format off */
#define CLI_TIMEOUT_ROW(argname, help)  \
	{ 't', "timeout", CLI_ARG, argname, help }
#define CLI_VERBOSE_ROW(help)   \
	{ 'v', "verbose", CLI_NO_ARG, NULL, help }
#define CLI_LAST_ROWS                                                   \
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },      \
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },                \
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
/* clang-format on */

/* What may stand beside the options. */
enum cli_words {
	CLI_NO_WORDS, /* nothing: a word is an error */
	CLI_WORDS,    /* words, before and after the options */
	CLI_COMMAND,  /* a command: the first word ends the options */
};

/* The words that an argname stands for, if there are only a few. */
struct cli_values {
	const char *argname; /* "KEY", also for "[QUEUE=]KEY" and "KEY,..." */
	const char *words;   /* parted by blanks */
};

/*
 * A row for each two options of which one would be ignored beside the other, or
 * means nothing without it.  Such a command line is refused, so that nothing
 * that the user asked for is dropped silently.
 */
enum cli_pair_kind { CLI_EXCLUDES, CLI_NEEDS };

struct cli_pair {
	int option; /* when it is given, */
	enum cli_pair_kind kind;
	int other;       /* this one must not be, or must be */
	const char *why; /* what to do instead; NULL: that is plain */
};

struct cli {
	const char *program;
	const char *version;
	const char *purpose;              /* one line */
	const char *usage;                /* what follows the name */
	const struct cli_option *options; /* ends with a NULL name */
	const char *notes;                /* after the options */
	enum cli_words words;
	const struct cli_pair *pairs; /* ends with option 0; or NULL */
	/* For completion only; NULL: nothing is known. */
	const char *word; /* argname of a word; FIRST REST if they differ */
	const struct cli_values *values; /* ends with a NULL argname */
};

/*
 * The next option of argv: its id with *arg set, -1 after the last one, or
 * '?' with the reason added to *error.  Uses the state of getopt(3): one
 * command line at a time, and cli_start() before each.
 */
void cli_start(void);
int cli_next(const struct cli *, int argc, char **argv, const char **arg,
    struct buf *error);

/*
 * Goes through a whole command line before it is read for good, and calls fn
 * with each option that can be made out, its id and its value, or NULL.  What
 * is wrong with the others is passed over: cli_next() tells that.
 */
typedef void cli_peek_fn(int id, const char *value, void *arg);
void cli_peek(const struct cli *cli, int argc, char **argv, cli_peek_fn *fn,
    void *arg);

/* The id of the option with this long name; '?' if there is none. */
int cli_id(const struct cli *, const char *name);

/* Is this option, without a value, anywhere in a command line? */
bool cli_has(const struct cli *, int argc, char **argv, const char *name);

/*
 * After cli_next() returned -1: where in argv the words begin, argc when
 * there are none.  GNU getopt moves them behind the options.
 */
int cli_first_word(void);

/*
 * After cli_next() returned -1: do the options go together, by cli->pairs?
 * Goes through the same argv once more.  0; or -1 with "--A doesn't go with
 * --B: WHY" or "--A goes with --B: WHY" added to *error.
 */
int cli_check(const struct cli *, int argc, char **argv, struct buf *error);

/*
 * Says what is wrong with the value of an option: adds "OPTION 'VALUE': REASON"
 * to *error, with the value shortened and clean for output.  Returns -1.
 */
int cli_bad_value(struct buf *error, const char *option, const char *value,
    const char *reason);

/*
 * A whole number from min to max, or a duration in seconds, as num.h reads
 * them.  0; or -1 as of cli_bad_value().
 */
int cli_number(struct buf *error, const char *option, const char *value,
    int64_t min, int64_t max, int64_t *out);
int cli_duration(struct buf *error, const char *option, const char *value,
    int64_t *seconds);

void cli_add_help(const struct cli *, struct buf *);
void cli_add_version(const struct cli *, struct buf *);

#endif
