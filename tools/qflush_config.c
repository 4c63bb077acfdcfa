/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qflush_config.c - qflush's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.  An option
 * that would be ignored is refused instead.
 */
#include <errno.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "mqueue/sendmail.h"
#include "qflush_config.h"

#define QFLUSH_CONFIG_SHOWN   80
#define QFLUSH_CONFIG_REASON  120 /* bytes of a reason */
#define QFLUSH_CONFIG_PERCENT 20  /* of the queue, if nothing is said */
#define QFLUSH_CONFIG_PASSES  1000
#define QFLUSH_CONFIG_PAUSE   5
#define QFLUSH_CONFIG_RATE    1000000 /* a minute */

enum {
	OPT_HOLD = CLI_LONG,
	OPT_RELEASE,
	OPT_DELETE,
	OPT_MOVE,
	OPT_RESTORE,
	OPT_HELD,
	OPT_ANY_REASON,
	OPT_FORCE_LOCAL,
	OPT_MAX,
	OPT_RESCAN,
	OPT_PAUSE,
	OPT_RATE,
	OPT_BELOW,
	OPT_REASON,
	OPT_JOURNAL,
	OPT_ROOT,
};

static const struct cli_option qflush_config_options[] = {
	{ 'y', "yes", CLI_NO_ARG, NULL,
	    "do it; without this, only say what would be done" },
	{ OPT_HOLD, "hold", CLI_NO_ARG, NULL,
	    "quarantine the messages as sendmail does (default)" },
	{ OPT_RELEASE, "release", CLI_NO_ARG, NULL,
	    "put back into the queue what qflush holds" },
	{ OPT_MOVE, "move", CLI_ARG, "DIR",
	    "move them to DIR, which is made if it is missing,\n"
	    "on the file system of the queue" },
	{ OPT_RESTORE, "restore", CLI_ARG, "DIR",
	    "move back what was moved to DIR; all of it\n"
	    "without a selector" },
	{ OPT_DELETE, "delete", CLI_NO_ARG, NULL, "remove them for ever" },
	{ OPT_HELD, "held", CLI_NO_ARG, NULL,
	    "--move or --delete what qflush holds, instead of\n"
	    "what is queued" },
	{ OPT_ANY_REASON, "any-reason", CLI_NO_ARG, NULL,
	    "--release or --held: also what others hold, such\n"
	    "as a filter" },
	{ OPT_FORCE_LOCAL, "force-local", CLI_NO_ARG, NULL,
	    "also messages that this host made, or a program\n"
	    "on it handed over" },
	{ OPT_MAX, "max", CLI_ARG, "N|P%",
	    "refuse to change more than N messages, or P% of\n"
	    "the queue (20% to hold, move and delete)" },
	{ OPT_RESCAN, "rescan", CLI_ARG, "N",
	    "look again, N times at most, until twice nothing\n"
	    "was found (0)" },
	{ OPT_PAUSE, "pause", CLI_ARG, "DURATION",
	    "wait before looking again (5s)" },
	{ OPT_RATE, "rate", CLI_ARG, "N/min",
	    "release N messages a minute (all at once)" },
	{ OPT_BELOW, "below", CLI_ARG, "N",
	    "release while less than N messages are queued" },
	{ OPT_REASON, "reason", CLI_ARG, "TEXT",
	    "what mailq -qQ shows of a message that is held,\n"
	    "after \"qflush: \" (the selector); for --release\n"
	    "and --held: only what was held with that reason" },
	{ OPT_JOURNAL, "journal", CLI_ARG, "FILE",
	    "note each change in FILE\n"
	    "(" QFLUSH_CONFIG_JOURNAL ")" },
	{ 'q', "queue", CLI_ARG, "[NAME=]DIR",
	    "look at this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)" },
	{ OPT_ROOT, "root", CLI_ARG, "DIR",
	    "look for configuration and queues below DIR\n"
	    "(without -q)" },
	{ 'v', "verbose", CLI_NO_ARG, NULL,
	    "more rows, and an example of each result" },
	{ 'V', "version", CLI_NO_ARG, NULL, "print the version" },
	{ 'h', "help", CLI_NO_ARG, NULL, "print this" },
	{ 0, NULL, CLI_NO_ARG, NULL, NULL }
};

static const struct cli_values qflush_config_values[] = {
	{ "SELECTOR", SELECTOR_WORDS },
	{ NULL, NULL },
};

