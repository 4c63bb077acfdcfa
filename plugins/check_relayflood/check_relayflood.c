/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_relayflood.c - Nagios plugin: does one relay fill the mail queue?
 *
 * Options, queues, census, judgement, text: one step each, and one write(2)
 * at the end.  Whatever goes wrong, there is a line on standard output that
 * says so, and exit status 3.
 */
#include "plugins/check_relayflood/config.h"
#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/judgemerge.h"
#include "plugins/check_relayflood/measure.h"
#include "plugins/check_relayflood/merge.h"
#include "plugins/common/list_queues.h"
#include "plugins/common/plugin.h"

static const char check_service[] = "RELAYFLOOD";

/* Measures, judges and renders. */
static enum result_state
check_flood(const struct relayflood_config *c,
    const struct when_deadline *deadline, struct buf *out)
{
	struct render_options opt = { check_service, c->verbose };
	enum result_state state = RESULT_UNKNOWN;
	struct relayflood_measure m;
	struct result *r = NULL;

	if (relayflood_measure(&m, &c->queues, c, deadline) == 0)
		r = relayflood_judge(c, &m);
	if (r != NULL && c->render(r, &opt, out) == 0)
		state = r->state;
	else
		state = plugin_fail_text(check_service, out, "out of memory");
	result_free(r);
	relayflood_measure_free(&m);
	return state;
}

/* The sums over the reports of several servers. */
static enum result_state
check_merge(const struct relayflood_config *c, struct buf *out)
{
	struct when_deadline deadline = plugin_start_clock_of(check_service,
	    "the name server", c->timeout, c->timeout_state);
	struct render_options opt = { check_service, c->verbose };
	enum result_state state = RESULT_UNKNOWN;
	struct relayflood_merge m;
	struct result *r = NULL;

	if (relayflood_merge_fetch(&m, c, &deadline) == 0)
		r = relayflood_judgemerge(c, &m);
	if (r != NULL && c->render(r, &opt, out) == 0)
		state = r->state;
	else
		state = plugin_fail_text(check_service, out, "out of memory");
	result_free(r);
	relayflood_merge_free(&m);
	return state;
}

/* Lists the queues; those that are left out by themselves are known, too. */
static enum result_state
check_list(const struct relayflood_config *c,
    const struct when_deadline *deadline, struct buf *out)
{
	const struct render_options opt = { check_service, c->verbose };
	struct queue_list known = QUEUE_LIST_INIT;
	const struct list_queues list = {
		.queues = &c->queues,
		.known = c->named ? &c->queues : &known,
		.root = c->root,
		.named = c->named,
		.files = true,
	};
	enum result_state state = RESULT_UNKNOWN;

	if (c->named ||
	    plugin_find_queues(check_service, &known, c->root, out) == 0)
		state = list_queues(&list, deadline, c->render, &opt, out);
	queue_list_free(&known);
	return state;
}

/* Finds the queues, and does with them what was asked for. */
static enum result_state
check_run(struct relayflood_config *c, struct buf *out)
{
	struct when_deadline deadline = plugin_start_clock(check_service,
	    c->timeout, c->timeout_state);

	if (!c->named) {
		if (plugin_find_queues(check_service, &c->queues, c->root,
			out) != 0)
			return RESULT_UNKNOWN;
		/* Where mail comes in is where a flood is seen first. */
		if (!queue_list_keep(&c->queues, QUEUE_IN))
			queue_list_keep(&c->queues, QUEUE_OUT);
	}
	if (c->action == RELAYFLOOD_CONFIG_LIST_QUEUES)
		return check_list(c, &deadline, out);
	return check_flood(c, &deadline, out);
}

static enum result_state
check_main(int argc, char **argv, struct buf *out)
{
	enum result_state state = RESULT_UNKNOWN;
	struct buf why = BUF_INIT;
	struct relayflood_config c;

	if (relayflood_config_parse(&c, argc, argv, &why) != 0) {
		plugin_fail_options(check_service, out, &why);
		buf_free(&why);
		return state;
	}
	if (c.action == RELAYFLOOD_CONFIG_HELP)
		cli_add_help(&relayflood_config_cli, out);
	else if (c.action == RELAYFLOOD_CONFIG_VERSION)
		cli_add_version(&relayflood_config_cli, out);
	else if (c.nservers != 0)
		state = check_merge(&c, out);
	else
		state = check_run(&c, out);
	relayflood_config_free(&c);
	return state;
}

int
main(int argc, char **argv)
{
	return plugin_main(check_service, &relayflood_config_cli, check_main,
	    argc, argv);
}
