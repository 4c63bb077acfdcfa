/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_notes.c - the command to run next, and what is not in a group */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "counted.h"
#include "tools/qstat/head.h"
#include "tools/qstat/notes.h"
#include "tools/qstat/table.h"

/* A message of which each text is the key. */
static void
add_keyed(struct counted *k, const char *key, size_t n, unsigned int count)
{
	struct envelope e = counted_message("192.0.2.66", 600);
	struct span text = { key, n };

	e.helo = e.sender = e.status = e.relay.host = text;
	counted_add_like(k, &e, count);
}

static const struct {
	const char *words, *key, *want;
} command_rows[] = {
	{ "--by helo", "mail.example",
	    "  qstat --messages helo:mail.example class:smtp\n" },
	{ "--by sender", "o@b.example",
	    "  qstat --messages sender:o@b.example\n" },
	{ "--by sender", "", "  qstat --messages 'sender:<>'\n" },
	{ "--by sender-domain", "", "  qstat --messages 'sender-domain:<>'\n" },
	{ "--by sender-domain", "o@b.example",
	    "  qstat --messages sender-domain:b.example\n" },
	{ "--by name", "mail.b.example",
	    "  qstat --messages name:b.example class:smtp\n" },
	{ "--by network", "x", "  qstat --messages 192.0.2.0/24\n" },
	{ "--by relay", "$(id)", "  qstat --messages 192.0.2.66\n" },
	{ "-q /var/spool/x.in -q y=/y/q*", "x",
	    "  qstat -q /var/spool/x.in -q 'y=/y/q*' --messages"
	    " 192.0.2.66\n" },
	{ "--root /srv/old", "x",
	    "  qstat --root /srv/old --messages"
	    " 192.0.2.66\n" },
	{ "--by helo", "a*", "  qstat --messages 'helo:a*' class:smtp\n" },
	{ "--by helo", "$(id)",
	    "  qstat --messages 'helo:%24(id)' class:smtp\n" },
	{ "--by helo", "a;id", "  qstat --messages helo:a%3bid class:smtp\n" },
	{ "--by helo", "a'b", "  qstat --messages helo:a%27b class:smtp\n" },
	{ "--by helo", "a b", "  qstat --messages helo:a%20b class:smtp\n" },
	{ "--by helo", "a\nb%",
	    "  qstat --messages helo:a%0ab%25 class:smtp\n" },
	{ "--by helo", "\xc3\xa4.example",
	    "  qstat --messages helo:%c3%a4.example class:smtp\n" },
	{ "-q a'b=/x", "x", "  qstat -q 'a'\\''b=/x' --messages 192.0.2.66\n" },
	{ "-q /x\001", "x", NULL },
	{ "--by status", "Deferred: can't",
	    "  qstat --messages 'status:Deferred: can%27t'\n" },
};

/* A key that a shell could take for something else gives no command. */
static void
test_commands(void **state)
{
	struct buf got = BUF_INIT;
	struct counted k;
	const char *line;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(command_rows); i++) {
		counted_start(&k, command_rows[i].words);
		add_keyed(&k, command_rows[i].key, strlen(command_rows[i].key),
		    1);
		counted_done(&k);
		qstat_notes_add(&got, &k.v);
		line = strstr(buf_str(&got), "  qstat");
		if (command_rows[i].want == NULL)
			assert_null(line);
		else
			assert_string_equal(line, command_rows[i].want);
		buf_free(&got);
		counted_end(&k);
	}
}

/* Messages that have no age are told below the table. */
static void
test_dates(void **state)
{
	struct buf got = BUF_INIT;
	struct counted k;

	(void)state;
	counted_start(&k, "");
	add_keyed(&k, "x", 1, 10);
	k.census.tally.future = 3;
	k.census.tally.undated = 1;
	counted_done(&k);
	qstat_notes_add(&got, &k.v);
	unit_assert_text(buf_str(&got),
	    "\ndates: 3 dated in the future, 1 with an impossible date (was the"
	    " clock wrong\n  when they came: compare it with a time server;"
	    " they keep that date, by which\n  the mail server gives them up"
	    " too soon or never)\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages 192.0.2.66\n",
	    "notes");
	buf_free(&got);
	counted_end(&k);
}

