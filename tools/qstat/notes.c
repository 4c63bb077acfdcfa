/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * notes.c - what stands below the table
 *
 * A command is printed only if it can be pasted into a shell.  If the name of a
 * queue cannot be shown, no command is printed.  A selector can always be
 * shown, because it has a way to write every byte.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/shell.h"
#include "look/readable.h"
#include "mail/dated.h"
#include "mta/queues.h"
#include "tools/common/text.h"
#include "tools/qstat/ages.h"
#include "tools/qstat/notes.h"
#include "tools/qstat/table.h"

#define QSTAT_NOTES_PATH 200

/* --- messages without a group -------------------------------------------- */

static void
qstat_notes_rest(struct grid *g, const struct qstat_view *v, const char *label,
    const struct tally_rest *rest, const char *what)
{
	const struct survey_result *s = &v->census->survey;
	double n = census_scale(v->census, rest->count).value;

	if (rest->count == 0)
		return;
	grid_row(g, PAINT_PLAIN);
	grid_text(g, label);
	tool_text_count(grid_cell(g), n);
	tool_text_share(grid_cell(g), n / (double)s->total);
	tool_text_age(grid_cell(g), rest->oldest, v->now);
	grid_text(g, what);
}

/* The messages that are not judged, because they did not come from a relay. */
static void
qstat_notes_apart(struct buf *b, const struct qstat_view *v)
{
	static const struct grid_column column[] = { { "apart from these",
							 false, false, false },
		{ "msgs", true, false, false }, { "share", true, false, false },
		{ "oldest", true, false, false }, { "", false, true, false } };
	static const char *const what[RELAY_CLASSES] = {
		[RELAY_LOOPBACK] = "by SMTP from this machine (a filter)",
		[RELAY_LOCAL] = "by a command on this machine",
		[RELAY_BOUNCE] = "made by this server",
		[RELAY_NONE] = "no relay is named",
		[RELAY_UNKNOWN] = "a relay is named, but not clearly",
		[RELAY_INCOMPLETE] = "still being written, or cut off",
	};
	const struct tally *t = &v->census->tally;
	struct grid g;
	size_t i;

	grid_init(&g, column, sizeof(column) / sizeof(*column));
	for (i = 0; i < RELAY_CLASSES && key_by_is_host(t->by); i++)
		if (i != RELAY_SMTP)
			qstat_notes_rest(&g, v,
			    relay_class_name((enum relay_class)i),
			    &t->classes[i], what[i]);
	qstat_notes_rest(&g, v, "(none)", &t->unnamed,
	    t->by == KEY_NAME       ? "no host name, or a forged one" :
		t->by == KEY_STATUS ? "no delivery failed so far" :
				      "nothing in the control file");
	if (grid_has_rows(&g)) {
		buf_addc(b, '\n');
		grid_add(b, &g, v->width, false);
	}
	grid_free(&g);
}

/* --- marks, held messages ------------------------------------------------ */

static void
qstat_notes_marks(struct buf *b, const struct qstat_view *v)
{
	bool seen[QSTAT_VIEW_CRITICAL + 1] = { false };
	bool relay = v->config->by == KEY_RELAY;
	const char *option = relay ? "" : " --by ";
	const char *key = relay ? "" : key_by_name(v->config->by);
	size_t i;

	for (i = 0; i < v->nrows; i++)
		seen[v->row[i].flood] = true;
	if (seen[QSTAT_VIEW_CRITICAL])
		buf_addf(b,
		    "!! a flood: over %.0f messages"
		    " (check_relayflood%s%s: CRITICAL)\n",
		    floor(v->critical), option, key);
	if (seen[QSTAT_VIEW_WARNING])
		buf_addf(b,
		    "!  a flood: over %.0f messages"
		    " (check_relayflood%s%s: WARNING)\n",
		    floor(v->warning), option, key);
	if (seen[QSTAT_VIEW_DOUBT])
		buf_addf(b,
		    "?  maybe over %.0f messages: the sample is too"
		    " small to tell\n",
		    floor(v->warning));
	if (!v->judged && v->largest.group != NULL &&
	    qstat_view_is_large(v, v->largest.group->count))
		buf_addf(b,
		    "not judged by %s: what many messages have in common is"
		    " no flood\n",
		    tool_text_noun(v->config->by, 1));
}

