/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * option.c - bb-ext's command line
 *
 * Reads the options into a configuration, which the environment then
 * completes.  Strings stay in argv and the environment.
 */
#include <string.h>

#include "plugins/bb-ext/default.h"
#include "plugins/bb-ext/option.h"

#define OPTION_INTERVAL     300 /* seconds, Xymon's and Big Brother's */
#define OPTION_INTERVAL_MAX (INT64_C(7) * 86400)
#define OPTION_LIFETIME_MAX (7 * 1440)
#define OPTION_TIMEOUT      30
#define OPTION_TIMEOUT_MAX  86400

enum {
	OPT_HOST = CLI_LONG,
	OPT_TEST,
	OPT_INTERVAL,
	OPT_LIFETIME,
	OPT_UNKNOWN,
	OPT_DISPLAY,
	OPT_PRINT,
	OPT_BIG_SISTER,
	OPT_INSTALL_WRAPPER,
};

static const struct cli_option option_options[] = {
	{ OPT_HOST, "host", CLI_ARG, "HOST",
	    "the host that the status is of (MACHINE, else\n"
	    "MACHINEDOTS, else this machine's name)" },
	{ OPT_TEST, "test", CLI_ARG, "COLUMN",
	    "the column of the status (the plugin's name\n"
	    "without check_)" },
	{ OPT_INTERVAL, "interval", CLI_ARG, "DURATION",
	    "how often this runs (5m): the status is valid\n"
	    "three times as long" },
	{ OPT_LIFETIME, "lifetime", CLI_ARG, "MINUTES",
	    "how long the status is valid (three intervals)" },
	{ OPT_UNKNOWN, "unknown", CLI_ARG, "COLOUR",
	    "what UNKNOWN is: yellow, red or clear (yellow)" },
	{ OPT_DISPLAY, "display", CLI_ARG, "HOST[:PORT]",
	    "send it there; repeatable (XYMSRV or XYMSERVERS,\n"
	    "else BBDISP or BBDISPLAYS; port 1984)" },
	CLI_TIMEOUT_ROW("SEC", "end the plugin after SEC seconds (30)"),
	{ OPT_PRINT, "print", CLI_NO_ARG, NULL,
	    "print what would be sent, and send nothing" },
	{ OPT_BIG_SISTER, "big-sister", CLI_NO_ARG, NULL,
	    "as Big Sister wants it: one line, by TCP" },
	{ OPT_INSTALL_WRAPPER, "install-wrapper", CLI_ARG, "FILE",
	    "make FILE a script that does what this command\n"
	    "does, for Big Brother, whose scripts have no\n"
	    "arguments" },
	CLI_LAST_ROWS,
};

static const struct cli_values option_values[] = {
	{ "COLOUR", "yellow red clear" },
	{ NULL, NULL },
};

