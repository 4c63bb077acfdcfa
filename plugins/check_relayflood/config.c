/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - check_relayflood's options
 *
 * Built once, before anything is looked at but the files of --ignore.  What
 * --ignore means depends on --by, so it is read last.
 */
#include <stdlib.h>

#include "plugins/check_relayflood/config.h"
#include "plugins/common/option.h"
#include "plugins/common/plugin.h"

#define CONFIG_TOP         5
#define CONFIG_TOP_MAX     1000
#define CONFIG_SERVERS_MAX 256 /* a thread each */

enum {
	OPT_BY = CLI_LONG,
	OPT_IGNORE,
	OPT_MERGE,
	OPT_STALE,
	OPT_TOP,
	OPT_GROWTH,
	OPT_LIST_QUEUES,
	OPT_ROOT,
	OPT_OUTPUT_FORMAT,
	OPT_EXTRA_OPTS,
};

static const struct cli_option relayflood_config_options[] = {
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "read this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the incoming queues that\n"
	    "the configuration of MailScanner and sendmail\n"
	    "names; the outgoing ones where there is none)" },
	{ 'w', "warning", CLI_ARG, "COUNT,SHARE%",
	    "warn when a relay has more messages than COUNT\n"
	    "and than SHARE of all (100,10%)" },
	{ 'c', "critical", CLI_ARG, "COUNT,SHARE%",
	    "the same, but critical (300,30%)" },
	{ OPT_BY, "by", CLI_ARG, "KEY",
	    "group the messages by relay, network, name, helo,\n"
	    "sender, sender-domain, recipient-domain or status\n"
	    "(relay)" },
	{ OPT_IGNORE, "ignore", CLI_ARG, "WHAT",
	    "do not judge this ADDRESS, PREFIX or NAME, or\n"
	    "those in @FILE, one a line; repeatable" },
	{ OPT_MERGE, "merge", CLI_ARG, "HOST[:PORT]",
	    "judge the sums over the reports of this and more\n"
	    "servers, as mqreport --relays gives them;\n"
	    "repeatable, or name the others at the end" },
	{ OPT_STALE, "stale", CLI_ARG, "DURATION",
	    "an older report is not judged (5m)" },
	{ OPT_TOP, "top", CLI_ARG, "N", "list the N largest relays (5)" },
	{ OPT_GROWTH, "growth", CLI_NO_ARG, NULL,
	    "for each flooding relay, also a line on its onset,\n"
	    "arrivals a minute and latest arrival" },
	{ OPT_LIST_QUEUES, "list-queues", CLI_NO_ARG, NULL,
	    "say which queues would be read, from where, and\n"
	    "whether this user can read their messages" },
	{ OPT_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 't', "timeout", CLI_ARG, "SEC[:STATE]",
	    "answer within SEC seconds (10), from a sample if\n"
	    "need be; with STATE if not even all names were\n"
	    "seen (UNKNOWN)" },
	{ OPT_OUTPUT_FORMAT, "output-format", CLI_ARG, "FORMAT",
	    OPTION_FORMATS },
	{ OPT_EXTRA_OPTS, "extra-opts", CLI_OPTIONAL_ARG, "[SECTION][@FILE]",
	    "more options from an ini file" },
	{ 'v', "verbose", CLI_NO_ARG, NULL,
	    "also the thresholds and what was read, and no\n"
	    "limit to the output; twice: also every directory" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values relayflood_config_values[] = {
	{ "KEY", KEY_BY_WORDS },
	{ "FORMAT", OPTION_FORMAT_WORDS },
	{ "STATE", RESULT_STATE_WORDS },
	{ NULL, NULL },
};

/* clang-format off */
static const struct cli_pair relayflood_config_pairs[] = {
	{ OPT_ROOT, CLI_EXCLUDES, 'q', "it is about queues that are not"
	    " named" },
	{ OPT_STALE, CLI_NEEDS, OPT_MERGE, "it is about the age of a report" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli relayflood_config_cli = {
	.program = "check_relayflood",
	.version = PACKAGE_VERSION,
	.purpose = "name the relay that floods the mail queue",
	.usage = "[-q [NAME=]DIR]... [-w COUNT,SHARE%] [options]\n"
		 "       check_relayflood --merge HOST[:PORT]... [options]",
	.options = relayflood_config_options,
	.pairs = relayflood_config_pairs,
	/* clang-format off */
	.notes =
"A flood is more messages than both COUNT and SHARE of the queue: more than\n"
"100, or more than 10% once the queue holds more than 1000.  Mail of this\n"
"host itself, bounces, and what has no relay are told, but never judged.\n"
"Nothing is locked, and no body is opened.\n"
"\n"
"Examples:\n"
"  cd " MQ_PLUGINDIR "\n"
"  ./check_relayflood\n"
"      the incoming queue of this machine, by address, with the defaults\n"
"  ./check_relayflood --by network -w 200,20% -c 500,50%\n"
"      by /24 and /64, for floods that come from many addresses\n"
"  ./check_relayflood --ignore 192.0.2.0/28 --ignore .partner.example\n"
"      but not of the own front ends, nor of a partner\n"
"  ./check_relayflood --merge mx1.example.org mx2.example.org mx3.example.org\n"
"      a flood that is spread over several servers\n"
"  ./check_relayflood -q /var/spool/mqueue --by recipient-domain -t 30\n"
"      which domain the outgoing queue waits for\n"
"\n"
"Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also for -h and -V).\n",
	/* clang-format on */
	.words = CLI_WORDS,
	.word = "HOST[:PORT]",
	.values = relayflood_config_values,
};

void
relayflood_config_free(struct relayflood_config *c)
{
	queue_list_free(&c->queues);
	free(c->servers);
	relayflood_ignore_free(&c->ignore);
}

static int
config_rule(struct flood_rule *rule, const char *option, const char *text,
    struct buf *why)
{
	const char *reason;

	return flood_parse(rule, text, &reason) == 0 ?
	    0 :
	    cli_bad_value(why, option, text, reason);
}

static int
config_top(struct relayflood_config *c, const char *text, struct buf *why)
{
	int64_t n;

	if (cli_number(why, "--top", text, 0, CONFIG_TOP_MAX, &n) != 0)
		return -1;
	c->top = (size_t)n;
	return 0;
}

static int
config_merge(struct relayflood_config *c, const char *text, struct buf *why)
{
	struct server *servers = realloc(c->servers,
	    (c->nservers + 1) * sizeof(*servers));
	size_t i;

	if (servers == NULL)
		return cli_bad_value(why, "--merge", text, "out of memory");
	c->servers = servers;
	if (c->nservers == CONFIG_SERVERS_MAX)
		return cli_bad_value(why, "--merge", text,
		    "that are too many servers");
	if (server_parse(&servers[c->nservers], "--merge", text, why) != 0)
		return -1;
	for (i = 0; i < c->nservers; i++)
		if (net_same_peer(&servers[i].peer, &servers[c->nservers].peer))
			return cli_bad_value(why, "--merge", text,
			    "this server was named before; its relays would"
			    " count twice");
	c->nservers++;
	return 0;
}

/* Limits that were mixed up: where both were given, no warning is possible. */
static int
config_check_limits(const struct relayflood_config *c, struct buf *why)
{
	if (!c->has_warning || !c->has_critical ||
	    !flood_is_shadowed(&c->warning, &c->critical))
		return 0;
	buf_adds(why, "--warning '");
	flood_add_rule(why, &c->warning);
	buf_adds(why, "' and --critical '");
	flood_add_rule(why, &c->critical);
	buf_adds(why, "': " OPTION_SHADOWED);
	return -1;
}

/* The words at the end are servers; then nothing of this host is read. */
static int
config_words(struct relayflood_config *c, int argc, char **argv,
    struct buf *why)
{
	size_t i;
	int n = cli_first_word();

	if (n < argc && c->nservers == 0)
		return cli_bad_value(why, "unexpected argument", argv[n],
		    "servers are named after --merge");
	for (; n < argc; n++)
		if (config_merge(c, argv[n], why) != 0)
			return -1;
	if (c->nservers == 0)
		return 0;
	if (c->named || *c->root != '\0' || c->by != KEY_RELAY || c->growth ||
	    c->action == RELAYFLOOD_CONFIG_LIST_QUEUES) {
		buf_adds(why,
		    "--merge judges relays by reports, so it"
		    " doesn't go with -q, --root, --by, --growth or"
		    " --list-queues");
		return -1;
	}
	for (i = 0; i < c->ignore.n; i++)
		if (!c->ignore.word[i].is_prefix)
			return cli_bad_value(why, "--ignore",
			    c->ignore.word[i].text,
			    "reports tell addresses,"
			    " no names: name an address or a prefix");
	return 0;
}

/* The options that say what is judged; *done is false for the others. */
static int
config_judging(struct relayflood_config *c, int id, const char *arg,
    struct buf *why, bool *done)
{
	*done = true;
	switch (id) {
	case 'w':
		c->has_warning = true;
		return config_rule(&c->warning, "--warning", arg, why);
	case 'c':
		c->has_critical = true;
		return config_rule(&c->critical, "--critical", arg, why);
	case OPT_BY:
		return key_by_parse(arg, &c->by) == 0 ?
		    0 :
		    cli_bad_value(why, "--by", arg,
			"expected relay, network,"
			" name, helo, sender, sender-domain, recipient-domain"
			" or status");
	case OPT_IGNORE:
		return 0;
	case OPT_MERGE:
		return config_merge(c, arg, why);
	case OPT_STALE:
		return cli_duration(why, "--stale", arg, &c->stale);
	case OPT_TOP:
		return config_top(c, arg, why);
	case OPT_GROWTH:
		c->growth = true;
		return 0;
	default:
		*done = false;
		return 0;
	}
}

static int
config_option(struct relayflood_config *c, int id, const char *arg,
    struct buf *why)
{
	bool done;
	int rc = config_judging(c, id, arg, why, &done);

	if (done)
		return rc;
	switch (id) {
	case 'q':
		c->named = true;
		return option_add_queue(&c->queues, arg, why);
	case OPT_LIST_QUEUES:
		c->action = RELAYFLOOD_CONFIG_LIST_QUEUES;
		return 0;
	case OPT_ROOT:
		option_root(&c->root, arg);
		return 0;
	case 't':
		return option_timeout(&c->timeout, &c->timeout_state, arg, why);
	case OPT_OUTPUT_FORMAT:
		return option_render(&c->render, arg, why);
	case 'v':
		c->verbose++;
		return 0;
	case 'V':
		c->action = RELAYFLOOD_CONFIG_VERSION;
		return 0;
	case 'h':
		c->action = RELAYFLOOD_CONFIG_HELP;
		return 0;
	default:
		return option_extra_opts(arg, why);
	}
}

/* -h and -V answer at once, whatever follows. */
static bool
config_is_told(const struct relayflood_config *c)
{
	return c->action == RELAYFLOOD_CONFIG_HELP ||
	    c->action == RELAYFLOOD_CONFIG_VERSION;
}

/* Goes through the command line; ignore: only for the options --ignore. */
static int
config_pass(struct relayflood_config *c, int argc, char **argv, bool ignore,
    struct buf *why)
{
	const char *arg;
	int id, rc = 0;

	cli_start();
	while (rc == 0 &&
	    (id = cli_next(&relayflood_config_cli, argc, argv, &arg, why)) !=
		-1) {
		if (id == '?')
			return -1;
		if (!ignore)
			rc = config_option(c, id, arg, why);
		else if (id == OPT_IGNORE)
			rc = relayflood_ignore_add(&c->ignore, c->by, arg, why);
		if (config_is_told(c))
			break;
	}
	return rc;
}

int
relayflood_config_parse(struct relayflood_config *c, int argc, char **argv,
    struct buf *why)
{
	*c = (struct relayflood_config){
		.root = "",
		.warning = FLOOD_WARNING,
		.critical = FLOOD_CRITICAL,
		.by = KEY_RELAY,
		.top = CONFIG_TOP,
		.stale = REPORT_STALE,
		.timeout = PLUGIN_TIMEOUT,
		.timeout_state = RESULT_UNKNOWN,
		.render = render_nagios,
	};
	if (config_pass(c, argc, argv, false, why) == 0 &&
	    (config_is_told(c) ||
		(config_pass(c, argc, argv, true, why) == 0 &&
		    config_check_limits(c, why) == 0 &&
		    config_words(c, argc, argv, why) == 0 &&
		    cli_check(&relayflood_config_cli, argc, argv, why) == 0)))
		return 0;
	relayflood_config_free(c);
	return -1;
}
