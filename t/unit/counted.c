/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counted.c - a census of made-up messages, for qstat's tests
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "counted.h"
#include "unit.h"
#include "mta/sendmail/sendmail.h"

struct span
counted_span(const char *s)
{
	return (struct span){ s, strlen(s) };
}

void
counted_start(struct counted *k, const char *words)
{
	static const char *const in[] = { "/no/mqueue.in" };
	static const char *const out[] = { "/no/mqueue" };
	struct buf why = BUF_INIT;

	setenv("TZ", "UTC", 1);
	tzset();
	*k = (struct counted){ .words = { .argc = 0 } };
	words_split(&k->words, "qstat", words);
	if (qstat_config_parse(&k->c, k->words.argc, k->words.argv, &why) != 0)
		fail_msg("'%s': %s", words, buf_str(&why));
	assert_int_equal(queue_list_add(&k->c.queues, &sendmail_mta, NULL,
			     QUEUE_IN, "a test", in, 1),
	    0);
	assert_int_equal(queue_list_add(&k->c.queues, &sendmail_mta, NULL,
			     QUEUE_OUT, "a test", out, 1),
	    0);
	tally_init(&k->census.tally, k->c.by, COUNTED_NOW);
	k->census.tally.detail_all = k->c.ages;
	k->census.survey.queue = calloc(k->c.queues.n,
	    sizeof(struct survey_queue));
	assert_non_null(k->census.survey.queue);
}

void
counted_end(struct counted *k)
{
	qstat_view_free(&k->v);
	census_free(&k->census);
	qstat_config_free(&k->c);
}

struct envelope
counted_message(const char *address, int64_t age)
{
	struct envelope e = {
		.arrival = COUNTED_NOW - age,
		.recipients = 2,
		.sender = counted_span("a@s.example"),
		.has_sender = true,
		.relay = { .class = RELAY_SMTP },
	};

	assert_int_equal(addr_parse(&e.relay.addr, address, strlen(address)),
	    0);
	return e;
}

void
counted_add_like(struct counted *k, const struct envelope *e, unsigned int n)
{
	while (n-- != 0)
		assert_int_equal(tally_add(&k->census.tally, e), 0);
}

void
counted_add(struct counted *k, const char *address, const char *host,
    unsigned int n, int64_t oldest, int64_t newest, unsigned int senders)
{
	struct envelope e = counted_message(address, 0);
	char sender[40];
	unsigned int i;

	e.relay.host = counted_span(host);
	for (i = 0; i < n; i++) {
		snprintf(sender, sizeof(sender), "a%u@s.example", i % senders);
		e.sender = counted_span(sender);
		e.arrival = COUNTED_NOW - oldest +
		    (n == 1 ?
			    0 :
			    (oldest - newest) * (int64_t)i / (int64_t)(n - 1));
		counted_add_like(k, &e, 1);
	}
}

static void
counted_view(struct counted *k)
{
	k->census.survey.queue[0].queued += k->census.survey.total;
	tally_sort(&k->census.tally);
	assert_int_equal(qstat_view_make(&k->v, &k->c, &k->c.queues,
			     &k->census),
	    0);
}

void
counted_done(struct counted *k)
{
	struct survey_result *s = &k->census.survey;

	s->read = k->census.tally.read;
	s->total = s->read + s->unreadable;
	counted_view(k);
}

void
counted_sampled(struct counted *k, uint64_t total)
{
	struct survey_result *s = &k->census.survey;

	s->read = k->census.tally.read;
	s->total = total;
	s->sampled = true;
	counted_view(k);
}

void
counted_expect(const struct counted *k,
    void (*add)(struct buf *, const struct qstat_view *), const char *want)
{
	struct buf got = BUF_INIT;

	add(&got, &k->v);
	assert_string_equal(buf_str(&got), want);
	buf_free(&got);
}
