/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * option.c - the options that qflush knows, and its help
 *
 * Constants only.
 */
#include "mail/selector.h"
#include "tools/qflush/option.h"

static const struct cli_option qflush_options[] = {
	{ 'y', "yes", CLI_NO_ARG, NULL,
	    "do it; without this, only say what would be done" },
	{ QFLUSH_OPTION_HOLD, "hold", CLI_NO_ARG, NULL,
	    "quarantine the messages as sendmail does (default)" },
	{ QFLUSH_OPTION_RELEASE, "release", CLI_NO_ARG, NULL,
	    "put back into the queue what qflush holds" },
	{ QFLUSH_OPTION_MOVE, "move", CLI_ARG, "DIR",
	    "move them to DIR, which is made if it is missing,\n"
	    "on the file system of the queue" },
	{ QFLUSH_OPTION_RESTORE, "restore", CLI_ARG, "DIR",
	    "move back what was moved to DIR; all of it\n"
	    "without a selector" },
	{ QFLUSH_OPTION_DELETE, "delete", CLI_NO_ARG, NULL,
	    "remove them for ever" },
	{ QFLUSH_OPTION_HELD, "held", CLI_NO_ARG, NULL,
	    "--move or --delete what qflush holds, instead of\n"
	    "what is queued" },
	{ QFLUSH_OPTION_ANY_REASON, "any-reason", CLI_NO_ARG, NULL,
	    "--release or --held: also what others hold, such\n"
	    "as a filter" },
	{ QFLUSH_OPTION_FORCE_LOCAL, "force-local", CLI_NO_ARG, NULL,
	    "also messages that this host made, or a program\n"
	    "on it handed over" },
	{ QFLUSH_OPTION_MAX, "max", CLI_ARG, "N|P%",
	    "refuse to change more than N messages, or P% of\n"
	    "the queue (20% to hold, move and delete)" },
	{ QFLUSH_OPTION_RESCAN, "rescan", CLI_ARG, "N",
	    "look again, N times at most, until twice nothing\n"
	    "was found (0)" },
	{ QFLUSH_OPTION_PAUSE, "pause", CLI_ARG, "DURATION",
	    "wait before looking again (5s)" },
	{ QFLUSH_OPTION_RATE, "rate", CLI_ARG, "N/min",
	    "release N messages a minute (all at once)" },
	{ QFLUSH_OPTION_BELOW, "below", CLI_ARG, "N",
	    "release while less than N messages are queued" },
	{ QFLUSH_OPTION_REASON, "reason", CLI_ARG, "TEXT",
	    "what mailq -qQ shows of a message that is held,\n"
	    "after \"qflush: \" (the selector); for --release\n"
	    "and --held: only what was held with exactly that\n"
	    "reason; '*', the default there, is any of ours" },
	{ QFLUSH_OPTION_JOURNAL, "journal", CLI_ARG, "FILE",
	    "note each change in FILE\n"
	    "(" QFLUSH_OPTION_DEFAULT_JOURNAL ")" },
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "look at this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)" },
	{ QFLUSH_OPTION_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 'v', "verbose", CLI_NO_ARG, NULL,
	    "more rows, and an example of each result" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values qflush_values[] = {
	{ "SELECTOR", SELECTOR_WORDS },
	{ NULL, NULL },
};

/* clang-format off */
static const struct cli_pair qflush_pairs[] = {
	{ QFLUSH_OPTION_ROOT, CLI_EXCLUDES, 'q', "it is about queues that are"
	    " not named" },
	{ QFLUSH_OPTION_PAUSE, CLI_NEEDS, QFLUSH_OPTION_RESCAN, NULL },
	{ QFLUSH_OPTION_REASON, CLI_EXCLUDES, QFLUSH_OPTION_ANY_REASON,
	    "one of them says which reasons are meant" },
	{ 0, CLI_EXCLUDES, 0, NULL },
};
/* clang-format on */

const struct cli qflush_option_cli = {
	.program = "qflush",
	.version = PACKAGE_VERSION,
	.purpose = "take one relay's mail out of the queues, and put it back",
	.usage =
	    "SELECTOR... [--yes] [--hold | --move DIR | --delete]\n"
	    "       qflush --release SELECTOR... [--rate N/min] [--below N]"
	    " [--yes]\n"
	    "       qflush --restore DIR [SELECTOR...] [--yes]",
	.options = qflush_options,
	.pairs = qflush_pairs,
	.word = "SELECTOR",
	.values = qflush_values,
	/* clang-format off */
	.notes =
"A SELECTOR is an address (203.0.113.66), a prefix (192.0.2.0/24,\n"
"2001:db8::/32), name:SUFFIX, helo:NAME, sender:ADDRESS (sender:<> for the\n"
"null sender), sender-domain:DOMAIN, recipient:ADDRESS,\n"
"recipient-domain:DOMAIN, class:CLASS (smtp, loopback, local, bounce, none,\n"
"unknown, incomplete) or 'status:REASON', the last word of its argument.\n"
"Words of one kind are alternatives, different kinds must all hold, and so\n"
"must older:DURATION and newer:DURATION (90s, 15m, 2h).\n"
"\n"
"sendmail may run all the while.  What another process works on is left alone\n"
"and counted; --rescan tries it again.\n"
"\n"
"Examples:\n"
"  qflush 203.0.113.66\n"
"      what would be held, and what may be in it that is no flood\n"
"  qflush --yes --max 3000 --rescan 20 203.0.113.66\n"
"      hold it, and what still comes in\n"
"  qflush --yes --release 203.0.113.66 --rate 300/min --below 500\n"
"      put it back, a little at a time\n"
"  qflush --yes --held --delete 203.0.113.66\n"
"      remove for ever what is held\n"
"  qflush --yes --move /var/spool/flood 203.0.113.66 older:10m\n"
"  qflush --yes --restore /var/spool/flood\n"
"      out of the queue, and back\n"
"\n"
"Exit status: 0 all done, or shown; 1 some messages were skipped, or it was\n"
"interrupted; 2 refused, failed, or wrong usage.\n",
	/* clang-format on */
	.words = CLI_WORDS,
};
