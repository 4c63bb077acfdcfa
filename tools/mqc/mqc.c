/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mqc.c - the mail queues of many servers, a line a round
 *
 * Reads the environment, sets the process up, and calls mqc_run().  An error is
 * told on standard error and by exit status 2.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "tools/common/tool.h"
#include "tools/mqc/config.h"
#include "tools/mqc/fetch.h"
#include "tools/mqc/run.h"

extern char **environ;

/* libevent's own messages would go to the terminal. */
static void
mqc_no_log(int severity, const char *text)
{
	(void)severity;
	(void)text;
}

/* As many descriptors as all hosts take, or as this user may have. */
static void
mqc_raise_limit(size_t hosts)
{
	rlim_t wanted = mqc_fetch_descriptors(hosts);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	/* Where they are not enough, some hosts are not asked, and told so. */
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int
mqc_start(const struct mqc_config *c, struct buf *why)
{
	const char *path = getenv("PATH");
	const struct mqc_run_env env = {
		{ path != NULL ? path : "/usr/bin:/bin", environ },
		{ getenv("TERM"), getenv("NO_COLOR") }
	};

	/*
	 * A reader that went away is an error of write(2), and so is a
	 * recording that reaches the limit of file size.
	 */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	event_set_log_callback(mqc_no_log);
	mqc_raise_limit(c->hosts.n);
	tzset();
	return mqc_run(c, &env, why);
}

int
main(int argc, char **argv)
{
	const struct mqc_config_env env = { getenv("HOME"),
		getenv("XDG_CONFIG_HOME") };
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct mqc_config c;
	int status = 0;

	if (mqc_config_parse(&c, argc, argv, &env, &why) != 0) {
		buf_adds(&why, "; see --help");
		status = TOOL_FAILED;
	} else if (c.action == MQC_CONFIG_HELP) {
		cli_add_help(&mqc_config_cli, &out);
	} else if (c.action == MQC_CONFIG_VERSION) {
		cli_add_version(&mqc_config_cli, &out);
	} else {
		status = mqc_start(&c, &why);
	}
	status = tool_end(&mqc_config_cli, argc, argv, status, &out, &why);
	mqc_config_free(&c);
	buf_free(&out);
	buf_free(&why);
	return status;
}
