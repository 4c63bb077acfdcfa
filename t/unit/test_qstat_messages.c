/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_messages.c - the messages of a selector, from files to a list */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tree.h"

#include "mta/sendmail/sendmail.h"
#include "tools/qstat/list.h"
#include "tools/qstat/messages.h"
#include "words.h"

#define NOW INT64_C(1795342500)

/* A message of relay 192.0.2.X, so many seconds old. */
static void
make(const char *dir, unsigned int number, unsigned int relay, int64_t age)
{
	char path[256], text[512];

	snprintf(path, sizeof(path), "%s/qf6AMAF0aA%06u", dir, number);
	snprintf(text, sizeof(text),
	    "V8\nT%lld\nK0\nN3\nP30000\nMDeferred\n"
	    "$_mail.example [192.0.2.%u]\n$rESMTP\nS<s%u@b.example>\n"
	    "RPFD:<r%u@d.example>\nRPFD:<second@d.example>\n.\n",
	    (long long)(NOW - age), relay, number, number);
	tree_write(path, text);
}

/* Words of qstat, by blanks, to the messages they mean. */
static void
take(struct words *w, struct qstat_config *c, struct qstat_messages *q,
    const char *words, size_t max)
{
	struct buf why = BUF_INIT;
	struct survey_options opt;

	words_split(w, "qstat", words);
	if (qstat_config_parse(c, w->argc, w->argv, &why) != 0)
		fail_msg("%s: %s", words, buf_str(&why));
	opt = (struct survey_options){ .now = NOW, .all_recipients = true };
	assert_int_equal(qstat_messages_take(q, &c->queues, &opt, &c->selector,
			     max),
	    0);
}

static char *
list(const char *words, size_t max)
{
	struct buf got = BUF_INIT;
	struct qstat_messages q;
	struct qstat_config c;
	struct words w;

	take(&w, &c, &q, words, max);
	qstat_list_head(&got, &q, &c, &c.queues, NOW, 80);
	qstat_list_add(&got, &q, &c, NOW, 80, false);
	qstat_messages_free(&q);
	qstat_config_free(&c);
	return buf_take(&got);
}

static void
expect(const char *words, size_t max, const char *want)
{
	char *got = list(words, max);

	assert_string_equal(got, want);
	free(got);
}

static void
test_list(void **state)
{
	(void)state;
	make("a.in", 1, 66, 60);
	make("a.in", 2, 66, 3600);
	make("a.in", 3, 7, 7200);
	make("b/qf", 4, 66, 1800);
	tree_write("a.in/df6AMAF0aA000001", "four");
	tree_write("b/df/df6AMAF0aA000004", "seven..");
	expect("-q a.in -q b --messages 192.0.2.66", 10,
	    "3 messages match 192.0.2.66, oldest 1h\n"
	    "a.in 3, b 1: 4 messages\n"
	    "\n"
	    "id             age size tries queue sender       rcpts"
	    "  first recipient\n"
	    "6AMAF0aA000002  1h    -     3 a.in  s2@b.example     2"
	    "  r2@d.example\n"
	    "6AMAF0aA000004 30m    7     3 b     s4@b.example     2"
	    "  r4@d.example\n"
	    "6AMAF0aA000001  1m    4     3 a.in  s1@b.example     2"
	    "  r1@d.example\n");
	expect("-q a.in --messages 192.0.2.0/24 older:30m", 1,
	    "2 messages match 192.0.2.0/24 older:30m, oldest 2h\n"
	    "a.in: 3 messages\n"
	    "\n"
	    "id             age size tries  sender       rcpts"
	    "  first recipient\n"
	    "6AMAF0aA000003  2h    -     3  s3@b.example     2"
	    "  r3@d.example\n"
	    "and 1 more, none of them older (-n 0 lists all that were"
	    " read)\n");
	expect("-q a.in -v --messages sender:s3@b.example", 1,
	    "1 message matches sender:s3@b.example, oldest 2h\n"
	    "a.in: 3 messages\n"
	    "\n"
	    "id             age size tries relay     sender       rcpts"
	    "  first recipient\n"
	    "6AMAF0aA000003  2h    -     3 192.0.2.7 s3@b.example     2"
	    "  r3@d.example\n");
	expect("-q a.in --messages 198.51.100.1", 1,
	    "no message matches 198.51.100.1\n"
	    "a.in: 3 messages\n");
	expect("-q c --messages 198.51.100.1", 1,
	    "nothing could be read to look for 198.51.100.1\n"
	    "c not read\n");
	expect("-q a.in -q c --messages 198.51.100.1", 1,
	    "no message that could be read matches 198.51.100.1\n"
	    "a.in 3, c not read: at least 3 messages\n");
}

