/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_notes.c - the command to run next, and what is not in a group */
#include <stdlib.h>

#include "unit.h"

#include "counted.h"
#include "qstat_head.h"
#include "qstat_notes.h"
#include "qstat_table.h"

/* A message of which each text is the key. */
static void
add_keyed(struct counted *k, const char *key, size_t n, unsigned int count)
{
	struct envelope e = counted_message("192.0.2.66", 600);
	struct span text = { key, n };

	e.helo = e.sender = e.status = e.relay.host = text;
	counted_add_like(k, &e, count);
}

/* A key that a shell could take for something else gives no command. */
static void
test_commands(void **state)
{
	static const struct {
		const char *words, *key, *want;
	} rows[] = {
		{ "--by helo", "mail.example",
		    "  qstat --messages helo:mail.example\n" },
		{ "--by sender", "o@b.example",
		    "  qstat --messages sender:o@b.example\n" },
		{ "--by sender", "", "  qstat --messages 'sender:<>'\n" },
		{ "--by sender-domain", "",
		    "  qstat --messages 'sender:<>'\n" },
		{ "--by sender-domain", "o@b.example",
		    "  qstat --messages sender-domain:b.example\n" },
		{ "--by name", "mail.b.example",
		    "  qstat --messages name:b.example\n" },
		{ "--by network", "x", "  qstat --messages 192.0.2.0/24\n" },
		{ "--by relay", "$(id)", "  qstat --messages 192.0.2.66\n" },
		{ "-q /var/spool/x.in -q y=/y/q*", "x",
		    "  qstat -q /var/spool/x.in -q 'y=/y/q*' --messages"
		    " 192.0.2.66\n" },
		{ "--root /srv/old", "x",
		    "  qstat --root /srv/old --messages"
		    " 192.0.2.66\n" },
		{ "--by helo", "a*", "  qstat --messages 'helo:a*'\n" },
		{ "--by helo", "$(id)", NULL },
		{ "--by helo", "a;id", NULL },
		{ "--by helo", "a'b", NULL },
		{ "--by helo", "a b", NULL },
		{ "--by helo", "a\nb", NULL },
		{ "--by helo", "\xc3\xa4.example", NULL },
		{ "-q a'b=/x", "x",
		    "  qstat -q 'a'\\''b=/x' --messages 192.0.2.66\n" },
		{ "-q /x\001", "x", NULL },
		{ "--by status", "Deferred", NULL },
	};
	struct buf got = BUF_INIT;
	struct counted k;
	const char *line;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		counted_start(&k, rows[i].words);
		add_keyed(&k, rows[i].key, strlen(rows[i].key), 1);
		counted_done(&k);
		qstat_notes_add(&got, &k.v);
		line = strstr(buf_str(&got), "  qstat");
		if (rows[i].want == NULL)
			assert_null(line);
		else
			assert_string_equal(line, rows[i].want);
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

/* A key with a NUL in it is no word that could be typed. */
static void
test_nul(void **state)
{
	struct buf got = BUF_INIT;
	struct counted k;

	(void)state;
	counted_start(&k, "--by helo");
	add_keyed(&k, "a\0b", 3, 1);
	counted_done(&k);
	qstat_notes_add(&got, &k.v);
	assert_string_equal(buf_str(&got), "");
	buf_free(&got);
	counted_end(&k);
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
	    "  qstat --messages name:a.example\n");
	counted_end(&k);
}

/* Keys that are not of hosts hold for messages of every class. */
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
	    "sender domain <> holds 400 of 420 messages (95%), since 10:14,"
	    " 400/min\n"
	    "mqueue.in 420, mqueue 0: 420 messages, oldest 1m\n");
	counted_expect(&k, qstat_table_add,
	    "      sender-domain msgs share oldest newest /min senders rcpts"
	    "\n"
	    "!! 1  <>             400   95%     1m     1m  400       1   800"
	    "\n"
	    "   2  s.example       20    5%     1m     1m   20       1    40"
	    "\n");
	counted_end(&k);
}

/* Most messages to one domain, or with one status, are no flood. */
static void
test_not_judged(void **state)
{
	struct counted k;

	(void)state;
	counted_start(&k, "--by status");
	add_keyed(&k, "Deferred: 450", 13, 900);
	counted_done(&k);
	counted_expect(&k, qstat_head_add,
	    "the largest status, Deferred:"
	    " 450, holds 900 of 900 messages (100%)\n"
	    "mqueue.in 900, mqueue 0: 900 messages, oldest 10m\n");
	counted_expect(&k, qstat_notes_add, "");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_unnamed),
		cmocka_unit_test(test_every_class),
		cmocka_unit_test(test_not_judged),
		cmocka_unit_test(test_hostile),
	};

	return UNIT_RUN(tests);
}