/* The commands that show what the queue has of a kind, each on a line. */
static void
qstat_notes_commands(struct buf *b, enum mta_command command,
    const struct queue *q)
{
	size_t before = b->len, i;

	buf_adds(b, "  ");
	if (q->mta->command(b, command, q, NULL, NULL)) {
		buf_addc(b, '\n');
		return;
	}
	buf_truncate(b, before);
	for (i = 0; i < q->ndirs; i++) {
		before = b->len;
		buf_adds(b, "  ");
		if (q->mta->command(b, command, q, &q->dirs[i], NULL))
			buf_addc(b, '\n');
		else
			buf_truncate(b, before);
	}
}

static void
qstat_notes_kind(struct buf *b, uint64_t n, const char *kind,
    enum mta_command command, const struct queue *q)
{
	if (n == 0)
		return;
	buf_addf(b, "not counted: %" PRIu64 " %s in ", n, kind);
	clean_adds(b, q->name, QSTAT_NOTES_PATH);
	buf_adds(b, "; as root:\n");
	qstat_notes_commands(b, command, q);
}

static void
qstat_notes_held(struct buf *b, const struct qstat_view *v)
{
	const struct survey_queue *n;
	const struct queue *q;
	size_t i;

	for (i = 0; i < v->queues->n; i++) {
		q = &v->queues->v[i];
		n = &v->census->survey.queue[i];
		qstat_notes_kind(b, n->held, "quarantined", MTA_COMMAND_HELD,
		    q);
		qstat_notes_kind(b, n->lost,
		    "lost (the mail log says why: Losing)", MTA_COMMAND_LOST,
		    q);
	}
}

/* Messages that no age, time or rate above includes. */
static void
qstat_notes_dates(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	struct buf text = BUF_INIT;

	dated_add(&text, "dates: ",
	    (uint64_t)round(census_scale(v->census, t->future).value),
	    (uint64_t)round(census_scale(v->census, t->undated).value));
	if (text.len != 0)
		buf_addf(&text, " (%s)", dated_advice);
	if (text.oom)
		b->oom = true;
	else if (text.len != 0)
		tool_text_wrap(b, buf_str(&text), 2, v->width);
	buf_free(&text);
}

/* --- replies -------------------------------------------------------------- */

/*
 * A status is a reply without the parts that differ each time.  One whole reply
 * is shown as an example.
 */
static void
qstat_notes_examples(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	struct buf key = BUF_INIT, text = BUF_INIT, reply = BUF_INIT;
	bool told = false;
	size_t i;

	for (i = 0; t->by == KEY_STATUS && i < v->nrows; i++) {
		buf_truncate(&key, 0);
		buf_truncate(&reply, 0);
		buf_truncate(&text, 0);
		tool_text_key(&key, t, v->row[i].group);
		tool_text_clean(&reply, tally_example(v->row[i].group));
		b->oom |= key.oom || reply.oom;
		if (b->oom || strcmp(buf_str(&key), buf_str(&reply)) == 0)
			continue;
		if (!told)
			buf_adds(b,
			    "\none reply of each, where it says more:\n");
		told = true;
		buf_addf(&text, "%zu  %s", i + 1, buf_str(&reply));
		b->oom |= text.oom;
		if (!b->oom)
			tool_text_wrap(b, buf_str(&text), 3, v->width);
	}
	buf_free(&key);
	buf_free(&text);
	buf_free(&reply);
}

/* --- the next command ----------------------------------------------------- */

/*
 * Adds a command and the options for the queues that were named.  False: it
 * cannot be printed.
 */
static bool
qstat_notes_command(struct buf *b, const struct qstat_view *v,
    const char *program)
{
	const struct qstat_config *c = v->config;

	buf_adds(b, program);
	return queues_add(b, c->root, c->specs, c->nspecs);
}

/*
 * Adds a blank, and the selector of a group as a word for a shell.  A byte that
 * cannot be shown is escaped in the selector, so that every selector can be
 * added.
 */
static void
qstat_notes_selector(struct buf *b, const struct qstat_view *v,
    const struct tally_group *group)
{
	struct buf word = BUF_INIT;

	tally_add_selector(&word, &v->census->tally, group);
	b->oom |= word.oom;
	if (!word.oom)
		(void)shell_add_word(b, buf_str(&word));
	buf_free(&word);
}

