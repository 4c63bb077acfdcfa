/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qblock_files.c - a new text, with a map beside it and without one */
#include <stdio.h>
#include <unistd.h>

#include "tree.h"

#include "tools/qblock/files.h"

static void
must_be(const char *path, const char *want)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");

	if (f != NULL) {
		got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
		assert_int_equal(fclose(f), 0);
	}
	unit_assert_text(f != NULL ? got : NULL, want, path);
}

/* Puts a new text in place; new_map: the path that a map would have. */
static void
replace(const char *map_suffix, const char *new_map)
{
	const struct block_place place = { NULL, "etc/file", map_suffix };
	struct buf bytes = BUF_INIT, why = BUF_INIT, path = BUF_INIT;
	struct qblock_files f;
	int fd;

	buf_addf(&path, "%s/%s", tree_dir, new_map);
	if (qblock_files_open(&f, &place, true, &why) != 0)
		fail_msg("%s", buf_str(&why));
	assert_false(f.interrupted);
	unit_assert_text(buf_str(&f.new_map),
	    map_suffix != NULL ? new_map : buf_str(&path), new_map);
	buf_adds(&bytes, "new\n");
	fd = qblock_files_write(&f, &bytes, &why);
	assert_int_not_equal(fd, -1);
	close(fd);
	if (map_suffix != NULL)
		tree_write("etc/.new.qblock.db", "new map");
	if (qblock_files_commit(&f, &why) != 0)
		fail_msg("%s", buf_str(&why));
	qblock_files_close(&f);
	buf_free(&bytes);
	buf_free(&why);
	buf_free(&path);
}

static void
test_map(void **state)
{
	(void)state;
	tree_write("real/text", "old\n");
	TREE_MAKE("etc/");
	assert_int_equal(symlink("../real/text", "etc/file"), 0);
	tree_write("etc/file.db", "old map");
	replace(".db", "etc/.new.qblock");
	must_be("real/text", "new\n");
	must_be("real/text.qblock.bak", "old\n");
	must_be("etc/file.db", "new map");
	must_be("real/.new.qblock", NULL);
	must_be("etc/.new.qblock.db", NULL);
}

/* Nothing is made beside the link, where a map would be. */
static void
test_no_map(void **state)
{
	(void)state;
	tree_write("real/text", "old\n");
	TREE_MAKE("etc/");
	assert_int_equal(symlink("../real/text", "etc/file"), 0);
	replace(NULL, "real/.new.qblock");
	must_be("real/text", "new\n");
	must_be("real/text.qblock.bak", "old\n");
	must_be("real/.new.qblock", NULL);
	must_be("etc/.new.qblock", NULL);
	must_be("etc/file.db", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_map),
		TREE_TEST(test_no_map),
	};

	return UNIT_RUN(tests);
}
