/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_stranded.c - messages that no queue run delivers as they are */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "surveyed.h"
#include "tree.h"
#include "unit.h"

#include "look/scan.h"
#include "look/stranded.h"
#include "mta/sendmail/sendmail.h"

#define NOW INT64_C(1795342500) /* of an id 6AMAF0... */

/* Ids of ten minutes ago, and of a second less; see NOW. */
#define OLD   "6AMA500A004101"
#define YOUNG "6AMA510A004101"

static const struct mta *mta = &sendmail_mta;

/* A clock that each look sets forward by a second. */
static int64_t looked;

static int64_t
hurry(void *arg)
{
	(void)arg;
	return looked += 1000;
}

static const struct when_clock hurrying = { NULL, hurry, NULL };

static const struct when_deadline in_time = { &surveyed_still, 60000 };

/* The queues of a test: "NAME" is a directory of the tree, in order. */
static struct queue_list queues;

static void
set_queues(const char *const *specs)
{
	queues = (struct queue_list)QUEUE_LIST_INIT;
	for (; *specs != NULL; specs++)
		assert_int_equal(queue_list_add_spec(&queues, mta, *specs), 0);
}

#define QUEUES(...) set_queues((const char *const[]){ __VA_ARGS__, NULL })

/* Counts all queues, which is the first look. */
static void
first(struct stranded *s, size_t most, const struct when_deadline *deadline)
{
	const struct scan_options opt = { .now = NOW,
		.late_after = 900,
		.deadline = deadline,
		.stranded = s };
	struct scan_count count;
	size_t i;

	assert_int_equal(stranded_start(s, &queues, NOW, most), 0);
	for (i = 0; i < queues.n; i++)
		scan_count_queue(&queues.v[i], &opt, &count);
}

/* "BESIDE DRAFTS BODYLESS/LOOKED", and " partly". */
static void
assert_found(const struct stranded *s, size_t queue, const char *expected)
{
	const struct stranded_count *c = &s->counts[queue];
	char text[100];

	snprintf(text, sizeof(text),
	    "%" PRIu64 " %" PRIu64 " %" PRIu64 "/%" PRIu64 "%s",
	    c->n[STRANDED_BESIDE], c->n[STRANDED_DRAFT],
	    c->n[STRANDED_BODYLESS], c->looked, c->partly ? " partly" : "");
	assert_string_equal(text, expected);
}

/* Both looks at the queues, and what the first queue has. */
static void
check(const char *expected)
{
	struct stranded s;

	first(&s, STRANDED_FEW, &in_time);
	assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
	assert_found(&s, 0, expected);
	stranded_free(&s);
}

static void
control(const char *path)
{
	tree_write(path, "V8\n");
}

