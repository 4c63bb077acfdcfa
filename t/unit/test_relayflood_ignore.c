/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_ignore.c - which groups check_relayflood does not judge */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tree.h"
#include "unit.h"

#include "flooded.h"

/* One group, by a key, of one message; and one word. */
static const struct {
	enum key_by by;
	const char *word, *address, *host, *text;
	bool want;
} rows[] = {
	/* clang-format off */
	{ KEY_RELAY, "192.0.2.66", "192.0.2.66", "", "", true },
	{ KEY_RELAY, "192.0.2.6", "192.0.2.66", "", "", false },
	{ KEY_RELAY, "192.0.2.64/30", "192.0.2.66", "", "", true },
	{ KEY_RELAY, "192.0.2.64/31", "192.0.2.66", "", "", false },
	{ KEY_RELAY, "0.0.0.0/0", "192.0.2.66", "", "", true },
	{ KEY_RELAY, "0.0.0.0/0", "2001:db8::1", "", "", false },
	{ KEY_RELAY, "2001:DB8::/32", "2001:db8::1", "", "", true },
	{ KEY_RELAY, "::ffff:192.0.2.66", "192.0.2.66", "", "", true },
	/* A name, on whole labels, in any case, and proven. */
	{ KEY_RELAY, "good.example", "192.0.2.1", "mx.Good.example", "",
	  true },
	{ KEY_RELAY, ".GOOD.example", "192.0.2.1", "mx.good.example", "",
	  true },
	{ KEY_RELAY, ".good.example", "192.0.2.1", "good.example", "",
	  true },
	{ KEY_RELAY, "good.example", "192.0.2.1", "notgood.example", "",
	  false },
	{ KEY_RELAY, "good.example", "192.0.2.1", "good.example.net", "",
	  false },
	{ KEY_RELAY, "good.example", "192.0.2.1", "mx.good.example?", "",
	  false },
	{ KEY_RELAY, "good.example", "192.0.2.1", "", "", false },
	/* Cut after 80 bytes, it would end like one that is to be ignored. */
	{ KEY_RELAY, "good.example", "192.0.2.1",
	  "a234567890123456789012345678901234567890123456789012345678901234567"
	  ".good.example.bad.example", "", false },
	/* Networks within. */
	{ KEY_NETWORK, "192.0.2.0/24", "192.0.2.66", "", "", true },
	{ KEY_NETWORK, "192.0.0.0/16", "192.0.2.66", "", "", true },
	{ KEY_NETWORK, "192.0.2.0/25", "192.0.2.66", "", "", false },
	{ KEY_NETWORK, "192.0.2.66", "192.0.2.66", "", "", false },
	{ KEY_NETWORK, "2001:db8::/48", "2001:db8::1", "", "", true },
	/* The other keys. */
	{ KEY_NAME, "good.example", "192.0.2.1", "a.good.example", "",
	  true },
	{ KEY_NAME, "example", "192.0.2.1", "a.good.example", "", true },
	{ KEY_NAME, "a.good.example", "192.0.2.1", "a.good.example", "",
	  false },
	{ KEY_HELO, "Mail.good.example", "192.0.2.1", "",
	  "mail.GOOD.example", true },
	{ KEY_HELO, "good.example", "192.0.2.1", "", "mail.good.example",
	  false },
	{ KEY_HELO, "192.0.2.1", "192.0.2.1", "", "192.0.2.1", true },
	{ KEY_SENDER, "news@good.example", "192.0.2.1", "",
	  "News@good.example", true },
	{ KEY_SENDER, "good.example", "192.0.2.1", "", "news@good.example",
	  false },
	{ KEY_SENDER, "<>", "192.0.2.1", "", "", true },
	{ KEY_SENDER_DOMAIN, "good.example", "192.0.2.1", "",
	  "news@lists.good.example", true },
	{ KEY_SENDER_DOMAIN, "good.example", "192.0.2.1", "",
	  "good.example@bad.example", false },
	{ KEY_STATUS, "deferred", "192.0.2.1", "", "Deferred", true },
	{ KEY_STATUS, "deferr", "192.0.2.1", "", "Deferred", false },
	/* The reason, or a reply that has it. */
	{ KEY_STATUS, "busy:*", "192.0.2.1", "", "Busy: 7", false },
	{ KEY_STATUS, "busy1.example:", "192.0.2.1", "", "b2.example:",
	  true },
	/* clang-format on */
};

