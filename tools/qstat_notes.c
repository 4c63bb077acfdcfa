/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qstat_notes.c - what stands below the table
 *
 * A command is only printed if it can be pasted into a shell as it is: where
 * cleaning changed a key, or a word can't be shown, there is none.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "mqueue/access.h"
#include "mqueue/dated.h"
#include "qstat_notes.h"
#include "qstat_table.h"
#include "qstat_text.h"
#include "tool.h"

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
	grid_row(g, GRID_PLAIN);
	grid_text(g, label);
	qstat_text_count(grid_cell(g), n);
	qstat_text_share(grid_cell(g), n / (double)s->total);
	qstat_text_age(grid_cell(g), rest->oldest, v->now);
	grid_text(g, what);
}

/* Those that are not judged, since no relay is to blame for them. */
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
	for (i = 0; i < RELAY_CLASSES && tally_by_is_host(t->by); i++)
		if (i != RELAY_SMTP)
			qstat_notes_rest(&g, v,
			    relay_class_name((enum relay_class)i),
			    &t->classes[i], what[i]);
	qstat_notes_rest(&g, v, "(none)", &t->unnamed,
	    t->by == TALLY_NAME       ? "no host name, or a forged one" :
		t->by == TALLY_STATUS ? "no delivery failed so far" :
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
	size_t i;

	for (i = 0; i < v->nrows; i++)
		seen[v->row[i].flood] = true;
	if (seen[QSTAT_VIEW_CRITICAL])
		buf_addf(b,
		    "!! a flood: over %.0f messages"
		    " (check_relayflood: CRITICAL)\n",
		    floor(v->critical));
	if (seen[QSTAT_VIEW_WARNING])
		buf_addf(b,
		    "!  a flood: over %.0f messages"
		    " (check_relayflood: WARNING)\n",
		    floor(v->warning));
	if (seen[QSTAT_VIEW_DOUBT])
		buf_addf(b,
		    "?  maybe over %.0f messages: the sample is too"
		    " small to tell\n",
		    floor(v->warning));
}

/* The commands that show what the queue has of a kind, each on a line. */
static void
qstat_notes_commands(struct buf *b, const struct mta *mta,
    enum mta_command command, const struct queue *q)
{
	size_t before = b->len, i;

	buf_adds(b, "  ");
	if (mta->command(b, command, q, NULL)) {
		buf_addc(b, '\n');
		return;
	}
	buf_truncate(b, before);
	for (i = 0; i < q->ndirs; i++) {
		before = b->len;
		buf_adds(b, "  ");
		if (mta->command(b, command, q, &q->dirs[i]))
			buf_addc(b, '\n');
		else
			buf_truncate(b, before);
	}
}

static void
qstat_notes_kind(struct buf *b, const struct qstat_view *v, uint64_t n,
    const char *kind, enum mta_command command, const struct queue *q)
{
	if (n == 0)
		return;
	buf_addf(b, "not counted: %" PRIu64 " %s in ", n, kind);
	clean_adds(b, q->name, QSTAT_NOTES_PATH);
	buf_adds(b, "; as root:\n");
	qstat_notes_commands(b, v->config->mta, command, q);
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
		qstat_notes_kind(b, v, n->quarantined, "quarantined",
		    MTA_COMMAND_QUARANTINED, q);
		qstat_notes_kind(b, v, n->lost,
		    "lost (the mail log says why: Losing)", MTA_COMMAND_LOST,
		    q);
	}
}

/* Messages that are in no age, time or rate above. */
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
		qstat_text_wrap(b, buf_str(&text), 2, v->width);
	buf_free(&text);
}

/* --- the next command ----------------------------------------------------- */

/*
 * Adds a selector.  False: it can't be printed as it is, or is no word of a
 * selector.  A stranger chose the key: what needs more than quotes around it
 * is not printed for anybody to paste.
 */
static bool
qstat_notes_selector(struct buf *b, const char *start, const char *key)
{
	bool null_sender = strcmp(key, "<>") == 0, ok;
	struct buf clean = BUF_INIT, word = BUF_INIT;

	clean_adds(&clean, key, QSTAT_TEXT_MAX);
	buf_addf(&word, "%s%s", start, key);
	b->oom |= clean.oom || word.oom;
	ok = !b->oom && *key != '\0' && strchr(key, ' ') == NULL &&
	    (null_sender || strcmp(buf_str(&clean), key) == 0) &&
	    tool_add_word(b, buf_str(&word));
	buf_free(&clean);
	buf_free(&word);
	return ok;
}

