/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_mqueue.c - Nagios plugin: judges mail queues
 *
 * Options, queues, numbers, judgement, text: one step each, and one write(2)
 * at the end.  Whatever goes wrong, there is a line on standard output that
 * says so, and exit status 3.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/when.h"
#include "config_mqueue.h"
#include "judge_mqueue.h"
#include "list_queues.h"
#include "measure_mqueue.h"
#include "mqueue/discover.h"
#include "plug/extraopts.h"

static const char check_service[] = "MQUEUE";

/* What the alarm says; formatted beforehand, as a handler may only write. */
static char check_alarm_text[160];
static enum result_state check_alarm_state;

static void
check_on_alarm(int sig)
{
	ssize_t n;

	(void)sig;
	n = write(STDOUT_FILENO, check_alarm_text, strlen(check_alarm_text));
	(void)n;	/* the exit status is all that is left to say it */
	_exit((int)check_alarm_state);
}

/*
 * The deadline ends the count a little early, so that there is time to
 * answer.  The alarm is for a system call that does not return.
 */
static struct when_deadline
check_start_clock(int seconds, enum result_state state)
{
	struct sigaction sa = { .sa_handler = check_on_alarm };
	sigset_t set;

	snprintf(check_alarm_text, sizeof(check_alarm_text),
	    "%s %s - the file system did not answer within %ds\n",
	    check_service, result_state_name(state), seconds);
	check_alarm_state = state;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	alarm((unsigned int)seconds);
	return when_after(&when_system, INT64_C(900) * seconds);
}

static enum result_state
check_fail(struct buf *out, const struct buf *why)
{
	buf_truncate(out, 0);
	buf_addf(out, "%s %s - ", check_service,
	    result_state_name(RESULT_UNKNOWN));
	clean_add_line(out, why->data, why->len);
	buf_addc(out, '\n');
	return RESULT_UNKNOWN;
}

static enum result_state
check_fail_text(struct buf *out, const char *why)
{
	struct buf text = BUF_INIT;
	enum result_state state;

	buf_adds(&text, why);
	state = check_fail(out, &text);
	buf_free(&text);
	return state;
}

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
		return check_fail_text(out, "out of memory");
	if (measure_queues(m, queues, c, deadline, &note) == 0)
		r = judge_mqueue(c, m, queues->n, buf_str(&note));
	if (r != NULL && c->render(r, &opt, out) == 0)
		state = r->state;
	else
		state = check_fail_text(out, "out of memory");
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
	struct when_deadline deadline = check_start_clock(c->timeout,
	    c->timeout_state);
	const struct config_rule *stray;
	struct buf why = BUF_INIT;
	enum result_state state;

	if (c->queues.n == 0 &&
	    discover_queues(&c->queues, c->root, &why) != 0) {
		buf_adds(&why, "; or name the queues: -q DIR");
		state = check_fail(out, &why);
	} else if (c->queues.n == 0) {
		state = check_fail_text(out, "no sendmail queue found on this"
		    " machine; name one: -q DIR");
	} else if (c->action == CONFIG_LIST_QUEUES) {
		state = list_queues(&c->queues, c->mta, out);
	} else if ((stray = config_stray(c, &c->queues)) != NULL) {
		buf_adds(&why, "a threshold names the queue '");
		clean_add(&why, stray->queue, stray->queue_len, 80);
		buf_adds(&why, "', which is not watched; see --list-queues");
		state = check_fail(out, &why);
	} else {
		state = check_queues(c, &c->queues, &deadline, out);
	}
	buf_free(&why);
	return state;
}

static enum result_state
check_main(int argc, char **argv, struct buf *out)
{
	const struct extraopts_env env = {
		getenv("MP_CONFIG_FILE"), getenv("NAGIOS_CONFIG_PATH")
	};
	struct extraopts args;
	struct buf why = BUF_INIT;
	enum result_state state = RESULT_UNKNOWN;
	struct config c;

	/* Options make the plugin look at files and directories as well. */
	config_peek_timeout(&c, argc, argv);
	check_start_clock(c.timeout, c.timeout_state);
	if (extraopts_expand(&args, config_cli.program, argc, argv, &env,
	    &why) != 0) {
		check_fail(out, &why);
		goto out;
	}
	if (config_parse(&c, args.n, args.v, getenv("MP_STATE_PATH"),
	    &why) != 0) {
		buf_adds(&why, "; see --help");
		check_fail(out, &why);
		goto out;
	}
	if (c.action == CONFIG_HELP)
		cli_add_help(&config_cli, out);
	else if (c.action == CONFIG_VERSION)
		cli_add_version(&config_cli, out);
	else
		state = check_run(&c, out);
	config_free(&c);
out:
	extraopts_free(&args);
	buf_free(&why);
	return state;
}

int
main(int argc, char **argv)
{
	static const char no_memory[] = "MQUEUE UNKNOWN - out of memory\n";
	struct buf out = BUF_INIT;
	enum result_state state = check_main(argc, argv, &out);

	alarm(0);	/* one answer is enough */
	if (out.oom || fsx_write(STDOUT_FILENO, out.data, out.len) != 0)
		state = RESULT_UNKNOWN;
	if (out.oom)
		fsx_write(STDOUT_FILENO, no_memory, sizeof(no_memory) - 1);
	buf_free(&out);
	return (int)state;
}
