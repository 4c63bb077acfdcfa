/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli.c - one option table that feeds getopt_long, --help, completion
 *
 * Prints nothing: getopt's own messages are off, errors and help go to a
 * buffer.  An option that is in the table can't be missing in --help.
 */
#include <getopt.h>
#include <string.h>

#include "base/clean.h"
#include "base/cli.h"
#include "base/num.h"

#define CLI_MAX         64 /* options of one program */
#define CLI_HELP_COLUMN 30
#define CLI_SHOWN       60 /* of a wrong word */
#define CLI_SHOWN_VALUE 80

void
cli_start(void)
{
	/*
	 * getopt(3) may still be inside a word of letters that an earlier run
	 * did not finish.
	 */
#if HAVE_DECL_OPTRESET
	optreset = 1;
	optind = 1;
#else
	optind = 0;
#endif
	opterr = 0;
}

/* Fills getopt's two forms from the table. */
static void
cli_tables(const struct cli *cli, struct option *longs, char *shorts)
{
	static const int has_arg[] = { no_argument, required_argument,
		optional_argument };
	const struct cli_option *o;
	size_t n = 0;

	if (cli->words == CLI_COMMAND)
		*shorts++ = '+';
	*shorts++ = ':';
	for (o = cli->options; o->name != NULL && n < CLI_MAX; o++) {
		longs[n++] = (struct option){ o->name, has_arg[o->arg], NULL,
			o->id };
		if (o->id >= CLI_LONG)
			continue;
		*shorts++ = (char)o->id;
		if (o->arg == CLI_ARG)
			*shorts++ = ':';
	}
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
	*shorts = '\0';
}

static void
cli_add_wrong(struct buf *error, const char *text, const char *word)
{
	buf_adds(error, text);
	buf_adds(error, " '");
	clean_adds(error, word, CLI_SHOWN);
	buf_adds(error, "'");
}

/* getopt tells the letter, or the id of a known option, in optopt. */
static void
cli_add_unknown(const struct cli *cli, char **argv, struct buf *error)
{
	const struct cli_option *o;
	char letter[] = { '-', (char)optopt, '\0' };

	for (o = cli->options; o->name != NULL; o++)
		if (optopt != 0 && o->id == optopt) {
			buf_addf(error, "--%s takes no value", o->name);
			return;
		}
	cli_add_wrong(error, "unknown option",
	    optopt != 0 ? letter : argv[optind - 1]);
}

int
cli_next(const struct cli *cli, int argc, char **argv, const char **arg,
    struct buf *error)
{
	struct option longs[CLI_MAX + 1];
	char shorts[2 * CLI_MAX + 3];
	int id, last;

	cli_tables(cli, longs, shorts);
	id = getopt_long(argc, argv, shorts, longs, NULL);
	*arg = optarg;
	if (id == -1 && optind < argc && cli->words == CLI_NO_WORDS) {
		cli_add_wrong(error, "unexpected argument", argv[optind]);
		return '?';
	}
	if (id == ':') {
		/* musl has counted the missing value as read. */
		last = optind > argc ? argc - 1 : optind - 1;
		cli_add_wrong(error, "a value is needed after", argv[last]);
		return '?';
	}
	if (id == '?')
		cli_add_unknown(cli, argv, error);
	return id;
}

