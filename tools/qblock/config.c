/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - qblock's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "block/accessvalue.h"
#include "mta/table.h"
#include "tools/qblock/config.h"

enum {
	OPT_EXPIRE = CLI_LONG,
	OPT_REPLY,
	OPT_REASON,
	OPT_WIDE,
	OPT_CF,
	OPT_MAP,
	OPT_MAKEMAP,
	OPT_SENDMAIL,
	OPT_NAME,
	OPT_QUIET,
	OPT_JSON,
};

static const struct cli_option qblock_config_options[] = {
	{ 'y', "yes", CLI_NO_ARG, NULL,
	    "do it; without this, only say what would be done" },
	{ OPT_EXPIRE, "expire", CLI_ARG, "DURATION",
	    "add: so long (90m, 24h, 7d, never); then qblock\n"
	    "expire takes it away.  Without --expire the block\n"
	    "is for ever" },
	{ OPT_REPLY, "reply", CLI_ARG, "REPLY",
	    "add: what the client hears: REJECT, tempfail, or\n"
	    "'ERROR:5.7.1:\"550 TEXT\"' (REJECT)" },
	{ OPT_REASON, "reason", CLI_ARG, "TEXT",
	    "add: why, for whoever reads the file" },
	{ OPT_WIDE, "wide", CLI_NO_ARG, NULL,
	    "add: also a network over /24 (IPv6: over /64), or\n"
	    "a name below which many owners are, as co.uk" },
	{ OPT_NAME, "name", CLI_ARG, "HOST",
	    "add, check: the host name of this one address,\n"
	    "which sendmail looks at first (from queued mail)" },
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "add, check: look for host names in the mail of\n"
	    "this queue; repeatable (the queues of this host)" },
	{ OPT_CF, "cf", CLI_ARG, "FILE",
	    "find the access map in this configuration of\n"
	    "sendmail (/etc/mail/sendmail.cf, /etc/sendmail.cf)" },
	{ OPT_MAP, "map", CLI_ARG, "[TYPE:]FILE",
	    "this access file, without a look at sendmail.cf;\n"
	    "its map is FILE.db of TYPE hash or btree (hash)" },
	{ OPT_MAKEMAP, "makemap", CLI_ARG, "FILE",
	    "the program that makes the map (found where it\n"
	    "usually is)" },
	{ OPT_SENDMAIL, "sendmail", CLI_OPTIONAL_ARG, "[FILE]",
	    "check: ask sendmail, too, in its address test mode\n"
	    "(/usr/sbin/sendmail)" },
	{ OPT_QUIET, "quiet", CLI_NO_ARG, NULL,
	    "say nothing where there is nothing to do; for cron" },
	{ OPT_JSON, "json", CLI_NO_ARG, NULL,
#ifdef HAVE_JANSSON
	    "list: print JSON" },
#else
	    "list: print JSON; not in this build" },
#endif
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values qblock_config_values[] = {
	{ "COMMAND", "add remove expire list check" },
	{ "REPLY", "REJECT tempfail" },
	{ NULL, NULL },
};

const struct cli qblock_config_cli = {
	.program = "qblock",
	.version = PACKAGE_VERSION,
	.purpose = "refuse a client's mail, in the access map of sendmail",
	.usage = "add CLIENT... [--expire DURATION] [--reply REPLY]\n"
		 "           [--reason TEXT] [--wide] [--yes]\n"
		 "       qblock remove CLIENT... [--yes]\n"
		 "       qblock expire [--yes]\n"
		 "       qblock list [--json]\n"
		 "       qblock check ADDRESS|NAME [--name HOST]\n"
		 "           [--sendmail[=FILE]]",
	.options = qblock_config_options,
	/* clang-format off */
	.notes =
"A CLIENT is an address (203.0.113.66, 2001:db8::10), a prefix\n"
"(192.0.2.0/24), or a host name, which stands for all hosts below it as well.\n"
"\n"
"Examples:\n"
"  qblock add 203.0.113.66 --expire 24h --reason 'a flood'\n"
"      shows the lines that would go into /etc/mail/access\n"
"  qblock add 203.0.113.66 --expire 24h --reason 'a flood' --yes\n"
"      writes them, makes the map, and asks it\n"
"  qblock check 203.0.113.66\n"
"      does the map refuse this address, and which entry says so\n"
"  qblock check 203.0.113.66 --name mail.isp.example\n"
"      the same for a host whose name no queued mail tells\n"
"  qblock list\n"
"      all blocks of qblock, until when, by whom, and why\n"
"  qblock expire --yes --quiet\n"
"      for cron: takes away what is over\n"
"\n"
"Exit status: 0 done, or nothing to do; 1 check: not blocked; 2 refused,\n"
"failed or wrong usage: unless the error says so, nothing was changed.\n",
	/* clang-format on */
	.words = CLI_WORDS,
	.word = "COMMAND CLIENT",
	.values = qblock_config_values,
};

