/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * head.c - the answer in a sentence, and what it is about
 *
 * The first line has to say the most important thing: at night somebody may
 * read no other.
 */
#include <inttypes.h>

#include "base/clean.h"
#include "base/num.h"
#include "tools/common/text.h"
#include "tools/qstat/head.h"
#include "tools/qstat/table.h"

#define QSTAT_HEAD_NAME 40 /* of a queue */

/* "2871 of 3120 messages (92%)", "about 2871 (2790 to 2950) of 3120 ..." */
static void
qstat_head_holds(struct buf *b, const struct qstat_view *v,
    const struct sample_estimate *e)
{
	const struct survey_result *s = &v->census->survey;

	if (s->sampled)
		buf_adds(b, "about ");
	tool_text_count(b, e->value);
	if (s->sampled)
		buf_addf(b, " (%.0f to %.0f)", e->low, e->high);
	buf_addf(b, " of %s%" PRIu64 " message%s (",
	    s->cut_short ? "at least " : "", s->total,
	    tool_text_plural(s->total));
	tool_text_share(b, e->value / (double)s->total);
	buf_addc(b, ')');
}

/* "192.0.2.1 (mail.example)" */
static void
qstat_head_key(struct buf *b, const struct qstat_view *v,
    const struct tally_group *g)
{
	tool_text_key(b, &v->census->tally, g);
	if (v->config->by != KEY_RELAY || tally_host(g).n == 0)
		return;
	buf_adds(b, " (");
	tool_text_host(b, g);
	buf_addc(b, ')');
}

/* "the largest relay, 192.0.2.1, holds ..." */
static void
qstat_head_largest(struct buf *b, const struct qstat_view *v,
    const struct tally_group *g, const struct sample_estimate *e)
{
	buf_addf(b, "the largest %s, ", tool_text_noun(v->config->by, 1));
	qstat_head_key(b, v, g);
	buf_adds(b, ", holds ");
	qstat_head_holds(b, v, e);
}

static void
qstat_head_flood(struct buf *b, const struct qstat_view *v)
{
	const struct qstat_view_row *r = &v->worst;
	enum key_by by = v->config->by;

	if (by != KEY_RELAY && by != KEY_NETWORK)
		buf_addf(b, "%s ", tool_text_noun(by, 1));
	qstat_head_key(b, v, r->group);
	buf_adds(b, " holds ");
	qstat_head_holds(b, v, &r->judged);
	if (r->since != -1) {
		buf_adds(b, r->until != -1 ? ", from " : ", since ");
		tool_text_time(b, r->since, v->now);
		if (r->until != -1) {
			buf_adds(b, " to ");
			tool_text_time(b, r->until, v->now);
		}
	}
	if (r->per_minute >= 0) {
		buf_adds(b, ", ");
		tool_text_rate(b, r->per_minute);
		buf_adds(b, "/min");
	}
	if (v->nfloods > 1)
		buf_addf(b, "; %zu more %s over the limit", v->nfloods - 1,
		    v->nfloods == 2 ? "is" : "are");
}

/* No flood, as far as can be told. */
static void
qstat_head_calm(struct buf *b, const struct qstat_view *v)
{
	const struct survey_result *s = &v->census->survey;

	buf_adds(b, "no flood");
	if (v->config->by != KEY_RELAY)
		buf_addf(b, " by %s", tool_text_noun(v->config->by, 1));
	if (qstat_view_is_partial(s))
		buf_addf(b,
		    " among the %" PRIu64 " message%s that could be"
		    " read",
		    s->read, tool_text_plural(s->read));
	buf_adds(b, ": ");
}

/* "480 loopback, 20 bounce": what did not come from another host. */
static void
qstat_head_classes(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	const char *comma = "";
	int i;

	for (i = 0; i < RELAY_CLASSES; i++) {
		if (i == RELAY_SMTP || t->classes[i].count == 0)
			continue;
		buf_adds(b, comma);
		tool_text_count(b,
		    census_scale(v->census, t->classes[i].count).value);
		buf_addf(b, " %s", relay_class_name((enum relay_class)i));
		comma = ", ";
	}
}

/* Says whose mail it is if no message has the key, and which key tells more. */
static void
qstat_head_none(struct buf *b, const struct qstat_view *v)
{
	const char *ask = qstat_view_ask(v);

	const struct tally *t = &v->census->tally;

	if (key_by_is_host(t->by) && t->classes[RELAY_SMTP].count == 0) {
		buf_adds(b, "no message is known to come from another host: ");
		qstat_head_classes(b, v);
	} else {
		buf_addf(b, "no message with a %s among those that were read",
		    tool_text_noun(v->config->by, 1));
	}
	if (ask != NULL)
		buf_addf(b, "; --by %s tells whose mail it is", ask);
}