void
cli_peek(const struct cli *cli, int argc, char **argv, cli_peek_fn *fn,
    void *arg)
{
	struct option longs[CLI_MAX + 1];
	char shorts[2 * CLI_MAX + 3];
	int id;

	cli_tables(cli, longs, shorts);
	cli_start();
	while ((id = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		if (id != '?' && id != ':')
			fn(id, optarg, arg);
}

int
cli_id(const struct cli *cli, const char *name)
{
	const struct cli_option *o;

	for (o = cli->options; o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return o->id;
	return '?';
}

/* What cli_has() looks for. */
struct cli_wanted {
	int id;
	bool found;
};

static void
cli_find(int id, const char *value, void *arg)
{
	struct cli_wanted *w = arg;

	(void)value;
	w->found = w->found || id == w->id;
}

bool
cli_has(const struct cli *cli, int argc, char **argv, const char *name)
{
	struct cli_wanted w = { cli_id(cli, name), false };

	cli_peek(cli, argc, argv, cli_find, &w);
	return w.found;
}

int
cli_first_word(void)
{
	return optind;
}

static const char *
cli_name(const struct cli *cli, int id)
{
	const struct cli_option *o = cli->options;

	while (o->id != id)
		o++;
	return o->name;
}

int
cli_check(const struct cli *cli, int argc, char **argv, struct buf *error)
{
	bool given[CLI_LONG + CLI_MAX] = { false };
	const struct cli_pair *p = cli->pairs;
	const char *arg;
	int id;

	cli_start();
	while ((id = cli_next(cli, argc, argv, &arg, error)) != -1) {
		if (id == '?')
			return -1;
		given[id] = true;
	}
	for (; p != NULL && p->option != 0; p++) {
		if (!given[p->option] ||
		    given[p->other] != (p->kind == CLI_EXCLUDES))
			continue;
		buf_addf(error, "--%s %s with --%s", cli_name(cli, p->option),
		    p->kind == CLI_NEEDS ? "goes" : "doesn't go",
		    cli_name(cli, p->other));
		if (p->why != NULL)
			buf_addf(error, ": %s", p->why);
		return -1;
	}
	return 0;
}

int
cli_bad_value(struct buf *error, const char *option, const char *value,
    const char *reason)
{
	buf_addf(error, "%s '", option);
	clean_adds(error, value, CLI_SHOWN_VALUE);
	buf_addf(error, "': %s", reason);
	return -1;
}

int
cli_number(struct buf *error, const char *option, const char *value,
    int64_t min, int64_t max, int64_t *out)
{
	const char *reason;

	if (num_int64(value, min, max, out, &reason) == 0)
		return 0;
	return cli_bad_value(error, option, value, reason);
}

int
cli_duration(struct buf *error, const char *option, const char *value,
    int64_t *seconds)
{
	const char *reason;

	if (num_duration(value, seconds, &reason) == 0)
		return 0;
	return cli_bad_value(error, option, value, reason);
}

/* One row: the option at the left, its text from a fixed column on. */
static void
cli_add_option(const struct cli_option *o, struct buf *out)
{
	const char *line = o->help, *end;
	size_t start = out->len;

	if (o->id < CLI_LONG)
		buf_addf(out, "  -%c, --%s", o->id, o->name);
	else
		buf_addf(out, "      --%s", o->name);
	if (o->arg == CLI_ARG)
		buf_addf(out, "=%s", o->argname);
	else if (o->arg == CLI_OPTIONAL_ARG)
		buf_addf(out, "[=%s]", o->argname);
	if (out->len - start >= CLI_HELP_COLUMN) {
		buf_addc(out, '\n');
		start = out->len;
	}
	for (;;) {
		buf_addf(out, "%*s",
		    (int)(CLI_HELP_COLUMN - (out->len - start)), "");
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		buf_add(out, line, (size_t)(end - line) + 1);
		line = end + 1;
		start = out->len;
	}
	buf_adds(out, line);
	buf_addc(out, '\n');
}

void
cli_add_help(const struct cli *cli, struct buf *out)
{
	const struct cli_option *o;

	buf_addf(out, "%s - %s\nUsage: %s %s\n\n", cli->program, cli->purpose,
	    cli->program, cli->usage);
	for (o = cli->options; o->name != NULL; o++)
		cli_add_option(o, out);
	if (cli->notes != NULL)
		buf_addf(out, "\n%s", cli->notes);
}

void
cli_add_version(const struct cli *cli, struct buf *out)
{
	buf_addf(out, "%s (mqueue-plugins) %s\n", cli->program, cli->version);
}