/* How many columns the table has for a key; one that is longer is cut. */
static size_t
qstat_notes_width(struct buf *b, const struct qstat_view *v)
{
	struct qstat_table t;
	size_t width;

	if (v->config->ages)
		qstat_ages_fill(&t, v);
	else
		qstat_table_fill(&t, v);
	width = grid_width(b, &t.grid, t.key, v->width);
	grid_free(&t.grid);
	return width;
}

/* Adds the selectors of those keys that the table had to cut or to change. */
static void
qstat_notes_keys(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	struct buf key = BUF_INIT, shown = BUF_INIT;
	size_t width = qstat_notes_width(b, v);
	bool told = false;
	size_t i;

	for (i = 0; i < v->nrows; i++) {
		buf_truncate(&key, 0);
		buf_truncate(&shown, 0);
		tally_add_key(&key, t, v->row[i].group);
		tool_text_key(&shown, t, v->row[i].group);
		b->oom |= key.oom || shown.oom;
		if (b->oom ||
		    (key.len == shown.len && key.len <= width &&
			memcmp(key.data, shown.data, key.len) == 0))
			continue;
		if (!told)
			buf_adds(b,
			    "\nkeys that are not shown as they are, as"
			    " selectors:\n");
		told = true;
		buf_addf(b, "%zu ", i + 1);
		qstat_notes_selector(b, v, v->row[i].group);
		buf_addc(b, '\n');
	}
	buf_free(&key);
	buf_free(&shown);
}

/* Where no message has the key. */
static void
qstat_notes_ask(struct buf *b, const struct qstat_view *v)
{
	const char *key = qstat_view_ask(v);
	struct buf text = BUF_INIT;

	if (key != NULL && qstat_notes_command(&text, v, "qstat"))
		buf_addf(b, "whose mail it is:\n  %s --by %s\n", buf_str(&text),
		    key);
	b->oom |= text.oom;
	buf_free(&text);
}

/*
 * The dry run of qflush shows only messages that were judged, because qflush
 * leaves alone what did not come from another host.
 */
static void
qstat_notes_next(struct buf *b, const struct qstat_view *v)
{
	bool flood = v->worst.flood >= QSTAT_VIEW_WARNING;
	const struct tally_group *g = flood ? v->worst.group : v->largest.group;
	struct buf text = BUF_INIT;

	if (g == NULL) {
		qstat_notes_ask(b, v);
		return;
	}
	if (qstat_notes_command(&text, v, "qstat")) {
		buf_adds(&text, " --messages");
		qstat_notes_selector(&text, v, g);
		buf_adds(&text, tally_selector_class(&v->census->tally));
		if (!text.oom)
			buf_addf(b, "its messages, the oldest first:\n  %s\n",
			    buf_str(&text));
	}
	buf_truncate(&text, 0);
	if (flood && qstat_notes_command(&text, v, "qflush")) {
		qstat_notes_selector(&text, v, g);
		if (!text.oom)
			buf_addf(b, "a dry run of their removal:\n  %s\n",
			    buf_str(&text));
	}
	b->oom |= text.oom;
	buf_free(&text);
}

void
qstat_notes_add(struct buf *b, const struct qstat_view *v)
{
	size_t before;

	qstat_notes_examples(b, v);
	qstat_notes_keys(b, v);
	qstat_notes_apart(b, v);
	buf_addc(b, '\n');
	before = b->len;
	qstat_notes_marks(b, v);
	qstat_notes_held(b, v);
	qstat_notes_dates(b, v);
	qstat_notes_next(b, v);
	if (b->len == before)
		buf_truncate(b, before - 1);
}

/* --- what was not read ---------------------------------------------------- */

