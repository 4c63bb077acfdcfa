/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json.c - the answer as one JSON object
 *
 * jansson escapes texts.  They are cleaned before that, so that they are ASCII
 * and can stand in a web page as well.  A member whose value is not known is
 * left out.  A value for which there is no memory is NULL; the end of the
 * answer fails then, so that nothing before it has to look.
 */
#include "tools/qstat/json.h"

const char *
qstat_json_flood(enum qstat_view_flood flood)
{
	static const char *const names[] = { "no", "no", "warning",
		"critical" };

	return names[flood];
}

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "tools/common/json.h"
#include "tools/common/text.h"
#include "tools/qstat/ages.h"
#include "tools/qstat/list.h"

static json_t *
qstat_json_span(struct span s)
{
	struct buf text = BUF_INIT;

	tool_text_clean(&text, s);
	return tool_json_take(&text);
}

static json_t *
qstat_json_address(struct span s)
{
	struct buf text = BUF_INIT;

	tool_text_address(&text, s);
	return tool_json_take(&text);
}

static json_t *
qstat_json_text(const char *s)
{
	return qstat_json_span((struct span){ s, strlen(s) });
}

/* Negative: not known, so no member. */
static json_t *
qstat_json_known(double n, int decimals)
{
	double scale = pow(10, decimals);

	if (n < 0)
		return NULL;
	n = round(n * scale) / scale;
	return n == floor(n) ? json_integer((json_int_t)n) : json_real(n);
}

/* The same for a number that is too large for a double to hold exactly. */
static json_t *
qstat_json_integer(int64_t n)
{
	return n < 0 ? NULL : json_integer((json_int_t)n);
}

static json_t *
qstat_json_whole(double n)
{
	return json_integer((json_int_t)round(n));
}

/* --- what both answers have ---------------------------------------------- */

static json_t *
qstat_json_dirs(const struct queue *q)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < q->ndirs; i++)
		tool_json_push(&array, qstat_json_text(q->dirs[i].path));
	return array;
}

static json_t *
qstat_json_queues(const struct queue_list *queues,
    const struct survey_result *s)
{
	json_t *array = json_array(), *q;
	size_t i;

	for (i = 0; i < queues->n; i++) {
		q = json_pack("{s:o, s:s, s:o, s:I, s:I, s:I}", "name",
		    qstat_json_text(queues->v[i].name), "role",
		    queue_role_name(queues->v[i].role), "directories",
		    qstat_json_dirs(&queues->v[i]), "queued",
		    (json_int_t)s->queue[i].queued, "quarantined",
		    (json_int_t)s->queue[i].held, "lost",
		    (json_int_t)s->queue[i].lost);
		tool_json_push(&array, q);
	}
	return array;
}

/* The first thing that could not be read; NULL: there is none. */
static json_t *
qstat_json_error(const struct survey_result *s)
{
	struct buf path = BUF_INIT;

	if (s->failed_dir == NULL)
		return NULL;
	clean_adds(&path, s->failed_dir->path, TOOL_TEXT_MAX);
	if (s->failed_name[0] != '\0') {
		buf_addc(&path, '/');
		clean_adds(&path, s->failed_name, sizeof(s->failed_name));
	}
	return json_pack("{s:o, s:s}", "path", tool_json_take(&path), "reason",
	    strerror(s->error));
}

/* Begins an answer. */
static json_t *
qstat_json_survey(const struct queue_list *queues,
    const struct survey_result *s, int64_t now)
{
	tool_json_begin();
	return json_pack("{s:i, s:I, s:I, s:I, s:b, s:b, s:I, s:I, s:o*, s:o}",
	    "version", QSTAT_JSON_VERSION, "time", (json_int_t)now, "total",
	    (json_int_t)s->total, "read", (json_int_t)s->read, "sampled",
	    s->sampled, "partial", qstat_view_is_partial(s), "unreadable_files",
	    (json_int_t)s->unreadable, "unreadable_directories",
	    (json_int_t)s->failed, "error", qstat_json_error(s), "queues",
	    qstat_json_queues(queues, s));
}

static int
qstat_json_finish(struct buf *b, json_t *root, const struct qstat_config *c)
{
	return tool_json_finish(b, root,
	    JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12) |
		(c->verbose > 0 ? JSON_INDENT(2) : JSON_COMPACT));
}

/* --- groups --------------------------------------------------------------- */

static json_t *
qstat_json_ages(const struct arrivals *a)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < QSTAT_AGES; i++)
		tool_json_push(&array,
		    json_integer((json_int_t)qstat_ages_count(a, i)));
	return array;
}

static json_t *
qstat_json_row(const struct qstat_view *v, const struct qstat_view_row *r)
{
	const struct tally_group *g = r->group;
	enum key_by by = v->config->by;
	struct buf key = BUF_INIT, selector = BUF_INIT;
	bool ages = v->config->ages && g->detail != NULL;

	tool_text_key(&key, &v->census->tally, g);
	tool_text_selector(&selector, &v->census->tally, g);
	return json_pack("{s:o, s:s*, s:o*, s:o*, s:o, s:o, s:o, s:o,"
			 " s:o*, s:o*, s:o*, s:o*, s:o*, s:b, s:o, s:s*, s:o*,"
			 " s:o*, s:o*, s:o}",
	    "key", tool_json_take(&key), "class",
	    key_by_is_host(by) ? relay_class_name(RELAY_SMTP) : NULL, "host",
	    by == KEY_RELAY ? qstat_json_span(tally_host(g)) : NULL,
	    "host_proven",
	    by == KEY_RELAY ? json_boolean(g->host_proven) : NULL, "count",
	    qstat_json_whole(r->count.value), "low",
	    qstat_json_whole(r->count.low), "high",
	    qstat_json_whole(r->count.high), "share",
	    qstat_json_known(r->share, 6), "oldest",
	    qstat_json_integer(g->oldest), "newest",
	    qstat_json_integer(g->newest), "per_minute",
	    qstat_json_known(r->per_minute, 3), "since",
	    qstat_json_integer(r->since), "senders",
	    r->senders != 0 ? json_integer((json_int_t)r->senders) : NULL,
	    "senders_exact", r->senders_exact, "recipients",
	    qstat_json_whole(r->recipients), "flood",
	    v->judged ? qstat_json_flood(r->flood) : NULL, "ages",
	    ages ? qstat_json_ages(&g->detail->arrivals) : NULL, "example",
	    by == KEY_STATUS ? qstat_json_span(tally_example(g)) : NULL,
	    "judged", v->judged ? qstat_json_whole(r->judged.value) : NULL,
	    "selector", tool_json_take(&selector));
}

