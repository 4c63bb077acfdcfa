/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mailscanner_rules.c - lines of MailScanner's lists and rulesets */
#include <errno.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "mta/mailscanner/rules.h"

static int
note(void *arg, size_t line, const char *value)
{
	buf_addf(arg, "%zu[%s]", line, value);
	return 0;
}

static void
test_list(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "/a", "1[/a]" },
		{ "/a\n\n/b/q*\n", "1[/a]3[/b/q*]" },
		{ "  /a \t\r\n\n#/no\n /b c # /d\n", "1[/a]4[/b c # /d]" },
		{ "  # /no\n%v%/a b\n", "2[%v%/a b]" },
		{ "relative\nFrom: x /y\n", "1[relative]2[From: x /y]" },
		{ "/a#b\n", "1[/a#b]" },
	};
	static const char nuls[] = "\0/a\n/b\0/c\n/d";
	struct buf found = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&found, 0);
		assert_int_equal(mailscanner_rules_list(rows[i][0],
				     strlen(rows[i][0]), note, &found),
		    0);
		unit_assert_text(buf_str(&found), rows[i][1], rows[i][0]);
	}
	buf_truncate(&found, 0);
	assert_int_equal(mailscanner_rules_list(nuls, sizeof(nuls) - 1, note,
			     &found),
	    0);
	assert_string_equal(buf_str(&found), "2[/b]3[/d]");
	buf_free(&found);
}

struct rule_row {
	const char *text, *want;
	bool has_default;
};

static void
test_rules(void **state)
{
	static const struct rule_row rows[] = {
		{ "", "", false },
		{ "FromOrTo: default /a\n", "1[/a]", true },
		{ "To:\t*@a.example\t/a b # c\n#\nFrom: 10. %v%/b",
		    "1[/a b]3[%v%/b]", false },
		{ "To: DEFAULT /a\n", "1[/a]", true },
		{ "To: *@* /a\nTo: x /b\n", "1[/a]2[/b]", true },
		{ "To: * /a\n", "1[/a]", true },
		{ "To: *@a.* /a\n", "1[/a]", false },
		{ "To: x\n", "1[]", false },
		{ "/a\n", "1[]", false },
		{ "From: x and To: y /a b\n", "1[/a b]", false },
		{ "From: default AND To: y /a\n", "1[/a]", false },
		{ "From: x and To: default /a\n", "1[/a]", false },
		{ "From: *@* and To: default /a\n", "1[/a]", true },
		{ "From: x and To: y\n", "1[]", false },
		{ "From: x android /a\n", "1[android /a]", false },
		{ "From: x and\n", "1[]", false },
	};
	struct buf found = BUF_INIT;
	bool has_default;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&found, 0);
		assert_int_equal(mailscanner_rules_rules(rows[i].text,
				     strlen(rows[i].text), note, &found,
				     &has_default),
		    0);
		unit_assert_text(buf_str(&found), rows[i].want, rows[i].text);
		if (has_default != rows[i].has_default)
			fail_msg("'%s': default %d", rows[i].text, has_default);
	}
	buf_free(&found);
}

static int
stop_at_second(void *arg, size_t line, const char *value)
{
	int *calls = arg;

	(void)line;
	(void)value;
	errno = ENOSPC;
	return ++*calls == 2 ? -1 : 0;
}

static void
test_stop(void **state)
{
	int calls = 0;
	bool all;

	(void)state;
	assert_int_equal(mailscanner_rules_list("/a\n/b\n/c\n", 9,
			     stop_at_second, &calls),
	    -1);
	assert_int_equal(calls, 2);
	assert_int_equal(errno, ENOSPC);
	calls = 0;
	assert_int_equal(mailscanner_rules_rules("a b /a\na b /b\na b /c\n", 21,
			     stop_at_second, &calls, &all),
	    -1);
	assert_int_equal(calls, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_stop),
	};

	return UNIT_RUN(tests);
}
