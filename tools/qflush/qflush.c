/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qflush.c - takes the mail of one relay out of the queues, and puts it back
 *
 * Reads the options, finds the queues, does what was asked for, and writes the
 * answer with one write(2).  An error is one line on standard error.  A signal
 * ends the work between two batches of messages.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mta/queues.h"
#include "tools/common/tool.h"
#include "tools/qflush/option.h"
#include "tools/qflush/run.h"

#define QFLUSH_FILES 16384 /* descriptors, if the system lets us */

static volatile sig_atomic_t qflush_stop;

static void
qflush_on_signal(int sig)
{
	qflush_stop = sig;
}

static void
qflush_catch_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = qflush_on_signal };
	size_t i;

	sigemptyset(&sa.sa_mask);
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		sigaction(ends[i], &sa, NULL);
	/* A reader that goes away is no reason to stop half way. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* Batches of messages are open at once, each with two files. */
static void
qflush_raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur >= QFLUSH_FILES)
		return;
	limit.rlim_cur = limit.rlim_max < QFLUSH_FILES ? limit.rlim_max :
							 QFLUSH_FILES;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int
qflush_main(struct qflush_config *c, struct buf *out, struct buf *why)
{
	struct qflush_env env = {
		.clock = &when_system,
		.stop = &qflush_stop,
		.screen = isatty(STDERR_FILENO) ? STDERR_FILENO : -1,
		.keep = true,
	};

	if (c->what == QFLUSH_CONFIG_HELP) {
		cli_add_help(&qflush_option_cli, out);
		return QFLUSH_ALL;
	}
	if (c->what == QFLUSH_CONFIG_VERSION) {
		cli_add_version(&qflush_option_cli, out);
		return QFLUSH_ALL;
	}
	if (queues_find(&c->queues, c->root, why) != 0)
		return QFLUSH_FAILED;
	qflush_catch_signals();
	qflush_raise_files();
	return qflush_run(c, &env, out, why);
}

int
main(int argc, char **argv)
{
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qflush_config c;
	int rc;

	if (qflush_config_parse(&c, argc, argv, &why) != 0) {
		buf_adds(&why, "; see --help");
		rc = QFLUSH_FAILED;
	} else {
		rc = qflush_main(&c, &out, &why);
	}
	rc = tool_end(&qflush_option_cli, argc, argv, rc, &out, &why);
	qflush_config_free(&c);
	buf_free(&out);
	buf_free(&why);
	return rc;
}
