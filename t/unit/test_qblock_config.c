/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qblock_config.c - qblock's options */
#include <stdio.h>

#include "unit.h"

#include "mta/sendmail/access/block.h"
#include "tools/qblock/config.h"

#define WORDS 8

/* words are parted by '|'; they stay until the next call. */
static int
parse(struct qblock_config *c, const char *words, struct buf *why)
{
	static char text[400];
	char *argv[WORDS + 1] = { text };
	int argc = 1;
	char *p;

	snprintf(text, sizeof(text), "qblock|%s", words);
	for (p = text; (p = strchr(p, '|')) != NULL && p[1] != '\0';) {
		*p++ = '\0';
		assert_true(argc < WORDS);
		argv[argc++] = p;
	}
	if (p != NULL)
		*p = '\0';
	return qblock_config_parse(c, &sendmail_block, argc, argv, why);
}

static void
test_add(void **state)
{
	struct qblock_config c;
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(parse(&c, "add|192.0.2.66", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_ADD);
	assert_int_equal(c.nkeys, 1);
	assert_int_equal(c.expire, PLAN_FOREVER);
	assert_string_equal(buf_str(&c.value), "REJECT");
	assert_false(c.has_reply || c.wide || c.yes || c.quiet || c.json);
	assert_null(c.reason);
	assert_null(c.cf);
	assert_null(c.map);
	assert_null(c.maker);
	assert_null(c.asked);
	qblock_config_free(&c);

	assert_int_equal(parse(&c,
			     "add|--expire=1h30m|--reply=tempfail|"
			     "192.0.2.66|[192.0.2.66]|--reason=a flood|-y",
			     &why),
	    0);
	assert_int_equal(c.nkeys, 1);
	assert_int_equal(c.expire, 5400);
	assert_true(c.has_reply && c.yes);
	assert_string_equal(c.reason, "a flood");
	assert_memory_equal(c.value.data, "ERROR:4.7.1:", 12);
	qblock_config_free(&c);

	assert_int_equal(parse(&c,
			     "add|a.example|--wide|--expire=never|"
			     "--map=btree:/a:b|--makemap=/m|--quiet",
			     &why),
	    0);
	assert_true(c.wide && c.quiet);
	assert_int_equal(c.expire, PLAN_FOREVER);
	assert_string_equal(buf_str(&c.map_type), "btree");
	assert_string_equal(c.map, "/a:b");
	assert_string_equal(c.maker, "/m");
	qblock_config_free(&c);
	buf_free(&why);
}

static void
test_others(void **state)
{
	struct qblock_config c;
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(parse(&c, "remove|192.0.2.0/24|b.example", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_REMOVE);
	assert_int_equal(c.nkeys, 2);
	qblock_config_free(&c);
	assert_int_equal(parse(&c, "expire|--cf=/x|--map=/a:b", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_EXPIRE);
	assert_string_equal(c.cf, "/x");
	assert_string_equal(c.map, "/a:b");
	assert_int_equal(c.map_type.len, 0);
	qblock_config_free(&c);
	assert_int_equal(parse(&c, "check|2001:db8::1|--sendmail", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_CHECK);
	assert_string_equal(c.asked, "/usr/sbin/sendmail");
	qblock_config_free(&c);
	assert_int_equal(parse(&c, "check|a.example|--sendmail=/s", &why), 0);
	assert_string_equal(c.asked, "/s");
	qblock_config_free(&c);
#ifdef HAVE_JANSSON
	assert_int_equal(parse(&c, "list|--json", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_LIST);
	assert_true(c.json);
	qblock_config_free(&c);
#endif
	assert_int_equal(parse(&c, "--help|nonsense", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_HELP);
	qblock_config_free(&c);
	assert_int_equal(parse(&c, "-V", &why), 0);
	assert_int_equal(c.action, QBLOCK_CONFIG_VERSION);
	qblock_config_free(&c);
	assert_int_equal(why.len, 0);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *words, *why;
	} rows[] = {
		{ "", "which command" },
		{ "block|x", "command 'block'" },
		{ "add", "which client" },
		{ "remove", "which client" },
		{ "check", "which client" },
		{ "check|192.0.2.1|192.0.2.2", "one address" },
		{ "check|192.0.2.0/24", "one address" },
		{ "list|192.0.2.1", "takes no client" },
		{ "expire|192.0.2.1", "takes no client" },
		{ "add|192.0.2", "no whole address" },
		{ "add|a b", "client 'a b'" },
		{ "add|192.0.2.1|--expire=0s", "over at once" },
		{ "add|192.0.2.1|--expire=1w", "--expire '1w'" },
		{ "add|192.0.2.1|--reply=OK", "--reply 'OK'" },
		{ "add|192.0.2.1|--map=hash:", "expected FILE" },
		{ "add|192.0.2.1|--map=", "expected FILE" },
		{ "remove|192.0.2.1|--expire=1h", "are for add" },
		{ "remove|192.0.2.1|--reply=REJECT", "are for add" },
		{ "expire|--reason=x", "are for add" },
		{ "list|--wide", "are for add" },
		{ "add|192.0.2.1|--sendmail", "is for check" },
		{ "list|--x", "unknown option" },
#ifdef HAVE_JANSSON
		{ "expire|--json", "is for list" },
#else
		{ "list|--json", "has no --json" },
#endif
	};
	struct qblock_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct buf why = BUF_INIT;

		if (parse(&c, rows[i].words, &why) != -1)
			fail_msg("'%s' is taken", rows[i].words);
		if (strstr(buf_str(&why), rows[i].why) == NULL)
			fail_msg("'%s': %s", rows[i].words, buf_str(&why));
		qblock_config_free(&c);
		buf_free(&why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_refused),
	};

	return UNIT_RUN(tests);
}
