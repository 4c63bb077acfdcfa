/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_remedy.c - errors that are about no file have a remedy of their own */
#include <errno.h>

#include "unit.h"

#include "base/remedy.h"

static void
test_remedy(void **state)
{
	static const struct {
		int error;
		const char *word; /* in its remedy; NULL: it has none */
	} rows[] = {
		{ EMFILE, "ulimit -n" },
		{ EMFILE, "LimitNOFILE=" },
		{ ENFILE, "fs.file-max" },
		{ ENOMEM, "MemoryMax=" },
		{ 0, NULL },
		{ EACCES, NULL },
		{ ENOENT, NULL },
		{ ENOSPC, NULL },
		{ EDQUOT, NULL },
		{ EROFS, NULL },
	};
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		text = remedy_of(rows[i].error);
		if (rows[i].word == NULL ?
			text != NULL :
			text == NULL || strstr(text, rows[i].word) == NULL)
			fail_msg("row %zu: %s", i, text != NULL ? text : "-");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_remedy),
	};

	return UNIT_RUN(tests);
}
