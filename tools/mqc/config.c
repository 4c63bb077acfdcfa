/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - mqc's options
 *
 * Built once, before any host is asked.  Strings stay in argv.  The command
 * line is read twice, because a limit may name a column that comes behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fsx.h"
#include "base/num.h"
#include "report/report.h"
#include "tools/mqc/config.h"

#define MQC_CONFIG_DAY    86400
#define MQC_CONFIG_NUMBER INT64_C(1000000000)
#define MQC_CONFIG_FILE   "mqc.conf"

enum {
	OPT_COLUMNS = CLI_LONG,
	OPT_STALE,
	OPT_TIME,
	OPT_TOTAL,
	OPT_BELL,
	OPT_WRAP,
	OPT_WIDTH,
	OPT_RELAYS,
	OPT_RECORD,
	OPT_REPLAY,
	OPT_SPEED,
	OPT_ONCE,
	OPT_JSON,
	OPT_TSV,
};

static const struct cli_option mqc_config_options[] = {
	{ 'i', "interval", CLI_ARG, "DURATION", "a round so often (30s)" },
	{ 'n', "rounds", CLI_ARG, "N", "end after N rounds" },
	{ OPT_ONCE, "once", CLI_NO_ARG, NULL, "the same as -n 1" },
	CLI_TIMEOUT_ROW("DURATION",
	    "wait so long for a host; below the interval (10s,\n"
	    "or two thirds of a shorter interval)"),
	{ 'f', "file", CLI_ARG, "FILE",
	    "hosts, one a line: HOST[:PORT], NAME = HOST[:PORT]\n"
	    "or NAME = exec: COMMAND (~/.config/mqc.conf,\n"
	    "unless hosts are named)" },
	{ OPT_COLUMNS, "columns", CLI_ARG, "NAME,...",
	    "numbers of a host: in, m, client for the queues of\n"
	    "that role, or the name of a queue (in,m; --json\n"
	    "and --tsv: in,m,client)" },
	{ 'w', "warning", CLI_ARG, "[COLUMN=]N",
	    "messages; more is yellow (1200)" },
	{ 'c', "critical", CLI_ARG, "[COLUMN=]N",
	    "messages; more is red (3000)" },
	{ OPT_STALE, "stale", CLI_ARG, "DURATION",
	    "show no number that is older (5m, or three\n"
	    "intervals if that is longer)" },
	{ OPT_TIME, "time", CLI_NO_ARG, NULL,
	    "a column with the time of the round" },
	{ OPT_TOTAL, "total", CLI_NO_ARG, NULL,
	    "a column with the sums over all hosts" },
	{ OPT_WRAP, "wrap", CLI_NO_ARG, NULL,
	    "show all hosts in several lines, where one is too\n"
	    "short, instead of the worst in one" },
	{ OPT_WIDTH, "width", CLI_ARG, "N",
	    "columns of a line (the terminal's; else no limit)" },
	{ OPT_RELAYS, "relays", CLI_NO_ARG, NULL,
	    "name each relay that holds more than 100 messages\n"
	    "and 10% of all, summed over all hosts; mqreport\n"
	    "there has to be run with --relays" },
	{ OPT_BELL, "bell", CLI_NO_ARG, NULL,
	    "ring the terminal's bell when a number goes over a\n"
	    "limit" },
	{ OPT_RECORD, "record", CLI_ARG, "FILE",
	    "add all reports to FILE, a line a host and round" },
	{ OPT_REPLAY, "replay", CLI_ARG, "FILE",
	    "show the rounds of such a FILE instead; - is the\n"
	    "standard input" },
	{ OPT_SPEED, "speed", CLI_ARG, "X",
	    "replay X times as fast (1); 0: without waiting" },
	{ OPT_JSON, "json", CLI_NO_ARG, NULL, "a round is a line of JSON" },
	{ OPT_TSV, "tsv", CLI_NO_ARG, NULL,
	    "a host is a line of fields parted by tabs" },
	CLI_LAST_ROWS,
};

static const struct cli_values mqc_config_values[] = {
	{ "NAME", "in m client" },
	{ NULL, NULL },
};

#define MQC_CONFIG_FOR_PEOPLE "it is about the line that people read"

