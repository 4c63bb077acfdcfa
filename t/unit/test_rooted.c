/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_rooted.c - configuration files below a root, and their errors */
#include <sys/stat.h>

#include "tree.h"
#include "unit.h"

#include "base/rooted.h"

static void
test_words(void **state)
{
	struct buf why = BUF_INIT;
	const struct rooted r = { "/r", &why };

	(void)state;
	assert_int_equal(rooted_fail(&r, "cannot read", "/a|b", "gone"), -1);
	assert_string_equal(buf_str(&why), "cannot read /a_b: gone");
	buf_truncate(&why, 0);
	assert_int_equal(rooted_fail_line(&r, "/f|", 7, "$x", "is|odd"), -1);
	assert_string_equal(buf_str(&why), "/f_ line 7: _x is_odd");
	buf_truncate(&why, 0);
	assert_int_equal(rooted_fail_line(&r, "/f", 0, "", "is odd"), -1);
	assert_string_equal(buf_str(&why), "/f: is odd");
	buf_free(&why);
}

static void
test_files(void **state)
{
	static const char *const files[] = { "/none", "/two", "/one", NULL };
	static const char *const none[] = { "/none", "/one/none", NULL };
	struct buf why = BUF_INIT, path = BUF_INIT, out = BUF_INIT;
	const struct rooted r = { "r", &why };

	(void)state;
	tree_write("r/one", "1");
	tree_write("r/two", "2");
	assert_int_equal(rooted_path(&r, "/x", &path), 0);
	assert_string_equal(buf_str(&path), "r/x");
	assert_int_equal(rooted_first(&r, files, &path, &out), 1);
	assert_string_equal(buf_str(&path), "r/two");
	assert_string_equal(buf_str(&out), "2");
	assert_int_equal(rooted_first(&r, none, &path, &out), 0);
	assert_string_equal(buf_str(&out), "2");
	/* What is there has to be readable: no later file takes its place. */
	assert_int_equal(chmod("r/two", 0), 0);
	tree_drop(TREE_NOBODY);
	assert_int_equal(rooted_first(&r, files, &path, &out), -1);
	tree_regain();
	assert_string_equal(buf_str(&why),
	    "cannot read r/two: Permission denied");
	buf_free(&why);
	buf_free(&path);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		TREE_TEST(test_files),
	};

	return UNIT_RUN(tests);
}
