/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config.c - qflush's options
 *
 * Built once, before anything is looked at.  Strings stay in argv.  An option
 * that would be ignored is refused instead.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/hash.h"
#include "base/num.h"
#include "mta/queues.h"
#include "tools/qflush/config.h"
#include "tools/qflush/option.h"

#define QFLUSH_CONFIG_REASON  120 /* bytes of a reason, */
#define QFLUSH_CONFIG_CUT     11  /* of these when it is cut: "...0badcafe" */
#define QFLUSH_CONFIG_PERCENT 20  /* of the queue, if nothing is said */
#define QFLUSH_CONFIG_PASSES  1000
#define QFLUSH_CONFIG_PAUSE   5
#define QFLUSH_CONFIG_RATE    1000000 /* a minute */

void
qflush_config_free(struct qflush_config *c)
{
	queue_list_free(&c->queues);
	selector_free(&c->selector);
	buf_free(&c->wanted);
	buf_free(&c->reason);
	free(c->specs);
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
		return cli_bad_value(why, "--max", text,
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
		return cli_bad_value(why, "--rate", text,
		    "expected messages a minute, like 300/min");
	c->per_minute = (double)value;
	return 0;
}

static int
qflush_config_flow(struct qflush_config *c, int id, const char *arg,
    struct buf *why)
{
	int64_t n;

	switch (id) {
	case QFLUSH_OPTION_MAX:
		return qflush_config_max(c, arg, why);
	case QFLUSH_OPTION_RESCAN:
		return cli_number(why, "--rescan", arg, 0, QFLUSH_CONFIG_PASSES,
		    &c->rescan);
	case QFLUSH_OPTION_PAUSE:
		return cli_duration(why, "--pause", arg, &c->pause);
	case QFLUSH_OPTION_RATE:
		return qflush_config_rate(c, arg, why);
	default:
		if (cli_number(why, "--below", arg, 1, INT64_MAX, &n) != 0)
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
	case QFLUSH_OPTION_HOLD:
		return qflush_config_act(c, CHANGE_HOLD, NULL, why);
	case QFLUSH_OPTION_RELEASE:
		return qflush_config_act(c, CHANGE_RELEASE, NULL, why);
	case QFLUSH_OPTION_DELETE:
		return qflush_config_act(c, CHANGE_DELETE, NULL, why);
	case QFLUSH_OPTION_MOVE:
		return qflush_config_act(c, CHANGE_MOVE, arg, why);
	case QFLUSH_OPTION_RESTORE:
		return qflush_config_act(c, CHANGE_RESTORE, arg, why);
	case QFLUSH_OPTION_HELD:
		c->held = true;
		return 0;
	case QFLUSH_OPTION_ANY_REASON:
		c->any_reason = true;
		return 0;
	case QFLUSH_OPTION_FORCE_LOCAL:
		c->local = true;
		return 0;
	case QFLUSH_OPTION_REASON:
		c->reason_text = arg;
		return 0;
	case QFLUSH_OPTION_JOURNAL:
		c->journal = arg;
		return 0;
	case 'q':
		return queues_keep(&c->queues, &c->specs, &c->nspecs, arg, why);
	case QFLUSH_OPTION_ROOT:
		c->root = queues_root(arg);
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

static const char *
qflush_config_reason_wrong(const struct qflush_config *c)
{
	const char *text = c->reason_text;
	bool hold = c->action == CHANGE_HOLD;

	if (text[strspn(text, " \t\r\n")] == '\0')
		return "--reason: expected a text";
	if (hold && strcmp(text, QFLUSH_CONFIG_EVERY) == 0)
		return "--reason '*' stands for every reason; to hold, expected"
		       " one of your own";
	return NULL;
}

/* Refuses options that do not go together, and a line that lacks some. */
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
	return c->reason_text != NULL ? qflush_config_reason_wrong(c) : NULL;
}

/*
 * Adds the text as it is kept in a control file.  If it is too long it is cut,
 * and ends with a number that is made of the whole text, so that two texts that
 * begin alike stay different.
 */
static void
qflush_config_keep(struct buf *b, const char *text)
{
	size_t n = strlen(text), cut;

	while (n != 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	cut = n <= QFLUSH_CONFIG_REASON ?
	    n :
	    QFLUSH_CONFIG_REASON - QFLUSH_CONFIG_CUT;
	clean_add_line(b, text, cut);
	if (cut != n)
		buf_addf(b, "...%08" PRIx32, (uint32_t)hash_bytes(text, n, 0));
}

/* What follows from the rest.  -1: out of memory. */
static int
qflush_config_finish(struct qflush_config *c)
{
	const char *text;

	/* Without --reason, every reason of ours is meant. */
	if (c->reason_text != NULL &&
	    strcmp(c->reason_text, QFLUSH_CONFIG_EVERY) == 0)
		c->reason_text = NULL;
	text = c->reason_text != NULL ? c->reason_text : buf_str(&c->wanted);
	buf_adds(&c->reason, QFLUSH_CONFIG_MARK);
	if (text != NULL)
		qflush_config_keep(&c->reason, text);
	if (!c->max_said)
		c->max = (struct qflush_config_max){
			.count = QFLUSH_CONFIG_PERCENT,
			.percent = true,
			.any = c->action == CHANGE_RELEASE ||
			    c->action == CHANGE_RESTORE,
		};
	/* Without its reason a message would be nobody's, or anybody's. */
	return c->wanted.oom || c->reason.oom ? -1 : 0;
}

int
qflush_config_parse(struct qflush_config *c, int argc, char **argv,
    struct buf *why)
{
	const char *arg, *wrong;
	int id, first;

	*c = (struct qflush_config){
		.root = "",
		.selector = SELECTOR_INIT,
		.wanted = BUF_INIT,
		.reason = BUF_INIT,
		.pause = QFLUSH_CONFIG_PAUSE,
		.journal = QFLUSH_OPTION_DEFAULT_JOURNAL,
	};
	cli_start();
	while ((id = cli_next(&qflush_option_cli, argc, argv, &arg, why)) !=
	    -1) {
		if (id == '?' || qflush_config_option(c, id, arg, why) != 0)
			return -1;
		/* -h and -V answer at once, whatever follows. */
		if (c->what != QFLUSH_CONFIG_RUN)
			return 0;
	}
	if (cli_check(&qflush_option_cli, argc, argv, why) != 0)
		return -1;
	first = cli_first_word();
	if (qflush_config_words(c, argc - first, argv + first, why) != 0)
		return -1;
	wrong = qflush_config_wrong(c);
	if (wrong == NULL && qflush_config_finish(c) != 0)
		wrong = "out of memory";
	if (wrong != NULL)
		buf_adds(why, wrong);
	return wrong == NULL ? 0 : -1;
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

struct wanted
qflush_config_wanted(const struct qflush_config *c, int64_t now)
{
	bool back = c->action == CHANGE_RELEASE;
	bool restore = c->action == CHANGE_RESTORE;

	return (struct wanted){
		.selector = selector_is_empty(&c->selector) ? NULL :
							      &c->selector,
		.now = now,
		.state = restore    ? MTA_NOTHING :
		    back || c->held ? MTA_HELD :
				      MTA_QUEUED,
		.local = c->local,
		.any_class = back || restore || c->held,
		.mark = c->any_reason ? NULL : QFLUSH_CONFIG_MARK,
		.reason = c->reason_text != NULL ? buf_str(&c->reason) : NULL,
	};
}
