/* SPDX-License-Identifier: GPL-3.0-or-later */
/* surveyed.c - queues to survey, and a clock that is looked at */
#include <stdio.h>

#include "surveyed.h"

#include "mta/sendmail/sendmail.h"

static int64_t
surveyed_mono(void *arg)
{
	struct surveyed_script *c = arg;
	int64_t looks = atomic_fetch_add(&c->looks, 1) + 1;

	if (looks == c->leave_at)
		c->leave();
	return looks / c->looks_a_ms +
	    (c->jump_at != 0 && looks >= c->jump_at ? 1000000 : 0);
}

static int64_t
surveyed_wall(void *arg)
{
	(void)arg;
	return SURVEYED_NOW;
}

static int64_t
surveyed_second(void *arg)
{
	(void)arg;
	return 1000;
}

const struct when_clock surveyed_still = { surveyed_wall, surveyed_second,
	NULL };

struct when_clock
surveyed_clock(struct surveyed_script *c)
{
	return (struct when_clock){ surveyed_wall, surveyed_mono, c };
}

void
surveyed_make(const char *dir, unsigned int number, unsigned int relay)
{
	char path[256], text[256];

	snprintf(path, sizeof(path), "%s/qf6AMAF0aA%06u", dir, number);
	snprintf(text, sizeof(text),
	    "V8\nT%lld\nK0\nN0\nP30000\n"
	    "$_mail.example [192.0.2.%u]\n$rESMTP\nS<a@b.example>\n"
	    "RPFD:<c@d.example>\n.\n",
	    (long long)SURVEYED_NOW - number, relay);
	tree_write(path, text);
}

struct queue_list
surveyed_queues(const char *first, const char *second)
{
	struct queue_list list = QUEUE_LIST_INIT;

	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, first), 0);
	if (second != NULL)
		assert_int_equal(queue_list_add_spec(&list, &sendmail_mta,
				     second),
		    0);
	return list;
}

struct census_options
surveyed_options(void)
{
	return (struct census_options){
		.survey = { .now = SURVEYED_NOW },
		.by = KEY_RELAY,
	};
}

uint64_t
surveyed_count(const struct census *c, unsigned int relay)
{
	const struct tally_group *g;
	size_t i;

	for (i = 0; i < c->tally.ngroups; i++) {
		g = &c->tally.group[i];
		if ((unsigned char)g->bytes[15] == relay)
			return g->count;
	}
	return 0;
}
