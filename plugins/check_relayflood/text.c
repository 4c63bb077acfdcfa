/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - check_relayflood's words
 *
 * The first line is all that a pager shows: who, how many, since when, how
 * fast, and whether others have to wait.  Keys and host names are what a remote
 * host chose, so they are cleaned here; a command is made only of keys that no
 * shell could take for anything else.
 *
 * Times of day are local, as localtime_r(3) knows the zone; all else follows
 * from the arguments.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/shell.h"
#include "plugins/check_relayflood/text.h"

#define TEXT_KEY  60 /* bytes shown */
#define TEXT_HOST 40
#define TEXT_DAY  86400

/* --- numbers ----------------------------------------------------------- */

void
relayflood_text_add_count(struct buf *b, const struct sample_estimate *e)
{
	if (e->low < e->high)
		buf_adds(b, "about ");
	num_add_decimal(b, round(e->value));
}

void
relayflood_text_add_share(struct buf *b, double part, uint64_t total)
{
	double percent = total == 0 ? 0 : 100 * part / (double)total;

	if (percent < 10)
		percent = round(percent * 10) / 10;
	else if (percent <= 99 || percent >= 100)
		percent = round(percent);
	else
		percent = floor(percent * 10) / 10;
	num_add_decimal(b, percent);
	buf_addc(b, '%');
}

void
relayflood_text_add_messages(struct buf *b, const struct sample_estimate *e,
    uint64_t total)
{
	relayflood_text_add_count(b, e);
	buf_addf(b, " message%s (", round(e->value) == 1 ? "" : "s");
	relayflood_text_add_share(b, e->value, total);
	buf_addc(b, ')');
}

void
relayflood_text_add_all(struct buf *b, const struct relayflood_measure *m)
{
	uint64_t total = m->census.survey.total;

	buf_addf(b, "%s%" PRIu64 " message%s",
	    relayflood_measure_is_whole(m) ? "" : "at least ", total,
	    total == 1 ? "" : "s");
}

/* "09:41", "Nov 21 09:41" when it is more than a day ago. */
static void
text_add_time(struct buf *b, int64_t now, int64_t age, bool seconds)
{
	time_t when = (time_t)(now - age);
	char text[40] = "";
	struct tm tm;

	if (localtime_r(&when, &tm) == NULL)
		return;
	if (age > TEXT_DAY)
		strftime(text, sizeof(text), "%b %d ", &tm);
	buf_adds(b, text);
	strftime(text, sizeof(text), seconds ? "%H:%M:%S" : "%H:%M", &tm);
	buf_adds(b, text);
}

void
relayflood_text_add_interval(struct buf *b, const struct relayflood_config *c,
    const struct flood_rule *doubt, const struct sample_estimate *e,
    uint64_t total)
{
	if (doubt == NULL)
		return;
	buf_adds(b, ", between ");
	num_add_decimal(b, floor(e->low));
	buf_adds(b, " and ");
	num_add_decimal(b, ceil(e->high));
	buf_addf(b, ", %slimit ", doubt == &c->critical ? "critical " : "");
	num_add_decimal(b, floor(flood_limit(doubt, total)));
	/* In a sample of many groups, one may be the largest by chance. */
	if (e->low > flood_limit(doubt, total))
		buf_adds(b, " (may be chance)");
}

void
relayflood_text_add_doubt(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge_group *g)
{
	relayflood_text_add_interval(b, c, g->doubt, &g->count,
	    m->census.survey.total);
}

/* --- groups ------------------------------------------------------------ */

void
relayflood_text_add_key(struct buf *b, const struct relayflood_measure *m,
    const struct tally_group *g)
{
	struct buf key = BUF_INIT;

	tally_add_key(&key, &m->census.tally, g);
	if (key.len == 2 && memcmp(key.data, "<>", 2) == 0)
		buf_adds(b, "the null sender");
	else
		clean_add(b, key.data, key.len, TEXT_KEY);
	b->oom |= key.oom;
	buf_free(&key);
}

/*
 * Adds the host name where the key is an address; with a '?' where it may be
 * forged.
 */
static void
text_add_host(struct buf *b, const struct relayflood_measure *m,
    const struct tally_group *g, const char *before, const char *after)
{
	struct span host = tally_host(g);

	if (m->census.tally.by != KEY_RELAY || host.n == 0)
		return;
	buf_adds(b, before);
	clean_add(b, host.p, host.n, TEXT_HOST);
	buf_addf(b, "%s%s", g->host_proven ? "" : "?", after);
}

void
relayflood_text_add_who(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge_group *g)
{
	relayflood_text_add_key(b, m, g->group);
	text_add_host(b, m, g->group, " (", ")");
	buf_addc(b, ' ');
	relayflood_text_add_count(b, &g->count);
}

/* ", since 09:41, 410/min", ", from 09:41 to 09:57, 410/min" */
static void
text_add_onset(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge_group *g)
{
	const struct tally *t = &m->census.tally;
	struct arrivals_flood flood;
	double rate;

	if (!tally_flood(g->group, &flood))
		return;
	buf_adds(b, flood.ended ? ", from " : ", since ");
	text_add_time(b, t->now, flood.since, false);
	if (flood.ended) {
		buf_adds(b, " to ");
		text_add_time(b, t->now, flood.until, false);
	}
	rate = flood.per_minute * g->count.value / (double)g->group->count;
	buf_adds(b, ", ");
	num_add_decimal(b, rate < 10 ? round(rate * 10) / 10 : round(rate));
	buf_adds(b, "/min");
}

