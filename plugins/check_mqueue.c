/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_mqueue.c - Nagios plugin: judges mail queues
 *
 * Options, queues, numbers, judgement, text: one step each, and one write(2)
 * at the end.  Whatever goes wrong, there is a line on standard output that
 * says so, and exit status 3.
 */
#include <stdlib.h>

#include "base/clean.h"
#include "base/when.h"
#include "config_mqueue.h"
#include "judge_mqueue.h"
#include "list_queues.h"
#include "measure_mqueue.h"
#include "plugin.h"

static const char check_service[] = "MQUEUE";

/* Measures, judges and renders the queues. */
static enum result_state
check_queues(const struct config *c, const struct queue_list *queues,
    const struct when_deadline *deadline, struct buf *out)
{
	struct render_options opt = { check_service, c->verbose };
	enum result_state state = RESULT_UNKNOWN;
	struct buf note = BUF_INIT;
	struct result *r = NULL;
	struct measure *m;

	if ((m = calloc(queues->n, sizeof(*m))) == NULL)
		return plugin_fail_text(check_service, out, "out of memory");
	if (measure_queues(m, queues, c, deadline, &note) == 0)
		r = judge_mqueue(c, m, queues->n, buf_str(&note));
	if (r != NULL && c->render(r, &opt, out) == 0)
		state = r->state;
	else
		state = plugin_fail_text(check_service, out, "out of memory");
	result_free(r);
	measure_free(m, queues->n);
	free(m);
	buf_free(&note);
	return state;
}

/* Finds the queues, and does with them what was asked for. */
static enum result_state
check_run(struct config *c, struct buf *out)
{
	struct when_deadline deadline = plugin_start_clock(check_service,
	    c->timeout, c->timeout_state);
	const struct config_rule *stray;
	struct buf why = BUF_INIT;
	enum result_state state = RESULT_UNKNOWN;

	if (c->queues.n == 0 && plugin_find_queues(check_service, &c->queues,
	    c->root, out) != 0)
		return state;
	if (c->action == CONFIG_LIST_QUEUES) {
		state = list_queues(&c->queues, c->mta, false, out);
	} else if ((stray = config_stray(c, &c->queues)) != NULL) {
		buf_adds(&why, "a threshold names the queue '");
		clean_add(&why, stray->queue, stray->queue_len, 80);
		buf_adds(&why, "', which is not watched; see --list-queues");
		state = plugin_fail(check_service, out, &why);
	} else {
		state = check_queues(c, &c->queues, &deadline, out);
	}
	buf_free(&why);
	return state;
}

static enum result_state
check_main(int argc, char **argv, struct buf *out)
{
	enum result_state state = RESULT_UNKNOWN;
	struct buf why = BUF_INIT;
	struct config c;

	if (config_parse(&c, argc, argv, getenv("MP_STATE_PATH"), &why) != 0) {
		plugin_fail_options(check_service, out, &why);
		buf_free(&why);
		return state;
	}
	if (c.action == CONFIG_HELP)
		cli_add_help(&config_cli, out);
	else if (c.action == CONFIG_VERSION)
		cli_add_version(&config_cli, out);
	else
		state = check_run(&c, out);
	config_free(&c);
	return state;
}

int
main(int argc, char **argv)
{
	return plugin_main(check_service, &config_cli, check_main, argc,
	    argv);
}
