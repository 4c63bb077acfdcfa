/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - check_mqueue's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/common/option.h"
#include "plugins/common/plugin.h"
#include "report/report.h"

#define MQUEUE_CONFIG_SHOWN 80 /* of a threshold */

enum {
	OPT_AGE_WARNING = CLI_LONG,
	OPT_AGE_CRITICAL,
	OPT_FORECAST_WARNING,
	OPT_FORECAST_CRITICAL,
	OPT_LOST_WARNING,
	OPT_QUARANTINED_WARNING,
	OPT_STRANDED_WARNING,
	OPT_HELD_AGE_WARNING,
	OPT_HELD_AGE_CRITICAL,
	OPT_STALE,
	OPT_LIST_QUEUES,
	OPT_ROOT,
	OPT_STATE_DIR,
	OPT_OUTPUT_FORMAT,
	OPT_EXTRA_OPTS,
};

static const struct cli_option mqueue_config_options[] = {
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "watch this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)" },
	{ 'H', "hostname", CLI_ARG, "HOST[:PORT]",
	    "judge the report that mqreport gives there\n"
	    "(port " REPORT_PORT ")" },
	{ OPT_STALE, "stale", CLI_ARG, "DURATION",
	    "a report older than this is UNKNOWN (5m)" },
	{ 'w', "warning", CLI_ARG, "[QUEUE=]RANGE",
	    "messages in the queue (1200)" },
	{ 'c', "critical", CLI_ARG, "[QUEUE=]RANGE",
	    "messages in the queue (3000)" },
	{ OPT_AGE_WARNING, "age-warning", CLI_ARG, "[QUEUE=]DURATION",
	    "age of the oldest message (15m for an incoming\n"
	    "queue)" },
	{ OPT_AGE_CRITICAL, "age-critical", CLI_ARG, "[QUEUE=]DURATION",
	    "age of the oldest message (60m for an incoming\n"
	    "queue)" },
	{ OPT_FORECAST_WARNING, "forecast-warning", CLI_ARG, "[QUEUE=]DURATION",
	    "warn when the queue will be over its limit of\n"
	    "messages within this time (not judged)" },
	{ OPT_FORECAST_CRITICAL, "forecast-critical", CLI_ARG,
	    "[QUEUE=]DURATION", "the same, but critical (not judged)" },
	{ OPT_LOST_WARNING, "lost-warning", CLI_ARG, "[QUEUE=]RANGE",
	    "messages that sendmail set aside as unusable (0)" },
	{ OPT_QUARANTINED_WARNING, "quarantined-warning", CLI_ARG,
	    "[QUEUE=]RANGE", "messages in quarantine (not judged)" },
	{ OPT_STRANDED_WARNING, "stranded-warning", CLI_ARG, "[QUEUE=]RANGE",
	    "messages that no queue run delivers (0)" },
	{ OPT_HELD_AGE_WARNING, "held-age-warning", CLI_ARG, "[QUEUE=]DURATION",
	    "age of the oldest message in quarantine (1d)" },
	{ OPT_HELD_AGE_CRITICAL, "held-age-critical", CLI_ARG,
	    "[QUEUE=]DURATION", "the same, but critical (not judged)" },
	{ OPT_LIST_QUEUES, "list-queues", CLI_NO_ARG, NULL,
	    "say which queues were found, from where, and\n"
	    "whether this user can read them; and which were\n"
	    "not, and which messages no queue run delivers" },
	{ OPT_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 't', "timeout", CLI_ARG, "SEC[:STATE]",
	    "answer within SEC seconds (10), and with STATE if\n"
	    "that cuts the count short (UNKNOWN)" },
	{ OPT_STATE_DIR, "state-dir", CLI_ARG, "DIR",
	    "keep the history for growth below DIR\n"
	    "(MP_STATE_PATH, else\n" MQ_STATEDIR ")" },
	{ OPT_OUTPUT_FORMAT, "output-format", CLI_ARG, "FORMAT",
	    OPTION_FORMATS },
	{ OPT_EXTRA_OPTS, "extra-opts", CLI_OPTIONAL_ARG, "[SECTION][@FILE]",
	    "more options from an ini file" },
	{ 'v', "verbose", CLI_NO_ARG, NULL,
	    "also the thresholds, and no limit to the output;\n"
	    "twice: also every directory" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values mqueue_config_values[] = {
	{ "FORMAT", OPTION_FORMAT_WORDS },
	{ "STATE", RESULT_STATE_WORDS },
	{ NULL, NULL },
};

/* clang-format off */
static const struct cli_pair mqueue_config_pairs[] = {
	{ OPT_ROOT, CLI_EXCLUDES, 'q', "it is about queues that are not"
	    " named" },
	{ OPT_STALE, CLI_NEEDS, 'H', "it is about the age of a report" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli mqueue_config_cli = {
	.program = "check_mqueue",
	.version = PACKAGE_VERSION,
	.purpose = "judge the mail queues of sendmail and MailScanner",
	.usage = "[-q [NAME=]DIR]... [-w RANGE] [-c RANGE] [options]\n"
		 "       check_mqueue -H HOST[:PORT] [-w RANGE] [-c RANGE]"
		 " [options]",
	.options = mqueue_config_options,
	.pairs = mqueue_config_pairs,
	.values = mqueue_config_values,
	/* clang-format off */
	.notes =
"A RANGE is [@]START:END as in the Monitoring Plugins guidelines: 1200 alerts\n"
"above 1200, 10: below 10, @10:20 within.  A DURATION is 90s, 15m, 2h or 1d.\n"
"QUEUE= limits a threshold to one queue; without it, it holds for all.\n"
"\n"
"Examples:\n"
"  cd " MQ_PLUGINDIR "\n"
"  ./check_mqueue\n"
"      the queues of this machine, with the default thresholds\n"
"  ./check_mqueue --list-queues\n"
"      which queues these are\n"
"  ./check_mqueue -w 500 -c 2000 -w mqueue-client=20 --age-warning mqueue=4h\n"
"      500 and 2000, but 20 in the client queue, and four hours in mqueue\n"
"  ./check_mqueue -q '/var/spool/mqueue/q*' --forecast-warning 1h\n"
"      a queue of several directories; warn an hour before it is full\n"
"  ./check_mqueue -H mx1\n"
"      the queues of another server, where inetd runs mqreport\n"
"\n"
"Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also for -h and -V).\n",
	/* clang-format on */
};

void
mqueue_config_free(struct mqueue_config *c)
{
	queue_list_free(&c->queues);
	free(c->rules);
}

/* Makes a range of a threshold's text. */
static int
mqueue_config_parse_range(struct mqueue_config_rule *r, const char *text,
    const char **why)
{
	int64_t seconds;

	if (r->metric != MQUEUE_CONFIG_AGE &&
	    r->metric != MQUEUE_CONFIG_FORECAST &&
	    r->metric != MQUEUE_CONFIG_HELD_AGE)
		return range_parse(&r->range, text, why);
	if (num_duration(text, &seconds, why) != 0)
		return -1;
	if (r->metric == MQUEUE_CONFIG_FORECAST)
		r->range = (struct range){ (double)seconds, INFINITY, false };
	else
		r->range = (struct range){ 0, (double)seconds, false };
	return 0;
}

/* "[QUEUE=]THRESHOLD"; a queue's name may hold '=' itself. */
static int
mqueue_config_add_rule(struct mqueue_config *c,
    enum mqueue_config_metric metric, enum result_state level,
    const char *option, const char *text, struct buf *why)
{
	struct mqueue_config_rule rule = {
		.metric = metric,
		.level = level,
		.text = text,
	};
	const char *eq = strrchr(text, '='), *reason;
	struct mqueue_config_rule *rules;

	if (eq != NULL) {
		rule.queue = text;
		rule.queue_len = (size_t)(eq - text);
	}
	if (mqueue_config_parse_range(&rule, eq != NULL ? eq + 1 : text,
		&reason) != 0)
		return cli_bad_value(why, option, text, reason);
	rules = realloc(c->rules, (c->nrules + 1) * sizeof(*rules));
	if (rules == NULL)
		return cli_bad_value(why, option, text, "out of memory");
	c->rules = rules;
	rules[c->nrules++] = rule;
	return 0;
}

/* The options that are thresholds. */
static const struct mqueue_config_threshold {
	int id;
	enum mqueue_config_metric metric;
	enum result_state level;
	const char *option;
} mqueue_config_thresholds[] = { { 'w', MQUEUE_CONFIG_MESSAGES, RESULT_WARNING,
				     "--warning" },
	{ 'c', MQUEUE_CONFIG_MESSAGES, RESULT_CRITICAL, "--critical" },
	{ OPT_AGE_WARNING, MQUEUE_CONFIG_AGE, RESULT_WARNING, "--age-warning" },
	{ OPT_AGE_CRITICAL, MQUEUE_CONFIG_AGE, RESULT_CRITICAL,
	    "--age-critical" },
	{ OPT_FORECAST_WARNING, MQUEUE_CONFIG_FORECAST, RESULT_WARNING,
	    "--forecast-warning" },
	{ OPT_FORECAST_CRITICAL, MQUEUE_CONFIG_FORECAST, RESULT_CRITICAL,
	    "--forecast-critical" },
	{ OPT_LOST_WARNING, MQUEUE_CONFIG_LOST, RESULT_WARNING,
	    "--lost-warning" },
	{ OPT_QUARANTINED_WARNING, MQUEUE_CONFIG_QUARANTINED, RESULT_WARNING,
	    "--quarantined-warning" },
	{ OPT_STRANDED_WARNING, MQUEUE_CONFIG_STRANDED, RESULT_WARNING,
	    "--stranded-warning" },
	{ OPT_HELD_AGE_WARNING, MQUEUE_CONFIG_HELD_AGE, RESULT_WARNING,
	    "--held-age-warning" },
	{ OPT_HELD_AGE_CRITICAL, MQUEUE_CONFIG_HELD_AGE, RESULT_CRITICAL,
	    "--held-age-critical" } };

static const struct mqueue_config_threshold *
mqueue_config_threshold(int id)
{
	size_t i;

	for (i = 0; i < sizeof(mqueue_config_thresholds) /
		 sizeof(*mqueue_config_thresholds);
	     i++)
		if (mqueue_config_thresholds[i].id == id)
			return &mqueue_config_thresholds[i];
	return NULL;
}

/*
 * The rule that was given for a queue, or with NULL for those that no rule
 * names: one that names it before one for all, the later before the earlier.
 */
static const struct mqueue_config_rule *
mqueue_config_given(const struct mqueue_config *c,
    enum mqueue_config_metric metric, enum result_state level,
    const char *queue, size_t len)
{
	const struct mqueue_config_rule *r, *named = NULL, *general = NULL;
	size_t i;

	for (i = 0; i < c->nrules; i++) {
		r = &c->rules[i];
		if (r->metric != metric || r->level != level)
			continue;
		if (r->queue == NULL)
			general = r;
		else if (queue != NULL && len == r->queue_len &&
		    strncmp(queue, r->queue, len) == 0)
			named = r;
	}
	return named != NULL ? named : general;
}

static void
mqueue_config_add_given(struct buf *why, const struct mqueue_config_rule *r)
{
	size_t i = 0;

	while (mqueue_config_thresholds[i].metric != r->metric ||
	    mqueue_config_thresholds[i].level != r->level)
		i++;
	buf_addf(why, "%s '", mqueue_config_thresholds[i].option);
	clean_adds(why, r->text, MQUEUE_CONFIG_SHOWN);
	buf_addc(why, '\'');
}

/* Limits that were mixed up: where both were given, no warning is possible. */
static int
mqueue_config_check_limits(const struct mqueue_config *c, struct buf *why)
{
	const struct mqueue_config_rule *r, *warning, *critical;
	size_t i;

	for (i = 0; i < c->nrules; i++) {
		r = &c->rules[i];
		warning = mqueue_config_given(c, r->metric, RESULT_WARNING,
		    r->queue, r->queue_len);
		critical = mqueue_config_given(c, r->metric, RESULT_CRITICAL,
		    r->queue, r->queue_len);
		if (warning == NULL || critical == NULL ||
		    !range_is_shadowed(&warning->range, &critical->range))
			continue;
		mqueue_config_add_given(why, warning);
		buf_adds(why, " and ");
		mqueue_config_add_given(why, critical);
		buf_adds(why, ": " OPTION_SHADOWED);
		return -1;
	}
	return 0;
}

/* What looks at this host makes no sense for a report of another. */
static int
mqueue_config_check(const struct mqueue_config *c, struct buf *why)
{
	if (mqueue_config_check_limits(c, why) != 0)
		return -1;
	if (c->server.name == NULL ||
	    (c->queues.n == 0 && *c->root == '\0' &&
		c->action != MQUEUE_CONFIG_LIST_QUEUES))
		return 0;
	buf_adds(why,
	    "-H takes the queues from a report, so it doesn't go"
	    " with -q, --root or --list-queues");
	return -1;
}

static int
mqueue_config_option(struct mqueue_config *c, int id, const char *arg,
    struct buf *why)
{
	const struct mqueue_config_threshold *t = mqueue_config_threshold(id);

	if (t != NULL)
		return mqueue_config_add_rule(c, t->metric, t->level, t->option,
		    arg, why);
	switch (id) {
	case 'q':
		return option_add_queue(&c->queues, arg, why);
	case 'H':
		return server_parse(&c->server, "--hostname", arg, why);
	case OPT_STALE:
		return cli_duration(why, "--stale", arg, &c->stale);
	case OPT_LIST_QUEUES:
		c->action = MQUEUE_CONFIG_LIST_QUEUES;
		return 0;
	case OPT_ROOT:
		option_root(&c->root, arg);
		return 0;
	case 't':
		return option_timeout(&c->timeout, &c->timeout_state, arg, why);
	case OPT_STATE_DIR:
		if (*arg == '\0')
			return cli_bad_value(why, "--state-dir", arg,
			    "expected a directory");
		c->state_dir = arg;
		return 0;
	case OPT_OUTPUT_FORMAT:
		return option_render(&c->render, arg, why);
	case 'v':
		c->verbose++;
		return 0;
	case 'V':
		c->action = MQUEUE_CONFIG_VERSION;
		return 0;
	case 'h':
		c->action = MQUEUE_CONFIG_HELP;
		return 0;
	default:
		return option_extra_opts(arg, why);
	}
}

int
mqueue_config_parse(struct mqueue_config *c, int argc, char **argv,
    const char *state_path, struct buf *why)
{
	const char *arg;
	int id;

	*c = (struct mqueue_config){
		.root = "",
		.state_dir = state_path != NULL && *state_path != '\0' ?
		    state_path :
		    MQ_STATEDIR,
		.stale = REPORT_STALE,
		.timeout = PLUGIN_TIMEOUT,
		.timeout_state = RESULT_UNKNOWN,
		.render = render_nagios,
	};
	cli_start();
	while ((id = cli_next(&mqueue_config_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || mqueue_config_option(c, id, arg, why) != 0) {
			mqueue_config_free(c);
			return -1;
		}
		/* -h and -V answer at once, whatever follows. */
		if (c->action == MQUEUE_CONFIG_HELP ||
		    c->action == MQUEUE_CONFIG_VERSION)
			return 0;
	}
	if (mqueue_config_check(c, why) == 0 &&
	    cli_check(&mqueue_config_cli, argc, argv, why) == 0)
		return 0;
	mqueue_config_free(c);
	return -1;
}

/*
 * The postmaster's figures: beyond 1200 mail in the incoming queue is late,
 * beyond 3000 the queue never recovers by itself; he promises 15 minutes.
 * Mail that was held in a flood of the night is looked at within a day.
 */
static const struct range *
mqueue_config_default(enum mqueue_config_metric metric, enum result_state level,
    enum queue_role role)
{
	static const struct range messages[] = { { 0, 1200, false },
		{ 0, 3000, false } };
	static const struct range age[] = { { 0, 15 * 60, false },
		{ 0, 60 * 60, false } };
	static const struct range none = { 0, 0, false };
	static const struct range day = { 0, 24 * 3600, false };
	size_t i = level == RESULT_CRITICAL;

	if (metric == MQUEUE_CONFIG_MESSAGES)
		return &messages[i];
	if (metric == MQUEUE_CONFIG_AGE && role == QUEUE_IN)
		return &age[i];
	if ((metric == MQUEUE_CONFIG_LOST ||
		metric == MQUEUE_CONFIG_STRANDED) &&
	    level == RESULT_WARNING)
		return &none;
	if (metric == MQUEUE_CONFIG_HELD_AGE && level == RESULT_WARNING)
		return &day;
	return NULL;
}

const struct range *
mqueue_config_find(const struct mqueue_config *c,
    enum mqueue_config_metric metric, enum result_state level,
    const char *queue, enum queue_role role)
{
	const struct mqueue_config_rule *r = mqueue_config_given(c, metric,
	    level, queue, strlen(queue));

	return r != NULL ? &r->range :
			   mqueue_config_default(metric, level, role);
}

const struct mqueue_config_rule *
mqueue_config_stray(const struct mqueue_config *c,
    const struct queue_list *queues)
{
	const struct mqueue_config_rule *r;
	size_t i, j;

	for (i = 0; i < c->nrules; i++) {
		r = &c->rules[i];
		if (r->queue == NULL)
			continue;
		for (j = 0; j < queues->n; j++)
			if (strlen(queues->v[j].name) == r->queue_len &&
			    strncmp(queues->v[j].name, r->queue,
				r->queue_len) == 0)
				break;
		if (j == queues->n)
			return r;
	}
	return NULL;
}
