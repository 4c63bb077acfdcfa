/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_planned.c - which queue gets a directory, and which one a name */

#include "tree.h"
#include "unit.h"

#include "mail/planned.h"

struct row {
	const char *name;
	enum planned_claim claim;
	enum planned_naming naming;
	const char *path;
};

#define LAST                                           \
	{                                              \
		NULL, PLANNED_BASE, PLANNED_TAIL, NULL \
	}

/* The list that the rows make: "name:dir,dir". */
static void
must_make(const struct row *row, const char *want)
{
	struct planned p = PLANNED_INIT;
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT, got = BUF_INIT;
	const struct rooted r = { ".", &why };
	struct planned_queue *q;
	size_t i, j;

	for (; row->path != NULL; row++) {
		q = planned_new(&p, row->name, QUEUE_OUT, row->claim, "test");
		assert_non_null(q);
		q->naming = row->naming;
		if (*row->path != '\0')
			assert_int_equal(planned_add_path(q, &r, row->path), 0);
	}
	assert_int_equal(planned_commit(&p, &r, &list), 0);
	for (i = 0; i < list.n; i++) {
		buf_addf(&got, "%s%s:", i == 0 ? "" : " ", list.v[i].name);
		for (j = 0; j < list.v[i].ndirs; j++)
			buf_addf(&got, "%s%s", j == 0 ? "" : ",",
			    list.v[i].dirs[j].path);
	}
	assert_string_equal(buf_str(&got), want);
	assert_string_equal(buf_str(&why), "");
	queue_list_free(&list);
	planned_free(&p);
	buf_free(&got);
	buf_free(&why);
}

static void
test_claims(void **state)
{
	static const struct row equal[] = {
		{ "a", PLANNED_GROUP, PLANNED_TAIL, "/s/1" },
		{ "b", PLANNED_GROUP, PLANNED_TAIL, "/s/1" },
		LAST,
	};
	static const struct row wildcard[] = {
		{ "a", PLANNED_GROUP, PLANNED_TAIL, "/s/*" },
		{ "b", PLANNED_GROUP, PLANNED_TAIL, "/s/1*" },
		{ "c", PLANNED_GROUP, PLANNED_TAIL, "/s/12" },
		LAST,
	};
	static const struct row claim[] = {
		{ "base", PLANNED_BASE, PLANNED_TAIL, "/s/12" },
		{ "out", PLANNED_OUTGOING, PLANNED_TAIL, "/s/1*" },
		{ "group", PLANNED_GROUP, PLANNED_TAIL, "/s/*" },
		LAST,
	};
	static const struct row first[] = {
		{ "group", PLANNED_GROUP, PLANNED_TAIL, "/s/1" },
		{ "in", PLANNED_INCOMING, PLANNED_TAIL, "/s/1*" },
		{ "none", PLANNED_BASE, PLANNED_TAIL, "" },
		LAST,
	};
	static const struct row nothing[] = { LAST };

	(void)state;
	TREE_MAKE("s/1/", "s/12/", "s/2/");
	must_make(equal, "a:./s/1");
	must_make(wildcard, "a:./s/2 b:./s/1 c:./s/12");
	must_make(claim, "group:./s/1,./s/12,./s/2");
	must_make(first, "in:./s/1,./s/12");
	must_make(nothing, "");
}

static void
test_names(void **state)
{
	static const struct row own[] = {
		{ NULL, PLANNED_INCOMING, PLANNED_TAIL, "/x/slow" },
		{ "slow", PLANNED_GROUP, PLANNED_OWN, "/s/1" },
		LAST,
	};
	static const struct row main_queue[] = {
		{ NULL, PLANNED_OUTGOING, PLANNED_TAIL, "/x/mqueue" },
		{ NULL, PLANNED_BASE, PLANNED_MAIN, "/s/1" },
		LAST,
	};
	static const struct row alone[] = {
		{ NULL, PLANNED_BASE, PLANNED_MAIN, "/s/1" },
		LAST,
	};
	static const struct row itself[] = {
		{ NULL, PLANNED_BASE, PLANNED_MAIN, "/x/mqueue" },
		LAST,
	};

	(void)state;
	TREE_MAKE("s/1/", "x/slow/", "x/mqueue/");
	must_make(own, "x/slow:./x/slow slow:./s/1");
	must_make(main_queue, "x/mqueue:./x/mqueue mqueue:./s/1");
	must_make(alone, "1:./s/1");
	must_make(itself, "mqueue:./x/mqueue");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_claims),
		TREE_TEST(test_names),
	};

	return UNIT_RUN(tests);
}
