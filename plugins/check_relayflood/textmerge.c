/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * textmerge.c - check_relayflood's words for the sums of several servers
 *
 * The names of servers come from the command line and from reports, so they
 * are cleaned here.
 */
#include <inttypes.h>

#include "base/clean.h"
#include "plugins/check_relayflood/text.h"
#include "plugins/check_relayflood/textmerge.h"

#define TEXTMERGE_NAME 120 /* bytes shown of a server's name */

size_t
relayflood_textmerge_counted(const struct relayflood_merge *m)
{
	return m->n - m->failed - m->again;
}

/* "6 of 7 servers" */
static void
textmerge_add_servers(struct buf *b, size_t n, const struct relayflood_merge *m)
{
	size_t all = m->n - m->again;

	buf_addf(b, "%zu of %zu server%s", n, all, all == 1 ? "" : "s");
}

/* "3120 messages", "at least 3120 messages" */
static void
textmerge_add_all(struct buf *b, const struct relayflood_merge *m)
{
	buf_addf(b, "%s%" PRIu64 " message%s",
	    m->failed != 0 || m->sum.bound ? "at least " : "", m->sum.total,
	    m->sum.total == 1 ? "" : "s");
}

void
relayflood_textmerge_add_sum(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_merge *m,
    const struct relayflood_judgemerge_row *row)
{
	const struct sample_estimate *e = &row->sum->messages;

	relayflood_text_add_count(b, e);
	buf_adds(b, " of ");
	textmerge_add_all(b, m);
	buf_adds(b, " (");
	relayflood_text_add_share(b, e->value, m->sum.total);
	buf_adds(b, ") on ");
	textmerge_add_servers(b, row->sum->reports, m);
	relayflood_text_add_interval(b, c, row->doubt, e, m->sum.total);
}

void
relayflood_textmerge_add_first(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_merge *m,
    const struct relayflood_judgemerge_row *row)
{
	buf_adds(b, row->state == RESULT_OK ? "largest " : "");
	addr_add(b, &row->sum->addr);
	buf_addc(b, ' ');
	relayflood_textmerge_add_sum(b, c, m, row);
}

void
relayflood_textmerge_add_advice(struct buf *b,
    const struct relayflood_judgemerge_row *row)
{
	buf_adds(b, "a dry run of the removal, on each server: qflush ");
	addr_add(b, &row->sum->addr);
}

void
relayflood_textmerge_add_total(struct buf *b, const struct relayflood_merge *m)
{
	textmerge_add_all(b, m);
	buf_addf(b, ", %zu relay%s told; ", m->sum.n, m->sum.n == 1 ? "" : "s");
	textmerge_add_servers(b, relayflood_textmerge_counted(m), m);
	if (m->read < m->sum.total)
		buf_addf(b, "; sampled %" PRIu64 " of %" PRIu64, m->read,
		    m->sum.total);
}

void
relayflood_textmerge_add_total_summary(struct buf *b,
    const struct relayflood_merge *m)
{
	size_t counted = relayflood_textmerge_counted(m);

	textmerge_add_all(b, m);
	buf_addf(b, " on %zu server%s", counted, counted == 1 ? "" : "s");
	if (m->sum.bound)
		buf_adds(b, ", not all of them counted");
}

void
relayflood_textmerge_add_server_name(struct buf *b,
    const struct relayflood_merge_server *s)
{
	buf_adds(b, "server ");
	clean_adds(b, s->name, TEXTMERGE_NAME);
}

/* A server that was named before, by another name or as part of it. */
static void
textmerge_add_again(struct buf *b, const struct relayflood_merge *m,
    const struct relayflood_merge_server *s)
{
	const struct relayflood_merge_server *before = &m->server[s->before];

	clean_adds(b, s->name, TEXTMERGE_NAME);
	buf_adds(b,
	    s->told ? " is the same server as " : " has the host name of ");
	clean_adds(b, before->name, TEXTMERGE_NAME);
	if (s->again == REPORT_PARTLY_AGAIN)
		buf_adds(b,
		    " and some of its queues: it is not counted, name one of"
		    " them only");
	else if (s->told)
		buf_adds(b, " and counts once");
	else
		buf_adds(b,
		    " and its queues, and is not counted: name one of them only"
		    " if they are one server, else give them different host"
		    " names");
}

/* "500 messages", and what is not known of that. */
static void
textmerge_add_report(struct buf *b, const struct report *r)
{
	bool bound = report_relays_bound(r);

	buf_addf(b, "%s%" PRIu64 " messages", bound ? "at least " : "",
	    r->relays_total);
	if (!bound)
		return;
	buf_adds(b,
	    r->relays_whole == REPORT_WHOLE_NO ?
		": not all of its queues could be read, run mqreport there" :
		": its report does not tell whether that is all, update"
		" mqreport there");
}

void
relayflood_textmerge_add_server(struct buf *b, const struct relayflood_merge *m,
    const struct relayflood_merge_server *s)
{
	if (s->failure != NULL)
		buf_adds(b, s->failure);
	else if (s->again != REPORT_NEWS)
		textmerge_add_again(b, m, s);
	else
		textmerge_add_report(b, &s->report);
}

void
relayflood_textmerge_add_left_out(struct buf *b,
    const struct relayflood_merge *m, const struct relayflood_merge_server *s)
{
	if (s->failure == NULL) {
		textmerge_add_again(b, m, s);
		return;
	}
	textmerge_add_servers(b, m->failed, m);
	buf_addf(b, " not counted: %s", s->failure);
}