const struct cli qflush_config_cli = {
	.program = "qflush",
	.version = PACKAGE_VERSION,
	.purpose = "take one relay's mail out of the queues, and put it back",
	.usage =
	    "SELECTOR... [--yes] [--hold | --move DIR | --delete]\n"
	    "       qflush --release SELECTOR... [--rate N/min] [--below N]"
	    " [--yes]\n"
	    "       qflush --restore DIR [SELECTOR...] [--yes]",
	.options = qflush_config_options,
	.notes =
	    "A SELECTOR is an address (192.0.2.66), a prefix (192.0.2.0/24,\n"
	    "2001:db8::/32), name:SUFFIX, helo:NAME, sender:ADDRESS (sender:<> for the\n"
	    "null sender) or sender-domain:DOMAIN.  Words of one kind are alternatives,\n"
	    "different kinds must all hold, and so must older:DURATION and\n"
	    "newer:DURATION (90s, 15m, 2h).\n"
	    "\n"
	    "sendmail may run all the while.  What another process works on is left alone\n"
	    "and counted; --rescan tries it again.\n"
	    "\n"
	    "Examples:\n"
	    "  qflush 192.0.2.66\n"
	    "      what would be held, and what may be in it that is no flood\n"
	    "  qflush --yes --max 3000 --rescan 20 192.0.2.66\n"
	    "      hold it, and what still comes in\n"
	    "  qflush --yes --release 192.0.2.66 --rate 300/min --below 500\n"
	    "      put it back, a little at a time\n"
	    "  qflush --yes --held --delete 192.0.2.66\n"
	    "      remove for ever what is held\n"
	    "  qflush --yes --move /var/spool/flood 192.0.2.66 older:10m\n"
	    "  qflush --yes --restore /var/spool/flood\n"
	    "      out of the queue, and back\n"
	    "\n"
	    "Exit status: 0 all done, or shown; 1 some messages were skipped, or it was\n"
	    "interrupted; 2 refused, failed, or wrong usage.\n",
	.words = CLI_WORDS,
	.word = "SELECTOR",
	.values = qflush_config_values,
};

void
qflush_config_free(struct qflush_config *c)
{
	queue_list_free(&c->queues);
	selector_free(&c->selector);
	buf_free(&c->wanted);
	buf_free(&c->reason);
}

static int
qflush_config_fail(struct buf *why, const char *option, const char *text,
    const char *reason)
{
	buf_addf(why, "%s '", option);
	clean_adds(why, text, QFLUSH_CONFIG_SHOWN);
	buf_addf(why, "': %s", reason);
	return -1;
}

static int
qflush_config_number(const char *option, const char *text, int64_t min,
    int64_t max, int64_t *out, struct buf *why)
{
	const char *reason;

	if (num_int64(text, min, max, out, &reason) == 0)
		return 0;
	return qflush_config_fail(why, option, text, reason);
}

static int
qflush_config_queue(struct qflush_config *c, const char *spec, struct buf *why)
{
	if (queue_list_add_spec(&c->queues, spec) == 0)
		return 0;
	return qflush_config_fail(why, "--queue", spec,
	    errno == EEXIST	? "this name or this directory was given before"
				  " (NAME=DIR gives a name)" :
		errno == EINVAL ? "expected DIR or NAME=DIR" :
				  strerror(errno));
}

/* One action, once. */
static int
qflush_config_act(struct qflush_config *c, enum change_action action,
    const char *dir, struct buf *why)
{
	if (c->chosen) {
		buf_adds(why,
		    "expected one of --hold, --release, --move,"
		    " --restore and --delete");
		return -1;
	}
	c->chosen = true;
	c->action = action;
	c->dir = dir;
	return 0;
}

/* "3000", "30%" */
static int
qflush_config_max(struct qflush_config *c, const char *text, struct buf *why)
{
	size_t n = strlen(text);
	const char *reason;
	int64_t value;
	bool percent = n != 0 && text[n - 1] == '%';

	if (num_int64_of(text, percent ? n - 1 : n, 0,
		percent ? 100 : INT64_MAX, &value, &reason) != 0)
		return qflush_config_fail(why, "--max", text,
		    "expected a number of messages like 3000, or a share of"
		    " the queue like 30%");
	c->max_said = true;
	c->max = (struct qflush_config_max){
		.count = (uint64_t)value,
		.percent = percent,
	};
	return 0;
}

/* "300/min", "300" */
static int
qflush_config_rate(struct qflush_config *c, const char *text, struct buf *why)
{
	size_t n = strcspn(text, "/");
	const char *reason;
	int64_t value;

	if ((text[n] != '\0' && strcmp(text + n, "/min") != 0) ||
	    num_int64_of(text, n, 1, QFLUSH_CONFIG_RATE, &value, &reason) != 0)
		return qflush_config_fail(why, "--rate", text,
		    "expected messages a minute, like 300/min");
	c->per_minute = (double)value;
	return 0;
}

static int
qflush_config_flow(struct qflush_config *c, int id, const char *arg,
    struct buf *why)
{
	const char *reason;
	int64_t n;

	switch (id) {
	case OPT_MAX:
		return qflush_config_max(c, arg, why);
	case OPT_RESCAN:
		return qflush_config_number("--rescan", arg, 0,
		    QFLUSH_CONFIG_PASSES, &c->rescan, why);
	case OPT_PAUSE:
		return num_duration(arg, &c->pause, &reason) == 0 ?
		    0 :
		    qflush_config_fail(why, "--pause", arg, reason);
	case OPT_RATE:
		return qflush_config_rate(c, arg, why);
	default:
		if (qflush_config_number("--below", arg, 1, INT64_MAX, &n,
			why) != 0)
			return -1;
		c->below = (uint64_t)n;
		return 0;
	}
}

