/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * completion.c - prints the bash completion of one of our programs
 *
 * Runs when the package is built, and is not installed.  It is linked with
 * the option tables themselves, so that an option can't be missing.  0; or 2
 * when the program is unknown or the output could not be written.
 */
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "plugins/bb-ext/option.h"
#include "plugins/check_mqueue/config.h"
#include "plugins/check_relayflood/config.h"
#include "tools/completion/bash.h"
#ifdef COMPLETION_MQC
#include "tools/mqc/config.h"
#endif
#include "tools/mqreport/config.h"
#include "tools/qblock/config.h"
#include "tools/qflush/option.h"
#include "tools/qstat/config.h"

/* flood-response is a shell script; t/completion.t compares its --help. */
static const struct cli_option completion_flood_options[] = {
	{ 'y', "yes", CLI_NO_ARG, NULL, NULL },
	{ CLI_LONG, "delete", CLI_NO_ARG, NULL, NULL },
	{ CLI_LONG, "end-sessions", CLI_NO_ARG, NULL, NULL },
	{ CLI_LONG, "max", CLI_ARG, "N|P%", NULL },
	{ CLI_LONG, "newer", CLI_ARG, "DURATION", NULL },
	{ CLI_LONG, "expire", CLI_ARG, "DURATION", NULL },
	{ CLI_LONG, "reply", CLI_ARG, "REPLY", NULL },
	{ CLI_LONG, "reason", CLI_ARG, "TEXT", NULL },
	{ CLI_LONG, "config", CLI_ARG, "FILE", NULL },
	{ 'V', "version", CLI_NO_ARG, NULL, NULL },
	{ 'h', "help", CLI_NO_ARG, NULL, NULL },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL },
};

static const struct cli_values completion_flood_values[] = {
	{ "COMMAND", "undo" },
	{ "REPLY", "REJECT tempfail" },
	{ NULL, NULL },
};

static const struct cli completion_flood_cli = {
	.program = "flood-response",
	.options = completion_flood_options,
	.words = CLI_WORDS,
	.word = "COMMAND DIR",
	.values = completion_flood_values,
};

static const struct cli *const completion_programs[] = {
	&bbext_option_cli,
	&completion_flood_cli,
	&mqueue_config_cli,
	&relayflood_config_cli,
#ifdef COMPLETION_MQC
	&mqc_config_cli,
#endif
	&mqreport_config_cli,
	&qblock_config_cli,
	&qflush_option_cli,
	&qstat_config_cli,
};

int
main(int argc, char **argv)
{
	static const char usage[] = "usage: completion PROGRAM\n";
	const size_t n = sizeof(completion_programs) /
	    sizeof(completion_programs[0]);
	struct buf out = BUF_INIT;
	size_t i;
	int rc = 2;

	for (i = 0; argc == 2 && i < n; i++)
		if (strcmp(completion_programs[i]->program, argv[1]) == 0)
			completion_bash_add(completion_programs[i],
			    MQ_PLUGINDIR, &out);
	if (out.len == 0)
		fsx_write(STDERR_FILENO, usage, sizeof(usage) - 1);
	else if (!out.oom && fsx_write(STDOUT_FILENO, out.data, out.len) == 0)
		rc = 0;
	buf_free(&out);
	return rc;
}