/* What the table shows otherwise has a selector. */
static void
test_odd_keys(void **state)
{
	struct counted k;

	(void)state;
	counted_start(&k, "--by helo");
	add_keyed(&k, "plain", 5, 3);
	add_keyed(&k, "a\0b", 3, 2);
	add_keyed(&k, "a'", 2, 1);
	counted_done(&k);
	counted_expect(&k, qstat_notes_add,
	    "\nkeys that are not shown as they are, as selectors:\n"
	    "2  helo:a%00b\n"
	    "3  helo:a%27\n"
	    "\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages helo:plain class:smtp\n");
	counted_end(&k);
}

/* What a key has too many letters for is a matter of the other columns. */
static void
test_cut_keys(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		{ "--by sender",
		    "\nkeys that are not shown as they are, as selectors:\n"
		    "1  sender:aaaaaaaaaabbbbbbbbbbcccccccccc@d.example\n" },
		{ "--by sender --ages", "" },
	};
	static const char key[] = "aaaaaaaaaabbbbbbbbbbcccccccccc@d.example";
	struct buf got = BUF_INIT;
	struct counted k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		counted_start(&k, rows[i].words);
		add_keyed(&k, key, sizeof(key) - 1, 1);
		counted_done(&k);
		qstat_notes_add(&got, &k.v);
		assert_memory_equal(buf_str(&got), rows[i].want,
		    strlen(rows[i].want));
		assert_int_equal(strstr(buf_str(&got), "selectors") != NULL,
		    *rows[i].want != '\0');
		buf_free(&got);
		counted_end(&k);
	}
}

/* What groups by a text leaves out, and says so. */
static void
test_unnamed(void **state)
{
	struct envelope e = counted_message("192.0.2.66", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "--by name");
	counted_add(&k, "192.0.2.1", "mail.a.example", 20, 60, 60, 1);
	e.relay.host = counted_span("mail.a.example");
	e.relay.forged = true;
	counted_add_like(&k, &e, 500);
	e.relay.class = RELAY_LOCAL;
	counted_add_like(&k, &e, 3);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "no flood by name: the largest"
	    " name, a.example, holds 20 of 523 messages (4%);\n"
	    "  500 messages have no name\n"
	    "mqueue.in 523, mqueue 0: 523 messages, oldest 1m\n");
	counted_expect(&k, qstat_notes_add,
	    "\n"
	    "apart from these msgs share oldest\n"
	    "local               3    1%     1m  by a command on this machine"
	    "\n"
	    "(none)            500   96%     1m  no host name, or a forged"
	    " one\n"
	    "\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages name:a.example class:smtp\n");
	counted_end(&k);
}

/*
 * Keys that are not of hosts hold for messages of every class, but judged is
 * what other hosts sent, as by check_relayflood.
 */
static void
test_every_class(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "--by sender-domain");
	counted_add(&k, "192.0.2.1", "", 20, 60, 60, 1);
	e.relay.class = RELAY_BOUNCE;
	e.sender = counted_span("");
	counted_add_like(&k, &e, 400);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "no flood by sender domain: the largest sender domain, <>, holds"
	    " 400 of 420\n"
	    "  messages (95%); bounce 400 (95%) not judged\n"
	    "mqueue.in 420, mqueue 0: 420 messages, oldest 1m\n");
	counted_expect(&k, qstat_table_add,
	    "   sender-domain msgs share oldest newest /min senders rcpts"
	    "\n"
	    "1  <>             400   95%     1m     1m  400       1   800"
	    "\n"
	    "2  s.example       20    5%     1m     1m   20       1    40"
	    "\n");
	counted_expect(&k, qstat_notes_add,
	    "\nits messages, the oldest first:\n"
	    "  qstat --messages 'sender-domain:<>'\n");
	assert_int_equal(k.v.nfloods, 0);
	counted_end(&k);
}

/* The flood is told of, not the larger group that nobody judges. */
static void
test_mixed(void **state)
{
	struct envelope e = counted_message("192.0.2.1", 600);
	struct counted k;

	(void)state;
	counted_start(&k, "--by sender -q /x");
	e.arrival = -1;
	e.sender = counted_span("mixed@x.example");
	counted_add_like(&k, &e, 150);
	e.relay.class = RELAY_LOCAL;
	counted_add_like(&k, &e, 40);
	e.sender = counted_span("root@x.example");
	counted_add_like(&k, &e, 500);
	e.relay.class = RELAY_SMTP;
	counted_add_like(&k, &e, 100);
	counted_done(&k);
	assert_int_equal(k.v.nfloods, 1);
	counted_expect(&k, qstat_head_add,
	    "sender mixed@x.example holds 150 of 790 messages (19%); local 540"
	    " (68%) not\n"
	    "  judged\n"
	    "x 790, mqueue.in 0, mqueue 0: 790 messages\n");
	counted_expect(&k, qstat_table_add,
	    "     sender          msgs share oldest newest /min senders rcpts"
	    "\n"
	    "  1  root@x.example   600   76%      -      -    -       1  1200"
	    "\n"
	    "! 2  mixed@x.example  190   24%      -      -    -       1   380"
	    "\n");
	counted_expect(&k, qstat_notes_add,
	    "\n!  a flood: over 100 messages (check_relayflood --by sender:"
	    " WARNING)\n"
	    "its messages, the oldest first:\n"
	    "  qstat -q /x --messages sender:mixed@x.example\n"
	    "a dry run of their removal:\n"
	    "  qflush -q /x sender:mixed@x.example\n");
	counted_end(&k);
}

