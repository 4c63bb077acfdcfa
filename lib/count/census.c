/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * census.c - who fills the queues: a survey into a tally
 *
 * Each worker counts into a tally of its own, which is merged with the others
 * at the end.  Messages that are not yet known to be a fair sample are in a
 * tally apart.
 */
#include <errno.h>

#include "count/census.h"

struct census_worker {
	const struct census_options *opt;
	struct tally fair;
	struct tally pending;
};

static void
census_clear(const struct census_options *opt, struct tally *t)
{
	tally_init(t, opt->by, opt->survey.now);
	t->smtp_only = opt->smtp_only;
	t->detail_all = opt->detail_all;
	t->seed = opt->survey.seed;
}

/* Moves all messages of the second tally into the first. */
static int
census_move(const struct census_options *opt, struct tally *to,
    struct tally *from)
{
	if (to->read != 0)
		return tally_merge(to, from);
	tally_free(to);
	*to = *from;
	census_clear(opt, from);
	return 0;
}

static int
census_visit(void *context, const struct survey_message *m)
{
	struct census_worker *w = context;

	return tally_add(&w->pending, m->envelope);
}

static int
census_commit(void *context)
{
	struct census_worker *w = context;

	return census_move(w->opt, &w->fair, &w->pending);
}

static void
census_recipient(void *context, struct span address)
{
	struct census_worker *w = context;

	tally_recipient(&w->pending, address);
}

int
census_take(struct census *c, const struct queue_list *queues,
    const struct census_options *opt)
{
	struct census_worker worker[SURVEY_WORKERS];
	struct survey_sink sink = {
		.ncontexts = survey_workers(opt->workers),
		.visit = census_visit,
		.commit = census_commit,
		.recipient = opt->by == KEY_RECIPIENT_DOMAIN ?
		    census_recipient :
		    NULL,
	};
	size_t i;
	int rc;

	for (i = 0; i < sink.ncontexts; i++) {
		worker[i].opt = opt;
		census_clear(opt, &worker[i].fair);
		census_clear(opt, &worker[i].pending);
		sink.context[i] = &worker[i];
	}
	census_clear(opt, &c->tally);
	rc = survey_run(queues, &opt->survey, &sink, &c->survey);
	for (i = 0; i < sink.ncontexts; i++) {
		if (rc == 0)
			rc = census_move(opt, &c->tally, &worker[i].fair);
		tally_free(&worker[i].fair);
		tally_free(&worker[i].pending);
	}
	tally_sort(&c->tally);
	if (rc != 0)
		errno = ENOMEM;
	return rc;
}

void
census_free(struct census *c)
{
	tally_free(&c->tally);
	survey_free(&c->survey);
}

struct sample_estimate
census_scale(const struct census *c, uint64_t hits)
{
	uint64_t read = c->survey.read;
	/* Unreadable files belong to no group, but do not make a sample. */
	struct sample_estimate e = sample_scale(hits < read ? hits : read, read,
	    c->survey.sampled ? c->survey.total : read);

	e.keys = key_by_keys(c->tally.by);
	return e;
}

bool
census_is_blind(const struct census *c, const struct flood_rule *rule)
{
	struct sample_estimate all = census_scale(c, c->survey.read);

	return flood_judge(rule, &all, c->survey.total) == FLOOD_DOUBT;
}

bool
census_is_bound(const struct census *c, uint64_t sum, uint64_t largest)
{
	/* No group has more messages than there are. */
	return key_by_keys(c->tally.by) > 1 && sum > largest &&
	    largest < c->survey.read;
}
