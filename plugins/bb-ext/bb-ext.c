/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bb-ext.c - reports any monitoring plugin to Big Brother and its kin
 *
 * Options, plugin, its output taken apart, message, displays: one step each.
 * Whatever the plugin does, a status is reported.  The exit status says whether
 * the displays got it, and a line on standard error names each one that did
 * not.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/fsx.h"
#include "base/when.h"
#include "plug/render_bb.h"
#include "plugins/bb-ext/option.h"
#include "plugins/bb-ext/run.h"
#include "plugins/bb-ext/send.h"
#include "plugins/bb-ext/wrapper.h"

#define BBEXT_OUTPUT_MAX 65536 /* bytes of a plugin's output */

enum { EXIT_SENT = 0, EXIT_PARTLY = 1, EXIT_NOT_SENT = 2 };

/* As date(1) prints it.  The locale is the C one: nobody sets another. */
static void
bbext_date(char *text, size_t size)
{
	time_t now = (time_t)when_wall(&when_system);
	struct tm tm;

	*text = '\0';
	if (localtime_r(&now, &tm) != NULL)
		strftime(text, size, "%a %b %e %H:%M:%S %Z %Y", &tm);
}

/* Makes the message of what the plugin did. */
static void
bbext_report(const struct bbext_config *c, const struct bbext_job *job,
    const struct bbext_ran *ran, struct buf *message)
{
	struct render_bb r = {
		.host = c->host,
		.column = c->column,
		.lifetime = c->lifetime,
		.state = RESULT_UNKNOWN,
		.unknown = c->unknown,
		.big_sister = c->big_sister,
	};
	struct buf why = BUF_INIT;
	struct output o;
	char date[64];

	bbext_date(date, sizeof(date));
	r.date = date;
	output_parse(&o, buf_str(&ran->out), ran->out.len);
	buf_addf(&why, "%s ", c->plugin);
	if (bbext_run_failed(job, ran, &why))
		r.failure = buf_str(&why);
	else
		r.state = output_state(WEXITSTATUS(ran->status));
	if (r.failure == NULL && WEXITSTATUS(ran->status) > RESULT_UNKNOWN) {
		buf_addf(&why, "ended with status %d, expected 0 to 3",
		    WEXITSTATUS(ran->status));
		r.failure = buf_str(&why);
	}
	render_bb(&o, &r, message);
	message->oom |= why.oom;
	buf_free(&why);
}

/* Runs the plugin, and prints or sends what came of it. */
static int
bbext_plugin(struct bbext_config *c, struct buf *out, struct buf *errors)
{
	struct bbext_job job = {
		.work = bbext_run_program,
		.arg = c->command,
		.seconds = c->timeout,
		.max = BBEXT_OUTPUT_MAX,
	};
	struct buf message = BUF_INIT;
	struct bbext_ran ran;
	size_t failed = 0;

	c->command[0] = c->plugin;
	bbext_run(&job, &ran);
	if (ran.signal != 0) {
		buf_addf(errors, "bb-ext: ended by signal %d, nothing sent\n",
		    ran.signal);
		failed = c->displays.n;
		goto out;
	}
	if (ran.out.oom) {
		ran.error = ENOMEM;
		buf_free(&ran.out);
	}
	bbext_report(c, &job, &ran, &message);
	if (c->print && !message.oom)
		buf_add(out, message.data, message.len);
	else if (!message.oom)
		failed = bbext_send(c, &message, errors);
	errors->oom |= message.oom;
out:
	buf_free(&message);
	buf_free(&ran.out);
	if (failed == 0 && !errors->oom)
		return EXIT_SENT;
	return failed < c->displays.n ? EXIT_PARTLY : EXIT_NOT_SENT;
}

static int
bbext_main(int argc, char **argv, const struct bbext_env *env, struct buf *out,
    struct buf *errors)
{
	struct buf why = BUF_INIT;
	struct bbext_config c;
	int status = EXIT_SENT;

	if (bbext_option_parse(&c, argc, argv, env, &why) != 0) {
		buf_addf(errors, "bb-ext: %s; see --help\n", buf_str(&why));
		buf_free(&why);
		return EXIT_NOT_SENT;
	}
	if (c.action == BBEXT_HELP)
		cli_add_help(&bbext_option_cli, out);
	else if (c.action == BBEXT_VERSION)
		cli_add_version(&bbext_option_cli, out);
	else if (c.action == BBEXT_RUN)
		status = bbext_plugin(&c, out, errors);
	else if (bbext_wrapper_install(&c, argv[0], out, &why) != 0) {
		buf_addf(errors, "bb-ext: %s\n", buf_str(&why));
		status = EXIT_NOT_SENT;
	}
	bbext_config_free(&c);
	buf_free(&why);
	return status;
}

/*
 * Opens standard input, output and error where they are closed: else a pipe to
 * a child would get one of their numbers.
 */
static void
bbext_open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd != -1 && fd <= STDERR_FILENO);
	if (fd != -1)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct utsname name = { .nodename = "" };
	struct buf out = BUF_INIT, errors = BUF_INIT;
	int status;

	/* Beyond a limit of file size a write fails, and that can be told. */
	signal(SIGXFSZ, SIG_IGN);
	bbext_open_standard();
	uname(&name);
	const struct bbext_env env = {
		.machine = getenv("MACHINE"),
		.machinedots = getenv("MACHINEDOTS"),
		.hostname = name.nodename,
		.xymon = getenv("XYMON"),
		.xymsrv = getenv("XYMSRV"),
		.xymservers = getenv("XYMSERVERS"),
		.xymondport = getenv("XYMONDPORT"),
		.bb = getenv("BB"),
		.bbdisp = getenv("BBDISP"),
		.bbdisplays = getenv("BBDISPLAYS"),
		.bbport = getenv("BBPORT"),
	};
	status = bbext_main(argc, argv, &env, &out, &errors);
	if (errors.oom || out.oom) {
		buf_free(&errors);
		buf_adds(&errors, "bb-ext: out of memory\n");
		status = EXIT_NOT_SENT;
	}
	fsx_write(STDERR_FILENO, errors.data, errors.len);
	if (!out.oom && fsx_write(STDOUT_FILENO, out.data, out.len) != 0)
		status = EXIT_NOT_SENT;
	buf_free(&out);
	buf_free(&errors);
	return status;
}
