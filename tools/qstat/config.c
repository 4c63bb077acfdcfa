/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - qstat's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "tools/common/queues.h"
#include "tools/qstat/config.h"

#define QSTAT_CONFIG_SHOWN    80
#define QSTAT_CONFIG_TOP_MAX  1000000
#define QSTAT_CONFIG_TIME_MAX 86400

enum {
	OPT_BY = CLI_LONG,
	OPT_MIN,
	OPT_SORT,
	OPT_AGES,
	OPT_MESSAGES,
	OPT_SHOW,
	OPT_JSON,
	OPT_TSV,
	OPT_ROOT,
};

static const struct cli_option qstat_config_options[] = {
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "look at this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)" },
	{ OPT_BY, "by", CLI_ARG, "KEY",
	    "what to count by: relay, network, name, helo,\n"
	    "sender, sender-domain, recipient-domain or status\n"
	    "(relay)" },
	{ 'n', "top", CLI_ARG, "N",
	    "show the first N groups (20), or messages (1000);\n"
	    "0: all of them" },
	{ OPT_MIN, "min", CLI_ARG, "N",
	    "show only groups of at least N messages (1)" },
	{ OPT_SORT, "sort", CLI_ARG, "ORDER",
	    "count, oldest or rate: the most messages, the\n"
	    "oldest, or the fastest first (count)" },
	{ OPT_AGES, "ages", CLI_NO_ARG, NULL,
	    "show how old the messages of each group are" },
	{ OPT_MESSAGES, "messages", CLI_ARG, "SELECTOR",
	    "list the messages of a relay, a sender, a status,\n"
	    "or whatever KEY counts by; see below" },
	{ OPT_SHOW, "show", CLI_ARG, "ID",
	    "print the control file of a message" },
	{ OPT_JSON, "json", CLI_NO_ARG, NULL,
#ifdef HAVE_JANSSON
	    "print JSON" },
#else
	    "print JSON; not in this build" },
