/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_place.c - queue directories that are open, and where a body may be */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tree.h"

#include "change/place.h"
#include "mta/sendmail/place.h"
#include "mta/sendmail/sendmail.h"

static void
add(struct queue_list *list, const char *spec)
{
	assert_int_equal(queue_list_add_spec(list, &sendmail_mta, spec), 0);
}

/* The index of what is found, -1: nothing. */
static int
body_of(const struct mta_place_list *l, size_t i, const char *body_dir)
{
	struct span s = { body_dir, strlen(body_dir) };
	const struct mta_place *p = sendmail_place_of_body(l, &l->v[i], s);

	return p == NULL ? -1 : (int)(p - l->v);
}

static void
test_body(void **state)
{
	/*
	 * 0 and 1: q1 and q2; 2: bulk/b1; 3: another base; 4: gone;
	 * 5: bulk/q2, for which 2 may mean 1 as well.
	 */
	static const struct {
		size_t from;
		const char *body_dir;
		int found;
	} rows[] = {
		{ 0, "", 0 },
		{ 1, "", 1 },
		{ 0, "q2", 1 },
		{ 0, "bulk/b1", 2 },
		{ 2, "q1", 0 },
		{ 2, "q2", -1 },
		{ 0, "q3", -1 },
		{ 0, "bulk", -1 },
		{ 0, "b1", -1 },
		{ 3, "q1", -1 },
		{ 3, "q9", 3 },
		{ 0, "q9", -1 },
		{ 0, "gone", -1 },
		{ 0, ".", -1 },
		{ 0, "/q2", -1 },
		{ 0, "../base/q2", -1 },
		{ 0, "q1/../q2", -1 },
		{ 0, "./q2", -1 },
		{ 0, "q2/", -1 },
		{ 0, "//q2", -1 },
		{ 0, "..", -1 },
		{ 0, "1", -1 },
	};
	struct queue_list queues = QUEUE_LIST_INIT;
	struct mta_place_list list;
	size_t i;

	(void)state;
	TREE_MAKE("base/q1/", "base/q2/", "base/bulk/b1/", "other/q9/",
	    "base/bulk/q2/");
	add(&queues, "base/q*");
	add(&queues, "base/bulk/b1");
	add(&queues, "other/q9");
	add(&queues, "base/gone");
	add(&queues, "base/bulk/q2");
	assert_int_equal(place_list_open(&list, &queues), 0);
	assert_int_equal(list.n, 6);
	assert_int_equal(list.v[4].error, ENOENT);
	for (i = 0; i < ROWS(rows); i++)
		if (body_of(&list, rows[i].from, rows[i].body_dir) !=
		    rows[i].found)
			fail_msg("row %zu '%s' gives %d", i, rows[i].body_dir,
			    body_of(&list, rows[i].from, rows[i].body_dir));
	assert_null(sendmail_place_of_body(&list, &list.v[0],
	    (struct span){ "q2\0", 3 }));
	place_list_close(&list);
	queue_list_free(&queues);
}

/* "." is the base itself: a queue that the others are below. */
static void
test_base(void **state)
{
	struct queue_list queues = QUEUE_LIST_INIT;
	struct mta_place_list list;

	(void)state;
	TREE_MAKE("base/bulk/qf/", "base/bulk/df/", "bas/");
	add(&queues, "base");
	add(&queues, "base/bulk");
	add(&queues, "bas");
	assert_int_equal(place_list_open(&list, &queues), 0);
	assert_int_equal(body_of(&list, 1, "."), 0);
	assert_int_equal(body_of(&list, 0, "bulk"), 1);
	assert_int_equal(body_of(&list, 2, "bulk"), -1);
	assert_ptr_equal(place_of(&list, &queues.v[1].dirs[0]), &list.v[1]);
	assert_null(place_of(&list, NULL));
	place_list_close(&list);
	queue_list_free(&queues);
}

static void
test_open(void **state)
{
	struct queue_list queues = QUEUE_LIST_INIT;
	struct stat st, real;
	const struct sendmail_place *own;
	struct mta_place_list list;
	const char *why;

	(void)state;
	TREE_MAKE("q/qf/", "q/df/");
	add(&queues, "q");
	add(&queues, "none");
	assert_int_equal(place_list_open(&list, &queues), 0);
	own = sendmail_place_of(&list.v[0]);
	assert_int_equal(fstat(own->control, &st), 0);
	assert_int_equal(stat("q/qf", &real), 0);
	assert_int_equal(st.st_ino, real.st_ino);
	assert_int_equal(fstat(own->log, &st), 0);
	assert_int_equal(stat("q", &real), 0);
	assert_int_equal(st.st_ino, real.st_ino);
	assert_int_equal(list.v[0].path[0], '/');
	assert_int_equal(sendmail_place_probe(&list.v[0], &why), 0);
	assert_true(own->probed);
	assert_int_equal(sendmail_place_probe(&list.v[1], &why), -1);
	assert_int_equal(errno, ENOENT);
	place_list_close(&list);
	queue_list_free(&queues);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_body),
		TREE_TEST(test_base),
		TREE_TEST(test_open),
	};

	return UNIT_RUN(tests);
}
