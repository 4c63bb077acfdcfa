/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_queues.c - -q and --root */
#include "unit.h"

#include "mta/queues.h"

static void
test_add(void **state)
{
	static const struct {
		const char *spec, *why;
	} rows[] = {
		{ "in=/no/such", "" },
		{ "/no/other", "" },
		{ "in=/no/third",
		    "--queue 'in=/no/third': this name or this directory was"
		    " given before (NAME=DIR gives a name)" },
		{ "", "--queue '': expected DIR or NAME=DIR" },
	};
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&why, 0);
		assert_int_equal(queues_take(&list, rows[i].spec, &why),
		    *rows[i].why == '\0' ? 0 : -1);
		unit_assert_text(buf_str(&why), rows[i].why, rows[i].spec);
	}
	assert_int_equal(list.n, 2);
	queue_list_free(&list);
	buf_free(&why);
}

static void
test_root(void **state)
{
	const char *root;

	(void)state;
	root = queues_root("/");
	assert_string_equal(root, "");
	root = queues_root("/srv/mx");
	assert_string_equal(root, "/srv/mx");
}

/* A row for each program that says what it does with a queue. */
static void
test_rows(void **state)
{
	static const struct cli_option rows[] = {
		QUEUES_ROW("count"),
		QUEUES_ROOT_ROW(CLI_LONG),
		CLI_LAST_ROWS,
	};

	(void)state;
	assert_int_equal(rows[0].id, 'q');
	assert_string_equal(rows[0].help,
	    "count this queue; repeatable.  DIR may end in\n"
	    "sendmail's * (default: the queues that the\n"
	    "configuration of MailScanner and sendmail names)");
	assert_int_equal(rows[1].id, CLI_LONG);
	assert_string_equal(rows[1].name, "root");
	assert_null(rows[4].name);
	assert_int_equal(ROWS(rows), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_rows),
	};

	return UNIT_RUN(tests);
}