/* ", 61 senders": a lower bound where not all were seen, or an estimate. */
static void
text_add_senders(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge_group *g)
{
	bool exact, sampled = m->census.survey.sampled;
	uint64_t n = tally_senders(g->group, &exact);

	if (n == 0 || m->census.tally.by == KEY_SENDER)
		return;
	if (n > g->group->count)
		n = g->group->count; /* an estimate may be more */
	/*
	 * A lower bound: not all messages were looked at, or not all senders
	 * were kept.
	 */
	buf_addf(b, ", %s%s%" PRIu64 " sender%s",
	    sampled || (!exact && n <= DISTINCT_MAX) ? "at least " : "",
	    n > DISTINCT_MAX ? "about " : "", n, n == 1 ? "" : "s");
}

void
relayflood_text_add_flood(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge_group *g)
{
	relayflood_text_add_who(b, m, g);
	buf_adds(b, " of ");
	relayflood_text_add_all(b, m);
	buf_adds(b, " (");
	relayflood_text_add_share(b, g->count.value, m->census.survey.total);
	buf_addc(b, ')');
	relayflood_text_add_doubt(b, c, m, g);
	text_add_onset(b, m, g);
	text_add_senders(b, m, g);
}

void
relayflood_text_add_age(struct buf *b, const struct relayflood_measure *m,
    const char *what, int64_t arrival)
{
	if (arrival == -1)
		return;
	buf_addf(b, ", %s ", what);
	num_add_duration(b, m->census.tally.now - arrival);
}

void
relayflood_text_add_detail(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge_group *g)
{
	uint64_t total = m->census.survey.total;

	text_add_host(b, m, g->group, "", ", ");
	relayflood_text_add_messages(b, &g->count, total);
	if (g->state != RESULT_OK) {
		buf_adds(b, ", over ");
		num_add_decimal(b,
		    floor(flood_limit(g->state == RESULT_CRITICAL ?
			    &c->critical :
			    &c->warning,
			total)));
	}
	relayflood_text_add_doubt(b, c, m, g);
	text_add_senders(b, m, g);
	relayflood_text_add_age(b, m, "oldest", g->group->oldest);
	relayflood_text_add_age(b, m, "newest", g->group->newest);
}

void
relayflood_text_add_growth(struct buf *b, const struct relayflood_measure *m,
    const struct relayflood_judge_group *g)
{
	const struct tally *t = &m->census.tally;
	double scale = g->count.value / (double)g->group->count;
	struct arrivals_flood flood;

	if (!tally_flood(g->group, &flood)) {
		buf_adds(b, "the times of arrival are not known");
		return;
	}
	buf_adds(b, "onset ");
	text_add_time(b, t->now, flood.since, true);
	buf_adds(b, " (");
	num_add_duration(b, flood.since);
	buf_adds(b, " ago), since then ");
	num_add_decimal(b, round((double)flood.n * scale));
	buf_adds(b, " that are still queued, ");
	num_add_decimal(b, round(flood.per_minute * scale * 10) / 10);
	buf_adds(b, " a minute, latest ");
	num_add_duration(b, flood.until);
	buf_adds(b, " ago");
}

/* Adds the options for the same queues; false: a shell could misread them. */
static bool
text_add_queues(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m)
{
	const char *path;
	size_t i, k;

	if (!c->named && *c->root != '\0') {
		buf_addf(b, "--root %s ", c->root);
		return shell_is_plain(c->root, strlen(c->root));
	}
	for (i = 0; c->named && i < m->queues->n; i++)
		for (k = 0; k < m->queues->v[i].ndirs; k++) {
			path = m->queues->v[i].dirs[k].path;
			if (!shell_is_plain(path, strlen(path)))
				return false;
			buf_addf(b, "-q %s ", path);
		}
	return true;
}

bool
relayflood_text_add_shadowed(struct buf *b, const struct relayflood_config *c)
{
	if (!flood_is_shadowed(&c->warning, &c->critical))
		return false;
	buf_adds(b, "the warning limit ");
	flood_add_rule(b, &c->warning);
	buf_adds(b, " is of no use beside the critical limit ");
	flood_add_rule(b, &c->critical);
	buf_adds(b, "; give both");
	return true;
}

/*
 * A key that has to be escaped may have been chosen to do harm, so it is not in
 * a command that is pasted.
 */
static bool
text_is_plain_key(const struct buf *key)
{
	return shell_is_plain(key->data, key->len) &&
	    memchr(key->data, '%', key->len) == NULL;
}

void
relayflood_text_add_advice(struct buf *b, const struct relayflood_config *c,
    const struct relayflood_measure *m, const struct relayflood_judge_group *g)
{
	struct buf queues = BUF_INIT, key = BUF_INIT;
	const char *options = "", *as = "";

	tally_add_selector(&key, &m->census.tally, g->group);
	if (!text_add_queues(&queues, c, m)) {
		/*
		 * A command that is pasted unchanged must not look at other
		 * queues.
		 */
		options = c->named ? "-q ... " : "--root ... ";
		as = ", where ... is as for this check";
	} else if (queues.len != 0) {
		options = buf_str(&queues);
	}
	if (queues.oom || key.oom) {
		b->oom = true;
	} else if (c->by == KEY_RECIPIENT_DOMAIN || c->by == KEY_STATUS) {
		/*
		 * Mail to one domain or with one reason has many senders:
		 * nobody wants to remove all of it.
		 */
		buf_addf(b, "who sent them: qstat %s--by relay%s", options, as);
	} else if (!text_is_plain_key(&key)) {
		buf_addf(b,
		    "no command is shown, as a shell could misread"
		    " the key; see qstat %s--by %s%s",
		    options, key_by_name(c->by), as);
	} else {
		buf_addf(b, "a dry run of the removal: qflush %s", options);
		buf_add(b, key.data, key.len);
		buf_adds(b, as);
	}
	buf_free(&queues);
	buf_free(&key);
}
