/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tsv.c - the answer as lines of fields that are parted by tabs
 *
 * Times are seconds since 1970.  A text can't hold a tab: it is cleaned.
 */
#include <inttypes.h>
#include <math.h>

#include "base/clean.h"
#include "base/num.h"
#include "tools/common/text.h"
#include "tools/qstat/json.h"
#include "tools/qstat/list.h"
#include "tools/qstat/tsv.h"

/* A tab, and a time or number unless it is negative: not known. */
static void
qstat_tsv_integer(struct buf *b, int64_t n)
{
	buf_addc(b, '\t');
	if (n >= 0)
		buf_addf(b, "%" PRId64, n);
}

/* The same for one that may have decimals. */
static void
qstat_tsv_number(struct buf *b, double n)
{
	buf_addc(b, '\t');
	if (n >= 0)
		num_add_decimal(b, n);
}

static void
qstat_tsv_row(struct buf *b, const struct qstat_view *v,
    const struct qstat_view_row *r)
{
	const struct tally_group *g = r->group;

	tool_text_key(b, &v->census->tally, g);
	buf_addf(b, "\t%s\t",
	    key_by_is_host(v->config->by) ? relay_class_name(RELAY_SMTP) : "");
	if (v->config->by == KEY_RELAY)
		tool_text_clean(b, tally_host(g));
	qstat_tsv_number(b, round(r->count.value));
	qstat_tsv_number(b, round(r->count.low));
	qstat_tsv_number(b, round(r->count.high));
	qstat_tsv_number(b, r->share);
	qstat_tsv_integer(b, g->oldest);
	qstat_tsv_integer(b, g->newest);
	qstat_tsv_number(b, r->per_minute);
	qstat_tsv_integer(b, r->since);
	qstat_tsv_integer(b, r->senders != 0 ? (int64_t)r->senders : -1);
	qstat_tsv_number(b, round(r->recipients));
	buf_addf(b, "\t%s\t%s\t", v->judged ? qstat_json_flood(r->flood) : "",
	    v->config->by != KEY_RELAY || tally_host(g).n == 0 ? "" :
		g->host_proven                                 ? "yes" :
								 "no");
	if (v->config->by == KEY_STATUS)
		tool_text_clean(b, tally_example(g));
	qstat_tsv_number(b, v->judged ? round(r->judged.value) : -1);
	buf_addc(b, '\t');
	tool_text_selector(b, &v->census->tally, g);
	buf_addc(b, '\n');
}

/* What is in no group of the lines above; the key is empty. */
static void
qstat_tsv_rest(struct buf *b, const struct qstat_view *v, const char *class,
    struct sample_estimate n, int64_t oldest)
{
	const struct survey_result *s = &v->census->survey;

	if (n.value <= 0)
		return;
	buf_addf(b, "\t%s\t", class);
	qstat_tsv_number(b, round(n.value));
	qstat_tsv_number(b, round(n.low));
	qstat_tsv_number(b, round(n.high));
	qstat_tsv_number(b, n.value / (double)s->total);
	qstat_tsv_integer(b, oldest);
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
	qstat_tsv_integer(b, m->arrival);
	qstat_tsv_integer(b, m->size);
	qstat_tsv_integer(b, m->tries);
	buf_addf(b, "\t%s\t", relay_class_name(m->class));
	if (m->class == RELAY_SMTP || m->class == RELAY_LOOPBACK)
		addr_add(b, &m->addr);
	buf_addc(b, '\t');
	tool_text_clean(b, m->host);
	buf_addc(b, '\t');
	tool_text_address(b, m->sender);
	qstat_tsv_integer(b, (int64_t)m->recipients);
	buf_addc(b, '\t');
	if (m->recipients != 0)
		tool_text_address(b, m->recipient);
	buf_addc(b, '\t');
	tool_text_clean(b, m->status);
	buf_addf(b, "\t%s\n", dated_name(m->dated));
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