/* Without mail of other hosts the answer tells whose it is, and what asks. */
static void
test_no_relay(void **state)
{
	static const struct {
		const char *words, *head, *notes;
	} rows[] = {
		{ "--by relay -q /x",
		    "no message is known to come from another host: 30"
		    " loopback, 500 local, 20\n  bounce; --by sender tells"
		    " whose mail it is\n",
		    "\nwhose mail it is:\n  qstat -q /x --by sender\n" },
		{ "--by name --root /r",
		    "no message is known to come from another host: 30"
		    " loopback, 500 local, 20\n  bounce; --by sender tells"
		    " whose mail it is\n",
		    "\nwhose mail it is:\n  qstat --root /r --by sender\n" },
		{ "--by status",
		    "no message with a status among those that were read\n",
		    NULL },
	};
	struct envelope e = counted_message("127.0.0.1", 60);
	struct buf got = BUF_INIT;
	struct counted k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		counted_start(&k, rows[i].words);
		e.relay.class = RELAY_LOCAL;
		counted_add_like(&k, &e, 500);
		e.relay.class = RELAY_BOUNCE;
		counted_add_like(&k, &e, 20);
		e.relay.class = RELAY_LOOPBACK;
		counted_add_like(&k, &e, 30);
		counted_done(&k);
		qstat_head_add(&got, &k.v);
		assert_memory_equal(buf_str(&got), rows[i].head,
		    strlen(rows[i].head));
		buf_truncate(&got, 0);
		qstat_notes_add(&got, &k.v);
		if (rows[i].notes == NULL)
			assert_null(strstr(buf_str(&got), "qstat"));
		else
			assert_non_null(strstr(buf_str(&got), rows[i].notes));
		buf_free(&got);
		counted_end(&k);
	}
	/* One of another host, but without a name. */
	e.relay.class = RELAY_SMTP;
	counted_start(&k, "--by name");
	counted_add_like(&k, &e, 1);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "no message with a name among those that were read; --by relay"
	    " tells whose mail\n  it is\n"
	    "mqueue.in 1, mqueue 0: 1 message, oldest 1m\n");
	counted_end(&k);
}

/* What proves nothing is not called calm. */
static void
test_blind(void **state)
{
	struct envelope e = counted_message("192.0.2.1", 60);
	struct counted k;

	(void)state;
	counted_start(&k, "");
	counted_add_like(&k, &e, 1);
	counted_sampled(&k, 100000);
	counted_expect(&k, qstat_head_add,
	    "too few messages were read to tell of a flood, give it more time"
	    " (-t): the\n"
	    "  largest relay, 192.0.2.1, holds about 100000 (20654 to 100000)"
	    " of 100000\n"
	    "  messages (100%)\n"
	    "mqueue.in 100000, mqueue 0: 100000 messages, oldest seen 1m\n"
	    "sampled 1 of 100000: numbers are estimates for all of them\n");
	counted_end(&k);
	/* What is not judged needs no proof. */
	e.status = counted_span("Deferred");
	counted_start(&k, "--by status");
	counted_add_like(&k, &e, 1);
	counted_sampled(&k, 100000);
	counted_expect(&k, qstat_head_add,
	    "the largest status, Deferred, holds about 100000 (20654 to"
	    " 100000) of 100000\n"
	    "  messages (100%)\n"
	    "mqueue.in 100000, mqueue 0: 100000 messages, oldest seen 1m\n"
	    "sampled 1 of 100000: numbers are estimates for all of them\n");
	counted_end(&k);
	/* Nor is mail of this host in doubt, however little was read. */
	e.relay.class = RELAY_LOCAL;
	counted_start(&k, "--by sender");
	counted_add_like(&k, &e, 30);
	counted_sampled(&k, 1000);
	counted_expect(&k, qstat_head_add,
	    "no flood by sender: the largest sender, a@s.example, holds about"
	    " 1000 (889 to\n"
	    "  1000) of 1000 messages (100%); local 1000 (100%) not judged\n"
	    "mqueue.in 1000, mqueue 0: 1000 messages, oldest seen 1m\n"
	    "sampled 30 of 1000: numbers are estimates for all of them\n");
	counted_end(&k);
}