/* clang-format off */
static const struct cli_pair option_pairs[] = {
	{ OPT_PRINT, CLI_EXCLUDES, OPT_INSTALL_WRAPPER,
	    "to see what the script would send, leave out"
	    " --install-wrapper" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli bbext_option_cli = {
	.program = "bb-ext",
	.version = PACKAGE_VERSION,
	.purpose = "report a monitoring plugin to Xymon, Big Brother or"
		   " Big Sister",
	.usage = "[options] [--] PLUGIN [ARGUMENT]...",
	.options = option_options,
	.pairs = option_pairs,
	/* clang-format off */
	.notes =
"A PLUGIN without a slash is one in\n"
MQ_PLUGINDIR ".\n"
"\n"
"Examples:\n"
"  bb-ext check_mqueue -w 500 -c 2000\n"
"      from a Xymon client task or a script in Big Brother's ext directory\n"
"  bb-ext --print check_mqueue\n"
"      what that would send\n"
"  bb-ext --display xymon.example.net --display 192.0.2.7:1985 check_mqueue\n"
"      from cron, without any client, to two displays\n"
"  bb-ext --install-wrapper $BBHOME/ext/mqueue.sh -- check_mqueue -w 500\n"
"      a script for Big Brother's etc/bb-bbexttab\n"
"\n"
"Exit status: 0 the status reached every display, 1 only some, 2 none, or the\n"
"command line is wrong.  A plugin that fails is reported, as UNKNOWN.\n",
	/* clang-format on */
	.words = CLI_COMMAND,
	.word = "PLUGIN",
	.values = option_values,
};

static int
option_set_unknown(struct bbext_config *c, const char *text, struct buf *why)
{
	static const char *const colours[] = { "yellow", "red", "clear" };
	size_t i;

	for (i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		if (strcmp(text, colours[i]) == 0) {
			c->unknown = colours[i];
			return 0;
		}
	return cli_bad_value(why, "--unknown", text,
	    "expected yellow, red or clear");
}

static int
option_set_interval(struct bbext_config *c, const char *text, struct buf *why)
{
	int64_t seconds;

	if (cli_duration(why, "--interval", text, &seconds) != 0)
		return -1;
	if (seconds == 0 || seconds > OPTION_INTERVAL_MAX)
		return cli_bad_value(why, "--interval", text,
		    "expected from 1s to 7d");
	c->interval = (int)seconds;
	return 0;
}

static int
option_set_int(int *out, const char *what, const char *text, int64_t max,
    struct buf *why)
{
	int64_t value;

	if (cli_number(why, what, text, 1, max, &value) != 0)
		return -1;
	*out = (int)value;
	return 0;
}

/* Remembers an option for a wrapper. */
static int
option_keep(struct bbext_config *c, int id, const char *arg, struct buf *why)
{
	const struct cli_option *o;

	if (id == OPT_PRINT || id == OPT_INSTALL_WRAPPER)
		return 0;
	if (c->nkept == BBEXT_KEPT_MAX) {
		buf_adds(why, "too many options");
		return -1;
	}
	for (o = option_options; o->id != id; o++)
		continue;
	c->kept[c->nkept++] = (struct bbext_kept){ o->name, arg };
	return 0;
}

static int
option_read(struct bbext_config *c, int id, const char *arg, struct buf *why)
{
	if (option_keep(c, id, arg, why) != 0)
		return -1;
	switch (id) {
	case OPT_HOST:
		return bbext_config_set_host(c, "--host", arg, why);
	case OPT_TEST:
		return bbext_config_set_column(c, "--test", arg, strlen(arg),
		    why);
	case OPT_INTERVAL:
		return option_set_interval(c, arg, why);
	case OPT_LIFETIME:
		return option_set_int(&c->lifetime, "--lifetime", arg,
		    OPTION_LIFETIME_MAX, why);
	case OPT_UNKNOWN:
		return option_set_unknown(c, arg, why);
	case OPT_DISPLAY:
		return bbext_config_add_displays(c, "--display", arg, why);
	case 't':
		return option_set_int(&c->timeout, "--timeout", arg,
		    OPTION_TIMEOUT_MAX, why);
	case OPT_PRINT:
		c->print = true;
		return 0;
	case OPT_BIG_SISTER:
		c->big_sister = true;
		return 0;
	case OPT_INSTALL_WRAPPER:
		c->action = BBEXT_INSTALL;
		c->wrapper = arg;
		return 0;
	case 'V':
		c->action = BBEXT_VERSION;
		return 0;
	default:
		c->action = BBEXT_HELP;
		return 0;
	}
}

int
bbext_option_parse(struct bbext_config *c, int argc, char **argv,
    const struct bbext_env *env, struct buf *why)
{
	const char *arg;
	int id;

	*c = (struct bbext_config){
		.interval = OPTION_INTERVAL,
		.unknown = "yellow",
		.timeout = OPTION_TIMEOUT,
	};
	if (bbext_default_port(c, env, why) != 0)
		return -1;
	cli_start();
	while ((id = cli_next(&bbext_option_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || option_read(c, id, arg, why) != 0)
			goto fail;
		/* -h and -V answer at once, whatever follows. */
		if (c->action == BBEXT_HELP || c->action == BBEXT_VERSION)
			return 0;
	}
	if (cli_check(&bbext_option_cli, argc, argv, why) != 0)
		goto fail;
	c->command = argv + cli_first_word();
	if (bbext_default_fill(c, env, why) == 0)
		return 0;
fail:
	bbext_config_free(c);
	return -1;
}