/* The same, and its time of modification. */
static void
control_at(const char *path, int64_t mtime)
{
	const struct timespec times[2] = { { .tv_sec = (time_t)mtime },
		{ .tv_sec = (time_t)mtime } };

	control(path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
leave(void)
{
	queue_list_free(&queues);
	tree_leave_row();
}

/* --- one queue ------------------------------------------------------------ */

static const struct row {
	const char
	    *files[6]; /* control files; a body or a directory is empty */
	const char *found;
} rows[] = {
	{ { "q/" }, "0 0 0/0" },
	{ { "q/qf" OLD, "q/df" OLD }, "0 0 0/1" },
	{ { "q/hf" OLD, "q/df" OLD }, "0 0 0/1" },
	/* without a body; in quarantine, too; and what sendmail set aside */
	{ { "q/qf" OLD }, "0 0 1/1" },
	{ { "q/hf" OLD }, "0 0 1/1" },
	{ { "q/Qf" OLD }, "0 0 0/0" },
	{ { "q/hf" OLD, "q/df6AMA500B004101" }, "0 0 1/1" },
	/* what has just come may not be complete yet */
	{ { "q/qf" YOUNG }, "0 0 0/0" },
	{ { "q/hf" YOUNG }, "0 0 0/0" },
	/* no files */
	{ { "q/qf" OLD "/" }, "0 0 0/0" },
	{ { "q/hf" OLD "/" }, "0 0 0/0" },
	/* with subdirectories */
	{ { "q/qf/qf" OLD, "q/df/df" OLD }, "0 0 0/1" },
	{ { "q/qf/qf" OLD, "q/df" OLD }, "0 0 0/1" },
	{ { "q/qf/qf" OLD, "q/df/", "q/df" OLD }, "0 0 1/1" },
	{ { "q/qf/qf" OLD, "q/qf/df" OLD }, "0 0 1/1" },
	/* beside the subdirectory for control files, however young */
	{ { "q/qf" OLD, "q/df" OLD, "q/qf/" }, "1 0 0/0" },
	{ { "q/qf" YOUNG, "q/hf" OLD, "q/Qf" OLD, "q/qf/", "q/df/" },
	    "3 0 0/0" },
	{ { "q/qf/", "q/df" OLD, "q/xf" OLD, "q/qfx/", "q/core" }, "0 0 0/0" },
	{ { "q/df/", "q/qf" OLD, "q/df/df" OLD }, "0 0 0/1" },
};

static void
test_rows(void **state)
{
	const struct row *r;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		r = &rows[i];
		tree_enter_row(i);
		for (j = 0; j < 6 && r->files[j] != NULL; j++)
			if (r->files[j][strlen(r->files[j]) - 1] == '/')
				tree_make(r->files[j]);
			else
				control(r->files[j]);
		QUEUES("q");
		check(r->found);
		leave();
	}
}

/* An empty control file is sendmail's to remove. */
static void
test_empty(void **state)
{
	(void)state;
	TREE_MAKE("q/qf" OLD, "q/hf" OLD);
	QUEUES("q");
	check("0 0 0/2");
	queue_list_free(&queues);
}

/* The id does not tell when it was made: its inode does. */
static void
test_undated(void **state)
{
	(void)state;
	control_at("q/hfKAA12345", NOW - STRANDED_AGE);
	control_at("q/hfKAA12346", NOW - STRANDED_AGE + 1);
	QUEUES("q");
	check("0 0 1/2");
	queue_list_free(&queues);
}

static void
test_drafts(void **state)
{
	(void)state;
	/* A message is older than its draft: the id tells nothing. */
	control_at("q/tf" OLD, NOW - STRANDED_AGE + 1);
	QUEUES("q");
	check("0 0 0/0");
	control_at("q/tf" OLD, NOW - STRANDED_AGE);
	check("0 1 0/0");
	/* Under whatever name, the message is there. */
	TREE_MAKE("q/df" OLD, "q/qf" OLD);
	check("0 0 0/1");
	assert_int_equal(rename("q/qf" OLD, "q/hf" OLD), 0);
	check("0 0 0/1");
	assert_int_equal(rename("q/hf" OLD, "q/Qf" OLD), 0);
	check("0 0 0/0");
	assert_int_equal(unlink("q/Qf" OLD), 0);
	check("0 1 0/0");
	/* What a queue run put aside, and what is no file. */
	assert_int_equal(rename("q/tf" OLD, "q/Tf" OLD), 0);
	assert_int_equal(mkdir("q/tf" YOUNG, 0755), 0);
	check("0 0 0/0");
	queue_list_free(&queues);
}

/* Where nothing is wrong there is nothing to wait for. */
static void
test_no_suspect(void **state)
{
	struct stranded s;

	(void)state;
	control("q/qf" OLD);
	control_at("q/tf" OLD, NOW - STRANDED_AGE);
	control("q/hf" YOUNG);
	TREE_MAKE("q/df" OLD);
	QUEUES("q");
	first(&s, STRANDED_FEW, &in_time);
	assert_int_equal(s.nsuspects, 0);
	assert_found(&s, 0, "0 0 0/1");
	stranded_free(&s);
	queue_list_free(&queues);
}

/* A link to the queue directory itself hides nothing. */
static void
test_link(void **state)
{
	(void)state;
	control("q/qf" OLD);
	TREE_MAKE("q/df" OLD);
	assert_int_equal(symlink(".", "q/qf"), 0);
	QUEUES("q");
	check("0 0 0/1");
	queue_list_free(&queues);
}

/* One of each kind is named, and where it is. */
static void
test_example(void **state)
{
	struct stranded s;
	const struct stranded_example *one;

	(void)state;
	control("q1/qf" OLD);
	tree_make_at("q2/qf/tf" OLD, NOW - 86400);
	control("q2/Qf" YOUNG);
	QUEUES("q*");
	first(&s, STRANDED_FEW, &in_time);
	assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
	assert_found(&s, 0, "1 1 1/1");
	assert_int_equal(stranded_total(&s.counts[0]), 3);
	one = s.counts[0].example;
	assert_string_equal(one[STRANDED_BODYLESS].name, "qf" OLD);
	assert_ptr_equal(one[STRANDED_BODYLESS].dir, &queues.v[0].dirs[0]);
	assert_string_equal(one[STRANDED_DRAFT].name, "tf" OLD);
	assert_ptr_equal(one[STRANDED_DRAFT].dir, &queues.v[0].dirs[1]);
	assert_string_equal(one[STRANDED_BESIDE].name, "Qf" YOUNG);
	assert_ptr_equal(one[STRANDED_BESIDE].dir, &queues.v[0].dirs[1]);
	stranded_free(&s);
	queue_list_free(&queues);
}

/* --- a server that runs --------------------------------------------------- */

static void
to_body(void)
{
	TREE_MAKE("q/df" OLD);
}

static void
to_gone(void)
{
	assert_int_equal(unlink("q/qf" OLD), 0);
}

static void
to_rewritten(void)
{
	control("q/new");
	assert_int_equal(rename("q/new", "q/qf" OLD), 0);
}

static void
to_finished(void)
{
	assert_int_equal(rename("q/tf" YOUNG, "q/qf" YOUNG), 0);
	to_body();
}

static void
to_redrafted(void)
{
	TREE_MAKE("q/new");
	assert_int_equal(rename("q/new", "q/tf" YOUNG), 0);
	to_body();
}

static void
to_caught_up(void)
{
	control("q/hf" YOUNG);
	to_body();
}

static void
to_moved(void)
{
	assert_int_equal(rename("q", "p"), 0);
}

static void
to_same(void)
{
}

/* What happens between the looks at a qf without a df, and a tf without qf. */
static void
test_between(void **state)
{
	static const struct {
		void (*change)(void);
		const char *found;
	} all[] = {
		{ to_same, "0 1 1/1" },
		{ to_body, "0 1 0/1" },
		{ to_gone, "0 1 0/1" },
		{ to_rewritten, "0 1 0/1" },
		{ to_finished, "0 0 0/1" },
		{ to_redrafted, "0 0 0/1" },
		{ to_caught_up, "0 0 0/1" },
		{ to_moved, "0 0 0/1 partly" },
	};
	struct stranded s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		tree_enter_row(i);
		control("q/qf" OLD);
		tree_make_at("q/tf" YOUNG, NOW - STRANDED_AGE);
		QUEUES("q");
		first(&s, STRANDED_FEW, &in_time);
		all[i].change();
		assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
		assert_found(&s, 0, all[i].found);
		stranded_free(&s);
		leave();
	}
}