void
qblock_config_free(struct qblock_config *c)
{
	free(c->key);
	buf_free(&c->value);
	buf_free(&c->map_type);
	queue_list_free(&c->queues);
}

static int
qblock_config_expire(struct qblock_config *c, const char *arg, struct buf *why)
{
	const char *reason;

	c->expire_said = true;
	if (strcmp(arg, "never") == 0) {
		c->expire = QBLOCK_CONFIG_FOREVER;
		return 0;
	}
	if (num_duration(arg, &c->expire, &reason) != 0)
		return cli_bad_value(why, "--expire", arg, reason);
	if (c->expire == 0)
		return cli_bad_value(why, "--expire", arg,
		    "would be over at once");
	return 0;
}

static int
qblock_config_map(struct qblock_config *c, const char *arg, struct buf *why)
{
	const char *colon = strchr(arg, ':'), *slash = strchr(arg, '/');

	c->map = arg;
	if (colon != NULL && (slash == NULL || colon < slash)) {
		c->map = colon + 1;
		buf_truncate(&c->map_type, 0);
		buf_add(&c->map_type, arg, (size_t)(colon - arg));
	}
	return *c->map != '\0' ?
	    0 :
	    cli_bad_value(why, "--map", arg, "expected FILE or TYPE:FILE");
}

static int
qblock_config_reply(struct qblock_config *c, const char *arg, struct buf *why)
{
	const char *reason;

	buf_truncate(&c->value, 0);
	c->has_reply = true;
	return accessvalue_parse(&c->value, arg, &reason) == 0 ?
	    0 :
	    cli_bad_value(why, "--reply", arg, reason);
}

static int
qblock_config_option(struct qblock_config *c, int id, const char *arg,
    struct buf *why)
{
	switch (id) {
	case 'y':
		c->yes = true;
		return 0;
	case OPT_EXPIRE:
		return qblock_config_expire(c, arg, why);
	case OPT_REPLY:
		return qblock_config_reply(c, arg, why);
	case OPT_REASON:
		c->reason = arg;
		return 0;
	case OPT_WIDE:
		c->wide = true;
		return 0;
	case OPT_CF:
		c->cf = arg;
		return 0;
	case OPT_MAP:
		return qblock_config_map(c, arg, why);
	case OPT_MAKEMAP:
		c->makemap = arg;
		return 0;
	case OPT_SENDMAIL:
		c->sendmail = arg != NULL ? arg : "/usr/sbin/sendmail";
		return 0;
	case OPT_NAME:
		c->name = arg;
		return 0;
	case 'q':
		return mta_table_add_spec(&c->queues, arg) == 0 ?
		    0 :
		    cli_bad_value(why, "--queue", arg, queue_spec_error(errno));
	case OPT_QUIET:
		c->quiet = true;
		return 0;
	case OPT_JSON:
#ifdef HAVE_JANSSON
		c->json = true;
		return 0;
#else
		buf_adds(why,
		    "this build has no --json (it was configured"
		    " without jansson)");
		return -1;
#endif
	default:
		c->action = id == 'V' ? QBLOCK_CONFIG_VERSION :
					QBLOCK_CONFIG_HELP;
		return 1;
	}
}

static int
qblock_config_command(struct qblock_config *c, const char *word,
    struct buf *why)
{
	static const char *const commands[] = {
		[QBLOCK_CONFIG_ADD] = "add",
		[QBLOCK_CONFIG_REMOVE] = "remove",
		[QBLOCK_CONFIG_LIST] = "list",
		[QBLOCK_CONFIG_EXPIRE] = "expire",
		[QBLOCK_CONFIG_CHECK] = "check",
	};
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(word, commands[i]) == 0) {
			c->action = (enum qblock_config_action)i;
			return 0;
		}
	return cli_bad_value(why, "command", word,
	    "expected add, remove, list, expire or check");
}

