/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judgemerge.c - summed relays and two rules in, findings out
 *
 * Pure.  80 messages on each of six servers are 480, which no server alone can
 * see.  Where a server did not answer, a sum is a lower bound: a relay that is
 * CRITICAL by it is so in fact; anything milder is UNKNOWN then.
 */
#include <stdlib.h>

#include "plugins/check_relayflood/judge.h"
#include "plugins/check_relayflood/judgemerge.h"

static bool
judgemerge_is_ignored(const struct relayflood_config *c, const struct addr *a)
{
	const struct addr_prefix address = { *a, 128 };

	return relayflood_ignore_has(&c->ignore, &address);
}

int
relayflood_judgemerge(struct relayflood_judgemerge *j,
    const struct relayflood_config *c, const struct relayflood_merge *m)
{
	size_t room = c->top > RELAYFLOOD_JUDGE_SHOWN ? c->top :
							RELAYFLOOD_JUDGE_SHOWN;
	struct relayflood_judgemerge_row row;
	bool alerts;
	size_t i;

	*j = (struct relayflood_judgemerge){
		.shown = calloc(room, sizeof(*j->shown)),
	};
	if (j->shown == NULL)
		return -1;
	for (i = 0; i < m->sum.n; i++) {
		row.sum = &m->sum.rows[i];
		if (judgemerge_is_ignored(c, &row.sum->addr))
			continue;
		if (j->top == 0)
			j->top = row.sum->messages.value;
		row.state = relayflood_judge_state(c, &row.sum->messages,
		    m->sum.total, &row.doubt);
		alerts = row.state != RESULT_OK;
		j->over += alerts;
		if (j->nshown < c->top ||
		    (alerts && j->nshown < RELAYFLOOD_JUDGE_SHOWN))
			j->shown[j->nshown++] = row;
	}
	return 0;
}

void
relayflood_judgemerge_free(struct relayflood_judgemerge *j)
{
	free(j->shown);
	j->shown = NULL;
}

enum result_state
relayflood_judgemerge_server(const struct relayflood_merge_server *s)
{
	if (s->failure != NULL || s->again == REPORT_PARTLY_AGAIN)
		return RESULT_UNKNOWN;
	if (s->again != REPORT_NEWS)
		return s->told ? RESULT_OK : RESULT_UNKNOWN;
	return report_relays_bound(&s->report) ? RESULT_UNKNOWN : RESULT_OK;
}
