/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_config.c - check_relayflood's options */
#include <stdio.h>
#include <string.h>

#include "tree.h"
#include "unit.h"
#include "words.h"

#include "plugins/check_relayflood/config.h"

static void
parse(struct relayflood_config *c, struct words *l, const char *words)
{
	struct buf why = BUF_INIT;

	words_split(l, "check_relayflood", words);
	if (relayflood_config_parse(c, l->argc, l->argv, &why) != 0)
		fail_msg("'%s': %s", words, buf_str(&why));
	assert_int_equal(why.len, 0);
}

static void
test_defaults(void **state)
{
	struct relayflood_config c;
	struct words l;

	(void)state;
	parse(&c, &l, "");
	assert_int_equal(c.action, RELAYFLOOD_CONFIG_CHECK);
	assert_int_equal(c.queues.n, 0);
	assert_false(c.named);
	assert_int_equal(c.warning.count, 100);
	assert_true(c.warning.share == 0.1);
	assert_int_equal(c.critical.count, 300);
	assert_true(c.critical.share == 0.3);
	assert_int_equal(c.by, KEY_RELAY);
	assert_int_equal(c.ignore.n, 0);
	assert_int_equal(c.top, 5);
	assert_false(c.growth);
	assert_string_equal(c.root, "");
	assert_int_equal(c.timeout, 10);
	assert_int_equal(c.timeout_state, RESULT_UNKNOWN);
	assert_ptr_equal(c.render, render_nagios);
	assert_int_equal(c.verbose, 0);
	relayflood_config_free(&c);
}

static void
test_all(void **state)
{
	struct relayflood_config c;
	struct words l;

	(void)state;
	TREE_MAKE("a/", "b/");
	parse(&c, &l,
	    "-q one=a --queue=b -w 5,1% --critical 7 --by network"
	    " --top 0 --growth");
	assert_true(c.named);
	assert_int_equal(c.queues.n, 2);
	assert_string_equal(c.queues.v[0].name, "one");
	assert_int_equal(c.warning.count, 5);
	assert_true(c.warning.share == 0.01);
	assert_int_equal(c.critical.count, 7);
	assert_true(c.critical.share == 0);
	assert_int_equal(c.by, KEY_NETWORK);
	assert_int_equal(c.top, 0);
	assert_true(c.growth);
	relayflood_config_free(&c);

	parse(&c, &l,
	    "-t 3:critical --root /x --root / -vv --output-format"
	    " nagios --list-queues --top 1000 -w 20%");
	assert_int_equal(c.action, RELAYFLOOD_CONFIG_LIST_QUEUES);
	assert_int_equal(c.timeout, 3);
	assert_int_equal(c.timeout_state, RESULT_CRITICAL);
	assert_string_equal(c.root, "");
	assert_int_equal(c.verbose, 2);
	assert_int_equal(c.top, 1000);
	assert_int_equal(c.warning.count, 0);
	assert_true(c.warning.share == 0.2);
	relayflood_config_free(&c);
}

/* What --ignore means depends on --by, wherever that stands. */
static void
test_ignore(void **state)
{
	struct relayflood_config c;
	struct words l;

	(void)state;
	tree_write("list", "192.0.2.0/24\n");
	parse(&c, &l, "--ignore 192.0.2.1 --ignore @list --ignore x.example");
	assert_int_equal(c.ignore.n, 3);
	assert_int_equal(c.ignore.word[0].prefix.bits, 128);
	assert_int_equal(c.ignore.word[1].prefix.bits, 120);
	assert_string_equal(c.ignore.word[2].text, "x.example");
	relayflood_config_free(&c);

	parse(&c, &l, "--ignore 192.0.2.1 --by helo");
	assert_false(c.ignore.word[0].is_prefix);
	relayflood_config_free(&c);
}

/* -h and -V answer whatever follows, and whatever --ignore would say. */
static void
test_help(void **state)
{
	struct relayflood_config c;
	struct words l;

	(void)state;
	parse(&c, &l, "--ignore @none -h -w x");
	assert_int_equal(c.action, RELAYFLOOD_CONFIG_HELP);
	relayflood_config_free(&c);
	parse(&c, &l, "-V --nonsense");
	assert_int_equal(c.action, RELAYFLOOD_CONFIG_VERSION);
	relayflood_config_free(&c);
}

#define MERGE_ALONE                                                   \
	"--merge judges relays by reports, so it doesn't go with -q," \
	" --root, --by, --growth or --list-queues"

static void
test_refused(void **state)
{
	static const struct {
		const char *words, *why;
	} rows[] = {
		/* clang-format off */
		{ "-w x", "--warning 'x': expected COUNT,SHARE% like 100,10%,"
		  " or one of them" },
		{ "-c 1,101%", "--critical '1,101%': a share is from 0% to"
		  " 100%" },
		{ "--by host", "--by 'host': expected relay, network, name,"
		  " helo, sender, sender-domain, recipient-domain or status" },
		{ "--top -1", "--top '-1': the number is too small" },
		{ "--top 1001", "--top '1001': the number is too large" },
		{ "--ignore 1.2.3.4 --by sender", "--ignore '1.2.3.4': this"
		  " --by has no addresses, expected a name" },
		{ "-t 0", "--timeout '0': the number is too small" },
		{ "--output-format xml", "--output-format 'xml': this build"
		  " does not have this format" },
		{ "-q =x", "--queue '=x': expected DIR or NAME=DIR" },
		{ "--extra-opts=x", "--extra-opts 'x': write it in full, and"
		  " on the command line" },
		{ "--extra", "--extra-opts '': write it in full, and on the"
		  " command line" },
		{ "word", "unexpected argument 'word': servers are named after"
		  " --merge" },
		{ "--merge mx1 -q /q", MERGE_ALONE },
		{ "--merge mx1 --by network", MERGE_ALONE },
		{ "--merge mx1 --growth", MERGE_ALONE },
		{ "--merge mx1 --root /r", MERGE_ALONE },
		{ "--merge mx1 --list-queues", MERGE_ALONE },
		{ "--merge mx1 --ignore .partner.example", "--ignore"
		  " 'partner.example': reports tell addresses, no names:"
		  " name an address or a prefix" },
		{ "--merge mx1 mx2:x", "--merge 'mx2:x': expected a port from"
		  " 1 to 65535 after the ':'" },
		{ "--merge mx1 mx2 MX1:5119", "--merge 'MX1:5119': this"
		  " server was named before; its relays would count twice" },
		{ "--merge mx1 --stale soon", "--stale 'soon': expected a"
		  " duration like 90s, 15m, 2h or 1d" },
		{ "--age-warning 5", "unknown option '--age-warning'" },
		/* clang-format on */
	};
	struct buf why = BUF_INIT;
	struct relayflood_config c;
	struct words l;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		words_split(&l, "check_relayflood", rows[i].words);
		assert_int_equal(relayflood_config_parse(&c, l.argc, l.argv,
				     &why),
		    -1);
		assert_string_equal(buf_str(&why), rows[i].why);
		buf_truncate(&why, 0);
	}
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		TREE_TEST(test_all),
		TREE_TEST(test_ignore),
		TREE_TEST(test_help),
		cmocka_unit_test(test_refused),
	};

	return UNIT_RUN(tests);
}