/* The clients; one that is there already is not added. */
static int
qblock_config_clients(struct qblock_config *c, char **word, size_t n,
    struct buf *why)
{
	const char *reason;
	size_t i, j;

	if (n == 0)
		return 0;
	if ((c->key = calloc(n, sizeof(*c->key))) == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (accesskey_parse(c->key + c->nkeys, word[i], &reason) != 0)
			return cli_bad_value(why, "client", word[i], reason);
		for (j = 0; j < c->nkeys; j++)
			if (accesskey_equal(c->key + j, c->key + c->nkeys))
				break;
		c->nkeys += j == c->nkeys;
	}
	return 0;
}

static bool
qblock_config_is_one_address(const struct qblock_config *c)
{
	return c->nkeys == 1 && !c->key[0].is_name &&
	    c->key[0].prefix.bits == 128;
}

/* Does the number of clients fit the command? */
static int
qblock_config_check_clients(const struct qblock_config *c, struct buf *why)
{
	bool wants = c->action == QBLOCK_CONFIG_ADD ||
	    c->action == QBLOCK_CONFIG_REMOVE ||
	    c->action == QBLOCK_CONFIG_CHECK;

	if (wants && c->nkeys == 0)
		buf_adds(why, "which client: an address, a prefix or a name?");
	else if (!wants && c->nkeys != 0)
		buf_adds(why, "this command takes no client");
	else if (c->action == QBLOCK_CONFIG_CHECK &&
	    !qblock_config_is_one_address(c) &&
	    (c->nkeys != 1 || !c->key[0].is_name))
		buf_adds(why, "check takes one address, or one host name");
	else
		return 0;
	return -1;
}

/* Do the options fit the command, and the clients? */
static int
qblock_config_check(const struct qblock_config *c, struct buf *why)
{
	bool adds = c->action == QBLOCK_CONFIG_ADD,
	     checks = c->action == QBLOCK_CONFIG_CHECK,
	     lists = c->action == QBLOCK_CONFIG_LIST;

	if (qblock_config_check_clients(c, why) != 0)
		return -1;
	if (!adds &&
	    (c->has_reply || c->reason != NULL || c->wide || c->expire_said))
		buf_adds(why,
		    "--expire, --reply, --reason and --wide are for"
		    " add");
	else if (!checks && c->sendmail != NULL)
		buf_adds(why, "--sendmail is for check");
	else if (!adds && !checks && (c->name != NULL || c->queues.n != 0))
		buf_adds(why, "--name and --queue are for add and check");
	else if (c->name != NULL && !qblock_config_is_one_address(c))
		buf_adds(why, "--name is the host name of one address");
	else if ((lists || checks) && (c->yes || c->quiet))
		buf_adds(why,
		    "--yes and --quiet are for add, remove and"
		    " expire");
	else if (!lists && c->json)
		buf_adds(why, "--json is for list");
	else
		return 0;
	return -1;
}

int
qblock_config_parse(struct qblock_config *c, int argc, char **argv,
    struct buf *why)
{
	const char *arg;
	int id, rc, first;

	*c = (struct qblock_config){ .expire = QBLOCK_CONFIG_FOREVER };
	cli_start();
	while ((id = cli_next(&qblock_config_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?')
			return -1;
		if ((rc = qblock_config_option(c, id, arg, why)) != 0)
			return rc == 1 ? 0 : -1;
	}
	if ((first = cli_first_word()) == argc) {
		buf_adds(why,
		    "which command: add, remove, list, expire or"
		    " check?");
		return -1;
	}
	if (!c->has_reply)
		buf_adds(&c->value, "REJECT");
	if (c->value.oom) {
		buf_adds(why, "out of memory");
		return -1;
	}
	if (qblock_config_command(c, argv[first], why) != 0 ||
	    qblock_config_clients(c, argv + first + 1,
		(size_t)(argc - first - 1), why) != 0)
		return -1;
	return qblock_config_check(c, why);
}
