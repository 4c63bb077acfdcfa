/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judgemerge.c - summed relays and two rules in, a result out
 *
 * Pure.  80 messages on each of six servers are 480: no server alone tells.  A
 * sum is a lower bound where a server did not answer, so what it shows to be
 * critical is; anything milder is UNKNOWN then.
 */
#include <inttypes.h>
#include <math.h>

#include "base/clean.h"
#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/judgemerge.h"
#include "plugins/check_relayflood/perf.h"
#include "plugins/check_relayflood/text.h"

#define JUDGE_SHOWN 20  /* relays that alert, listed at most */
#define JUDGE_NAME  120 /* of a server */

static bool
judge_is_ignored(const struct relayflood_ignore *ignore, const struct addr *a)
{
	size_t i;

	for (i = 0; i < ignore->n; i++)
		if (ignore->word[i].is_prefix &&
		    addr_in(&ignore->word[i].prefix, a))
			return true;
	return false;
}

/* How many servers are in the sum. */
static size_t
judge_counted(const struct relayflood_merge *m)
{
	return m->n - m->failed - m->again;
}

/* "6 of 7 servers" */
static void
judge_add_servers(struct buf *b, size_t n, const struct relayflood_merge *m)
{
	size_t all = m->n - m->again;

	buf_addf(b, "%zu of %zu server%s", n, all, all == 1 ? "" : "s");
}

/* "3120 messages", "at least 3120 messages" */
static void
judge_add_all(struct buf *b, const struct relayflood_merge *m)
{
	buf_addf(b, "%s%" PRIu64 " message%s",
	    m->failed != 0 || m->sum.bound ? "at least " : "", m->sum.total,
	    m->sum.total == 1 ? "" : "s");
}

/* "480 of 3000 messages (16%) on 6 of 7 servers" */
static void
judge_add_sum(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_merge *m, const struct relaysum_row *row,
    const struct flood_rule *doubt)
{
	relayflood_text_add_count(b, &row->messages);
	buf_adds(b, " of ");
	judge_add_all(b, m);
	buf_adds(b, " (");
	relayflood_text_add_share(b, row->messages.value, m->sum.total);
	buf_adds(b, ") on ");
	judge_add_servers(b, row->reports, m);
	relayflood_text_add_interval(b, c, doubt, &row->messages, m->sum.total);
}

static void
judge_relay(struct result *root, const struct relayflood_config *c,
    const struct relayflood_merge *m, const struct relaysum_row *row,
    bool first)
{
	const struct flood_rule *doubt;
	enum result_state state = relayflood_judge_state(c, &row->messages,
	    m->sum.total, &doubt);
	struct buf key = BUF_INIT, text = BUF_INIT;
	struct result *line;

	addr_add(&key, &row->addr);
	line = result_add(root, buf_str(&key), state);
	judge_add_sum(&text, c, m, row, doubt);
	result_set(line, RESULT_DETAIL, &text);
	if (first) {
		buf_addf(&text, "%s%s ", state == RESULT_OK ? "largest " : "",
		    key.oom ? "" : buf_str(&key));
		judge_add_sum(&text, c, m, row, doubt);
		result_set(line, RESULT_SUMMARY, &text);
	}
	if (state != RESULT_OK) {
		buf_addf(&text,
		    "a dry run of the removal, on each server:"
		    " qflush %s",
		    key.oom ? "" : buf_str(&key));
		result_set(line, RESULT_ADVICE, &text);
	}
	buf_free(&key);
	buf_free(&text);
}

/* Judges the relays, largest first, and fills in what is graphed. */
static void
judge_relays(struct result *root, const struct relayflood_config *c,
    const struct relayflood_merge *m, struct relayflood_perf *v)
{
	const struct flood_rule *doubt;
	const struct relaysum_row *row;
	size_t i, shown = 0;
	bool alerts;

	for (i = 0; i < m->sum.n; i++) {
		row = &m->sum.rows[i];
		if (judge_is_ignored(&c->ignore, &row->addr))
			continue;
		if (v->top == 0)
			v->top = row->messages.value;
		alerts = relayflood_judge_state(c, &row->messages, m->sum.total,
			     &doubt) != RESULT_OK;
		v->over += alerts;
		if (shown < c->top || (alerts && shown < JUDGE_SHOWN))
			judge_relay(root, c, m, row, shown++ == 0);
	}
}