static int
qflush_config_option(struct qflush_config *c, int id, const char *arg,
    struct buf *why)
{
	switch (id) {
	case 'y':
		c->yes = true;
		return 0;
	case OPT_HOLD:
		return qflush_config_act(c, CHANGE_HOLD, NULL, why);
	case OPT_RELEASE:
		return qflush_config_act(c, CHANGE_RELEASE, NULL, why);
	case OPT_DELETE:
		return qflush_config_act(c, CHANGE_DELETE, NULL, why);
	case OPT_MOVE:
		return qflush_config_act(c, CHANGE_MOVE, arg, why);
	case OPT_RESTORE:
		return qflush_config_act(c, CHANGE_RESTORE, arg, why);
	case OPT_HELD:
		c->held = true;
		return 0;
	case OPT_ANY_REASON:
		c->any_reason = true;
		return 0;
	case OPT_FORCE_LOCAL:
		c->local = true;
		return 0;
	case OPT_REASON:
		c->reason_text = arg;
		return 0;
	case OPT_JOURNAL:
		c->journal = arg;
		return 0;
	case 'q':
		return qflush_config_queue(c, arg, why);
	case OPT_ROOT:
		c->root = strcmp(arg, "/") == 0 ? "" : arg;
		return 0;
	case 'v':
		c->verbose++;
		return 0;
	case 'V':
	case 'h':
		c->what = id == 'V' ? QFLUSH_CONFIG_VERSION :
				      QFLUSH_CONFIG_HELP;
		return 0;
	default:
		return qflush_config_flow(c, id, arg, why);
	}
}

static int
qflush_config_words(struct qflush_config *c, int n, char **words,
    struct buf *why)
{
	int i;

	for (i = 0; i < n; i++) {
		if (c->wanted.len != 0)
			buf_addc(&c->wanted, ' ');
		buf_adds(&c->wanted, words[i]);
		if (selector_parse(&c->selector, words[i], why) != 0)
			return -1;
	}
	return 0;
}

/* What does not go together, and what is missing. */
static const char *
qflush_config_wrong(const struct qflush_config *c)
{
	bool out = c->action == CHANGE_MOVE || c->action == CHANGE_DELETE;
	bool back = c->action == CHANGE_RELEASE;

	if (c->action != CHANGE_RESTORE && selector_is_empty(&c->selector))
		return "whose mail? expected an address, a prefix or another"
		       " selector";
	if (c->held && !out)
		return "--held goes with --move or --delete";
	if (c->any_reason && !c->held && !back)
		return "--any-reason goes with --release or --held";
	if ((c->per_minute > 0 || c->below > 0) && !back)
		return "--rate and --below go with --release";
	if (c->reason_text != NULL && c->action != CHANGE_HOLD && !back &&
	    !c->held)
		return "--reason goes with --hold, --release or --held";
	if (c->local && (back || c->held || c->action == CHANGE_RESTORE))
		return "--force-local is not needed to put mail back, or for"
		       " what is held";
	return NULL;
}

static void
qflush_config_finish(struct qflush_config *c)
{
	const char *text = c->reason_text != NULL ? c->reason_text :
	    c->wanted.oom			  ? "" :
						    buf_str(&c->wanted);
	size_t n = strlen(text);

	buf_adds(&c->reason, QFLUSH_CONFIG_MARK);
	clean_add_line(&c->reason, text,
	    n < QFLUSH_CONFIG_REASON ? n : QFLUSH_CONFIG_REASON);
	if (!c->max_said)
		c->max = (struct qflush_config_max){
			.count = QFLUSH_CONFIG_PERCENT,
			.percent = true,
			.any = c->action == CHANGE_RELEASE ||
			    c->action == CHANGE_RESTORE,
		};
}

int
qflush_config_parse(struct qflush_config *c, int argc, char **argv,
    struct buf *why)
{
	const char *arg, *wrong;
	int id, first;

	*c = (struct qflush_config){
		.mta = &sendmail_mta,
		.root = "",
		.selector = SELECTOR_INIT,
		.wanted = BUF_INIT,
		.reason = BUF_INIT,
		.pause = QFLUSH_CONFIG_PAUSE,
		.journal = QFLUSH_CONFIG_JOURNAL,
	};
	cli_start();
	while ((id = cli_next(&qflush_config_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || qflush_config_option(c, id, arg, why) != 0)
			return -1;
		/* -h and -V answer at once, whatever follows. */
		if (c->what != QFLUSH_CONFIG_RUN)
			return 0;
	}
	first = cli_first_word();
	if (qflush_config_words(c, argc - first, argv + first, why) != 0)
		return -1;
	if ((wrong = qflush_config_wrong(c)) != NULL) {
		buf_adds(why, wrong);
		return -1;
	}
	qflush_config_finish(c);
	return 0;
}

uint64_t
qflush_config_limit(const struct qflush_config *c, uint64_t total)
{
	if (c->max.any)
		return UINT64_MAX;
	if (!c->max.percent)
		return c->max.count;
	return total / 100 * c->max.count + total % 100 * c->max.count / 100;
}
