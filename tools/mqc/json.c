/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json.c - rounds as JSON objects, one a line
 *
 * jansson escapes texts.  A text that someone else chose is cleaned to ASCII
 * before that.  A number that is not known is left out; it is never shown as 0.
 */
#include "tools/mqc/json.h"

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "count/flood.h"
#include "tools/common/json.h"

#define MQC_JSON_TEXT 255 /* of a name or a reason */

static json_t *
mqc_json_text(const char *s)
{
	struct buf text = BUF_INIT;
	size_t n = strlen(s);

	clean_add_line(&text, s, n < MQC_JSON_TEXT ? n : MQC_JSON_TEXT);
	return tool_json_take(&text);
}

static json_t *
mqc_json_cells(const struct mqc_fleet *f, const struct mqc_fleet_host *h)
{
	json_t *all = json_object(), *one;
	size_t c;

	for (c = 0; c < f->columns->n; c++) {
		const struct mqc_fleet_cell *cell = &h->cells[c];
		const struct mqc_column_value *v = &cell->value;
		bool number = v->kind == MQC_COLUMN_EXACT ||
		    v->kind == MQC_COLUMN_AT_LEAST;

		if (h->age_class == MQC_FLEET_GONE)
			one = json_pack("{s:s}", "count", "unknown");
		else
			one = json_pack("{s:s, s:o*, s:s, s:b}", "count",
			    mqc_column_kind_name(v->kind), "messages",
			    number ? json_integer((json_int_t)v->n) : NULL,
			    "level", mqc_column_level_name(cell->level),
			    "grows_fast", (int)cell->fast);
		tool_json_set(&all, f->columns->v[c].name, one);
	}
	return all;
}

/*
 * The ages that a report tells besides its counts: how many messages have no
 * age, and how old the oldest message is now if it is still in the queue.
 */
static json_t *
mqc_json_ages(const struct report_queue *q, int64_t age)
{
	bool aged = q->messages > q->undated + q->future;
	json_int_t oldest = (json_int_t)q->oldest + age;

	return json_pack("{s:I, s:I, s:I, s:I, s:o*}", "undated",
	    (json_int_t)q->undated, "future", (json_int_t)q->future,
	    "oldest_max", (json_int_t)q->oldest_max, "late_max",
	    (json_int_t)q->late_max, "oldest_now",
	    aged ? json_integer(oldest) : NULL);
}

static json_t *
mqc_json_queues(const struct report *r, int64_t age)
{
	json_t *array = json_array(), *one;
	size_t i;

	for (i = 0; i < r->nqueues; i++) {
		const struct report_queue *q = &r->queues[i];

		one = json_pack("{s:o, s:s, s:s}", "name",
		    mqc_json_text(q->name), "role", queue_role_name(q->role),
		    "count", report_count_name(q->count));
		if (one != NULL && q->count != REPORT_UNREADABLE)
			json_object_update_new(one,
			    json_pack("{s:I, s:I, s:I, s:I, s:I}", "messages",
				(json_int_t)q->messages, "oldest",
				(json_int_t)q->oldest, "late",
				(json_int_t)q->late, "quarantined",
				(json_int_t)q->held, "lost",
				(json_int_t)q->lost));
		if (one != NULL && q->count != REPORT_UNREADABLE)
			json_object_update_new(one, mqc_json_ages(q, age));
		if (one != NULL && q->count != REPORT_UNREADABLE &&
		    q->has_stranded)
			json_object_set_new(one, "stranded",
			    json_integer((json_int_t)q->stranded));
		if (one != NULL && q->reason != NULL)
			json_object_set_new(one, "reason",
			    mqc_json_text(q->reason));
		tool_json_push(&array, one);
	}
	return array;
}

static json_t *
mqc_json_host(const struct mqc_fleet *f, const struct mqc_fleet_host *h)
{
	static const char *const ages[] = { "fresh", "aged", "gone" };
	json_t *json, *same;

	json = json_pack("{s:o, s:s, s:o*, s:I, s:s, s:o}", "name",
	    mqc_json_text(h->name), "answer", mqc_fleet_answer_name(h->answer),
	    "why", h->why[0] != '\0' ? mqc_json_text(h->why) : NULL, "delay_ms",
	    (json_int_t)h->delay, "numbers_are", ages[h->age_class], "columns",
	    mqc_json_cells(f, h));
	if (json == NULL || !h->known)
		return json;
	if (mqc_fleet_counts(h) || h->age_class == MQC_FLEET_GONE)
		same = NULL;
	else
		same = mqc_json_text(f->hosts[h->same].name);
	json_object_update_new(json,
	    json_pack("{s:I, s:o, s:I, s:I, s:o, s:o*}", "age",
		(json_int_t)(h->age > 0 ? h->age : 0), "host",
		mqc_json_text(h->report.host), "scanned",
		(json_int_t)h->report.time, "scan_ms",
		(json_int_t)h->report.took, "queues",
		mqc_json_queues(&h->report, h->age > 0 ? h->age : 0), "same_as",
		same));
	return json;
}

/* The relays that flood by check_relayflood's rule. */
static json_t *
mqc_json_relays(const struct relaysum *sum)
{
	static const struct flood_rule warning = FLOOD_WARNING;
	static const struct flood_rule critical = FLOOD_CRITICAL;
	json_t *array = json_array(), *one;
	const struct relaysum_row *row;
	size_t i;

	for (i = 0; i < sum->n; i++) {
		struct buf address = BUF_INIT;

		row = &sum->rows[i];
		if (flood_judge(&warning, &row->messages, sum->total) !=
		    FLOOD_YES)
			continue;
		addr_add(&address, &row->addr);
		one = json_pack("{s:o, s:I, s:b, s:I, s:s}", "address",
		    tool_json_take(&address), "messages",
		    (json_int_t)round(row->messages.value), "exact",
		    row->messages.low == row->messages.high, "hosts",
		    (json_int_t)row->reports, "level",
		    flood_judge(&critical, &row->messages, sum->total) ==
			    FLOOD_YES ?
			"critical" :
			"warning");
		tool_json_push(&array, one);
	}
	return json_pack("{s:I, s:I, s:b, s:o}", "hosts",
	    (json_int_t)sum->reports, "messages", (json_int_t)sum->total,
	    "complete", (int)!sum->bound, "flooding", array);
}

int
mqc_json_add(struct buf *out, const struct mqc_fleet *f,
    const struct relaysum *sum)
{
	json_t *hosts, *root;
	size_t i;

	tool_json_begin();
	hosts = json_array();
	for (i = 0; i < f->n; i++)
		tool_json_push(&hosts, mqc_json_host(f, &f->hosts[i]));
	root = json_pack("{s:i, s:I, s:I, s:o, s:o*}", "version", 1, "time",
	    (json_int_t)f->began.wall, "interval", (json_int_t)f->interval,
	    "hosts", hosts, "relays",
	    sum != NULL ? mqc_json_relays(sum) : NULL);
	return tool_json_finish(out, root, JSON_COMPACT);
}

#else

int
mqc_json_add(struct buf *out, const struct mqc_fleet *f,
    const struct relaysum *sum)
{
	(void)out;
	(void)f;
	(void)sum;
	return -1;
}
#endif
