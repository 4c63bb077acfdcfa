/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - mqreport's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.
 */
#include <errno.h>
#include <string.h>

#include "mta/table.h"
#include "report/report.h"
#include "tools/mqreport/config.h"

#define MQREPORT_CONFIG_TIMEOUT     10
#define MQREPORT_CONFIG_TIMEOUT_MAX 3600
#define MQREPORT_CONFIG_CACHE_MAX   3600

enum {
	OPT_ROOT = CLI_LONG,
	OPT_RELAYS,
	OPT_CACHE,
	OPT_CACHE_DIR,
	OPT_OPENMETRICS,
	OPT_OUTPUT,
};

static const struct cli_option mqreport_config_options[] = {
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "report this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)" },
	{ OPT_RELAYS, "relays", CLI_ARG, "N",
	    "also read the queues, and tell the N relays that\n"
	    "hold most of them (not read)" },
	{ OPT_CACHE, "cache", CLI_ARG, "DURATION",
	    "answer from a count that is no older than this; 0:\n"
	    "count anew (5s when standard output is a socket,\n"
	    "else 0)" },
	{ OPT_CACHE_DIR, "cache-dir", CLI_ARG, "DIR",
	    "keep that count below DIR, which this user may\n"
	    "write to\n"
	    "(" MQ_STATEDIR ")" },
	{ OPT_OPENMETRICS, "openmetrics", CLI_NO_ARG, NULL,
	    "print OpenMetrics text, for Prometheus" },
	{ OPT_OUTPUT, "output", CLI_ARG, "FILE",
	    "replace FILE, mode 0644, instead of printing" },
	{ OPT_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 't', "timeout", CLI_ARG, "SEC",
	    "answer within SEC seconds (10); what was counted\n"
	    "until then is told as \"at least\"" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

/* clang-format off */
static const struct cli_pair mqreport_config_pairs[] = {
	{ OPT_RELAYS, CLI_EXCLUDES, OPT_OPENMETRICS,
	    "a relay is no label, because senders would choose how many"
	    " there are; check_relayflood judges them, mqreport --relays"
	    " without --openmetrics names them" },
	{ OPT_ROOT, CLI_EXCLUDES, 'q', "it is about queues that are not"
	    " named" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli mqreport_config_cli = {
	.program = "mqreport",
	.version = PACKAGE_VERSION,
	.purpose = "one report of the mail queues of this server",
	.usage = "[-q [NAME=]DIR]... [--relays N] [options]",
	.options = mqreport_config_options,
	.pairs = mqreport_config_pairs,
	/* clang-format off */
	.notes =
"Prints one report and ends: by hand, over ssh, from inetd, xinetd or a\n"
"systemd socket.  mqc and check_mqueue -H read it; the customary port is\n"
REPORT_PORT "/tcp.\n"
"\n"
"Examples:\n"
"  mqreport\n"
"      the queues of this machine\n"
"  nc mx1 " REPORT_PORT "\n"
"      those of mx1, where inetd or systemd runs mqreport\n"
"  mqreport -q in=/var/spool/mqueue.in --relays 10\n"
"      one queue, and who fills it\n"
"  mqreport --openmetrics --output /var/lib/node_exporter/mqueue.prom\n"
"      for the textfile collector of node_exporter, from cron\n"
"\n"
"Exit status: 0 all was counted, 1 some of it could not be (the report says\n"
"what), 2 wrong usage or no report.\n",
	/* clang-format on */
};

void
mqreport_config_free(struct mqreport_config *c)
{
	queue_list_free(&c->queues);
}

static int
mqreport_config_queue(struct mqreport_config *c, const char *spec,
    struct buf *why)
{
	if (mta_table_add_spec(&c->queues, spec) == 0)
		return 0;
	return cli_bad_value(why, "--queue", spec, queue_spec_error(errno));
}

static int
mqreport_config_cache(struct mqreport_config *c, const char *text,
    struct buf *why)
{
	if (cli_duration(why, "--cache", text, &c->cache) != 0)
		return -1;
	if (c->cache > MQREPORT_CONFIG_CACHE_MAX)
		return cli_bad_value(why, "--cache", text, "at most an hour");
	return 0;
}

/* A directory or a file. */
static int
mqreport_config_path(const char *option, const char *text, const char **out,
    struct buf *why)
{
	if (*text == '\0')
		return cli_bad_value(why, option, text, "expected a path");
	*out = text;
	return 0;
}

static int
mqreport_config_option(struct mqreport_config *c, int id, const char *arg,
    struct buf *why)
{
	int64_t n;

	switch (id) {
	case 'q':
		return mqreport_config_queue(c, arg, why);
	case OPT_RELAYS:
		if (cli_number(why, "--relays", arg, 1, REPORT_ROWS, &n) != 0)
			return -1;
		c->relays = (size_t)n;
		return 0;
	case OPT_CACHE:
		return mqreport_config_cache(c, arg, why);
	case OPT_CACHE_DIR:
		return mqreport_config_path("--cache-dir", arg, &c->cache_dir,
		    why);
	case OPT_OPENMETRICS:
		c->openmetrics = true;
		return 0;
	case OPT_OUTPUT:
		return mqreport_config_path("--output", arg, &c->output, why);
	case OPT_ROOT:
		c->root = strcmp(arg, "/") == 0 ? "" : arg;
		return 0;
	case 't':
		if (cli_number(why, "--timeout", arg, 1,
			MQREPORT_CONFIG_TIMEOUT_MAX, &n) != 0)
			return -1;
		c->timeout = (int)n;
		return 0;
	case 'V':
		c->action = MQREPORT_CONFIG_VERSION;
		return 0;
	default:
		c->action = MQREPORT_CONFIG_HELP;
		return 0;
	}
}

int
mqreport_config_parse(struct mqreport_config *c, int argc, char **argv,
    int64_t cache, struct buf *why)
{
	const char *arg;
	int id;

	*c = (struct mqreport_config){
		.root = "",
		.cache = cache,
		.cache_dir = MQ_STATEDIR,
		.timeout = MQREPORT_CONFIG_TIMEOUT,
	};
	cli_start();
	while ((id = cli_next(&mqreport_config_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || mqreport_config_option(c, id, arg, why) != 0)
			return -1;
		/* -h and -V answer at once, whatever follows. */
		if (c->action != MQREPORT_CONFIG_REPORT)
			return 0;
	}
	return cli_check(&mqreport_config_cli, argc, argv, why);
}
