/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - what qflush says of what it did, and of what it left
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/shell.h"
#include "mta/queues.h"
#include "tools/common/text.h"
#include "tools/qflush/option.h"
#include "tools/qflush/report.h"

#define QFLUSH_REPORT_PATH 200

void
qflush_report_limit(struct buf *b, const struct qflush_config *c, uint64_t n,
    uint64_t total)
{
	buf_addf(b,
	    "%" PRIu64 " of %" PRIu64 " messages match, and no more"
	    " than %" PRIu64 " may be changed",
	    n, total, qflush_config_limit(c, total));
	if (c->max.percent)
		buf_addf(b, " (%" PRIu64 "%% of the queue)", c->max.count);
	buf_addf(b, "; to go on nevertheless: --max %" PRIu64, n);
}

/* "3 ... are left alone: WHY" */
static void
qflush_report_verdict(struct buf *b, uint64_t n, const char *what)
{
	if (n != 0)
		buf_addf(b, "left alone: %" PRIu64 " %s\n", n, what);
}

static void
qflush_report_unread(struct buf *b, const struct survey_result *s)
{
	if (s->failed != 0)
		buf_addf(b, "NOT READ: %zu director%s", s->failed,
		    s->failed == 1 ? "y" : "ies");
	else if (s->unreadable != 0)
		buf_addf(b, "NOT READ: %" PRIu64 " file%s", s->unreadable,
		    tool_text_plural(s->unreadable));
	else
		return;
	if (s->failed_dir != NULL) {
		buf_adds(b, ", such as ");
		clean_adds(b, s->failed_dir->path, QFLUSH_REPORT_PATH);
		if (s->failed_name[0] != '\0') {
			buf_addc(b, '/');
			clean_adds(b, s->failed_name, sizeof(s->failed_name));
		}
		buf_addf(b, ": %s", strerror(s->error));
	}
	buf_addc(b, '\n');
}

void
qflush_report_left(struct buf *b, const struct qflush_config *c,
    const struct gather *g)
{
	const uint64_t *n = g->verdict;

	if (g->shared != 0)
		buf_addf(b,
		    "%" PRIu64 " of them also go to recipients who were not"
		    " named: a message is %s for all of its recipients\n",
		    g->shared, change_action_done(c->action));
	qflush_report_verdict(b, n[WANTED_LOCAL],
	    "that this host made or a"
	    " program on it handed over (--force-local)");
	qflush_report_verdict(b, n[WANTED_UNKNOWN],
	    "that no relay can be told of");
	qflush_report_verdict(b, n[WANTED_FOREIGN],
	    "that someone else holds (--any-reason)");
	qflush_report_verdict(b, n[WANTED_REASON],
	    "that qflush holds for another reason (--reason)");
	qflush_report_verdict(b, n[WANTED_INCOMPLETE],
	    "that are still being written, or were cut");
	if (c->verbose > 0)
		qflush_report_verdict(b, n[WANTED_STATE],
		    "that are in another state");
	qflush_report_unread(b, &g->survey);
}

/* The name of a subdirectory as the path that it stands for. */
static void
qflush_report_stranger(struct buf *b, const char *name)
{
	char path[QFLUSH_REPORT_PATH];
	size_t n = 0;

	for (; *name != '\0' && n + 1 < sizeof(path); name++)
		if (strncmp(name, "%2F", 3) == 0) {
			path[n++] = '/';
			name += 2;
		} else {
			path[n++] = *name;
		}
	clean_add(b, path, n, sizeof(path));
}

void
qflush_report_strangers(struct buf *b, const struct moved *m)
{
	if (m->strangers == 0)
		return;
	buf_adds(b, "left alone: what was moved from ");
	qflush_report_stranger(b, m->stranger != NULL ? m->stranger : "");
	if (m->strangers > 1)
		buf_addf(b, " and %zu more", m->strangers - 1);
	buf_adds(b, ", which is none of these queues (-q)\n");
}