/* What was not looked at twice does not count, and that is said. */
static void
test_no_time(void **state)
{
	static const struct when_deadline soon = { &surveyed_still, 1999 };
	struct stranded s;

	(void)state;
	control("q/qf" OLD);
	control("p/qf" YOUNG);
	QUEUES("q", "p");
	first(&s, STRANDED_FEW, &soon);
	assert_int_equal(stranded_confirm(&s, 1000, &soon), 0);
	assert_found(&s, 0, "0 0 0/1 partly");
	assert_found(&s, 1, "0 0 0/0");
	/* Of the first it is not known that there are none. */
	assert_false(stranded_is_known(&s.counts[0]));
	assert_true(stranded_is_known(&s.counts[1]));
	stranded_free(&s);
	queue_list_free(&queues);
}

/* Some are known, and there may be more. */
static void
test_no_time_for_all(void **state)
{
	static const struct when_deadline soon = { &surveyed_still, 1999 };
	struct stranded s;

	(void)state;
	control("q/qf/qf" OLD);
	control("q/qf" OLD);
	QUEUES("q");
	first(&s, STRANDED_FEW, &soon);
	assert_int_equal(stranded_confirm(&s, 1000, &soon), 0);
	assert_found(&s, 0, "1 0 0/1 partly");
	assert_true(stranded_is_known(&s.counts[0]));
	stranded_free(&s);
	queue_list_free(&queues);
}

/* The looks may take a second in all, and not of what counting needs. */
static void
test_budget(void **state)
{
	const struct when_deadline late = { &hurrying, 1000000 };
	struct stranded s;

	(void)state;
	looked = 0;
	control("q/qf/qf" OLD);
	control("q/qf" OLD);
	QUEUES("q");
	first(&s, STRANDED_FEW, &late);
	assert_int_equal(s.budget, 0);
	assert_found(&s, 0, "0 0 0/0 partly");
	stranded_free(&s);
	queue_list_free(&queues);
}

