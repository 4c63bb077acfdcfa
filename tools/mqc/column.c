/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * column.c - the numbers that mqc shows of a host, and their limits
 *
 * Pure.  A lower bound that is over a limit is over it for certain, so that
 * it is judged like any other number.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "tools/mqc/column.h"

#define MQC_COLUMN_SHOWN 60 /* of a wrong word */
#define MQC_COLUMN_LIMIT INT64_C(999999999)

static const struct {
	const char *name;
	enum queue_role role;
} mqc_column_roles[] = { { "in", QUEUE_IN }, { "m", QUEUE_OUT },
	{ "out", QUEUE_OUT }, { "client", QUEUE_CLIENT } };

static int
mqc_column_fail(struct buf *why, const char *text, const char *s, size_t n)
{
	buf_adds(why, text);
	buf_adds(why, ": '");
	clean_add(why, s, n, MQC_COLUMN_SHOWN);
	buf_adds(why, "'");
	return -1;
}

static struct mqc_column *
mqc_column_find(struct mqc_column_set *set, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (strlen(set->v[i].name) == n &&
		    memcmp(set->v[i].name, name, n) == 0)
			return &set->v[i];
	return NULL;
}

static int
mqc_column_add(struct mqc_column_set *set, const char *name, size_t n,
    struct buf *why)
{
	struct mqc_column *c;
	bool ascii = true;
	size_t i;

	for (i = 0; i < n; i++)
		ascii = ascii && name[i] > ' ' && name[i] <= '~';
	if (n == 0 || n >= MQC_COLUMN_NAME || !ascii)
		return mqc_column_fail(why,
		    "a column is a role (in, m, client)"
		    " or a queue's name of at most 31 characters",
		    name, n);
	if (mqc_column_find(set, name, n) != NULL)
		return mqc_column_fail(why, "a column comes twice", name, n);
	if (set->n == MQC_COLUMN_MAX)
		return mqc_column_fail(why, "at most 8 columns are shown", name,
		    n);
	c = &set->v[set->n];
	*c = (struct mqc_column){ .warning = MQC_COLUMN_WARNING,
		.critical = MQC_COLUMN_CRITICAL };
	memcpy(c->name, name, n);
	for (i = 0; i < sizeof(mqc_column_roles) / sizeof(mqc_column_roles[0]);
	     i++)
		if (strcmp(c->name, mqc_column_roles[i].name) == 0) {
			c->by_role = true;
			c->role = mqc_column_roles[i].role;
		}
	set->n++;
	return 0;
}

int
mqc_column_parse(struct mqc_column_set *set, const char *s, struct buf *why)
{
	size_t n;

	set->n = 0;
	for (;; s += n + 1) {
		n = strcspn(s, ",");
		if (mqc_column_add(set, s, n, why) != 0)
			return -1;
		if (s[n] == '\0')
			return 0;
	}
}

int
mqc_column_set_limit(struct mqc_column_set *set, enum mqc_column_limit which,
    const char *s, struct buf *why)
{
	const char *equals = strrchr(s, '='), *bad;
	struct mqc_column *c = set->v, *end = set->v + set->n;
	int64_t value;

	if (equals != NULL) {
		c = mqc_column_find(set, s, (size_t)(equals - s));
		if (c == NULL)
			return mqc_column_fail(why,
			    "a limit names a column"
			    " that is not shown, see --columns",
			    s, (size_t)(equals - s));
		end = c + 1;
	}
	if (num_int64(equals != NULL ? equals + 1 : s, 0, MQC_COLUMN_LIMIT,
		&value, &bad) != 0) {
		mqc_column_fail(why, "a limit is a number of messages", s,
		    strlen(s));
		return -1;
	}
	for (; c < end; c++) {
		if (which == MQC_COLUMN_WARN) {
			c->warning = (uint64_t)value;
			c->has_warning = true;
		} else {
			c->critical = (uint64_t)value;
			c->has_critical = true;
		}
	}
	return 0;
}

int
mqc_column_check(const struct mqc_column_set *set, struct buf *why)
{
	const struct mqc_column *c;

	for (c = set->v; c < set->v + set->n; c++) {
		if (!c->has_warning || !c->has_critical ||
		    c->warning <= c->critical)
			continue;
		buf_addf(why,
		    "--warning %" PRIu64 " and --critical %" PRIu64
		    ": column '",
		    c->warning, c->critical);
		clean_adds(why, c->name, MQC_COLUMN_NAME);
		buf_adds(why,
		    "' would be red before it is yellow; perhaps they are"
		    " exchanged");
		return -1;
	}
	return 0;
}

static bool
mqc_column_shows(const struct mqc_column_set *set, const struct report_queue *q)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->v[i].by_role ? set->v[i].role == q->role :
					strcmp(set->v[i].name, q->name) == 0)
			return true;
	return false;
}

const struct report_queue *
mqc_column_missed(const struct mqc_column_set *set, const struct report *r)
{
	const struct report_queue *q;
	size_t i;

	for (i = 0; i < r->nqueues && !set->chosen; i++) {
		q = &r->queues[i];
		if (mqc_column_shows(set, q))
			continue;
		if (q->count == REPORT_UNREADABLE || q->late != 0 ||
		    q->messages > MQC_COLUMN_WARNING)
			return q;
	}
	return NULL;
}

struct mqc_column_value
mqc_column_read(const struct mqc_column *c, const struct report *r)
{
	static const enum mqc_column_kind kinds[] = {
		[REPORT_EXACT] = MQC_COLUMN_EXACT,
		[REPORT_AT_LEAST] = MQC_COLUMN_AT_LEAST,
		[REPORT_UNREADABLE] = MQC_COLUMN_UNREADABLE,
	};
	struct mqc_column_value v = { MQC_COLUMN_MISSING, 0 };
	enum report_count count;
	size_t i;

	if (c->by_role) {
		if (report_sum(r, c->role, &v.n, &count))
			v.kind = kinds[count];
		return v;
	}
	for (i = 0; i < r->nqueues; i++)
		if (strcmp(r->queues[i].name, c->name) == 0)
			return (struct mqc_column_value){
				kinds[r->queues[i].count], r->queues[i].messages
			};
	return v;
}

enum mqc_column_level
mqc_column_judge(const struct mqc_column *c, const struct mqc_column_value *v)
{
	if (v->n > c->critical)
		return MQC_COLUMN_ALARMED;
	return v->n > c->warning ? MQC_COLUMN_WARNED : MQC_COLUMN_OK;
}

const char *
mqc_column_kind_name(enum mqc_column_kind kind)
{
	static const char *const names[] = { "missing", "exact", "at-least",
		"unreadable" };

	return names[kind];
}

const char *
mqc_column_level_name(enum mqc_column_level level)
{
	static const char *const names[] = { "ok", "warning", "critical" };

	return names[level];
}
