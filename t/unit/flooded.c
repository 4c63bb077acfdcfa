/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flooded.c - a census of made-up messages, for check_relayflood's tests
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flooded.h"
#include "mta/sendmail/sendmail.h"
#include "plugins/check_relayflood/judge.h"

struct span
flooded_span(const char *s)
{
	return (struct span){ s, strlen(s) };
}

void
flooded_start(struct flooded *f, const char *words)
{
	static const char *const path[] = { "/no/mqueue.in" };
	struct buf why = BUF_INIT;

	*f = (struct flooded){ .queues = QUEUE_LIST_INIT };
	words_split(&f->words, "check_relayflood", words);
	if (relayflood_config_parse(&f->c, f->words.argc, f->words.argv,
		&why) != 0)
		fail_msg("'%s': %s", words, buf_str(&why));
	assert_int_equal(queue_list_add(&f->queues, &sendmail_mta, NULL,
			     QUEUE_IN, "a test", path, 1),
	    0);
	f->m.queues = &f->queues;
	tally_init(&f->m.census.tally, f->c.by, FLOODED_NOW);
	f->m.census.tally.smtp_only = true;
	f->m.census.survey.queue = calloc(1, sizeof(struct survey_queue));
	assert_non_null(f->m.census.survey.queue);
}

void
flooded_end(struct flooded *f)
{
	relayflood_measure_free(&f->m);
	queue_list_free(&f->queues);
	relayflood_config_free(&f->c);
}

struct envelope
flooded_message(const char *address, int64_t age)
{
	struct envelope e = {
		.arrival = FLOODED_NOW - age,
		.recipients = 1,
		.sender = flooded_span("a@s.example"),
		.has_sender = true,
		.helo = flooded_span("helo.example"),
		.status = flooded_span("Deferred"),
		.relay = { .class = RELAY_SMTP },
	};

	assert_int_equal(addr_parse(&e.relay.addr, address, strlen(address)),
	    0);
	return e;
}

void
flooded_add_like(struct flooded *f, const struct envelope *e, unsigned int n)
{
	while (n-- != 0)
		assert_int_equal(tally_add(&f->m.census.tally, e), 0);
}

void
flooded_add(struct flooded *f, const char *address, const char *host,
    unsigned int n, int64_t newest)
{
	struct envelope e = flooded_message(address, 0);
	char sender[40];
	unsigned int i;

	e.relay.host = flooded_span(host);
	if (e.relay.host.n != 0 && host[e.relay.host.n - 1] == '?') {
		e.relay.host.n--;
		e.relay.forged = true;
	}
	for (i = 0; i < n; i++) {
		snprintf(sender, sizeof(sender), "a%u@s.example",
		    i % FLOODED_SENDERS);
		e.sender = flooded_span(sender);
		e.arrival = FLOODED_NOW - newest - 60 * (int64_t)i;
		flooded_add_like(f, &e, 1);
	}
}

void
flooded_done(struct flooded *f)
{
	struct survey_result *s = &f->m.census.survey;

	s->total += f->m.census.tally.read;
	s->read = f->m.census.tally.read;
	s->queue[0].queued = s->total;
	tally_sort(&f->m.census.tally);
}

void
flooded_sampled(struct flooded *f, uint64_t total)
{
	flooded_done(f);
	f->m.census.survey.total = total;
	f->m.census.survey.sampled = true;
}

char *
flooded_answer(struct flooded *f)
{
	struct render_options opt = { "RELAYFLOOD", f->c.verbose };
	struct result *r = relayflood_judge(&f->c, &f->m);
	struct buf out = BUF_INIT;

	assert_non_null(r);
	assert_int_equal(f->c.render(r, &opt, &out), 0);
	result_free(r);
	return buf_take(&out);
}

char *
flooded_text(struct flooded *f)
{
	char *text = flooded_answer(f), *end = text + strcspn(text, "|\n");

	while (end > text && end[-1] == ' ')
		end--;
	*end = '\0';
	return text;
}

void
flooded_expect(struct flooded *f, const char *answer)
{
	char *got = flooded_answer(f);

	assert_string_equal(got, answer);
	free(got);
	flooded_end(f);
}

void
flooded_expect_text(struct flooded *f, const char *text)
{
	char *got = flooded_text(f);

	assert_string_equal(got, text);
	free(got);
	flooded_end(f);
}

void
flooded_expect_start(struct flooded *f, const char *start)
{
	char *got = flooded_text(f);

	if (strncmp(got, start, strlen(start)) != 0)
		fail_msg("'%s' does not begin with '%s'", got, start);
	free(got);
	flooded_end(f);
}