/* clang-format off */
static const struct cli_pair mqc_config_pairs[] = {
	{ OPT_JSON, CLI_EXCLUDES, OPT_TSV, NULL },
	{ OPT_TIME, CLI_EXCLUDES, OPT_JSON, "each round has its time" },
	{ OPT_TIME, CLI_EXCLUDES, OPT_TSV, "each line has its time" },
	{ OPT_TOTAL, CLI_EXCLUDES, OPT_JSON, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_TOTAL, CLI_EXCLUDES, OPT_TSV, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_WRAP, CLI_EXCLUDES, OPT_JSON, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_WRAP, CLI_EXCLUDES, OPT_TSV, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_WIDTH, CLI_EXCLUDES, OPT_JSON, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_WIDTH, CLI_EXCLUDES, OPT_TSV, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_BELL, CLI_EXCLUDES, OPT_JSON, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_BELL, CLI_EXCLUDES, OPT_TSV, MQC_CONFIG_FOR_PEOPLE },
	{ OPT_RELAYS, CLI_EXCLUDES, OPT_TSV,
	    "its lines are about hosts; --json has relays" },
	{ 'w', CLI_EXCLUDES, OPT_TSV,
	    "it has numbers and no levels; --json has both" },
	{ 'c', CLI_EXCLUDES, OPT_TSV,
	    "it has numbers and no levels; --json has both" },
	{ OPT_ONCE, CLI_EXCLUDES, 'n', "both say how many rounds" },
	{ 't', CLI_EXCLUDES, OPT_REPLAY, "no host is asked" },
	{ 'i', CLI_EXCLUDES, OPT_REPLAY,
	    "the rounds are those of the recording; see --speed" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli mqc_config_cli = {
	.program = "mqc",
	.version = PACKAGE_VERSION,
	.purpose = "the mail queues of many servers, a line a round",
	.usage = "[-i 30] [-w 1200 -c 3000] [options] [[NAME=]HOST[:PORT]]...",
	.options = mqc_config_options,
	.pairs = mqc_config_pairs,
	.word = "[NAME=]HOST[:PORT]",
	.values = mqc_config_values,
	.words = CLI_WORDS,
	/* clang-format off */
	.notes =
"A HOST runs mqreport from inetd, xinetd or a systemd socket, on port "
REPORT_PORT "/tcp\n"
"unless another is given; IPv6 addresses are [::1]:" REPORT_PORT
".  A COMMAND is words, no\n"
"shell.  Numbers: ~39 at least 39; 39? old, because the host does not answer;\n"
"! unreadable; - no such queue; -- nothing known; ^39 grows fast.\n"
"\n"
"Examples:\n"
"  mqc mx1 mx2 mx3\n"
"  mqc -i 10 --time --total -w m=5000 -f /etc/mqc.conf\n"
"  mqc 'mx1 = exec: ssh -o BatchMode=yes mx1 /usr/sbin/mqreport'\n"
"  mqc --record night.mqc --relays; mqc --replay night.mqc --speed 60 --time\n"
"  mqc --once --tsv mx1 mx2\n"
"\n"
"Exit status: 0 the last round had fresh numbers of all hosts, or a signal\n"
"ended it; 1 of some; 2 of none, wrong usage, or another failure.\n",
	/* clang-format on */
};

void
mqc_config_free(struct mqc_config *c)
{
	mqc_hosts_free(&c->hosts);
}

/* A duration of a second to a day. */
static int
mqc_config_duration(const char *option, const char *text, int64_t *out,
    struct buf *why)
{
	if (cli_duration(why, option, text, out) != 0)
		return -1;
	if (*out == 0 || *out > MQC_CONFIG_DAY)
		return cli_bad_value(why, option, text,
		    "expected a second to a day");
	return 0;
}

/* Adds the hosts of a file. */
static int
mqc_config_read(struct mqc_config *c, const char *file, struct buf *why)
{
	struct buf text = BUF_INIT, bad = BUF_INIT;
	int rc = -1;

	if (fsx_read(AT_FDCWD, file, 0, MQC_HOSTS_FILE, &text) != 0) {
		cli_bad_value(why, "file", file, strerror(errno));
	} else if (mqc_hosts_parse(&c->hosts, text.data, text.len, &bad) != 0) {
		cli_bad_value(why, "file", file,
		    bad.oom ? "out of memory" : bad.data);
	} else if (c->hosts.n == 0) {
		cli_bad_value(why, "file", file, "it names no host");
	} else {
		rc = 0;
	}
	buf_free(&text);
	buf_free(&bad);
	return rc;
}

/* The options that have a value, but for limits. */
static int
mqc_config_value(struct mqc_config *c, int id, const char *arg, struct buf *why)
{
	const char *reason;
	int64_t n;

	switch (id) {
	case 'i':
		return mqc_config_duration("--interval", arg, &c->interval,
		    why);
	case 'n':
		return cli_number(why, "--rounds", arg, 1, MQC_CONFIG_NUMBER,
		    &c->rounds);
	case 't':
		if (mqc_config_duration("--timeout", arg, &n, why) != 0)
			return -1;
		c->timeout = n * 1000;
		return 0;
	case 'f':
		return mqc_config_read(c, arg, why);
	case OPT_COLUMNS:
		c->columns.chosen = true;
		return mqc_column_parse(&c->columns, arg, why);
	case OPT_STALE:
		return mqc_config_duration("--stale", arg, &c->stale_after,
		    why);
	case OPT_WIDTH:
		if (cli_number(why, "--width", arg, 1, MQC_CONFIG_NUMBER, &n) !=
		    0)
			return -1;
		c->width = (size_t)n;
		return 0;
	case OPT_RECORD:
		c->record = arg;
		return 0;
	case OPT_REPLAY:
		c->replay = arg;
		return 0;
	default: /* OPT_SPEED */
		if (num_decimal(arg, strlen(arg), &c->speed, &reason) != 0)
			return cli_bad_value(why, "--speed", arg, reason);
		if (c->speed < 0)
			return cli_bad_value(why, "--speed", arg,
			    "expected a number like 10 or 0.5");
		return 0;
	}
}

static int
mqc_config_option(struct mqc_config *c, int id, const char *arg,
    struct buf *why)
{
	switch (id) {
	case OPT_ONCE:
		c->rounds = 1;
		break;
	case OPT_TIME:
		c->time = true;
		break;
	case OPT_TOTAL:
		c->total = true;
		break;
	case OPT_WRAP:
		c->wrap = true;
		break;
	case OPT_RELAYS:
		c->relays = true;
		break;
	case OPT_BELL:
		c->bell = true;
		break;
	case OPT_JSON:
#ifndef HAVE_JANSSON
		return cli_bad_value(why, "--json", "",
		    "this mqc was built"
		    " without jansson");
#endif
		c->format = MQC_CONFIG_JSON;
		break;
	case OPT_TSV:
		c->format = MQC_CONFIG_TSV;
		break;
	case 'V':
		c->action = MQC_CONFIG_VERSION;
		break;
	case 'h':
		c->action = MQC_CONFIG_HELP;
		break;
	default:
		return mqc_config_value(c, id, arg, why);
	}
	return 0;
}

/* All options but limits, or the limits; stops at -h and -V. */
static int
mqc_config_pass(struct mqc_config *c, int argc, char **argv, bool limits,
    struct buf *why)
{
	const char *arg;
	int id, rc = 0;

	cli_start();
	while (rc == 0 && c->action == MQC_CONFIG_RUN &&
	    (id = cli_next(&mqc_config_cli, argc, argv, &arg, why)) != -1) {
		if (id == '?')
			return -1;
		if (id == 'w' || id == 'c')
			rc = !limits ?
			    0 :
			    mqc_column_set_limit(&c->columns,
				id == 'w' ? MQC_COLUMN_WARN : MQC_COLUMN_CRIT,
				arg, why);
		else if (!limits)
			rc = mqc_config_option(c, id, arg, why);
	}
	return rc;
}

/* The hosts that are named, or those of the user's file. */
static int
mqc_config_hosts(struct mqc_config *c, int argc, char **argv,
    const struct mqc_config_env *env, struct buf *why)
{
	struct buf file = BUF_INIT;
	int i, rc = 0;

	for (i = cli_first_word(); i < argc; i++)
		if (mqc_hosts_add(&c->hosts, argv[i], why) != 0)
			return -1;
	if (c->replay != NULL || c->hosts.n != 0)
		return 0;
	if (env->xdg_config_home != NULL && *env->xdg_config_home == '/')
		buf_addf(&file, "%s/" MQC_CONFIG_FILE, env->xdg_config_home);
	else
		buf_addf(&file, "%s/.config/" MQC_CONFIG_FILE,
		    env->home != NULL ? env->home : "");
	if (file.oom || (rc = mqc_config_read(c, file.data, why)) != 0) {
		buf_adds(why,
		    "; no host was named: mqc HOST..., or write them"
		    " there, one a line");
		rc = -1;
	}
	buf_free(&file);
	return rc;
}

static int
mqc_config_check(struct mqc_config *c, bool speed_given, struct buf *why)
{
	const char *bad = NULL;

	if (c->timeout == 0)
		c->timeout = c->interval >= 15 ? 10000 : c->interval * 2000 / 3;
	if (c->timeout >= c->interval * 1000)
		bad = "--timeout must be below the --interval";
	else if (c->replay != NULL && c->hosts.n != 0)
		bad = "--replay shows the hosts of the recording; name none";
	else if (c->replay != NULL && c->record != NULL)
		bad = "--replay and --record exclude each other";
	else if (c->replay == NULL && speed_given)
		bad = "--speed needs --replay";
	if (bad != NULL)
		buf_adds(why, bad);
	return bad != NULL ? -1 : 0;
}

int
mqc_config_parse(struct mqc_config *c, int argc, char **argv,
    const struct mqc_config_env *env, struct buf *why)
{
	bool speed_given;

	*c = (struct mqc_config){ .interval = 30, .speed = -1 };
	if (mqc_column_parse(&c->columns, MQC_COLUMN_DEFAULT, why) != 0 ||
	    mqc_config_pass(c, argc, argv, false, why) != 0)
		return -1;
	if (c->action != MQC_CONFIG_RUN)
		return 0;
	if (!c->columns.chosen && c->format != MQC_CONFIG_TEXT &&
	    mqc_column_parse(&c->columns, MQC_COLUMN_ALL, why) != 0)
		return -1;
	if (mqc_config_pass(c, argc, argv, true, why) != 0 ||
	    mqc_column_check(&c->columns, why) != 0 ||
	    cli_check(&mqc_config_cli, argc, argv, why) != 0 ||
	    mqc_config_hosts(c, argc, argv, env, why) != 0)
		return -1;
	speed_given = c->speed >= 0;
	if (!speed_given)
		c->speed = 1;
	return mqc_config_check(c, speed_given, why);
}