/* What MailScanner has in both queues for a moment is listed once. */
static void
test_moved(void **state)
{
	(void)state;
	make("a.in", 1, 66, 60);
	make("b", 1, 66, 60);
	expect("-q b -q a.in --messages 192.0.2.66", 10,
	    "1 message matches 192.0.2.66, oldest 1m\n"
	    "b 1, a.in 1: 1 message\n"
	    "\n"
	    "id             age size tries  sender       rcpts"
	    "  first recipient\n"
	    "6AMAF0aA000001  1m    -     3  s1@b.example     2"
	    "  r1@d.example\n");
}

/* The oldest are kept, whatever order they are met in, and no others. */
static void
test_oldest(void **state)
{
	struct qstat_messages q;
	struct qstat_config c;
	struct words w;
	unsigned int i;

	(void)state;
	for (i = 0; i < 600; i++)
		make("a.in", i, 66, 60 + i * 7919 % 600);
	take(&w, &c, &q, "-q a.in --messages 192.0.2.66", 100);
	assert_int_equal(q.matched, 600);
	assert_int_equal(q.n, 100);
	for (i = 0; i < 100; i++)
		assert_int_equal(q.item[i].arrival, NOW - 659 + i);
	qstat_messages_free(&q);
	qstat_config_free(&c);
}

/* Bodies are found in the directory of their message, whoever read that. */
static void
test_sizes(void **state)
{
	static const char *const dirs[] = { "q1", "q2", "q3" };
	struct qstat_messages q;
	struct qstat_config c;
	struct words w;
	char path[40];
	unsigned int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		make(dirs[i / 1000], i, 66, 60 + i);
		snprintf(path, sizeof(path), "%s/df6AMAF0aA%06u",
		    dirs[i / 1000], i);
		tree_write_bytes(path, path, i / 1000 + 1);
	}
	take(&w, &c, &q, "-q q* --messages 192.0.2.66", SIZE_MAX);
	assert_int_equal(q.n, 3000);
	/* The oldest come first, and were made last. */
	for (i = 0; i < 3000; i++)
		assert_int_equal(q.item[i].size, (2999 - i) / 1000 + 1);
	qstat_messages_free(&q);
	qstat_config_free(&c);
}

/* A message without a sender's line, or a time, is a message. */
static void
test_odd(void **state)
{
	(void)state;
	tree_write("a.in/qfX1",
	    "V8\n$_h.example [192.0.2.1]\n$rSMTP\n"
	    "S<\033[31m|x>\nRPFD:<\xff@b>\nHSubject: y\n.\n");
	tree_write("a.in/qfX2",
	    "V8\nT1795342000\n"
	    "$_h.example [192.0.2.1]\n$rSMTP\nS<>\n.\n");
	expect("-q a.in --messages 192.0.2.1", 9,
	    "2 messages match 192.0.2.1, oldest 8m\n"
	    "a.in: 2 messages\n"
	    "\n"
	    "id age size tries  sender  rcpts  first recipient\n"
	    "X2  8m    -     -  <>          0\n"
	    "X1   -    -     -  ?[31m_x     1  ?@b\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_list),
		TREE_TEST(test_moved),
		TREE_TEST(test_oldest),
		TREE_TEST(test_sizes),
		TREE_TEST(test_odd),
	};

	return UNIT_RUN(tests);
}