static void
qstat_notes_directories(struct buf *b, const struct queue_list *queues,
    size_t width)
{
	struct buf remedy = BUF_INIT, text = BUF_INIT;
	const struct queue_dir *d;
	size_t i, j;

	for (i = 0; i < queues->n; i++)
		for (j = 0; j < queues->v[i].ndirs; j++) {
			d = &queues->v[i].dirs[j];
			buf_truncate(&remedy, 0);
			if (readable_check(d->path, queues->v[i].mta,
				&remedy) == 0)
				continue;
			buf_adds(&text, "NOT READ: ");
			buf_adds(&text,
			    remedy.oom ? "out of memory" : buf_str(&remedy));
			if (!text.oom)
				tool_text_wrap(b, buf_str(&text), 2, width);
			buf_truncate(&text, 0);
		}
	b->oom = b->oom || text.oom;
	buf_free(&remedy);
	buf_free(&text);
}

static void
qstat_notes_example(struct buf *b, const struct survey_result *s)
{
	clean_adds(b, s->failed_dir->path, QSTAT_NOTES_PATH);
	if (s->failed_name[0] != '\0') {
		buf_addc(b, '/');
		clean_adds(b, s->failed_name, sizeof(s->failed_name));
	}
	buf_addf(b, ": %s", strerror(s->error));
}

/* What stands between this user and the file that failed. */
static void
qstat_notes_remedy(struct buf *b, const struct survey_result *s, size_t width)
{
	struct buf remedy = BUF_INIT, text = BUF_INIT;

	if (s->failed_name[0] != '\0' && s->failed_dir != NULL &&
	    readable_check_file(s->failed_dir->path, s->failed_name,
		s->failed_queue->mta, &remedy) != 0) {
		buf_adds(&text, "  -> ");
		buf_add(&text, remedy.data, remedy.len);
		if (!text.oom)
			tool_text_wrap(b, buf_str(&text), 5, width);
	}
	if (geteuid() != 0)
		buf_adds(b, "  -> or run qstat as root\n");
	b->oom = b->oom || remedy.oom || text.oom;
	buf_free(&remedy);
	buf_free(&text);
}

void
qstat_notes_unread(struct buf *b, const struct queue_list *queues,
    const struct survey_result *s, size_t width)
{
	size_t before = b->len;

	if (s->failed != 0)
		qstat_notes_directories(b, queues, width);
	if (b->len != before && geteuid() != 0)
		buf_adds(b, "  -> or run qstat as root\n");
	if (s->failed != 0 && b->len == before && s->failed_dir != NULL) {
		buf_adds(b, "NOT READ: ");
		qstat_notes_example(b, s);
		buf_addc(b, '\n');
	}
	if (s->unreadable != 0) {
		buf_addf(b, "NOT READ: %" PRIu64 " file%s", s->unreadable,
		    tool_text_plural(s->unreadable));
		if (s->failed == 0 && s->failed_dir != NULL) {
			buf_adds(b, ", such as ");
			qstat_notes_example(b, s);
		}
		buf_addc(b, '\n');
		qstat_notes_remedy(b, s, width);
	}
}

void
qstat_notes_verbose(struct buf *b, const struct queue_list *queues,
    const struct survey_result *s)
{
	const struct queue *q;
	size_t i, j;

	for (i = 0; i < queues->n; i++) {
		q = &queues->v[i];
		for (j = 0; j < q->ndirs; j++) {
			buf_adds(b, "  ");
			clean_adds(b, q->name, QSTAT_NOTES_PATH);
			buf_addf(b, " (%s): ", queue_role_name(q->role));
			clean_adds(b, q->dirs[j].path, QSTAT_NOTES_PATH);
			buf_addc(b, '\n');
		}
	}
	if (s->moved != 0)
		buf_addf(b, "  %" PRIu64 " in two queues, counted once\n",
		    s->moved);
	if (s->vanished != 0)
		buf_addf(b, "  %" PRIu64 " left while they were read\n",
		    s->vanished);
}

void
qstat_notes_partial(struct buf *b, const struct survey_result *s)
{
	if (!qstat_view_is_partial(s))
		return;
	buf_adds(b, "the answer is partial: ");
	if (s->failed != 0)
		buf_addf(b, "%zu director%s not read, ", s->failed,
		    s->failed == 1 ? "y" : "ies");
	if (s->unreadable != 0)
		buf_addf(b, "%" PRIu64 " file%s not read, ", s->unreadable,
		    tool_text_plural(s->unreadable));
	if (s->failed_dir != NULL)
		qstat_notes_example(b, s);
	else
		buf_adds(b, "not all names were listed in time");
}
