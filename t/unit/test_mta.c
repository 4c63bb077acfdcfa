/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_mta.c - a server that is not sendmail, through all that finds and reads
 *
 * See maildir.h for what it is like.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "surveyed.h"

#include "look/readable.h"
#include "look/scan.h"
#include "mta/sendmail/sendmail.h"
#include "mta/table.h"

#define NOW SURVEYED_NOW

/* Makes the queue m: 5 that wait, 2 that are held. */
static void
make_queue(void)
{
	TREE_MAKE("m/new/", "m/cur/", "m/cur/a/", "m/cur/b/", "m/cur/aa/",
	    "m/cur/a/c/", "m/hold/");
	maildir_make("m/new/n1", "[192.0.2.1]", NOW - 10);
	maildir_make("m/cur/c1", "[192.0.2.1]", NOW - 100);
	maildir_make("m/cur/a/ab", "[192.0.2.66]", NOW - 2000);
	maildir_make("m/cur/a/ac", "[192.0.2.66]", NOW - 3000);
	maildir_make("m/cur/b/bc", "mail.example [192.0.2.66]", NOW - 400);
	maildir_make("m/hold/h1", "[192.0.2.7]", NOW - 5000);
	maildir_make("m/hold/h2", "[192.0.2.7]", NOW - 6000);
	/* Not whole yet, no name of an id, no such subdirectory, too deep. */
	maildir_make("m/new/n2", "[192.0.2.9]", NOW - 9000);
	assert_int_equal(chmod("m/new/n2", 0600), 0);
	maildir_make("m/cur/X", "[192.0.2.9]", NOW - 9000);
	maildir_make("m/cur/aa/x", "[192.0.2.9]", NOW - 9000);
	maildir_make("m/cur/a/c/y", "[192.0.2.9]", NOW - 9000);
	maildir_make("m/z1", "[192.0.2.9]", NOW - 9000);
	TREE_MAKE("m/hold/h3/");
}

static struct queue_list
list_of(const struct mta *mta)
{
	struct queue_list list = QUEUE_LIST_INIT;

	assert_int_equal(queue_list_add_spec(&list, mta, "m"), 0);
	return list;
}

static struct scan_count
count(const struct mta *mta, struct stranded *stranded)
{
	const struct when_deadline deadline = when_after(&surveyed_still, 1000);
	const struct scan_options opt = { .now = NOW,
		.late_after = 900,
		.deadline = &deadline,
		.look_over = 50,
		.stranded = stranded };
	struct queue_list list = list_of(mta);
	struct scan_count c;

	if (stranded != NULL)
		assert_int_equal(stranded_start(stranded, &list, NOW, 8), 0);
	scan_count_queue(&list.v[0], &opt, &c);
	if (stranded != NULL) {
		assert_int_equal(stranded->nsuspects, 0);
		assert_int_equal(stranded_total(&stranded->counts[0]), 0);
		assert_int_equal(stranded->counts[0].looked, 0);
		assert_false(stranded->counts[0].partly);
		stranded_free(stranded);
	}
	queue_list_free(&list);
	return c;
}

/* States by directory, ages by inode, whole messages by their mode. */
static void
test_scan(void **state)
{
	struct stranded stranded = STRANDED_INIT;
	struct scan_count c;

	(void)state;
	make_queue();
	c = count(&maildir_mta, &stranded);
	assert_int_equal(c.queued, 5);
	assert_int_equal(c.held, 2);
	assert_int_equal(c.lost, 0);
	assert_int_equal(c.oldest, 3000);
	assert_int_equal(c.oldest_max, 3000);
	assert_int_equal(c.late, 2);
	assert_int_equal(c.late_max, 2);
	assert_int_equal(c.oldest_held, 6000);
	assert_int_equal(c.failed + c.ageless, 0);
	assert_false(c.held_unknown);
	/* All of its directories have to be there. */
	unlink("m/hold/h1");
	unlink("m/hold/h2");
	assert_int_equal(rmdir("m/hold/h3"), 0);
	assert_int_equal(rmdir("m/hold"), 0);
	c = count(&maildir_mta, NULL);
	assert_int_equal(c.queued, 5);
	assert_int_equal(c.failed, 1);
	assert_int_equal(c.error, ENOENT);
}