bool
qflush_report_unopened(struct buf *b, const struct mta_place_list *places)
{
	bool any = false;
	size_t i;

	for (i = 0; i < places->n; i++) {
		if (places->v[i].error == 0)
			continue;
		buf_adds(b, "NOT READ: ");
		clean_adds(b, places->v[i].path, QFLUSH_REPORT_PATH);
		buf_addf(b, ": %s\n", strerror(places->v[i].error));
		any = true;
	}
	return any;
}

/* --- what was done ------------------------------------------------------- */

static void
qflush_report_example(struct buf *b, const struct flush_example *e)
{
	struct span id = mta_id(e->place->queue->mta, e->name);

	buf_adds(b, ", such as ");
	clean_add(b, id.p, id.n, LISTER_NAME);
	buf_adds(b, " in ");
	clean_adds(b, e->place->dir->path, QFLUSH_REPORT_PATH);
	if (e->why != NULL)
		buf_addf(b, ": %s", e->why);
	if (e->error != 0)
		buf_addf(b, ": %s", strerror(e->error));
}

static void
qflush_report_skipped(struct buf *b, const struct qflush_config *c,
    const struct flush_count *count)
{
	static const struct {
		enum change_result result;
		const char *text;
		bool quiet;
	} rows[] = {
		{ CHANGE_BUSY, "busy", false },
		{ CHANGE_INCOMPLETE, "incomplete", false },
		{ CHANGE_BODILESS, "without a body, and held still", false },
		{ CHANGE_REFUSED, "refused", false },
		{ CHANGE_FAILED, "failed", false },
		{ CHANGE_OTHER, "no longer what was selected", true },
		{ CHANGE_GONE, "gone before they could be changed", true },
	};
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if ((n = count->n[rows[i].result]) == 0)
			continue;
		buf_addf(b, "  %" PRIu64 " %s", n, rows[i].text);
		if (!rows[i].quiet || c->verbose > 0)
			qflush_report_example(b,
			    &count->example[rows[i].result]);
		buf_addc(b, '\n');
	}
}

/* A word, as a shell takes it.  False: it can't be shown. */
static bool
qflush_report_word(struct buf *b, const char *word, size_t n)
{
	buf_addc(b, ' ');
	return shell_add(b, word, n);
}

/* Those words that will still mean the same messages later: no ages. */
static bool
qflush_report_words(struct buf *b, const struct qflush_config *c)
{
	struct buf word = BUF_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; i < c->selector.nwords; i++) {
		buf_truncate(&word, 0);
		selector_add(&word, &c->selector.words[i]);
		if (!word.oom)
			ok = qflush_report_word(b, word.data, word.len) && ok;
	}
	if (i == 0 && c->action == CHANGE_HOLD)
		buf_adds(b, " older:0s");
	b->oom |= word.oom;
	buf_free(&word);
	return ok;
}

/* --reason with what is kept of it: a long one is known by its number. */
static bool
qflush_report_reason(struct buf *b, const struct qflush_config *c)
{
	size_t mark = sizeof(QFLUSH_CONFIG_MARK) - 1;

	buf_adds(b, " --reason");
	return qflush_report_word(b, buf_str(&c->reason) + mark,
	    c->reason.len - mark);
}

/* The MTA's own commands, each once, for places where something was done. */
static void
qflush_report_commands(struct buf *b, const char *what,
    enum mta_command command, const struct mta_place_list *places)
{
	const struct mta_place *p;
	size_t first = b->len, i;
	struct buf line = BUF_INIT;

	for (i = 0; i < places->n; i++) {
		p = &places->v[i];
		buf_truncate(&line, 0);
		buf_adds(&line, what);
		if (!p->used || p->queue == NULL ||
		    !p->queue->mta->command(&line, command, p->queue, p->dir,
			NULL))
			continue;
		buf_addc(&line, '\n');
		if (line.oom || b->oom) {
			b->oom = true;
			break;
		}
		/* One command may show all queues that the MTA has. */
		if (b->len == first ||
		    strstr(buf_str(b) + first, buf_str(&line)) == NULL)
			buf_adds(b, buf_str(&line));
	}
	buf_free(&line);
}

