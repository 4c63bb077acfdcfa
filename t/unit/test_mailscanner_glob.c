/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mailscanner_glob.c - which patterns one glob of MailScanner's means */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/buf.h"
#include "mta/mailscanner/glob.h"

/* "[path]" and "<pattern>". */
static int
note(void *arg, const char *pattern, bool magic)
{
	buf_addf(arg, magic ? "<%s>" : "[%s]", pattern);
	return 0;
}

/* What perl -e 'print join "|", glob(...)' says of files that exist. */
static void
test_patterns(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "  \t", "" },
		{ "/a", "[/a]" },
		{ "/a*", "</a*>" },
		{ "/a?/b", "</a?/b>" },
		{ "/a[12]", "</a[12]>" },
		{ "/a[12", "[/a[12]" },
		{ "/a[]", "[/a[]]" },
		{ "/a]", "[/a]]" },
		/* Blanks part patterns, unless they are quoted. */
		{ " /a\t/b*  /c ", "[/a]</b*>[/c]" },
		{ "\"/a b\" '/c d'*", "[/a b]</c d*>" },
		{ "/a\\ b", "[/a b]" },
		{ "\"/a'b\"", "[/a'b]" },
		{ "\"/a b", "[/a b]" },
		/* A backslash takes the meaning of what follows. */
		{ "/a\\*", "[/a*]" },
		{ "/a\\*b*", "</a\\*b*>" },
		{ "/\\{a,b}", "[/{a,b}]" },
		{ "/a\\", "[/a\\]" },
		/* Braces. */
		{ "/{a,b}*", "</a*></b*>" },
		{ "/{a,b}/{c,d}", "[/a/c][/a/d][/b/c][/b/d]" },
		{ "/{a,{b,c}d,}", "[/a][/bd][/cd][/]" },
		{ "/x{,y}z", "[/xz][/xyz]" },
		{ "/{a}", "[/a]" },
		{ "/{}", "[/]" },
		{ "/{a,b", "[/{a,b]" },
		{ "/a}b{c,d}", "[/a}bc][/a}bd]" },
		{ "/{a[,}],b}", "</a[,}]>[/b]" },
		{ "/q[{,}]", "[/q[]][/q[]]" },
		{ "/{a\\,b,c}", "[/a,b][/c]" },
	};
	struct buf found = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&found, 0);
		assert_int_equal(mailscanner_glob_patterns(rows[i][0], note,
				     &found),
		    0);
		unit_assert_text(buf_str(&found), rows[i][1], rows[i][0]);
	}
	buf_free(&found);
}

static void
test_is(void **state)
{
	(void)state;
	assert_true(mailscanner_glob_is("/a*"));
	assert_true(mailscanner_glob_is("/a?/b"));
	assert_false(mailscanner_glob_is("/a[12]"));
	assert_false(mailscanner_glob_is("/{a,b}"));
}

static int
stop_at_second(void *arg, const char *pattern, bool magic)
{
	int *calls = arg;

	(void)pattern;
	(void)magic;
	errno = ENOSPC;
	return ++*calls == 2 ? -1 : 0;
}

static void
test_limits(void **state)
{
	char *text = malloc(5000);
	struct buf found = BUF_INIT;
	int calls = 0;
	size_t i;

	(void)state;
	assert_non_null(text);
	/* 2^10 are too many, 1000 are not. */
	assert_int_equal(
	    mailscanner_glob_patterns("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}"
				      "{1,2}{1,2}{1,2}",
		note, &found),
	    -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(mailscanner_glob_patterns("{0,1,2,3,4,5,6,7,8,9}"
						   "{0,1,2,3,4,5,6,7,8,9}"
						   "{0,1,2,3,4,5,6,7,8,9}",
			     note, &found),
	    0);
	memset(text, '{', 4999);
	text[4999] = '\0';
	assert_int_equal(mailscanner_glob_patterns(text, note, &found), -1);
	assert_int_equal(errno, E2BIG);
	/* As deep as it gets. */
	for (i = 0; i < 2048; i++) {
		text[i] = '{';
		text[4095 - i] = '}';
	}
	text[4096] = '\0';
	buf_truncate(&found, 0);
	assert_int_equal(mailscanner_glob_patterns(text, note, &found), 0);
	assert_string_equal(buf_str(&found), "[]");
	assert_int_equal(mailscanner_glob_patterns("/a /b /c", stop_at_second,
			     &calls),
	    -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(calls, 2);
	buf_free(&found);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_is),
		cmocka_unit_test(test_limits),
	};

	return UNIT_RUN(tests);
}
