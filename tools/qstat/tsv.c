/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv.c - the answer as lines of fields that are parted by tabs
 *
 * Times are seconds since 1970.  Texts are cleaned, so that none holds a tab.
 */
#include <math.h>

#include "base/clean.h"
#include "tools/common/text.h"
#include "tools/common/tsv.h"
#include "tools/qstat/json.h"
#include "tools/qstat/list.h"
#include "tools/qstat/tsv.h"

static void
qstat_tsv_row(struct buf *b, const struct qstat_view *v,
    const struct qstat_view_row *r)
{
	const struct tally_group *g = r->group;

	tool_text_key(b, &v->census->tally, g);
	tsv_word(b,
	    key_by_is_host(v->config->by) ? relay_class_name(RELAY_SMTP) : "");
	buf_addc(b, '\t');
	if (v->config->by == KEY_RELAY)
		tool_text_clean(b, tally_host(g));
	tsv_number(b, round(r->count.value));
	tsv_number(b, round(r->count.low));
	tsv_number(b, round(r->count.high));
	tsv_number(b, r->share);
	tsv_integer(b, g->oldest);
	tsv_integer(b, g->newest);
	tsv_number(b, r->per_minute);
	tsv_integer(b, r->since);
	tsv_count(b, r->senders != 0, r->senders);
	tsv_number(b, round(r->recipients));
	tsv_word(b, v->judged ? qstat_json_flood(r->flood) : "");
	tsv_word(b,
	    v->config->by != KEY_RELAY || tally_host(g).n == 0 ? "" :
		g->host_proven                                 ? "yes" :
								 "no");
	buf_addc(b, '\t');
	if (v->config->by == KEY_STATUS)
		tool_text_clean(b, tally_example(g));
	tsv_number(b, v->judged ? round(r->judged.value) : -1);
	buf_addc(b, '\t');
	tool_text_selector(b, &v->census->tally, g);
	buf_addc(b, '\n');
}

/* A line for messages that are in no group above.  Its key is empty. */
static void
qstat_tsv_rest(struct buf *b, const struct qstat_view *v, const char *class,
    struct sample_estimate n, int64_t oldest)
{
	const struct survey_result *s = &v->census->survey;

	if (n.value <= 0)
		return;
	tsv_word(b, class);
	buf_addc(b, '\t'); /* no host */
	tsv_number(b, round(n.value));
	tsv_number(b, round(n.low));
	tsv_number(b, round(n.high));
	tsv_number(b, n.value / (double)s->total);
	tsv_integer(b, oldest);
	buf_adds(b, "\t\t\t\t\t\t\t\t\t\t\n");
}

void
qstat_tsv_groups(struct buf *b, const struct qstat_view *v)
{
	const struct tally *t = &v->census->tally;
	const struct tally_rest *rest;
	size_t i;

	buf_adds(b,
	    "key\tclass\thost\tcount\tlow\thigh\tshare\toldest\t"
	    "newest\tper_minute\tsince\tsenders\trecipients\tflood\t"
	    "host_proven\texample\tjudged\tselector\n");
	for (i = 0; i < v->nrows; i++)
		qstat_tsv_row(b, v, &v->row[i]);
	qstat_tsv_rest(b, v, "others", v->others, v->others_oldest);
	for (i = 0; i < RELAY_CLASSES && key_by_is_host(t->by); i++) {
		rest = &t->classes[i];
		if (i != RELAY_SMTP)
			qstat_tsv_rest(b, v,
			    relay_class_name((enum relay_class)i),
			    census_scale(v->census, rest->count), rest->oldest);
	}
	qstat_tsv_rest(b, v, "unnamed",
	    census_scale(v->census, t->unnamed.count), t->unnamed.oldest);
}

static void
qstat_tsv_item(struct buf *b, const struct qstat_messages_item *m)
{
	tool_text_clean(b, m->id);
	buf_addc(b, '\t');
	clean_adds(b, m->queue->name, TOOL_TEXT_MAX);
	tsv_integer(b, m->arrival);
	tsv_integer(b, m->size);
	tsv_integer(b, m->tries);
	tsv_word(b, relay_class_name(m->class));
	buf_addc(b, '\t');
	if (m->class == RELAY_SMTP || m->class == RELAY_LOOPBACK)
		addr_add(b, &m->addr);
	buf_addc(b, '\t');
	tool_text_clean(b, m->host);
	buf_addc(b, '\t');
	tool_text_address(b, m->sender);
	tsv_count(b, true, m->recipients);
	buf_addc(b, '\t');
	if (m->recipients != 0)
		tool_text_address(b, m->recipient);
	buf_addc(b, '\t');
	tool_text_clean(b, m->status);
	tsv_word(b, dated_name(m->dated));
	buf_addc(b, '\n');
}

void
qstat_tsv_messages(struct buf *b, const struct qstat_messages *q)
{
	size_t i;

	buf_adds(b,
	    "id\tqueue\tarrival\tsize\ttries\tclass\trelay\thost\t"
	    "sender\trecipients\tfirst_recipient\tstatus\tdate\n");
	for (i = 0; i < q->n; i++)
		qstat_tsv_item(b, &q->item[i]);
}
