/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relays.c - reads the queues for the relays of a report
 *
 * Only messages that came by SMTP from another host have a relay here; the
 * total is that of all messages, as check_relayflood judges it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "count/census.h"
#include "look/readable.h"
#include "tools/mqreport/relays.h"

#define MQREPORT_RELAYS_PATH 160

/* Nobody outside may know which sample is drawn, nor how names are hashed. */
static uint64_t
mqreport_relays_seed(int64_t now)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof(seed)) != 0)
		seed = (uint64_t)now ^ (uint64_t)getpid() << 32;
	return seed;
}

static enum report_count
mqreport_relays_count(const struct survey_result *s)
{
	if (s->read == 0 && s->failed + s->unreadable != 0)
		return REPORT_UNREADABLE;
	return s->sampled || s->cut_short || s->failed + s->unreadable != 0 ?
	    REPORT_AT_LEAST :
	    REPORT_EXACT;
}

/* A sample of all there is has a whole total, however little was read. */
static enum report_whole
mqreport_relays_whole(const struct survey_result *s)
{
	return s->cut_short || s->failed + s->unreadable != 0 ?
	    REPORT_WHOLE_NO :
	    REPORT_WHOLE_YES;
}

/*
 * Why the relays are not those of all messages, and below it what helps to
 * read a file.  What helps with a directory was said with its queue.
 */
static void
mqreport_relays_advice(struct buf *advice, const struct survey_result *s,
    const struct mqreport_config *c)
{
	struct buf remedy = BUF_INIT;

	if (s->failed + s->unreadable == 0) {
		buf_addf(advice, "relays: not all was read within %ds\n",
		    c->timeout);
		return;
	}
	buf_addf(advice,
	    "relays: %zu directories and %" PRIu64 " files not read, such as ",
	    s->failed, s->unreadable);
	clean_adds(advice, s->failed_dir->path, MQREPORT_RELAYS_PATH);
	if (s->failed_name[0] != '\0') {
		buf_addc(advice, '/');
		clean_adds(advice, s->failed_name, MQREPORT_RELAYS_PATH);
	}
	buf_addf(advice, ": %s\n", strerror(s->error));
	if (s->failed_name[0] != '\0' &&
	    readable_check_file(s->failed_dir->path, s->failed_name,
		s->failed_queue->mta, &remedy) != 0 &&
	    !remedy.oom)
		buf_addf(advice, "  -> %s\n", buf_str(&remedy));
	buf_free(&remedy);
}

/* The groups are addresses, and sorted. */
static int
mqreport_relays_copy(struct report *r, const struct tally *t, size_t max)
{
	size_t n = t->ngroups < max ? t->ngroups : max, i;
	struct buf text = BUF_INIT;
	int rc = -1;

	if (n == 0)
		return 0;
	if ((r->relays = calloc(n, sizeof(*r->relays))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		buf_truncate(&text, 0);
		tally_add_key(&text, t, &t->group[i]);
		if (text.oom)
			goto out;
		if (addr_parse(&r->relays[r->nrelays].addr, text.data,
			text.len) == 0)
			r->relays[r->nrelays++].messages = t->group[i].count;
	}
	rc = 0;
out:
	buf_free(&text);
	return rc;
}

int
mqreport_relays(struct report *r, const struct mqreport_config *c,
    const struct when_deadline *deadline, struct buf *advice)
{
	const struct census_options opt = {
		.survey = {
			.now = r->time, .deadline = deadline,
			.seed = mqreport_relays_seed(r->time),
		},
		.by = KEY_RELAY, .smtp_only = true,
	};
	struct census census;
	int rc = census_take(&census, &c->queues, &opt);

	if (rc == 0) {
		r->has_relays = true;
		r->relays_count = mqreport_relays_count(&census.survey);
		if (r->relays_count != REPORT_EXACT)
			mqreport_relays_advice(advice, &census.survey, c);
		r->relays_whole = mqreport_relays_whole(&census.survey);
		r->relays_read = census.survey.read;
		r->relays_total = census.survey.sampled ? census.survey.total :
							  census.survey.read;
		rc = mqreport_relays_copy(r, &census.tally, c->relays);
	}
	census_free(&census);
	return rc;
}