/* The oldest are looked at, and all drafts and quarantined ones as well. */
static void
test_most(void **state)
{
	static const char *const names[] = { "qf6AM9a00A004101",
		"qf6AM9d00A004101", "qf6AM9b00A004101", "qf6AM9c00A004101",
		"qf6AM9Z00A004101", "qf6AM9Y00A004101", "qf6AM9X00A004101",
		"hf6AM9a00A004102", "hf6AM9b00A004102", "hf6AM9c00A004102" };
	char path[64];
	struct stranded s;
	size_t i;

	(void)state;
	/* The three oldest have their bodies, but for one. */
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "q/%s", names[i]);
		control(path);
	}
	TREE_MAKE("q/df6AM9X00A004101", "q/df6AM9Z00A004101",
	    "q/df6AM9a00A004102", "q/df6AM9b00A004102", "q/df6AM9c00A004102");
	QUEUES("q");
	first(&s, 3, &in_time);
	assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
	assert_found(&s, 0, "0 0 1/6 partly");
	assert_string_equal(s.counts[0].example[STRANDED_BODYLESS].name,
	    "qf6AM9Y00A004101");
	stranded_free(&s);
	first(&s, 10, &in_time);
	assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
	assert_found(&s, 0, "0 0 5/10");
	stranded_free(&s);
	queue_list_free(&queues);
}

/* More than a page of them: none is looked at twice, and none left out. */
static void
test_many(void **state)
{
	struct stranded s;
	char path[64];
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "q/qf6AM%c%c00A%06d", '0' + i % 9,
		    'A' + i % 7, i);
		control(path);
		memcpy(path + 2, "df", 2);
		if (i % 10 != 0)
			tree_make(path);
	}
	QUEUES("q");
	first(&s, STRANDED_MORE, &in_time);
	assert_int_equal(stranded_confirm(&s, 0, &in_time), 0);
	assert_found(&s, 0, "0 0 30/300");
	stranded_free(&s);
	/* A check looks at fewer. */
	first(&s, STRANDED_FEW, &in_time);
	assert_int_equal(s.counts[0].looked, 256);
	assert_true(s.counts[0].partly);
	stranded_free(&s);
	queue_list_free(&queues);
}

/* --- bodies that are elsewhere -------------------------------------------- */

static void
test_elsewhere(void **state)
{
	static const struct {
		const char *body;
		const char *second; /* queue, or NULL */
		const char *found;
	} all[] = {
		{ "s/x/unrelated", NULL, "0 0 1/1" },
		/* another group of the list, flat or not */
		{ "far/g/df" OLD, "far/g", "0 0 0/1" },
		{ "far/g/df/df" OLD, "far/g", "0 0 0/1" },
		{ "far/g/df" OLD, NULL, "0 0 1/1" },
		/* a queue of another server: a copy's */
		{ "s/q.in/df" OLD, "s/q.in", "0 0 1/1" },
		/* groups that were not named: beside, above and below */
		{ "s/h/df" OLD, NULL, "0 0 0/1" },
		{ "s/h/df/df" OLD, NULL, "0 0 0/1" },
		{ "s/df" OLD, NULL, "0 0 0/1" },
		{ "s/df/df" OLD, NULL, "0 0 0/1" },
		{ "s/q/h/df" OLD, NULL, "0 0 0/1" },
		{ "s/q/h/df/df" OLD, NULL, "0 0 0/1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		tree_enter_row(i);
		control("s/q/qf" OLD);
		tree_make(all[i].body);
		if (all[i].second != NULL)
			QUEUES("s/q", all[i].second);
		else
			QUEUES("s/q");
		check(all[i].found);
		leave();
	}
}

/* Where it can't be looked, there may be a body. */
static void
test_closed(void **state)
{
	(void)state;
	control("s/q/qf" OLD);
	TREE_MAKE("s/p/");
	QUEUES("s/q", "s/p");
	assert_int_equal(chmod("s/p", 0), 0);
	tree_drop(TREE_NOBODY);
	check("0 0 0/1 partly");
	tree_regain();
	assert_int_equal(chmod("s/p", 0755), 0);
	check("0 0 1/1");
	queue_list_free(&queues);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_rows),
		TREE_TEST(test_empty),
		TREE_TEST(test_undated),
		TREE_TEST(test_drafts),
		TREE_TEST(test_no_suspect),
		TREE_TEST(test_link),
		TREE_TEST(test_example),
		TREE_TEST(test_between),
		TREE_TEST(test_no_time),
		TREE_TEST(test_no_time_for_all),
		TREE_TEST(test_budget),
		TREE_TEST(test_most),
		TREE_TEST(test_many),
		TREE_TEST(test_elsewhere),
		TREE_TEST(test_closed),
	};

	return UNIT_RUN(tests);
}