/* Who would have to read files to know says that it is not known. */
static void
test_cost(void **state)
{
	struct mta_dir dirs[3];
	struct mta dear = maildir_mta;
	struct scan_count c;

	(void)state;
	make_queue();
	memcpy(dirs, maildir_mta.dirs, sizeof(dirs));
	dirs[1].age_cost = dirs[2].age_cost = MTA_COST_READ;
	dear.dirs = dirs;
	c = count(&dear, NULL);
	assert_int_equal(c.queued, 5);
	assert_int_equal(c.ageless, 4);
	assert_int_equal(c.oldest, 10);
	assert_int_equal(c.held, 2);
	assert_int_equal(c.oldest_held, 0);
	assert_false(c.held_unknown);
	dirs[1].state_cost = MTA_COST_READ;
	c = count(&dear, NULL);
	assert_true(c.held_unknown);
}

/* A name that tells the time, as exactly as it is known. */
static void
dated(const struct mta_dir *dir, const char *name, size_t len, int64_t now,
    struct mta_entry *e)
{
	maildir_mta.classify(dir, name, len, now, e);
	e->has_time = e->exact = true;
	e->time = now - 1000;
}

/* For an exact time, nobody asks. */
static int
never(int body_fd, const char *name, int64_t *when)
{
	(void)body_fd, (void)when;
	fail_msg("%s was looked at", name);
	return -1;
}

/* An exact time is believed, and any that nothing can tell better. */
static void
test_exact(void **state)
{
	struct mta exact = maildir_mta;
	struct scan_count c;

	(void)state;
	make_queue();
	exact.classify = dated;
	exact.arrival = NULL;
	exact.received = never;
	c = count(&exact, NULL);
	assert_int_equal(c.queued, 5);
	assert_int_equal(c.oldest, 1000);
	assert_int_equal(c.late, 5);
	assert_int_equal(c.oldest_held, 1000);
}

static void
assert_census(const struct queue_list *list, struct census_options *opt,
    uint64_t total, uint64_t held)
{
	struct census c;

	assert_int_equal(census_take(&c, list, opt), 0);
	assert_int_equal(c.survey.total, total);
	assert_int_equal(c.survey.read, total);
	assert_int_equal(c.survey.failed + c.survey.unreadable, 0);
	assert_int_equal(c.survey.queue[0].queued, 5 + 1);
	assert_int_equal(c.survey.queue[0].held, 2);
	assert_int_equal(surveyed_count(&c, 1), 2);
	assert_int_equal(surveyed_count(&c, 66), list->n == 2 ? 4 : 3);
	assert_int_equal(surveyed_count(&c, 7), held);
	assert_int_equal(surveyed_count(&c, 9), 0);
	/* The largest group first: relay 192.0.2.66. */
	assert_int_equal(c.tally.group[0].oldest, NOW - 3000);
	census_free(&c);
}

/*
 * Read and added up, by one thread and by several, at once and as a sample,
 * alone and beside a queue of sendmail's.  What is being received is listed,
 * but not read: its name does not tell that.
 */
static void
test_survey(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1000 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 1000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	int i;

	(void)state;
	make_queue();
	surveyed_make("q", 2, 66);
	list = list_of(&maildir_mta);
	assert_census(&list, &opt, 5, 0);
	assert_int_equal(queue_list_add_spec(&list, &sendmail_mta, "q"), 0);
	for (i = 0; i < 2; i++) {
		for (opt.workers = 1; opt.workers <= 3; opt.workers += 2) {
			opt.survey.held = false;
			assert_census(&list, &opt, 6, 0);
			opt.survey.held = true;
			assert_census(&list, &opt, 8, 2);
		}
		opt.survey.deadline = &deadline;
	}
	queue_list_free(&list);
}

/* One that is held as only its file tells is so to who reads it. */
static void
test_held(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1000 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 1000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	int i;

	(void)state;
	make_queue();
	maildir_make("m/cur/b/held", "[192.0.2.5]\nheld", NOW - 7);
	list = list_of(&maildir_mta);
	opt.workers = 1;
	for (i = 0; i < 4; i++) {
		opt.survey.held = i % 2 != 0;
		opt.survey.deadline = i < 2 ? NULL : &deadline;
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_int_equal(surveyed_count(&c, 5), i % 2);
		assert_int_equal(surveyed_count(&c, 66), 3);
		assert_int_equal(c.survey.read, i % 2 != 0 ? 8 : 5);
		assert_int_equal(c.survey.total, c.survey.read);
		assert_int_equal(c.survey.held, i % 2 != 0 ? 0 : 1);
		assert_false(c.survey.sampled);
		census_free(&c);
	}
	queue_list_free(&list);
}

