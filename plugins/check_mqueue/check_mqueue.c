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
#include "plugins/check_mqueue/config.h"
#include "plugins/check_mqueue/judge.h"
#include "plugins/check_mqueue/measure.h"
#include "plugins/check_mqueue/remote.h"
#include "plugins/common/list_queues.h"
#include "plugins/common/plugin.h"

static const char check_service[] = "MQUEUE";

/*
 * Measures, judges and renders the queues: those of a report, or if it is
 * NULL those of this host.
 */
static enum result_state
check_queues(const struct mqueue_config *c, const struct queue_list *queues,
    const struct mqueue_remote *report, const struct when_deadline *deadline,
    struct buf *out)
{
	struct render_options opt = { check_service, c->verbose };
	enum result_state state = RESULT_UNKNOWN;
	struct buf note = BUF_INIT;
	struct result *r = NULL;
	struct mqueue_measure *m;
	int rc;

	if ((m = calloc(queues->n, sizeof(*m))) == NULL)
		return plugin_fail_text(check_service, out, "out of memory");
	if (report != NULL)
		rc = mqueue_measure_remote(m, report, c, deadline, &note);
	else
		rc = mqueue_measure_queues(m, queues, c, deadline, &note);
	if (rc == 0)
		r = mqueue_judge(c, m, queues->n, buf_str(&note));
	if (r != NULL && c->render(r, &opt, out) == 0)
		state = r->state;
	else
		state = plugin_fail_text(check_service, out, "out of memory");
	result_free(r);
	mqueue_measure_free(m, queues->n);
	free(m);
	buf_free(&note);
	return state;
}

/* Is there a threshold for a queue that is not?  Then the output says so. */
static bool
check_is_astray(const struct mqueue_config *c, const struct queue_list *queues,
    const char *where, struct buf *out)
{
	const struct mqueue_config_rule *stray = mqueue_config_stray(c, queues);
	struct buf why = BUF_INIT;

	if (stray == NULL)
		return false;
	buf_adds(&why, "a threshold names the queue '");
	clean_add(&why, stray->queue, stray->queue_len, 80);
	buf_addf(&why, "', which is not %s", where);
	plugin_fail(check_service, out, &why);
	buf_free(&why);
	return true;
}

/* The queues of another host. */
static enum result_state
check_remote(const struct mqueue_config *c, struct buf *out)
{
	struct when_deadline deadline = plugin_start_clock_of(check_service,
	    "the name server", c->timeout, c->timeout_state);
	enum result_state state = RESULT_UNKNOWN;
	struct buf why = BUF_INIT;
	struct mqueue_remote r;

	if (mqueue_remote_fetch(&r, c, &deadline, &why) != 0)
		plugin_fail(check_service, out, &why);
	else if (!check_is_astray(c, &r.queues, "in the report", out))
		state = check_queues(c, &r.queues, &r, &deadline, out);
	mqueue_remote_free(&r);
	buf_free(&why);
	return state;
}

static enum result_state
check_list(const struct mqueue_config *c, bool named,
    const struct when_deadline *deadline, struct buf *out)
{
	const struct render_options opt = { check_service, c->verbose };
	const struct list_queues list = {
		.queues = &c->queues,
		.known = &c->queues,
		.root = c->root,
		.named = named,
	};

	return list_queues(&list, deadline, c->render, &opt, out);
}

/* Finds the queues, and does with them what was asked for. */
static enum result_state
check_local(struct mqueue_config *c, struct buf *out)
{
	struct when_deadline deadline = plugin_start_clock(check_service,
	    c->timeout, c->timeout_state);
	enum result_state state = RESULT_UNKNOWN;
	bool named = c->queues.n != 0;

	if (!named &&
	    plugin_find_queues(check_service, &c->queues, c->root, out) != 0)
		return state;
	if (c->action == MQUEUE_CONFIG_LIST_QUEUES)
		state = check_list(c, named, &deadline, out);
	else if (!check_is_astray(c, &c->queues, "watched; see --list-queues",
		     out))
		state = check_queues(c, &c->queues, NULL, &deadline, out);
	return state;
}

static enum result_state
check_main(int argc, char **argv, struct buf *out)
{
	enum result_state state = RESULT_UNKNOWN;
	struct buf why = BUF_INIT;
	struct mqueue_config c;

	if (mqueue_config_parse(&c, argc, argv, getenv("MP_STATE_PATH"),
		&why) != 0) {
		plugin_fail_options(check_service, out, &why);
		buf_free(&why);
		return state;
	}
	if (c.action == MQUEUE_CONFIG_HELP)
		cli_add_help(&mqueue_config_cli, out);
	else if (c.action == MQUEUE_CONFIG_VERSION)
		cli_add_version(&mqueue_config_cli, out);
	else if (c.server.name != NULL)
		state = check_remote(&c, out);
	else
		state = check_local(&c, out);
	mqueue_config_free(&c);
	return state;
}

int
main(int argc, char **argv)
{
	return plugin_main(check_service, &mqueue_config_cli, check_main, argc,
	    argv);
}