/* How to undo it, wherever this command looked. */
static void
qflush_report_undo(struct buf *b, const struct qflush_config *c,
    const struct mta_place_list *places)
{
	struct buf undo = BUF_INIT;
	bool ok = true;

	if (c->action == CHANGE_HOLD)
		qflush_report_commands(b, "to look at them: ", MTA_COMMAND_HELD,
		    places);
	buf_adds(&undo, "qflush --yes");
	if (c->action == CHANGE_HOLD)
		buf_adds(&undo, " --release");
	else
		buf_adds(&undo, " --restore");
	if (c->action == CHANGE_MOVE)
		ok = shell_add_word(&undo, c->dir);
	ok = queues_add(&undo, c->root, c->specs, c->nspecs) && ok;
	if (strcmp(c->journal, QFLUSH_OPTION_DEFAULT_JOURNAL) != 0) {
		buf_adds(&undo, " --journal");
		ok = shell_add_word(&undo, c->journal) && ok;
	}
	ok = qflush_report_words(&undo, c) && ok;
	if (c->action == CHANGE_HOLD && c->reason_text != NULL)
		ok = qflush_report_reason(&undo, c) && ok;
	if (undo.oom)
		b->oom = true;
	else if (ok)
		buf_addf(b, "to undo: %s\n", buf_str(&undo));
	else
		buf_addf(b,
		    "to undo: the same words with --%s; one of them can't be"
		    " shown here\n",
		    c->action == CHANGE_HOLD ? "release" : "restore");
	buf_free(&undo);
	if (c->action == CHANGE_HOLD)
		qflush_report_commands(b,
		    "to release all that is held: ", MTA_COMMAND_RELEASE,
		    places);
}

static void
qflush_report_time(struct buf *b, uint64_t done, int64_t ms)
{
	buf_addf(b, " in %" PRId64 ".%" PRId64 "s", ms / 1000, ms % 1000 / 100);
	if (ms > 0 && done > 1)
		buf_addf(b, " (%" PRIu64 "/s)", done * 1000 / (uint64_t)ms);
}

void
qflush_report_done(struct buf *b, const struct qflush_config *c,
    const struct flush_count *count, const struct qflush_report_run *run)
{
	uint64_t done = count->n[CHANGE_DONE];

	if (run->stopped)
		buf_adds(b, "interrupted: ");
	buf_addf(b, "%s %" PRIu64 " message%s", change_action_done(c->action),
	    done, tool_text_plural(done));
	qflush_report_time(b, done, run->ms);
	if (run->passes > 1)
		buf_addf(b, ", %" PRIu64 " passes, %s", run->passes,
		    run->clean ? "the last two found nothing" :
				 "and there may be more");
	buf_addc(b, '\n');
	qflush_report_skipped(b, c, count);
	if (run->left != 0)
		buf_addf(b, "  %" PRIu64 " not tried%s\n", run->left,
		    count->fatal != NULL ? "" :
					   "; the same command goes on"
					   " with them");
	if (count->n[CHANGE_BODILESS] != 0)
		buf_adds(b,
		    "MailScanner may have delivered what has no body, just as"
		    " it was held: look\n  for the queue id in the mail log;"
		    " to remove what is held still: qflush --held --delete\n");
	if (done == 0 && count->n[CHANGE_FAILED] == 0)
		return;
	buf_adds(b, "journal: ");
	clean_adds(b, c->journal, QFLUSH_REPORT_PATH);
	buf_addc(b, '\n');
	if (done != 0 && (c->action == CHANGE_HOLD || c->action == CHANGE_MOVE))
		qflush_report_undo(b, c, run->places);
	if (count->n[CHANGE_BUSY] != 0 && !run->clean)
		buf_adds(b, "to try the busy ones again: --rescan 20\n");
}
