/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plugin.c - what the main file of every plugin does
 *
 * Whatever goes wrong, there is an answer on standard output that says so, in
 * the format that was asked for, and exit status 3.  Owns the process's alarm,
 * what its handler says, and the format of failures: one plugin a process.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/num.h"
#include "mta/queues.h"
#include "plug/extraopts.h"
#include "plug/render.h"
#include "plugins/common/plugin.h"

#define PLUGIN_TIMEOUT_MAX 86400
#define PLUGIN_SPARE_MS    250 /* to answer in, on a busy machine */
#define PLUGIN_SAY_MAX     512 /* an answer of plain words */

/* What the alarm says; formatted beforehand, as a handler may only write. */
static char plugin_alarm_text[PLUGIN_SAY_MAX];
static enum result_state plugin_alarm_state;

/* How a failure is told: what is known of it so far. */
static const struct render_format *plugin_format = &render_formats[0];

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

/* What has to be known before the options are read for good. */
struct plugin_peek {
	int format; /* the id of --output-format */
	int seconds;
	enum result_state state;
};

/*
 * A value that is wrong changes nothing: that is told when the options are
 * read.
 */
static void
plugin_peek_option(int id, const char *value, void *arg)
{
	const struct render_format *format;
	struct plugin_peek *p = arg;
	const char *why;

	if (id == 't') {
		plugin_parse_timeout(value, &p->seconds, &p->state, &why);
	} else if (id == p->format) {
		format = render_find(value);
		if (format != NULL)
			plugin_format = format;
	}
}

/*
 * Finds the format, so that even a wrong option is answered in it, and the time
 * limit, because the alarm has to be set before the other options make the
 * plugin look at files.
 */
static void
plugin_peek(const char *service, const struct cli *cli, int argc, char **argv)
{
	struct plugin_peek p = {
		.format = cli_id(cli, "output-format"),
		.seconds = PLUGIN_TIMEOUT,
		.state = RESULT_UNKNOWN,
	};

	cli_peek(cli, argc, argv, plugin_peek_option, &p);
	plugin_start_clock(service, p.seconds, p.state);
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
	char words[100];
	sigset_t set;

	alarm(0); /* what an earlier one would say is about to change */
	snprintf(words, sizeof(words), "%s did not answer within %ds", what,
	    seconds);
	plugin_format->say(plugin_alarm_text, sizeof(plugin_alarm_text),
	    service, state, words);
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
	int rc = queues_find(queues, root, &why);

	if (rc != 0)
		plugin_fail(service, out, &why);
	buf_free(&why);
	return rc;
}

/* What is said without memory. */
static void
plugin_say_no_memory(char text[PLUGIN_SAY_MAX], const char *service)
{
	plugin_format->say(text, PLUGIN_SAY_MAX, service, RESULT_UNKNOWN,
	    "out of memory");
}

enum result_state
plugin_fail(const char *service, struct buf *out, const struct buf *why)
{
	const struct render_options opt = { service, 0 };
	struct result *root = result_new("answer");
	struct buf text = BUF_INIT;
	char no_memory[PLUGIN_SAY_MAX];

	buf_truncate(out, 0);
	buf_adds(&text, why->oom ? "" : buf_str(why));
	if (root != NULL) {
		root->state = RESULT_UNKNOWN;
		result_set(root, RESULT_SUMMARY, &text);
	}
	if (why->oom || root == NULL || result_is_broken(root) ||
	    plugin_format->render(root, &opt, out) != 0) {
		plugin_say_no_memory(no_memory, service);
		buf_truncate(out, 0);
		buf_adds(out, no_memory);
	}
	result_free(root);
	buf_free(&text);
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
plugin_answer(const char *service, struct result *r, render_fn *render,
    int verbose, struct buf *out)
{
	const struct render_options opt = { service, verbose };
	enum result_state state;

	if (r != NULL && render(r, &opt, out) == 0)
		state = r->state;
	else
		state = plugin_fail_text(service, out, "out of memory");
	result_free(r);
	return state;
}

enum result_state
plugin_fail_options(const char *service, struct buf *out, struct buf *why)
{
	buf_adds(why, "; see --help");
	return plugin_fail(service, out, why);
}

/*
 * Starts the clock and expands --extra-opts, where the format may be as well.
 * 0; or -1 with an output that says why.
 */
static int
plugin_start(const char *service, const struct cli *cli, int argc, char **argv,
    struct extraopts *args, struct buf *out)
{
	const struct extraopts_env env = { getenv("MP_CONFIG_FILE"),
		getenv("NAGIOS_CONFIG_PATH") };
	struct buf why = BUF_INIT;
	int rc;

	/* Options make the plugin look at files and directories as well. */
	plugin_peek(service, cli, argc, argv);
	rc = extraopts_expand(args, cli->program, argc, argv, &env, &why);
	if (args->n != 0)
		plugin_peek(service, cli, args->n, args->v);
	if (rc != 0) {
		/* The command line has the last word. */
		plugin_peek(service, cli, argc, argv);
		plugin_fail(service, out, &why);
	}
	buf_free(&why);
	return rc;
}

/* Stops the alarm, and writes the output at once; the exit status. */
static int
plugin_finish(const char *service, struct buf *out, enum result_state state)
{
	char no_memory[PLUGIN_SAY_MAX];

	alarm(0); /* one answer is enough */
	if (out->oom) {
		plugin_say_no_memory(no_memory, service);
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

	/*
	 * Beyond a limit of file size the history is lost, but not the answer.
	 */
	signal(SIGXFSZ, SIG_IGN);
	if (plugin_start(service, cli, argc, argv, &args, &out) == 0)
		state = run(args.n, args.v, &out);
	status = plugin_finish(service, &out, state);
	extraopts_free(&args);
	return status;
}
