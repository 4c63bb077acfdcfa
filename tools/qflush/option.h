/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option.h - the options that qflush knows */
#ifndef TOOLS_QFLUSH_OPTION_H
#define TOOLS_QFLUSH_OPTION_H

#include "base/cli.h"

/* --journal, if nothing else is said. */
#define QFLUSH_OPTION_DEFAULT_JOURNAL "/var/log/qflush.log"

/* Those without a letter. */
enum qflush_option {
	QFLUSH_OPTION_HOLD = CLI_LONG,
	QFLUSH_OPTION_RELEASE,
	QFLUSH_OPTION_DELETE,
	QFLUSH_OPTION_MOVE,
	QFLUSH_OPTION_RESTORE,
	QFLUSH_OPTION_HELD,
	QFLUSH_OPTION_ANY_REASON,
	QFLUSH_OPTION_FORCE_LOCAL,
	QFLUSH_OPTION_MAX,
	QFLUSH_OPTION_RESCAN,
	QFLUSH_OPTION_PAUSE,
	QFLUSH_OPTION_RATE,
	QFLUSH_OPTION_BELOW,
	QFLUSH_OPTION_REASON,
	QFLUSH_OPTION_JOURNAL,
	QFLUSH_OPTION_ROOT,
};

/* What getopt, --help and the completion are made of. */
extern const struct cli qflush_option_cli;

#endif