static void
test_matches(void **state)
{
	struct relayflood_ignore ignore;
	struct buf why = BUF_INIT;
	struct envelope e;
	struct tally t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tally_init(&t, rows[i].by, FLOODED_NOW);
		e = flooded_message(rows[i].address, 0);
		e.relay.host = flooded_span(rows[i].host);
		if (strchr(rows[i].host, '?') != NULL) {
			e.relay.host.n--;
			e.relay.forged = true;
		}
		e.helo = e.sender = e.status = flooded_span(rows[i].text);
		assert_int_equal(tally_add(&t, &e), 0);
		tally_sort(&t);
		assert_int_equal(t.ngroups, 1);
		ignore = (struct relayflood_ignore)RELAYFLOOD_IGNORE_INIT;
		if (relayflood_ignore_add(&ignore, rows[i].by, rows[i].word,
			&why) != 0)
			fail_msg("row %zu: %s", i, buf_str(&why));
		if (relayflood_ignore_matches(&ignore, &t, &t.group[0]) !=
		    rows[i].want)
			fail_msg("row %zu, %s", i, rows[i].word);
		relayflood_ignore_free(&ignore);
		assert_false(relayflood_ignore_matches(&ignore, &t,
		    &t.group[0]));
		tally_free(&t);
	}
}

/* A name that is proven by one message holds for the relay. */
static void
test_proven_late(void **state)
{
	struct flooded f;

	(void)state;
	flooded_start(&f, "--ignore good.example");
	flooded_add(&f, "192.0.2.66", "", 1, 0);
	flooded_add(&f, "192.0.2.66", "a.good.example?", 1, 0);
	flooded_add(&f, "192.0.2.66", "mx.good.example", 1, 0);
	flooded_add(&f, "192.0.2.66", "other.example?", 1, 0);
	flooded_done(&f);
	assert_true(relayflood_ignore_matches(&f.c.ignore, &f.m.census.tally,
	    &f.m.census.tally.group[0]));
	flooded_end(&f);
}

static void
test_refused(void **state)
{
	static const struct {
		enum key_by by;
		const char *word, *why;
	} bad[] = {
		{ KEY_RELAY, "",
		    "--ignore '': expected an address, a prefix"
		    " or a name" },
		{ KEY_RELAY, ".",
		    "--ignore '.': expected an address, a"
		    " prefix or a name" },
		{ KEY_NETWORK, "good.example",
		    "--ignore 'good.example':"
		    " with --by network, expected an address or a prefix" },
		{ KEY_SENDER, "192.0.2.1",
		    "--ignore '192.0.2.1': this --by"
		    " has no addresses, expected a name" },
		{ KEY_NAME, "192.0.2.0/24",
		    "--ignore '192.0.2.0/24': this"
		    " --by has no addresses, expected a name" },
		{ KEY_RELAY, "@none",
		    "--ignore '@none': No such file or"
		    " directory" },
		{ KEY_RELAY, "@dir", "--ignore '@dir': Invalid argument" },
		{ KEY_RELAY, "@nul", "--ignore '@nul': not a text file" },
		{ KEY_RELAY, "@bad",
		    "--ignore '@bad' line 3, '.': expected"
		    " an address, a prefix or a name" },
	};
	static const char *const typos[] = { "192.0.2", "192.0.2.0/33",
		"2001:db8::g", "192.0.2.1/24" };
	struct relayflood_ignore ignore = RELAYFLOOD_IGNORE_INIT;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	TREE_MAKE("dir/");
	tree_write_bytes("nul", "a\0b", 3);
	tree_write("bad", "192.0.2.1\n\n.\n");
	for (i = 0; i < ROWS(bad); i++) {
		assert_int_equal(relayflood_ignore_add(&ignore, bad[i].by,
				     bad[i].word, &why),
		    -1);
		assert_string_equal(buf_str(&why), bad[i].why);
		buf_truncate(&why, 0);
	}
	relayflood_ignore_free(&ignore);

	/* What was meant as an address is not taken for a name. */
	for (i = 0; i < ROWS(typos); i++) {
		assert_int_equal(relayflood_ignore_add(&ignore, KEY_RELAY,
				     typos[i], &why),
		    -1);
		assert_int_equal(ignore.n, 0);
		relayflood_ignore_free(&ignore);
	}
	buf_free(&why);
}

static void
test_file(void **state)
{
	struct relayflood_ignore ignore = RELAYFLOOD_IGNORE_INIT;
	struct buf why = BUF_INIT;

	(void)state;
	tree_write("empty", "");
	tree_write("list",
	    "# our own\n"
	    "  192.0.2.0/28\t# front ends\r\n"
	    "\n"
	    " .good.example \n"
	    "odd#name.example");
	assert_int_equal(relayflood_ignore_add(&ignore, KEY_RELAY, "@empty",
			     &why),
	    0);
	assert_int_equal(ignore.n, 0);
	assert_int_equal(relayflood_ignore_add(&ignore, KEY_RELAY, "@list",
			     &why),
	    0);
	assert_int_equal(ignore.n, 3);
	assert_true(ignore.word[0].is_prefix);
	assert_int_equal(ignore.word[0].prefix.bits, 96 + 28);
	assert_string_equal(ignore.word[1].text, "good.example");
	assert_string_equal(ignore.word[2].text, "odd#name.example");
	relayflood_ignore_free(&ignore);
	assert_int_equal(why.len, 0);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_proven_late),
		TREE_TEST(test_refused),
		TREE_TEST(test_file),
	};

	return UNIT_RUN(tests);
}
