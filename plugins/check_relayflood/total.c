/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * total.c - check_relayflood's words for all messages
 *
 * Messages that are never judged are named where they are many: a flood that
 * comes through a filter of this host, or from a relay without a name, must not
 * be overlooked.  Paths come from users and directories, so they are cleaned
 * here.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "mail/dated.h"
#include "plugins/check_relayflood/text.h"
#include "plugins/check_relayflood/total.h"

#define TOTAL_ALSO  2   /* more groups that the first line names */
#define TOTAL_SHOWN 160 /* bytes of a path */

/*
 * What groups are called, by key, and what messages are called that have no
 * key.
 */
static const struct {
	const char *one, *many, *none;
} total_nouns[] = {
	[KEY_RELAY] = { "relay", "relays", "no address" },
	[KEY_NETWORK] = { "network", "networks", "no address" },
	[KEY_NAME] = { "name", "names", "no name" },
	[KEY_HELO] = { "HELO name", "HELO names", "no HELO name" },
	[KEY_SENDER] = { "sender", "senders", "no sender" },
	[KEY_SENDER_DOMAIN] = { "sender domain", "sender domains",
	    "no sender domain" },
	[KEY_RECIPIENT_DOMAIN] = { "recipient domain", "recipient domains",
	    "no recipient domain" },
	[KEY_STATUS] = { "status", "statuses", "no status" },
};

const char *
relayflood_total_unnamed(enum key_by by)
{
	return total_nouns[by].none;
}

static void
total_add_groups(struct buf *b, enum key_by by, size_t n)
{
	buf_addf(b, "%zu %s", n,
	    n == 1 ? total_nouns[by].one : total_nouns[by].many);
}

bool
relayflood_total_add_rest(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge_rest *r)
{
	struct sample_estimate e;

	if (r->count == 0)
		return false;
	e = census_scale(&m->census, r->count);
	if (r->groups != 0) {
		total_add_groups(b, m->census.tally.by, r->groups);
		buf_adds(b, ", ");
	}
	if (census_is_bound(&m->census, r->count, r->largest))
		buf_adds(b, "at most ");
	relayflood_text_add_messages(b, &e, m->census.survey.total);
	relayflood_text_add_age(b, m, "oldest", r->oldest);
	return true;
}

static void
total_add_sampled(struct buf *b, const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;

	if (s->sampled)
		buf_addf(b, "; sampled %" PRIu64 " of %s%" PRIu64, s->read,
		    relayflood_measure_is_whole(m) ? "" : "at least ",
		    s->total);
}

void
relayflood_total_add_dates(struct buf *b, const struct relayflood_measure *m,
    const char *before)
{
	const struct tally *t = &m->census.tally;

	dated_add(b, before,
	    (uint64_t)round(census_scale(&m->census, t->future).value),
	    (uint64_t)round(census_scale(&m->census, t->undated).value));
}

/*
 * A long first line may be cut before it says that this is a sample, so this
 * line says it as well.
 */
void
relayflood_total_add(struct buf *b, const struct relayflood_measure *m)
{
	const struct tally *t = &m->census.tally;
	size_t i;

	relayflood_text_add_all(b, m);
	buf_adds(b, ", ");
	total_add_groups(b, t->by, t->ngroups);
	for (i = 0; i < m->queues->n; i++) {
		buf_adds(b, i == 0 ? "; " : ", ");
		clean_adds(b, m->queues->v[i].name, TOTAL_SHOWN);
		if (m->queues->n > 1)
			buf_addf(b, " %" PRIu64,
			    m->census.survey.queue[i].queued);
	}
	total_add_sampled(b, m);
}

/* --- the first line ---------------------------------------------------- */

/* "; loopback 2000 (64%) not judged", if it is over the warning's rule. */
static void
total_add_unjudged(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const char *what, uint64_t count,
    uint64_t largest)
{
	struct sample_estimate e = census_scale(&m->census, count);
	uint64_t total = m->census.survey.total;

	if (flood_judge(&c->warning, &e, total) != FLOOD_YES)
		return;
	buf_addf(b, "; %s %s", what,
	    census_is_bound(&m->census, count, largest) ? "at most " : "");
	relayflood_text_add_count(b, &e);
	buf_adds(b, " (");
	relayflood_text_add_share(b, e.value, total);
	buf_adds(b, ") not judged");
}

static void
total_add_all_unjudged(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct tally *t = &m->census.tally;
	int i;

	total_add_unjudged(b, c, m, "ignored", j->ignored.count,
	    j->ignored.largest);
	total_add_unjudged(b, c, m, total_nouns[t->by].none, t->unnamed.count,
	    t->unnamed.count);
	for (i = 0; i < RELAY_CLASSES; i++)
		if (i != RELAY_SMTP)
			total_add_unjudged(b, c, m,
			    relay_class_name((enum relay_class)i),
			    t->classes[i].count, t->classes[i].count);
}

/* "; also 192.0.2.67 412 (13%) and 3 more" */
static void
total_add_also(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge *j)
{
	size_t i;

	for (i = 1; i < j->over && i <= TOTAL_ALSO; i++) {
		buf_adds(b, i == 1 ? "; also " : ", ");
		relayflood_text_add_key(b, m, j->shown[i].group);
		buf_addc(b, ' ');
		relayflood_text_add_count(b, &j->shown[i].count);
		buf_adds(b, " (");
		relayflood_text_add_share(b, j->shown[i].count.value,
		    m->census.survey.total);
		buf_addc(b, ')');
	}
	if (j->over > i)
		buf_addf(b, " and %zu more", j->over - i);
}

