/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugin.c - what the main file of every plugin does
 *
 * Whatever goes wrong, there is a line on standard output that says so, and
 * exit status 3.  Owns the process's alarm and what its handler says: one
 * plugin a process.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/num.h"
#include "mqueue/discover.h"
#include "plug/extraopts.h"
#include "plugin.h"

#define PLUGIN_TIMEOUT_MAX 86400
#define PLUGIN_SPARE_MS    250 /* to answer in, on a busy machine */

/* What the alarm says; formatted beforehand, as a handler may only write. */
static char plugin_alarm_text[160];
static enum result_state plugin_alarm_state;

int
plugin_parse_timeout(const char *text, int *seconds, enum result_state *state,
    const char **why)
{
	const char *colon = strchr(text, ':');
	int64_t value;
	char *number;
	int rc;

	if (colon != NULL && result_state_parse(colon + 1, state) != 0) {
		*why = "expected a state after ':', OK, WARNING, CRITICAL or"
		       " UNKNOWN";
		return -1;
	}
	number = colon != NULL ? strndup(text, (size_t)(colon - text)) :
				 strdup(text);
	if (number == NULL) {
		*why = "out of memory";
		return -1;
	}
	rc = num_int64(number, 1, PLUGIN_TIMEOUT_MAX, &value, why);
	free(number);
	if (rc == 0)
		*seconds = (int)value;
	return rc;
}

/*
 * The -t of a command line, as far as it can be read: the alarm has to be
 * set before the other options look at files.
 */
static void
plugin_peek_timeout(const struct cli *cli, int argc, char **argv, int *seconds,
    enum result_state *state)
{
	struct buf ignored = BUF_INIT;
	const char *arg, *why;
	int id;

	*seconds = PLUGIN_TIMEOUT;
	*state = RESULT_UNKNOWN;
	cli_start();
	while ((id = cli_next(cli, argc, argv, &arg, &ignored)) != -1 &&
	    id != '?')
		if (id == 't' &&
		    plugin_parse_timeout(arg, seconds, state, &why) != 0)
			break;
	buf_free(&ignored);
}

static void
plugin_on_alarm(int sig)
{
	ssize_t n;

	(void)sig;
	n = write(STDOUT_FILENO, plugin_alarm_text, strlen(plugin_alarm_text));
	(void)n; /* the exit status is all that is left to say it */
	_exit((int)plugin_alarm_state);
}

/* How much of the time is for the work: nine tenths, or all but the spare. */
static int64_t
plugin_work_ms(int seconds)
{
	int64_t ms = INT64_C(1000) * seconds, spare = ms / 10;

	return ms - (spare < PLUGIN_SPARE_MS ? PLUGIN_SPARE_MS : spare);
}

struct when_deadline
plugin_start_clock(const char *service, int seconds, enum result_state state)
{
	return plugin_start_clock_of(service, "the file system", seconds,
	    state);
}

struct when_deadline
plugin_start_clock_of(const char *service, const char *what, int seconds,
    enum result_state state)
{
	struct sigaction sa = { .sa_handler = plugin_on_alarm };
	sigset_t set;

	snprintf(plugin_alarm_text, sizeof(plugin_alarm_text),
	    "%s %s - %s did not answer within %ds\n", service,
	    result_state_name(state), what, seconds);
	plugin_alarm_state = state;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	alarm((unsigned int)seconds);
	return when_after(&when_system, plugin_work_ms(seconds));
}

int
plugin_find_queues(const char *service, struct queue_list *queues,
    const char *root, struct buf *out)
{
	struct buf why = BUF_INIT;
	int rc = -1;

	if (discover_queues(queues, root, &why) != 0) {
		buf_adds(&why, "; or name the queues: -q DIR");
		plugin_fail(service, out, &why);
	} else if (queues->n == 0) {
		plugin_fail_text(service, out,
		    "no sendmail queue found on"
		    " this machine; name one: -q DIR");
	} else {
		rc = 0;
	}
	buf_free(&why);
	return rc;
}

enum result_state
plugin_fail(const char *service, struct buf *out, const struct buf *why)
{
	buf_truncate(out, 0);
	buf_addf(out, "%s %s - ", service, result_state_name(RESULT_UNKNOWN));
	if (why->oom)
		buf_adds(out, "out of memory");
	else
		clean_add_line(out, why->data, why->len);
	buf_addc(out, '\n');
	return RESULT_UNKNOWN;
}

enum result_state
plugin_fail_text(const char *service, struct buf *out, const char *why)
{
	struct buf text = BUF_INIT;
	enum result_state state;

	buf_adds(&text, why);
	state = plugin_fail(service, out, &text);
	buf_free(&text);
	return state;
}

enum result_state
plugin_fail_options(const char *service, struct buf *out, struct buf *why)
{
	buf_adds(why, "; see --help");
	return plugin_fail(service, out, why);
}

/*
 * Starts the clock and expands --extra-opts.  0; or -1 with an output that
 * says why.
 */
static int
plugin_start(const char *service, const struct cli *cli, int argc, char **argv,
    struct extraopts *args, struct buf *out)
{
	const struct extraopts_env env = { getenv("MP_CONFIG_FILE"),
		getenv("NAGIOS_CONFIG_PATH") };
	struct buf why = BUF_INIT;
	enum result_state state;
	int seconds, rc;

	/* Options make the plugin look at files and directories as well. */
	plugin_peek_timeout(cli, argc, argv, &seconds, &state);
	plugin_start_clock(service, seconds, state);
	rc = extraopts_expand(args, cli->program, argc, argv, &env, &why);
	if (rc != 0)
		plugin_fail(service, out, &why);
	buf_free(&why);
	return rc;
}

/* Stops the alarm, and writes the output at once; the exit status. */
static int
plugin_finish(const char *service, struct buf *out, enum result_state state)
{
	char no_memory[80];

	alarm(0); /* one answer is enough */
	if (out->oom) {
		snprintf(no_memory, sizeof(no_memory),
		    "%s UNKNOWN - out of memory\n", service);
		fsx_write(STDOUT_FILENO, no_memory, strlen(no_memory));
		state = RESULT_UNKNOWN;
	} else if (fsx_write(STDOUT_FILENO, out->data, out->len) != 0) {
		state = RESULT_UNKNOWN;
	}
	buf_free(out);
	return (int)state;
}

int
plugin_main(const char *service, const struct cli *cli, plugin_fn *run,
    int argc, char **argv)
{
	enum result_state state = RESULT_UNKNOWN;
	struct buf out = BUF_INIT;
	struct extraopts args;
	int status;

	/* A limit of file size costs what is kept, not the answer. */
	signal(SIGXFSZ, SIG_IGN);
	if (plugin_start(service, cli, argc, argv, &args, &out) == 0)
		state = run(args.n, args.v, &out);
	status = plugin_finish(service, &out, state);
	extraopts_free(&args);
	return status;
}