/* Most messages to one domain, or with one status, are no flood. */
static void
test_not_judged(void **state)
{
	struct envelope e = counted_message("127.0.0.1", 600);
	struct counted k;

	(void)state;
	counted_start(&k, "--by status");
	add_keyed(&k, "Deferred: 450", 13, 700);
	e.status = counted_span("Deferred: 450");
	e.relay.class = RELAY_LOCAL;
	counted_add_like(&k, &e, 200);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "the largest status, Deferred:"
	    " 450, holds 900 of 900 messages (100%)\n"
	    "mqueue.in 900, mqueue 0: 900 messages, oldest 10m\n");
	counted_expect(&k, qstat_notes_add,
	    "\nnot judged by status: what many messages have in common is no"
	    " flood\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages 'status:Deferred: 450'\n");
	assert_int_equal(k.v.nfloods, 0);
	counted_end(&k);
}

/* Whatever a host calls itself: the table stays a table. */
static void
test_hostile(void **state)
{
	static const char evil[] = "\033[31m|<script>$(id)\r\n\t\xff`'\"";
	char many[10000];
	struct counted k;

	(void)state;
	counted_start(&k, "--by helo");
	add_keyed(&k, evil, sizeof(evil) - 1, 3);
	memset(many, 'x', sizeof(many));
	add_keyed(&k, many, sizeof(many), 2);
	counted_done(&k);
	counted_expect(&k, qstat_table_add,
	    "   helo                              msgs share oldest newest"
	    " /min senders rcpts\n"
	    "1  ?[31m__script__(id)????___           3   60%    10m    10m"
	    "    3       1     6\n"
	    "2  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...    2   40%    10m    10m"
	    "    2       1     4\n");
	counted_end(&k);
}

/* What is in a reply but not in the reason is shown once. */
static void
test_examples(void **state)
{
	struct envelope e = counted_message("192.0.2.66", 600);
	struct counted k;
	unsigned int i;
	char reply[200];

	(void)state;
	counted_start(&k, "--by status");
	for (i = 0; i < 40; i++) {
		snprintf(reply, sizeof(reply),
		    "Deferred: 421-4.7.28 [198.51.100.9] Our system has"
		    " detected an unusual rate of mail. %06x7-%02x.%u - gsmtp",
		    i * 7919 + 99999, i, i);
		e.status = counted_span(reply);
		counted_add_like(&k, &e, 1);
	}
	e.status = counted_span("Deferred");
	counted_add_like(&k, &e, 10);
	e.status =
	    counted_span("Deferred: Connection refused by mx.x.example.");
	counted_add_like(&k, &e, 5);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "the largest status, Deferred: 421 4.7.28 [*] Our system has"
	    " detected an unusual\n  rate of mail. * - gsmtp, holds 40 of 55"
	    " messages (73%)\n"
	    "mqueue.in 55, mqueue 0: 55 messages, oldest 10m\n");
	counted_expect(&k, qstat_notes_add,
	    "\none reply of each, where it says more:\n"
	    "1  Deferred: 421-4.7.28 [198.51.100.9] Our system has detected an"
	    " unusual rate\n"
	    "   of mail. 01869f7-00.0 - gsmtp\n"
	    "3  Deferred: Connection refused by mx.x.example.\n"
	    "\n"
	    "keys that are not shown as they are, as selectors:\n"
	    "1  'status:Deferred: 421 4.7.28 [*] Our system has detected an"
	    " unusual rate of mail. * - gsmtp'\n"
	    "3  'status:Deferred: Connection refused by *.'\n"
	    "\n"
	    "its messages, the oldest first:\n"
	    "  qstat --messages 'status:Deferred: 421 4.7.28 [*] Our system"
	    " has detected an unusual rate of mail. * - gsmtp'\n");
	counted_end(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_odd_keys),
		cmocka_unit_test(test_cut_keys),
		cmocka_unit_test(test_unnamed),
		cmocka_unit_test(test_every_class),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_no_relay),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_not_judged),
		cmocka_unit_test(test_hostile),
	};

	return UNIT_RUN(tests);
}