/* Without a flood: "3120 messages, 214 relays, largest 192.0.2.10 40 ..." */
static void
total_add_calm(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct tally *t = &m->census.tally;
	uint64_t total = m->census.survey.total;

	relayflood_text_add_all(b, m);
	if (j->top.group != NULL) {
		buf_adds(b, ", ");
		total_add_groups(b, t->by, t->ngroups);
		buf_adds(b, ", largest ");
		relayflood_text_add_who(b, m, &j->top);
		buf_adds(b, " (");
		relayflood_text_add_share(b, j->top.count.value, total);
		buf_addc(b, ')');
		relayflood_text_add_doubt(b, c, m, &j->top);
	}
	if (j->top.group != NULL && j->top.doubt == NULL) {
		buf_adds(b, ", limit ");
		num_add_decimal(b, floor(flood_limit(&c->warning, total)));
	}
	relayflood_text_add_age(b, m, "oldest", j->oldest_other);
}

/*
 * Has mail that is in no flood a date that can't be true?  It may have: of the
 * floods that are not shown, the count is not known here.
 */
static bool
total_has_undated_others(const struct relayflood_measure *m,
    const struct relayflood_judge *j)
{
	const struct tally *t = &m->census.tally;
	uint64_t floods = 0;
	size_t i;

	for (i = 0; i < j->over && i < j->nshown; i++)
		floods += j->shown[i].group->count;
	return t->future + t->undated != 0 && floods < t->read;
}

void
relayflood_total_add_summary(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct survey_result *s = &m->census.survey;

	if (s->read == 0 && (s->total != 0 || !relayflood_measure_is_whole(m)))
		return;
	if (j->over == 0) {
		total_add_calm(b, c, m, j);
	} else if (j->oldest_other == -1) {
		buf_adds(b,
		    total_has_undated_others(m, j) ?
			"age of other mail not known" :
			"no other mail");
	} else {
		buf_adds(b, "oldest other ");
		num_add_duration(b, m->census.tally.now - j->oldest_other);
	}
	total_add_sampled(b, m);
	relayflood_total_add_dates(b, m, "; ");
	total_add_all_unjudged(b, c, m, j);
	total_add_also(b, m, j);
}

/* --- what was read, and what was not ----------------------------------- */

static void
total_add_rule(struct buf *b, const char *what, const struct flood_rule *r,
    uint64_t total)
{
	buf_addf(b, "%s ", what);
	flood_add_rule(b, r);
	buf_adds(b, ": over ");
	num_add_decimal(b, floor(flood_limit(r, total)));
}

void
relayflood_total_add_thresholds(struct buf *b,
    const struct relayflood_config *c, const struct relayflood_measure *m)
{
	uint64_t total = m->census.survey.total;

	total_add_rule(b, "warning", &c->warning, total);
	total_add_rule(b, "; critical", &c->critical, total);
}

void
relayflood_total_add_reading(struct buf *b, const struct relayflood_measure *m)
{
	const struct survey_result *s = &m->census.survey;

	buf_addf(b,
	    "%" PRIu64 " read, %" PRIu64 " vanished meanwhile, %" PRIu64
	    " moved to another queue, %" PRIu64 " unreadable",
	    s->read, s->vanished, s->moved, s->unreadable);
}

void
relayflood_total_add_directory(struct buf *b, const struct queue *q,
    const struct queue_dir *dir)
{
	clean_adds(b, dir->path, TOTAL_SHOWN);
	buf_adds(b, ", from ");
	clean_adds(b, q->source, TOTAL_SHOWN);
}

static size_t
total_dirs(const struct relayflood_measure *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->queues->n; i++)
		n += m->queues->v[i].ndirs;
	return n;
}

void
relayflood_total_add_failure(struct buf *b, const struct relayflood_measure *m,
    bool path)
{
	const struct survey_result *s = &m->census.survey;
	size_t dirs = total_dirs(m);

	if (s->failed == 0)
		buf_addf(b, "%" PRIu64 " of %" PRIu64 " control files",
		    s->unreadable, s->read + s->unreadable);
	else if (dirs > 1)
		buf_addf(b, "%zu of %zu directories", s->failed, dirs);
	else
		clean_adds(b, m->queues->v[0].name, TOTAL_SHOWN);
	buf_adds(b, " cannot be read: ");
	if (path && s->failed_dir != NULL) {
		clean_adds(b, s->failed_dir->path, TOTAL_SHOWN);
		buf_adds(b, s->failed_name[0] != '\0' ? ", " : "");
		clean_adds(b, s->failed_name, TOTAL_SHOWN);
		buf_adds(b, ": ");
	}
	buf_adds(b, strerror(s->error));
}

void
relayflood_total_add_late(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge *j)
{
	const struct survey_result *s = &m->census.survey;

	if (s->read == 0 && s->total != 0)
		buf_addf(b,
		    "none of %s%" PRIu64 " message%s was read within"
		    " %ds",
		    s->cut_short ? "at least " : "", s->total,
		    s->total == 1 ? "" : "s", c->timeout);
	else if (j->is_blind)
		buf_addf(b,
		    "only %" PRIu64 " of %s%" PRIu64
		    " messages were read within %ds, too few to tell of a"
		    " flood",
		    s->read, s->cut_short ? "at least " : "", s->total,
		    c->timeout);
	else
		buf_addf(b, "not all names were listed within %ds", c->timeout);
}
