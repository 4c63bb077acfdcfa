/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure.c - the numbers that check_relayflood judges
 *
 * A census of the queues, and what would help where it could not read.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look/readable.h"
#include "plugins/check_relayflood/measure.h"

/* Any number that nobody who fills a queue can tell. */
static uint64_t
measure_seed(const struct when_clock *clock)
{
	return (uint64_t)when_wall(clock) << 32 ^
	    (uint64_t)when_mono(clock) << 16 ^ (uint64_t)getpid();
}

/* It may be readable by now: then there is nothing to advise. */
static int
measure_remedy(struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;
	struct buf remedy = BUF_INIT;

	if (s->failed_dir == NULL)
		return 0;
	if (s->failed_name[0] == '\0')
		readable_check(s->failed_dir->path, s->failed_queue->mta,
		    &remedy);
	else
		readable_check_file(s->failed_dir->path, s->failed_name,
		    s->failed_queue->mta, &remedy);
	if (remedy.len == 0 && !remedy.oom)
		return 0;
	m->remedy = buf_take(&remedy);
	return m->remedy != NULL ? 0 : -1;
}

int
relayflood_measure(struct relayflood_measure *m,
    const struct queue_list *queues, const struct relayflood_config *c,
    const struct when_deadline *deadline)
{
	struct census_options opt = {
		.survey = {
			.now = when_wall(deadline->clock),
			.deadline = deadline,
			.all_recipients = c->by == KEY_RECIPIENT_DOMAIN,
			.seed = measure_seed(deadline->clock),
		},
		.by = c->by,
		.smtp_only = true,
	};

	memset(m, 0, sizeof(*m));
	m->queues = queues;
	if (census_take(&m->census, queues, &opt) != 0)
		return -1;
	return measure_remedy(m);
}

void
relayflood_measure_free(struct relayflood_measure *m)
{
	census_free(&m->census);
	free(m->remedy);
}
