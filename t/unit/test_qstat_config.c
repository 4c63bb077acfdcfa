/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qstat_config.c - qstat's options */
#include <stdio.h>

#include "unit.h"

#include "tools/qstat/config.h"

#define WORDS 12

/* 0 or -1; words are NULL-terminated and without the program. */
static int
parse(struct qstat_config *c, const char *const *words, struct buf *why)
{
	static char text[WORDS][80] = { "qstat" };
	char *argv[WORDS + 2] = { text[0] };
	int argc = 1;

	for (; *words != NULL; words++) {
		assert_true(argc < WORDS);
		argv[argc] = text[argc];
		snprintf(text[argc++], sizeof(text[0]), "%s", *words);
	}
	return qstat_config_parse(c, argc, argv, why);
}

static void
test_defaults(void **state)
{
	static const char *const none[] = { NULL };
	struct buf why = BUF_INIT;
	struct qstat_config c;

	(void)state;
	assert_int_equal(parse(&c, none, &why), 0);
	assert_int_equal(c.action, QSTAT_CONFIG_GROUPS);
	assert_int_equal(c.format, QSTAT_CONFIG_TEXT);
	assert_int_equal(c.by, KEY_RELAY);
	assert_int_equal(c.sort, QSTAT_CONFIG_COUNT);
	assert_int_equal(c.top, 0);
	assert_false(c.all);
	assert_int_equal(c.min, 0);
	assert_int_equal(c.timeout, 0);
	assert_int_equal(c.queues.n, 0);
	assert_string_equal(c.root, "");
	qstat_config_free(&c);
}

static void
test_groups(void **state)
{
	static const char *const words[] = { "--by", "sender-domain", "-n5",
		"--min=7", "--sort", "rate", "--tsv", "-q", "a=/no", "-t9",
		NULL };
	struct buf why = BUF_INIT;
	struct qstat_config c;

	(void)state;
	assert_int_equal(parse(&c, words, &why), 0);
	assert_int_equal(c.by, KEY_SENDER_DOMAIN);
	assert_int_equal(c.top, 5);
	assert_int_equal(c.min, 7);
	assert_int_equal(c.sort, QSTAT_CONFIG_RATE);
	assert_int_equal(c.format, QSTAT_CONFIG_TSV);
	assert_int_equal(c.queues.n, 1);
	assert_string_equal(c.queues.v[0].name, "a");
	assert_string_equal(c.specs[0], "a=/no");
	assert_int_equal(c.timeout, 9);
	qstat_config_free(&c);
}

/* The selector's words may stand before and behind other options. */
static void
test_selector(void **state)
{
	static const char *const words[] = { "older:10m", "--messages",
		"192.0.2.66", "-n", "0", "newer:2h", NULL };
	struct buf why = BUF_INIT;
	struct qstat_config c;

	(void)state;
	assert_int_equal(parse(&c, words, &why), 0);
	assert_int_equal(c.action, QSTAT_CONFIG_MESSAGES);
	assert_int_equal(c.selector.nwords, 1);
	assert_int_equal(c.selector.older, 600);
	assert_int_equal(c.selector.newer, 7200);
	assert_true(c.all);
	assert_string_equal(buf_str(&c.wanted),
	    "192.0.2.66 older:10m newer:2h");
	qstat_config_free(&c);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *words[WORDS], *why;
	} rows[] = {
		{ { "--by", "colour" },
		    "--by 'colour': expected relay,"
		    " network, name, helo, sender, sender-domain,"
		    " recipient-domain or status" },
		{ { "--sort", "size" },
		    "--sort 'size': expected count, oldest or rate" },
		{ { "-n", "-1" }, "--top '-1': the number is too small" },
		{ { "-n", "1000001" },
		    "--top '1000001': the number is too large" },
		{ { "--min", "x" }, "--min 'x': expected a whole number" },
		{ { "-t", "0" }, "--timeout '0': the number is too small" },
		{ { "-q", "a=" }, "--queue 'a=': expected DIR or NAME=DIR" },
		{ { "-q", "a=/x", "-q", "a=/y" },
		    "--queue 'a=/y': this name"
		    " or this directory was given before (NAME=DIR gives a"
		    " name)" },
		{ { "192.0.2.66" },
		    "unexpected argument '192.0.2.66'; to"
		    " list a relay's messages: --messages ADDRESS" },
		{ { "--show", "x", "y" },
		    "unexpected argument 'y'; to list a"
		    " relay's messages: --messages ADDRESS" },
		{ { "--messages", "192.0.2.1", "--show", "x" },
		    "--messages"
		    " and --show can be given once, and not together" },
		{ { "--messages", "192.0.2.1", "--ages" },
		    "--by, --min,"
		    " --sort and --ages don't go with --messages or --show" },
		{ { "--show", "x", "--sort", "rate" },
		    "--by, --min, --sort"
		    " and --ages don't go with --messages or --show" },
		{ { "--show", "x", "--tsv" },
		    "--json, --tsv and -n don't go with --show" },
#ifdef HAVE_JANSSON
		{ { "--json", "--tsv" },
		    "--json and --tsv exclude each other" },
#else
		{ { "--json" },
		    "this build has no --json (it was configured"
		    " without jansson); --tsv is there" },
#endif
		{ { "--ages", "--tsv" },
		    "--ages has no --tsv; there is --json" },
	};
	struct buf why = BUF_INIT;
	struct qstat_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(parse(&c, rows[i].words, &why), -1);
		assert_string_equal(buf_str(&why), rows[i].why);
		qstat_config_free(&c);
		buf_free(&why);
	}
}

/* What is no selector is told by the selector's parser. */
static void
test_bad_selector(void **state)
{
	static const char *const words[] = { "--messages", "300.1.1.1", NULL };
	struct buf why = BUF_INIT;
	struct qstat_config c;

	(void)state;
	assert_int_equal(parse(&c, words, &why), -1);
	assert_non_null(strstr(buf_str(&why), "expected an address"));
	qstat_config_free(&c);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_selector),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_selector),
	};

	return UNIT_RUN(tests);
}
