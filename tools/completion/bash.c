/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bash.c - a program's options as a completion script of bash
 *
 * Pure.  The script needs bash alone, not the functions of bash-completion,
 * whose names differ between its releases.  Words of the tables stand between
 * single quotes, and must have none; t/completion.t runs all scripts.
 */
#include <stdbool.h>
#include <string.h>

#include "base/span.h"
#include "tools/completion/bash.h"

/* What stands before the options.  Readline parts words at = : @ as well. */
static const char completion_bash_begin[] =
    "{\n"
    "\tlocal line=${COMP_LINE:0:COMP_POINT} words=() part='' cur prefix\n"
    "\tlocal option dir=. how=() i\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\t# Readline parts words at = : and @, too: one word again.\n"
    "\tfor ((i = 0; i < COMP_CWORD; i++)); do\n"
    "\t\tline=${line#*\"${COMP_WORDS[i]}\"}\n"
    "\t\tpart+=${COMP_WORDS[i]}\n"
    "\t\t[[ $line == [[:blank:]]* ]] || continue\n"
    "\t\twords+=(\"$part\")\n"
    "\t\tpart=\n"
    "\tdone\n"
    "\tline=${line#\"${line%%[![:blank:]]*}\"}\n"
    "\tpart+=$line\n"
    "\t# What it replaces is $2, a piece of the word.\n"
    "\tcur=${2##*[=:@]}\n"
    "\tprefix=${2%\"$cur\"}\n"
    "\tcase $part in\n"
    "\t--*=*) option=${part%%=*}= ;;\n"
    "\t*) option=${words[${#words[@]} - 1]-} ;;\n"
    "\tesac\n";

static const char completion_bash_end[] =
    "\t[[ ${#how[@]} -gt 0 ]] || return 0\n"
    "\tmapfile -t COMPREPLY < <(cd \"$dir\" 2>/dev/null &&\n"
    "\t    compgen \"${how[@]}\" -- \"$cur\")\n"
    "\tif [[ ${how[0]} == -[df] ]]; then\n"
    "\t\tcompopt -o filenames\n"
    "\telif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]]; then\n"
    "\t\tcompopt -o nospace\n"
    "\tfi\n"
    "\tCOMPREPLY=(\"${COMPREPLY[@]/#/$prefix}\")\n"
    "}\n";

/* An argname, taken apart. */
struct completion_bash_arg {
	struct span head; /* what the value is, or begins with */
	struct span tail; /* what follows the separator; may be empty */
	char separator;   /* ':' or '@', or 0 */
	bool list;        /* several, parted by commas */
};