static json_t *
qstat_json_rows(const struct qstat_view *v)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < v->nrows; i++)
		tool_json_push(&array, qstat_json_row(v, &v->row[i]));
	return array;
}

/* Every class, whether the key tells them apart or not. */
static json_t *
qstat_json_classes(const struct qstat_view *v)
{
	const struct tally_rest *rest = v->census->tally.classes;
	json_t *classes = json_object();
	size_t i;

	for (i = 0; i < RELAY_CLASSES; i++)
		tool_json_set(&classes, relay_class_name((enum relay_class)i),
		    qstat_json_whole(
			census_scale(v->census, rest[i].count).value));
	return classes;
}

int
qstat_json_groups(struct buf *b, const struct qstat_view *v)
{
	const struct census *c = v->census;
	json_t *root = qstat_json_survey(v->queues, &c->survey, v->now);
	json_t *more = json_pack(
	    "{s:s, s:o, s:{s:o, s:I, s:b, s:o*, s:o*}, s:o,"
	    " s:o, s:o*, s:{s:o, s:o}, s:o*, s:o, s:o}",
	    "by", key_by_name(v->config->by), "groups", qstat_json_rows(v),
	    "others", "count", qstat_json_whole(v->others.value), "groups",
	    (json_int_t)v->nothers, "more", v->others_more, "oldest",
	    qstat_json_integer(v->others_oldest), "at_most",
	    v->others_at_most ? json_true() : NULL, "unnamed",
	    qstat_json_whole(census_scale(c, c->tally.unnamed.count).value),
	    "classes", qstat_json_classes(v), "oldest",
	    v->oldest < 0 ? NULL :
			    json_integer((json_int_t)(v->now - v->oldest)),
	    "limits", "warning", qstat_json_whole(floor(v->warning)),
	    "critical", qstat_json_whole(floor(v->critical)), "ages",
	    v->config->ages ? qstat_json_ages(&c->tally.arrivals) : NULL,
	    "future", qstat_json_whole(census_scale(c, c->tally.future).value),
	    "undated",
	    qstat_json_whole(census_scale(c, c->tally.undated).value));

	tool_json_join(&root, more);
	return qstat_json_finish(b, root, v->config);
}

/* --- messages ------------------------------------------------------------- */

static json_t *
qstat_json_relay(const struct qstat_messages_item *m)
{
	struct buf text = BUF_INIT;

	if (m->class != RELAY_SMTP && m->class != RELAY_LOOPBACK)
		return NULL;
	addr_add(&text, &m->addr);
	return tool_json_take(&text);
}

static json_t *
qstat_json_item(const struct qstat_messages_item *m)
{
	return json_pack("{s:o, s:o, s:o*, s:o*, s:o*, s:s, s:o*, s:o, s:o,"
			 " s:I, s:b, s:o*, s:o*, s:s*}",
	    "id", qstat_json_span(m->id), "queue",
	    qstat_json_text(m->queue->name), "arrival",
	    qstat_json_integer(m->arrival), "size", qstat_json_integer(m->size),
	    "tries", qstat_json_integer(m->tries), "class",
	    relay_class_name(m->class), "relay", qstat_json_relay(m), "host",
	    qstat_json_span(m->host), "sender", qstat_json_address(m->sender),
	    "recipients", (json_int_t)m->recipients, "recipients_more",
	    m->recipients_more, "first_recipient",
	    m->recipients != 0 ? qstat_json_address(m->recipient) : NULL,
	    "status", m->status.n != 0 ? qstat_json_span(m->status) : NULL,
	    "date", m->dated != DATED_FINE ? dated_name(m->dated) : NULL);
}

/* The user typed this, so it only has to be made one line. */
static json_t *
qstat_json_selector(const struct qstat_config *c)
{
	struct buf text = BUF_INIT;

	clean_add_line(&text, c->wanted.data, c->wanted.len);
	return tool_json_take(&text);
}

int
qstat_json_messages(struct buf *b, const struct qstat_messages *q,
    const struct qstat_config *c, const struct queue_list *queues, int64_t now)
{
	json_t *root = qstat_json_survey(queues, &q->survey, now);
	struct sample_estimate all = qstat_messages_scale(q);
	json_t *array = json_array(), *more;
	size_t i;

	for (i = 0; i < q->n; i++)
		tool_json_push(&array, qstat_json_item(&q->item[i]));
	more = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o}", "selector",
	    qstat_json_selector(c), "matched", (json_int_t)q->matched, "count",
	    qstat_json_whole(all.value), "low", qstat_json_whole(all.low),
	    "high", qstat_json_whole(all.high), "messages", array);
	tool_json_join(&root, more);
	return qstat_json_finish(b, root, c);
}
#endif