/* A server that counts as the one before it, or as far as that has it. */
static enum result_state
judge_add_again(struct buf *b, const struct relayflood_merge *m,
    const struct relayflood_merge_server *s)
{
	const struct relayflood_merge_server *before = &m->server[s->before];

	clean_adds(b, s->name, JUDGE_NAME);
	buf_adds(b,
	    s->told ? " is the same server as " : " has the host name of ");
	clean_adds(b, before->name, JUDGE_NAME);
	if (s->again == REPORT_PARTLY_AGAIN) {
		buf_adds(b,
		    " and some of its queues: it is not counted, name one of"
		    " them only");
		return RESULT_UNKNOWN;
	}
	if (s->told) {
		buf_adds(b, " and counts once");
		return RESULT_OK;
	}
	buf_adds(b,
	    " and its queues, and is not counted: name one of them only if they"
	    " are one server, else give them different host names");
	return RESULT_UNKNOWN;
}

/* "500 messages", and what is not known of that. */
static enum result_state
judge_add_server(struct buf *b, const struct report *r)
{
	bool bound = report_relays_bound(r);

	buf_addf(b, "%s%" PRIu64 " messages", bound ? "at least " : "",
	    r->relays_total);
	if (!bound)
		return RESULT_OK;
	buf_adds(b,
	    r->relays_whole == REPORT_WHOLE_NO ?
		": not all of its queues could be read, run mqreport there" :
		": its report does not tell whether that is all, update"
		" mqreport there");
	return RESULT_UNKNOWN;
}

/* A line for each server, and why one has no part in the sum. */
static void
judge_server(struct result *root, const struct relayflood_merge *m,
    const struct relayflood_merge_server *s, bool first)
{
	struct buf name = BUF_INIT, text = BUF_INIT;
	enum result_state state = RESULT_UNKNOWN;
	struct result *line;

	buf_adds(&name, "server ");
	clean_adds(&name, s->name, JUDGE_NAME);
	if (s->failure != NULL)
		buf_adds(&text, s->failure);
	else if (s->again != REPORT_NEWS)
		state = judge_add_again(&text, m, s);
	else
		state = judge_add_server(&text, &s->report);
	line = result_add(root, buf_str(&name), state);
	result_set(line, RESULT_DETAIL, &text);
	if (first && s->failure != NULL) {
		judge_add_servers(&text, m->failed, m);
		buf_addf(&text, " not counted: %s", s->failure);
		result_set(line, RESULT_SUMMARY, &text);
	} else if (first && s->again != REPORT_NEWS) {
		judge_add_again(&text, m, s);
		result_set(line, RESULT_SUMMARY, &text);
	}
	buf_free(&name);
	buf_free(&text);
}

static void
judge_servers(struct result *root, const struct relayflood_merge *m)
{
	const struct relayflood_merge_server *s;
	size_t i, failed = 0, again = 0;

	for (i = 0; i < m->n; i++) {
		s = &m->server[i];
		if (s->failure != NULL)
			judge_server(root, m, s, failed++ == 0);
		else
			judge_server(root, m, s,
			    s->again != REPORT_NEWS && again++ == 0);
	}
}

static void
judge_total(struct result *root, const struct relayflood_merge *m)
{
	struct buf text = BUF_INIT;
	struct result *line = result_add(root, "messages",
	    m->sum.bound ? RESULT_UNKNOWN : RESULT_OK);

	judge_add_all(&text, m);
	buf_addf(&text, ", %zu relay%s told; ", m->sum.n,
	    m->sum.n == 1 ? "" : "s");
	judge_add_servers(&text, judge_counted(m), m);
	if (m->read < m->sum.total)
		buf_addf(&text, "; sampled %" PRIu64 " of %" PRIu64, m->read,
		    m->sum.total);
	result_set(line, RESULT_DETAIL, &text);
	if (judge_counted(m) == 0)
		return;
	judge_add_all(&text, m);
	buf_addf(&text, " on %zu server%s", judge_counted(m),
	    judge_counted(m) == 1 ? "" : "s");
	if (m->sum.bound)
		buf_adds(&text, ", not all of them counted");
	result_set(line, RESULT_SUMMARY, &text);
}

struct result *
relayflood_judgemerge(const struct relayflood_config *c,
    const struct relayflood_merge *m)
{
	struct result *root = result_new("relays");
	struct relayflood_perf v = {
		.messages = m->sum.total,
		.relays = m->sum.n,
		.read = m->read,
	};

	if (root == NULL)
		return NULL;
	judge_relays(root, c, m, &v);
	judge_total(root, m);
	judge_servers(root, m);
	relayflood_judge_limits(root, c);
	if (m->failed == 0 && !m->sum.bound)
		relayflood_perf_values(root, c, &v);
	result_settle(root);
	if (result_is_broken(root)) {
		result_free(root);
		return NULL;
	}
	return root;
}