#endif
	{ OPT_TSV, "tsv", CLI_NO_ARG, NULL,
	    "print lines of fields that are parted by tabs" },
	{ OPT_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 't', "timeout", CLI_ARG, "SEC",
	    "read for SEC seconds at most, and estimate the\n"
	    "rest from what was read (no limit)" },
	{ 'v', "verbose", CLI_NO_ARG, NULL,
	    "also directories, and what was left out; JSON is\n"
	    "indented" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values qstat_config_values[] = {
	{ "KEY", KEY_BY_WORDS },
	{ "ORDER", "count oldest rate" },
	{ "SELECTOR", SELECTOR_WORDS },
	{ NULL, NULL },
};

/* clang-format off */
static const struct cli_pair qstat_config_pairs[] = {
	{ OPT_ROOT, CLI_EXCLUDES, 'q', "it is about queues that are not"
	    " named" },
	{ 't', CLI_EXCLUDES, OPT_SHOW, "one control file is read" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli qstat_config_cli = {
	.program = "qstat",
	.version = PACKAGE_VERSION,
	.purpose = "who fills the mail queues of sendmail and MailScanner",
	.usage =
	    "[-q [NAME=]DIR]... [--by KEY] [-n TOP] [options]\n"
	    "       qstat [-q [NAME=]DIR]... --messages SELECTOR [WORD...]\n"
	    "       qstat [-q [NAME=]DIR]... --show ID",
	.options = qstat_config_options,
	.pairs = qstat_config_pairs,
	/* clang-format off */
	.notes =
"A SELECTOR is an address (203.0.113.66), a prefix (192.0.2.0/24,\n"
"2001:db8::/32), name:SUFFIX, helo:NAME, sender:ADDRESS (sender:<> for the\n"
"null sender), sender-domain:DOMAIN, recipient:ADDRESS,\n"
"recipient-domain:DOMAIN, class:CLASS (smtp, loopback, local, bounce, none,\n"
"unknown, incomplete) or 'status:REASON', the last word of its argument.\n"
"Words of one kind are alternatives, different kinds must all hold, and so\n"
"must older:DURATION and newer:DURATION (90s, 15m, 2h).\n"
"\n"
"Examples:\n"
"  qstat\n"
"      the relays that hold most of this machine's queues\n"
"  qstat --by sender-domain -n 5 -q /var/spool/mqueue.in\n"
"      the five largest sender domains of one queue\n"
"  qstat --ages\n"
"      how old the mail of each relay is\n"
"  qstat --messages 203.0.113.66 older:10m\n"
"      that relay's messages, the oldest first\n"
"  qstat --show 6AMJvmCO015886\n"
"      what the control file of one message says\n"
"\n"
"Exit status: 0 all was read, 1 some of it could not be read (the answer says\n"
"what), 2 wrong usage or no answer.\n",
	/* clang-format on */
	.words = CLI_WORDS,
	.word = "SELECTOR",
	.values = qstat_config_values,
};

void
qstat_config_free(struct qstat_config *c)
{
	queue_list_free(&c->queues);
	selector_free(&c->selector);
	buf_free(&c->wanted);
	free(c->specs);
}

static int
qstat_config_top(struct qstat_config *c, const char *text, struct buf *why)
{
	int64_t n;

	if (cli_number(why, "--top", text, 0, QSTAT_CONFIG_TOP_MAX, &n) != 0)
		return -1;
	c->top = (size_t)n;
	c->all = n == 0;
	return 0;
}

static int
qstat_config_sort(struct qstat_config *c, const char *text, struct buf *why)
{
	static const char *const orders[] = { "count", "oldest", "rate" };
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (strcmp(text, orders[i]) == 0) {
			c->sort = (enum qstat_config_sort)i;
			return 0;
		}
	return cli_bad_value(why, "--sort", text,
	    "expected count, oldest or rate");
}

/* One word of the selector; what was typed is kept for the answer. */
static int
qstat_config_select(struct qstat_config *c, const char *text, struct buf *why)
{
	if (c->wanted.len != 0)
		buf_addc(&c->wanted, ' ');
	buf_adds(&c->wanted, text);
	if (c->wanted.oom) {
		buf_adds(why, "out of memory");
		return -1;
	}
	return selector_parse(&c->selector, text, why);
}

/* --messages and --show: one thing at a time. */
static int
qstat_config_act(struct qstat_config *c, enum qstat_config_action action,
    struct buf *why)
{
	if (c->action != QSTAT_CONFIG_GROUPS) {
		buf_adds(why,
		    "--messages and --show can be given once, and"
		    " not together");
		return -1;
	}
	c->action = action;
	return 0;
}

static int
qstat_config_format(struct qstat_config *c, enum qstat_config_format format,
    struct buf *why)
{
	if (c->format != QSTAT_CONFIG_TEXT && c->format != format) {
		buf_adds(why, "--json and --tsv exclude each other");
		return -1;
	}
#ifndef HAVE_JANSSON
	if (format == QSTAT_CONFIG_JSON) {
		buf_adds(why,
		    "this build has no --json (it was configured"
		    " without jansson); --tsv is there");
		return -1;
	}
#endif
	c->format = format;
	return 0;
}

static int
qstat_config_option(struct qstat_config *c, int id, const char *arg,
    struct buf *why)
{
	int64_t n;

	switch (id) {
	case 'q':
		return queues_take(&c->queues, &c->specs, &c->nspecs, arg, why);
	case OPT_BY:
		return key_by_parse(arg, &c->by) == 0 ?
		    0 :
		    cli_bad_value(why, "--by", arg,
			"expected relay,"
			" network, name, helo, sender, sender-domain,"
			" recipient-domain or status");
	case 'n':
		return qstat_config_top(c, arg, why);
	case OPT_MIN:
		if (cli_number(why, "--min", arg, 0, INT64_MAX, &n) != 0)
			return -1;
		c->min = (uint64_t)n;
		return 0;
	case OPT_SORT:
		return qstat_config_sort(c, arg, why);
	case OPT_AGES:
		c->ages = true;
		return 0;
	case OPT_MESSAGES:
		return qstat_config_act(c, QSTAT_CONFIG_MESSAGES, why) != 0 ?
		    -1 :
		    qstat_config_select(c, arg, why);
	case OPT_SHOW:
		c->id = arg;
		return qstat_config_act(c, QSTAT_CONFIG_SHOW, why);
	case OPT_JSON:
		return qstat_config_format(c, QSTAT_CONFIG_JSON, why);
	case OPT_TSV:
		return qstat_config_format(c, QSTAT_CONFIG_TSV, why);
	case OPT_ROOT:
		c->root = strcmp(arg, "/") == 0 ? "" : arg;
		return 0;
	case 't':
		if (cli_number(why, "--timeout", arg, 1, QSTAT_CONFIG_TIME_MAX,
			&n) != 0)
			return -1;
		c->timeout = (int)n;
		return 0;
	case 'v':
		c->verbose++;
		return 0;
	default:
		c->action = id == 'V' ? QSTAT_CONFIG_VERSION :
					QSTAT_CONFIG_HELP;
		return 0;
	}
}

/* What getopt left: more words of the selector. */
static int
qstat_config_words(struct qstat_config *c, int n, char **words, struct buf *why)
{
	int i;

	for (i = 0; i < n; i++) {
		if (c->action != QSTAT_CONFIG_MESSAGES) {
			buf_adds(why, "unexpected argument '");
			clean_adds(why, words[i], QSTAT_CONFIG_SHOWN);
			buf_adds(why,
			    "'; to list a relay's messages:"
			    " --messages ADDRESS");
			return -1;
		}
		if (qstat_config_select(c, words[i], why) != 0)
			return -1;
	}
	return 0;
}

/* Options that would be ignored are refused instead. */
static int
qstat_config_check(const struct qstat_config *c, struct buf *why)
{
	bool groups = c->action == QSTAT_CONFIG_GROUPS;

	if (!groups &&
	    (c->ages || c->min > 0 || c->by != KEY_RELAY ||
		c->sort != QSTAT_CONFIG_COUNT)) {
		buf_adds(why,
		    "--by, --min, --sort and --ages don't go with"
		    " --messages or --show");
		return -1;
	}
	if (c->action == QSTAT_CONFIG_SHOW &&
	    (c->format != QSTAT_CONFIG_TEXT || c->top != 0 || c->all)) {
		buf_adds(why, "--json, --tsv and -n don't go with --show");
		return -1;
	}
	if (c->ages && c->format == QSTAT_CONFIG_TSV) {
		buf_adds(why, "--ages has no --tsv; there is --json");
		return -1;
	}
	return 0;
}

int
qstat_config_parse(struct qstat_config *c, int argc, char **argv,
    struct buf *why)
{
	int id, first;
	const char *arg;

	*c = (struct qstat_config){
		.root = "",
		.by = KEY_RELAY,
		.selector = SELECTOR_INIT,
		.wanted = BUF_INIT,
	};
	cli_start();
	while ((id = cli_next(&qstat_config_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || qstat_config_option(c, id, arg, why) != 0)
			return -1;
		/* -h and -V answer at once, whatever follows. */
		if (c->action == QSTAT_CONFIG_HELP ||
		    c->action == QSTAT_CONFIG_VERSION)
			return 0;
	}
	if (cli_check(&qstat_config_cli, argc, argv, why) != 0)
		return -1;
	first = cli_first_word();
	if (qstat_config_words(c, argc - first, argv + first, why) != 0)
		return -1;
	return qstat_config_check(c, why);
}