/* Mail that is not judged is mentioned if there is much of it. */
static void
qstat_head_unjudged(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	double n;
	int i;

	for (i = 0; i < RELAY_CLASSES; i++) {
		if (i == RELAY_SMTP ||
		    !qstat_view_is_large(v, t->classes[i].count))
			continue;
		n = census_scale(v->census, t->classes[i].count).value;
		buf_addf(b, "; %s ", relay_class_name((enum relay_class)i));
		tool_text_count(b, n);
		buf_adds(b, " (");
		tool_text_share(b, n / (double)v->census->survey.total);
		buf_adds(b, ") not judged");
	}
}

/* The largest group, or the one that floods. */
static void
qstat_head_groups(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;

	if (v->worst.flood >= QSTAT_VIEW_WARNING) {
		qstat_head_flood(b, v);
	} else if (qstat_view_is_blind(v)) {
		buf_adds(b,
		    "too few messages were read to tell of a flood, give it"
		    " more time (-t): ");
		qstat_head_largest(b, v, v->largest.group, &v->largest.count);
	} else if (v->worst.flood == QSTAT_VIEW_DOUBT) {
		buf_adds(b, "a flood is in doubt, give it more time (-t): ");
		qstat_head_largest(b, v, v->worst.group, &v->worst.judged);
	} else {
		if (v->judged)
			qstat_head_calm(b, v);
		qstat_head_largest(b, v, v->largest.group, &v->largest.count);
	}
	if (t->unnamed.count > v->largest.group->count) {
		buf_adds(b, "; ");
		tool_text_count(b,
		    census_scale(v->census, t->unnamed.count).value);
		buf_addf(b, " messages have no %s",
		    tool_text_noun(v->config->by, 1));
	}
	if (v->judged)
		qstat_head_unjudged(b, v);
}

static void
qstat_head_answer(struct buf *b, const struct qstat_view *v)
{
	const struct survey_result *s = &v->census->survey;

	if (qstat_view_is_unread(s))
		buf_adds(b, "nothing could be read");
	else if (s->total == 0)
		buf_adds(b, "no messages");
	else if (v->largest.group == NULL)
		qstat_head_none(b, v);
	else
		qstat_head_groups(b, v);
}

void
qstat_head_queues(struct buf *b, const struct queue_list *queues,
    const struct survey_result *s, int64_t oldest, size_t width)
{
	struct buf text = BUF_INIT;
	size_t i;

	for (i = 0; i < queues->n; i++) {
		buf_adds(&text, i == 0 ? "" : ", ");
		clean_adds(&text, queues->v[i].name, QSTAT_HEAD_NAME);
		if (s->queue[i].failed == queues->v[i].ndirs)
			buf_adds(&text, " not read");
		else if (queues->n > 1)
			buf_addf(&text, " %" PRIu64, s->queue[i].queued);
	}
	if (!qstat_view_is_unread(s) || s->unreadable != 0)
		buf_addf(&text, ": %s%" PRIu64 " message%s",
		    s->cut_short || s->failed != 0 ? "at least " : "", s->total,
		    tool_text_plural(s->total));
	if (oldest != -1) {
		buf_adds(&text, s->sampled ? ", oldest seen " : ", oldest ");
		num_add_duration(&text, oldest);
	}
	if (s->cut_short)
		buf_adds(&text, "; not all names were read in time");
	if (text.oom)
		b->oom = true;
	else
		tool_text_wrap(b, buf_str(&text), 2, width);
	if (s->sampled)
		buf_addf(b,
		    "sampled %" PRIu64 " of %" PRIu64
		    ": numbers are estimates for all of them\n",
		    s->read, s->total);
	buf_free(&text);
}

void
qstat_head_add(struct buf *b, const struct qstat_view *v)
{
	struct buf text = BUF_INIT, lines = BUF_INIT;

	qstat_head_answer(&text, v);
	if (!text.oom)
		tool_text_wrap(&lines, buf_str(&text), 2, v->width);
	if (lines.len != 0)
		buf_truncate(&lines, lines.len - 1);
	if (text.oom || lines.oom)
		b->oom = true;
	else
		paint_add(b, qstat_table_paint(v->worst.flood), lines.data,
		    lines.len, v->colour);
	buf_addc(b, '\n');
	qstat_head_queues(b, v->queues, &v->census->survey, v->oldest,
	    v->width);
	buf_free(&text);
	buf_free(&lines);
}