static bool
completion_bash_is(struct span s, const char *word)
{
	return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

static void
completion_bash_split(struct completion_bash_arg *arg, struct span s)
{
	static const char several[] = ",...";
	const size_t dots = sizeof(several) - 1;
	const char *end, *last;

	*arg = (struct completion_bash_arg){ .head = s };
	/* [NAME=] and [TYPE:] may be left out. */
	end = s.n > 0 && s.p[0] == '[' ? memchr(s.p, ']', s.n) : NULL;
	if (end != NULL && (end[-1] == '=' || end[-1] == ':')) {
		s.n -= (size_t)(end + 1 - s.p);
		s.p = end + 1;
	}
	if (s.n > dots && memcmp(s.p + s.n - dots, several, dots) == 0) {
		arg->list = true;
		s.n -= dots;
	}
	arg->head = s;
	if (s.n == 0 || s.p[s.n - 1] != ']')
		return;
	for (last = s.p + s.n; last > s.p && *last != '[';)
		last--;
	if (last[1] == ':' || last[1] == '@') {
		arg->separator = last[1];
		arg->tail.p = last + 2;
		arg->tail.n = (size_t)(s.p + s.n - 1 - arg->tail.p);
		arg->head.n = (size_t)(last - s.p);
	} else if (last == s.p) {
		arg->head.p++;
		arg->head.n -= 2;
	}
}

/* Adds the assignment to how; false when nothing is known. */
static bool
completion_bash_add_how(const struct cli *cli, struct span name,
    struct buf *out)
{
	const struct cli_values *v = cli->values;

	if (completion_bash_is(name, "DIR"))
		buf_adds(out, "how=(-d)");
	else if (completion_bash_is(name, "FILE"))
		buf_adds(out, "how=(-f)");
	else if (completion_bash_is(name, "HOST"))
		buf_adds(out, "how=(-A hostname)");
	else {
		while (v != NULL && v->argname != NULL &&
		    !completion_bash_is(name, v->argname))
			v++;
		if (v == NULL || v->argname == NULL)
			return false;
		buf_addf(out, "how=(-W '%s')", v->words);
	}
	return true;
}

/* Adds the commands that complete a value, each after indent. */
static void
completion_bash_add_value(const struct cli *cli, struct span argname,
    const char *plugindir, const char *indent, struct buf *out)
{
	struct completion_bash_arg arg;
	size_t start;

	completion_bash_split(&arg, argname);
	if (completion_bash_is(arg.head, "PLUGIN")) {
		buf_addf(out, "%show=(-f)\n%s[[ $part == */* ]] || dir='%s'\n",
		    indent, indent, plugindir);
		return;
	}
	if (arg.list)
		buf_addf(out,
		    "%sprefix+=${cur%%\"${cur##*,}\"}\n"
		    "%scur=${cur##*,}\n",
		    indent, indent);
	start = out->len;
	buf_adds(out, indent);
	if (arg.separator != 0)
		buf_addf(out, "[[ $part == *%c* ]] || ", arg.separator);
	if (completion_bash_add_how(cli, arg.head, out))
		buf_addc(out, '\n');
	else
		buf_truncate(out, start);
	if (arg.separator == 0)
		return;
	start = out->len;
	buf_addf(out, "%s[[ $part != *%c* ]] || ", indent, arg.separator);
	if (completion_bash_add_how(cli, arg.tail, out))
		buf_addc(out, '\n');
	else
		buf_truncate(out, start);
}

/* The pattern of an option, where its value is. */
static void
completion_bash_add_pattern(const struct cli_option *o, struct buf *out)
{
	if (o->arg == CLI_ARG && o->id < CLI_LONG)
		buf_addf(out, "-%c | ", o->id);
	if (o->arg == CLI_ARG)
		buf_addf(out, "--%s | ", o->name);
	buf_addf(out, "--%s=)", o->name);
}

/*
 * Finds the first word that is neither an option nor its value.  An = that
 * stands apart is no word of its own.
 */
static void
completion_bash_add_first(const struct cli *cli, struct buf *out)
{
	const struct cli_option *o;

	buf_adds(out,
	    "\tlocal first=''\n"
	    "\tfor ((i = 1; i < ${#words[@]}; i++)); do\n"
	    "\t\tcase ${words[i]} in\n");
	for (o = cli->options; o->name != NULL; o++) {
		if (o->arg != CLI_ARG)
			continue;
		buf_adds(out, "\t\t");
		if (o->id < CLI_LONG)
			buf_addf(out, "-%c | ", o->id);
		buf_addf(out, "--%s) i=$((i + 1)) ;;\n", o->name);
	}
	buf_adds(out,
	    "\t\t--) first=${words[i + 1]-} && break ;;\n"
	    "\t\t-*) ;;\n"
	    "\t\t*) first=${words[i]} && break ;;\n"
	    "\t\tesac\n"
	    "\tdone\n");
	/* The options of a command are not ours. */
	if (cli->words == CLI_COMMAND)
		buf_adds(out,
		    "\tif [[ -n $first ]]; then\n"
		    "\t\tcompopt -o default\n"
		    "\t\treturn 0\n"
		    "\tfi\n");
}

static void
completion_bash_add_words(const struct cli *cli, const char *plugindir,
    struct buf *out)
{
	const char *blank = strchr(cli->word, ' ');
	struct span name = { cli->word, strlen(cli->word) };
	size_t start, empty;

	if (blank == NULL) {
		completion_bash_add_value(cli, name, plugindir, "\t\t", out);
		return;
	}
	buf_adds(out, "\t\tif [[ -z $first ]]; then\n");
	name.n = (size_t)(blank - cli->word);
	completion_bash_add_value(cli, name, plugindir, "\t\t\t", out);
	start = out->len;
	buf_adds(out, "\t\telse\n");
	empty = out->len;
	name = (struct span){ blank + 1, strlen(blank + 1) };
	completion_bash_add_value(cli, name, plugindir, "\t\t\t", out);
	if (out->len == empty)
		buf_truncate(out, start);
	buf_adds(out, "\t\tfi\n");
}

/* The options, and the words that may stand beside them. */
static void
completion_bash_add_options(const struct cli *cli, const char *plugindir,
    struct buf *out)
{
	const struct cli_option *o;

	buf_adds(out, "\tcase $option in\n");
	for (o = cli->options; o->name != NULL; o++) {
		if (o->arg == CLI_NO_ARG)
			continue;
		buf_addc(out, '\t');
		completion_bash_add_pattern(o, out);
		buf_addc(out, '\n');
		completion_bash_add_value(cli,
		    (struct span){ o->argname, strlen(o->argname) }, plugindir,
		    "\t\t", out);
		buf_adds(out, "\t\t;;\n");
	}
	buf_adds(out, "\t*)\n");
	if (cli->words != CLI_NO_WORDS && cli->word != NULL)
		completion_bash_add_words(cli, plugindir, out);
	buf_adds(out,
	    "\t\tif [[ $part == -* && \" ${words[*]} \" != *' -- '* ]]"
	    "; then\n"
	    "\t\t\tdir=.\n"
	    "\t\t\t"
	    "how=(-W '");
	for (o = cli->options; o->name != NULL; o++)
		buf_addf(out, "%s--%s%s",
		    o == cli->options ? "" : "\n\t\t\t    ", o->name,
		    o->arg == CLI_ARG ? "=" : "");
	buf_adds(out, "')\n\t\tfi\n\t\t;;\n\tesac\n");
}

/* A function's name has no hyphen in every shell mode. */
static void
completion_bash_add_name(const char *program, struct buf *out)
{
	buf_adds(out, "_mqueue_plugins_");
	for (; *program != '\0'; program++) {
		if (*program == '-')
			buf_addc(out, '_');
		else
			buf_addc(out, *program);
	}
}

void
completion_bash_add(const struct cli *cli, const char *plugindir,
    struct buf *out)
{
	buf_addf(out,
	    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
	    "# %s - bash completion, made from the options of the program\n",
	    cli->program);
	completion_bash_add_name(cli->program, out);
	buf_addf(out, "()\n%s", completion_bash_begin);
	if (cli->words == CLI_COMMAND ||
	    (cli->word != NULL && strchr(cli->word, ' ') != NULL))
		completion_bash_add_first(cli, out);
	completion_bash_add_options(cli, plugindir, out);
	buf_addf(out, "%scomplete -F ", completion_bash_end);
	completion_bash_add_name(cli->program, out);
	buf_addf(out, " %s\n", cli->program);
}