/* Where time runs out, as many are held elsewhere as in what was read. */
static void
test_held_sample(void **state)
{
	struct surveyed_script script = { .looks_a_ms = 1000, .jump_at = 300 };
	struct when_clock clock = surveyed_clock(&script);
	struct when_deadline deadline = { &clock, 100000 };
	struct census_options opt = surveyed_options();
	struct queue_list list;
	struct census c;
	char path[40];
	unsigned int i;

	(void)state;
	TREE_MAKE("m/new/", "m/cur/", "m/hold/");
	for (i = 0; i < 600; i++) {
		snprintf(path, sizeof(path), "m/cur/x%u", i);
		maildir_make(path,
		    i % 2 == 0 ? "[192.0.2.66]" : "[192.0.2.5]\nheld", NOW);
	}
	list = list_of(&maildir_mta);
	opt.workers = 1;
	opt.survey.deadline = &deadline;
	assert_int_equal(census_take(&c, &list, &opt), 0);
	assert_true(c.survey.sampled);
	assert_true(c.survey.read > 100 && c.survey.held > 100);
	assert_true(c.survey.read + c.survey.held < 600);
	assert_in_range(c.survey.total, 250, 350);
	census_free(&c);
	queue_list_free(&list);
}

/*
 * With so many messages that all workers read.  Some of these have descriptors
 * of their own, so no subdirectory may be opened only when its turn comes.
 */
static void
test_workers(void **state)
{
	struct census_options opt = surveyed_options();
	struct queue_list list;
	char path[40];
	struct census c;
	unsigned int i;
	int letter;

	(void)state;
	TREE_MAKE("m/new/", "m/cur/", "m/hold/");
	for (letter = 'a'; letter <= 'z'; letter++)
		for (i = 0; i < 50; i++) {
			snprintf(path, sizeof(path), "m/cur/%c/%c%u", letter,
			    letter, i);
			maildir_make(path, "[192.0.2.66]", NOW - i);
		}
	list = list_of(&maildir_mta);
	for (opt.workers = 1; opt.workers <= 4; opt.workers++) {
		assert_int_equal(census_take(&c, &list, &opt), 0);
		assert_int_equal(c.survey.read, 26 * 50);
		assert_int_equal(c.survey.unreadable + c.survey.vanished, 0);
		assert_int_equal(surveyed_count(&c, 66), 26 * 50);
		census_free(&c);
	}
	queue_list_free(&list);
}

/* Which directory keeps a user out. */
static void
test_readable(void **state)
{
	struct buf remedy = BUF_INIT;

	(void)state;
	make_queue();
	assert_int_equal(readable_check_files("m", &maildir_mta, &remedy), 0);
	assert_int_equal(remedy.len, 0);
	assert_int_equal(rename("m/cur", "m/gone"), 0);
	assert_int_equal(readable_check("m", &maildir_mta, &remedy), ENOENT);
	assert_non_null(strstr(buf_str(&remedy), "m/cur: "));
	buf_free(&remedy);
}

static void
test_table(void **state)
{
	const struct mta *m = &maildir_mta;
	struct queue_list list = QUEUE_LIST_INIT;

	(void)state;
	assert_ptr_equal(mta_dir_named(m, "cur"), &m->dirs[1]);
	assert_null(mta_dir_named(m, "df"));
	assert_true(mta_has_subdir(m, "hold"));
	assert_false(mta_has_subdir(m, "df"));
	assert_true(mta_has_subdir(&sendmail_mta, "df"));
	assert_true(mta_has_subdir(&sendmail_mta, "xf"));
	assert_int_equal(mta_state(m, &m->dirs[2], "x"), MTA_HELD);
	assert_int_equal(mta_state(m, &m->dirs[2], "X"), MTA_NOTHING);
	assert_int_equal(mta_id(m, "x1").n, 2);
	assert_string_equal(mta_id(m, "x/x1").p, "x1");
	/* The servers that are known; -q takes the one that it is of. */
	assert_ptr_equal(mta_table_at(0), &sendmail_mta);
	assert_ptr_equal(mta_table_find("sendmail"), &sendmail_mta);
	assert_null(mta_table_find("sendmai"));
	TREE_MAKE("d/");
	assert_int_equal(mta_table_add_spec(&list, "n=d"), 0);
	assert_ptr_equal(list.v[0].mta, &sendmail_mta);
	assert_string_equal(list.v[0].dirs[0].path, "d");
	queue_list_free(&list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_scan),
		TREE_TEST(test_cost),
		TREE_TEST(test_exact),
		TREE_TEST(test_survey),
		TREE_TEST(test_held),
		TREE_TEST(test_held_sample),
		TREE_TEST(test_workers),
		TREE_TEST(test_readable),
		TREE_TEST(test_table),
	};

	return UNIT_RUN(tests);
}