/* The queues, where they were named, and the selector of a group. */
static bool
qstat_notes_words(struct buf *b, const struct qstat_view *v,
    const struct tally_group *group, const char *option)
{
	const struct qstat_config *c = v->config;
	const char *start = tally_by_selector(c->by);
	struct buf key = BUF_INIT;
	bool ok = start != NULL &&
	    tool_add_queues(b, c->root, c->specs, c->nspecs);

	buf_adds(b, option);
	tally_add_key(&key, &v->census->tally, group);
	/* The null sender has no domain to select by. */
	if (c->by == TALLY_SENDER_DOMAIN && !key.oom &&
	    strcmp(buf_str(&key), "<>") == 0)
		start = tally_by_selector(TALLY_SENDER);
	/* What holds a NUL is not shown, as it is no word. */
	ok = ok && !key.oom && strlen(buf_str(&key)) == key.len &&
	    qstat_notes_selector(b, start, buf_str(&key));
	b->oom |= key.oom;
	buf_free(&key);
	return ok;
}

static void
qstat_notes_next(struct buf *b, const struct qstat_view *v)
{
	struct buf words = BUF_INIT;

	if (v->largest.group == NULL)
		return;
	if (qstat_notes_words(&words, v, v->largest.group, " --messages"))
		buf_addf(b, "its messages, the oldest first:\n  qstat%s\n",
		    buf_str(&words));
	buf_truncate(&words, 0);
	if (v->largest.flood >= QSTAT_VIEW_WARNING &&
	    qstat_notes_words(&words, v, v->largest.group, ""))
		buf_addf(b, "a dry run of their removal:\n  qflush%s\n",
		    buf_str(&words));
	if (words.oom)
		b->oom = true;
	buf_free(&words);
}

void
qstat_notes_add(struct buf *b, const struct qstat_view *v)
{
	size_t before;

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
    const struct mta *mta, size_t width)
{
	struct buf remedy = BUF_INIT, text = BUF_INIT;
	const struct queue_dir *d;
	size_t i, j;

	for (i = 0; i < queues->n; i++)
		for (j = 0; j < queues->v[i].ndirs; j++) {
			d = &queues->v[i].dirs[j];
			buf_truncate(&remedy, 0);
			if (access_check(d->path, mta, &remedy) == 0)
				continue;
			buf_adds(&text, "NOT READ: ");
			buf_adds(&text,
			    remedy.oom ? "out of memory" : buf_str(&remedy));
			if (!text.oom)
				qstat_text_wrap(b, buf_str(&text), 2, width);
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
qstat_notes_remedy(struct buf *b, const struct survey_result *s,
    const struct mta *mta, size_t width)
{
	struct buf remedy = BUF_INIT, text = BUF_INIT;

	if (s->failed_name[0] != '\0' && s->failed_dir != NULL &&
	    access_check_file(s->failed_dir->path, s->failed_name, mta,
		&remedy) != 0) {
		buf_adds(&text, "  -> ");
		buf_add(&text, remedy.data, remedy.len);
		if (!text.oom)
			qstat_text_wrap(b, buf_str(&text), 5, width);
	}
	if (geteuid() != 0)
		buf_adds(b, "  -> or run qstat as root\n");
	b->oom = b->oom || remedy.oom || text.oom;
	buf_free(&remedy);
	buf_free(&text);
}

void
qstat_notes_unread(struct buf *b, const struct queue_list *queues,
    const struct survey_result *s, const struct mta *mta, size_t width)
{
	size_t before = b->len;

	if (s->failed != 0)
		qstat_notes_directories(b, queues, mta, width);
	if (b->len != before && geteuid() != 0)
		buf_adds(b, "  -> or run qstat as root\n");
	if (s->failed != 0 && b->len == before && s->failed_dir != NULL) {
		buf_adds(b, "NOT READ: ");
		qstat_notes_example(b, s);
		buf_addc(b, '\n');
	}
	if (s->unreadable != 0) {
		buf_addf(b, "NOT READ: %" PRIu64 " file%s", s->unreadable,
		    qstat_text_plural(s->unreadable));
		if (s->failed == 0 && s->failed_dir != NULL) {
			buf_adds(b, ", such as ");
			qstat_notes_example(b, s);
		}
		buf_addc(b, '\n');
		qstat_notes_remedy(b, s, mta, width);
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
		    qstat_text_plural(s->unreadable));
	if (s->failed_dir != NULL)
		qstat_notes_example(b, s);
	else
		buf_adds(b, "not all names were listed in time");
}
