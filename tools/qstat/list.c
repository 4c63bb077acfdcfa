/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list.c - the messages of a selector as a list for people
 *
 * One line a message, so that grep and a pager can be used on it.
 */
#include <inttypes.h>

#include "base/clean.h"
#include "base/num.h"
#include "tools/common/grid.h"
#include "tools/common/text.h"
#include "tools/qstat/head.h"
#include "tools/qstat/list.h"
#include "tools/qstat/view.h"

enum {
	COL_ID,
	COL_AGE,
	COL_SIZE,
	COL_TRIES,
	COL_QUEUE,
	COL_RELAY,
	COL_SENDER,
	COL_RECIPIENTS,
	COL_RECIPIENT,
	COLS,
};

static const struct grid_column qstat_list_columns[COLS] = {
	[COL_ID] = { "id", false, false, false },
	[COL_AGE] = { "age", true, false, false },
	[COL_SIZE] = { "size", true, false, false },
	[COL_TRIES] = { "tries", true, false, false },
	[COL_QUEUE] = { "queue", false, false, false },
	[COL_RELAY] = { "relay", false, false, false },
	[COL_SENDER] = { "sender", false, true, false },
	[COL_RECIPIENTS] = { "rcpts", true, false, false },
	[COL_RECIPIENT] = { "first recipient", false, true, false },
};

/* Where a message came from: an address, or a class that has none. */
static void
qstat_list_relay(struct buf *b, const struct qstat_messages_item *m)
{
	if (m->class == RELAY_SMTP || m->class == RELAY_LOOPBACK)
		addr_add(b, &m->addr);
	else
		buf_adds(b, relay_class_name(m->class));
}

static void
qstat_list_row(struct grid *g, const struct qstat_messages_item *m,
    const struct qstat_config *c, bool queue, int64_t now)
{
	grid_row(g, PAINT_PLAIN);
	tool_text_clean(grid_cell(g), m->id);
	if (m->dated != DATED_FINE)
		grid_text(g, dated_name(m->dated));
	else
		tool_text_age(grid_cell(g), m->arrival, now);
	if (m->size < 0)
		grid_text(g, "-");
	else
		tool_text_size(grid_cell(g), m->size);
	if (m->tries < 0)
		grid_text(g, "-");
	else
		buf_addf(grid_cell(g), "%" PRId64, m->tries);
	grid_cell(g);
	if (queue)
		clean_adds(&g->text, m->queue->name, 40);
	grid_cell(g);
	if (c->verbose > 0)
		qstat_list_relay(&g->text, m);
	tool_text_address(grid_cell(g), m->sender);
	buf_addf(grid_cell(g), "%" PRIu64 "%s", m->recipients,
	    m->recipients_more ? "+" : "");
	if (m->recipients != 0)
		tool_text_address(grid_cell(g), m->recipient);
}

void
qstat_list_head(struct buf *b, const struct qstat_messages *q,
    const struct qstat_config *c, const struct queue_list *queues, int64_t now,
    size_t width)
{
	struct sample_estimate all = qstat_messages_scale(q);
	struct buf text = BUF_INIT;

	if (qstat_view_is_unread(&q->survey))
		buf_adds(&text, "nothing could be read to look for ");
	else if (q->matched == 0)
		buf_addf(&text, "no message %smatches ",
		    qstat_view_is_partial(&q->survey) ? "that could be read " :
							"");
	else
		buf_addf(&text, "%s%" PRIu64 " message%s match%s ",
		    q->survey.sampled || qstat_view_is_partial(&q->survey) ?
			"at least " :
			"",
		    q->matched, tool_text_plural(q->matched),
		    q->matched == 1 ? "es" : "");
	clean_add_line(&text, c->wanted.data, c->wanted.len);
	if (q->n != 0 && q->item[0].arrival != -1) {
		buf_adds(&text, ", oldest ");
		tool_text_age(&text, q->item[0].arrival, now);
	}
	if (q->survey.sampled)
		buf_addf(&text, "; by the sample about %.0f (%.0f to %.0f)",
		    all.value, all.low, all.high);
	if (text.oom)
		b->oom = true;
	else
		tool_text_wrap(b, buf_str(&text), 2, width);
	buf_free(&text);
	qstat_head_queues(b, queues, &q->survey, -1, width);
}

void
qstat_list_add(struct buf *b, const struct qstat_messages *q,
    const struct qstat_config *c, int64_t now, size_t width, bool colour)
{
	bool queue = false;
	struct grid g;
	size_t i;

	grid_init(&g, qstat_list_columns, COLS);
	for (i = 1; i < q->n; i++)
		queue = queue || q->item[i].queue != q->item[0].queue;
	for (i = 0; i < q->n; i++)
		qstat_list_row(&g, &q->item[i], c, queue, now);
	if (q->n != 0) {
		buf_addc(b, '\n');
		grid_add(b, &g, width, colour);
	}
	grid_free(&g);
	if (q->n < q->matched)
		buf_addf(b,
		    "and %" PRIu64 " more, none of them older (-n 0"
		    " lists all that were read)\n",
		    q->matched - q->n);
}
