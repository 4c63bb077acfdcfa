/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_mta_change.c - changes of a server that has neither sendmail's locks nor
 * its files: what lib/change does is the same
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "maildir_change.h"
#include "surveyed.h"

#include "base/fsx.h"
#include "change/flush.h"
#include "change/place.h"
#include "change/settle.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/sendmail.h"

#define NOW SURVEYED_NOW

/* --- a queue ------------------------------------------------------------- */

/* What maildir_make() makes of a relay and a time. */
#define SPAM "[192.0.2.66]"
#define HAM  "[192.0.2.67]"
#define AT   (NOW - 100)

/* And of a later time, which tells a message from one with its id. */
#define LATER (NOW - 1)
#define MORE  "date 1795342499"

/* A test may put another table in its place. */
static struct mta maildir;

static struct queue_list queues;
static struct mta_place_list places;
static struct journal journal;
static struct gather_name names[8];
static size_t nnames;

static void
open_queue(void)
{
	struct buf why = BUF_INIT;

	TREE_MAKE("q/new/", "q/cur/m/", "q/hold/");
	maildir = maildir_mta;
	queues = (struct queue_list)QUEUE_LIST_INIT;
	assert_int_equal(queue_list_add_spec(&queues, &maildir, "q"), 0);
	assert_int_equal(place_list_open(&places, &queues), 0);
	assert_int_equal(places.v[0].error, 0);
	journal = (struct journal)JOURNAL_INIT;
	if (journal_open(&journal, "journal", &why) != 0)
		fail_msg("%s", buf_str(&why));
	nnames = 0;
}

static void
close_queue(void)
{
	journal_close(&journal);
	place_list_close(&places);
	queue_list_free(&queues);
}

static uint64_t
inode(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_ino;
}

/* Finds a message, as gather_take() would. */
static void
find(const char *path)
{
	struct gather_name *g = &names[nnames++];
	bool held = strncmp(path, "q/hold/", 7) == 0;

	*g = (struct gather_name){
		.ino = inode(path),
		.arrival = AT,
		.kind = &maildir.dirs[held ? 2 : 1],
		.state = held ? MTA_HELD : MTA_QUEUED,
	};
	snprintf(g->name, sizeof(g->name), "%s", path + (held ? 7 : 6));
}

static void
add(const char *path, const char *relay)
{
	maildir_make(path, relay, AT);
	find(path);
}

/* Another message takes the id of one. */
static void
replace(const char *path)
{
	maildir_make("q/other", SPAM, LATER);
	assert_int_equal(rename("q/other", path), 0);
}

/* Is the message of this relay, or time, there?  NULL: none is. */
static void
assert_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT;

	if (want == NULL) {
		if (access(path, F_OK) == 0)
			fail_msg("%s is there", path);
		return;
	}
	assert_int_equal(fsx_read(AT_FDCWD, path, 0, 1 << 20, &b), 0);
	if (strstr(buf_str(&b), want) == NULL)
		fail_msg("%s: no %s", path, want);
	buf_free(&b);
}

/* What an action is for, of the spammer. */
static struct wanted
wanted_for(enum change_action action, const struct selector *selector)
{
	return (struct wanted){
		.selector = selector,
		.now = NOW,
		.state = action == CHANGE_HOLD ? MTA_QUEUED :
		    action == CHANGE_RELEASE   ? MTA_HELD :
						 MTA_NOTHING,
	};
}

static void
parse_selector(struct selector *selector)
{
	struct buf why = BUF_INIT;

	*selector = (struct selector)SELECTOR_INIT;
	assert_int_equal(selector_parse(selector, "192.0.2.66", &why), 0);
}

/* Finds all that an action is for, in the queue. */
static void
gather(enum change_action action)
{
	const struct survey_options opt = { .now = NOW, .held = true };
	struct selector selector;
	struct wanted wanted = wanted_for(action, &selector);
	struct gather g;

	parse_selector(&selector);
	assert_int_equal(gather_take(&g, &queues, &places, &opt, &wanted), 0);
	assert_true(g.n <= ROWS(names));
	memcpy(names, g.v, g.n * sizeof(*g.v));
	nnames = g.n;
	gather_free(&g);
	selector_free(&selector);
}

/* Changes all that was found and is of the spammer, by this clock. */
static struct flush_count
flush(enum change_action action, const struct when_clock *clock)
{
	struct selector selector;
	const struct wanted wanted = wanted_for(action, &selector);
	struct mta_session session = {
		.action = action,
		.homes = &places,
		.clock = clock,
	};
	const struct flush_options opt = {
		.run = {
			.mta = &maildir,
			.session = &session,
			.places = &places,
			.wanted = &wanted,
			.journal = &journal,
			.clock = clock,
		},
	};
	struct flush_count count = { .fatal = NULL };

	parse_selector(&selector);
	assert_int_equal(flush_run(names, nnames, &opt, &count), 0);
	selector_free(&selector);
	return count;
}

/* The fields of the journal's lines from the id on, less relay and sender. */
static void
assert_journal(const char *want)
{
	struct buf b = BUF_INIT, got = BUF_INIT;
	char *line, *rest, *field[8];
	size_t i;

	assert_int_equal(fsx_read(AT_FDCWD, "journal", 0, 1 << 20, &b), 0);
	for (rest = b.data; (line = strsep(&rest, "\n")) != NULL && *line;) {
		for (i = 0; i < ROWS(field); i++)
			assert_non_null(field[i] = strsep(&line, "\t"));
		field[7][strcspn(field[7], " ")] = '\0';
		buf_addf(&got, "%s %s %s\n", field[1], field[3], field[7]);
	}
	unit_assert_text(buf_str(&got), want, "journal");
	buf_free(&b);
	buf_free(&got);
}

/* --- tests --------------------------------------------------------------- */

/* Held, released, held, deleted; what vanished, or is not meant, stays out. */
static void
test_actions(void **state)
{
	struct flush_count n;
	uint64_t a;

	(void)state;
	open_queue();
	maildir_make("q/cur/m/ma", SPAM, AT);
	maildir_make("q/cur/m/mb", SPAM, AT);
	maildir_make("q/cur/m/mgone", SPAM, AT);
	maildir_make("q/cur/m/mturned", SPAM, AT);
	maildir_make("q/cur/m/mham", HAM, AT);
	a = inode("q/cur/m/ma");
	gather(CHANGE_HOLD);
	assert_int_equal(nnames, 4);
	assert_int_equal(unlink("q/cur/m/mgone"), 0);
	maildir_make("q/cur/m/mturned", HAM, AT);
	n = flush(CHANGE_HOLD, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_int_equal(n.n[CHANGE_GONE], 1);
	assert_string_equal(n.example[CHANGE_GONE].name, "m/mgone");
	assert_int_equal(n.n[CHANGE_OTHER], 1);
	assert_string_equal(n.example[CHANGE_OTHER].why,
	    "no longer what was selected");
	assert_text("q/cur/m/ma", NULL);
	assert_text("q/hold/ma", SPAM);
	assert_text("q/hold/mb", SPAM);
	assert_text("q/cur/m/mham", HAM);
	assert_text("q/cur/m/mturned", HAM);
	assert_int_equal(inode("q/hold/ma"), a);

	nnames = 0;
	find("q/hold/ma");
	n = flush(CHANGE_RELEASE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 1);
	assert_text("q/hold/ma", NULL);
	assert_text("q/cur/m/ma", SPAM);

	gather(CHANGE_DELETE);
	assert_int_equal(nnames, 2);
	n = flush(CHANGE_MOVE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_REFUSED], 2);
	n = flush(CHANGE_DELETE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_text("q/cur/m/ma", NULL);
	assert_text("q/hold/ma", NULL);
	assert_text("q/hold/mb", NULL);
	assert_text("q/cur/m/mham", HAM);
	close_queue();
}

/* A message that has the id of one that was found is left as it is. */
static void
test_other(void **state)
{
	struct flush_count n;

	(void)state;
	open_queue();
	add("q/cur/m/minode", SPAM);
	add("q/cur/m/marrival", SPAM);
	replace("q/cur/m/minode");
	maildir_make("q/cur/m/marrival", SPAM, LATER);
	n = flush(CHANGE_DELETE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_OTHER], 2);
	assert_string_equal(n.example[CHANGE_OTHER].why, "is another one");
	assert_text("q/cur/m/minode", MORE);
	assert_text("q/cur/m/marrival", MORE);
	assert_journal("");
	close_queue();
}

/* The time of the journal's lines is asked for after claim, before commit. */
static int64_t
replacing(void *arg)
{
	(void)arg;
	replace("q/cur/m/ma");
	assert_int_equal(unlink("q/cur/m/mb"), 0);
	return NOW;
}

static int64_t
still(void *arg)
{
	(void)arg;
	return 0;
}

/* The same, when the id changes hands at the last moment. */
static void
test_late(void **state)
{
	const struct when_clock clock = { replacing, still, NULL };
	struct buf want = BUF_INIT;
	struct flush_count n;

	(void)state;
	open_queue();
	add("q/cur/m/ma", SPAM);
	add("q/cur/m/mb", SPAM);
	add("q/cur/m/mc", SPAM);
	n = flush(CHANGE_DELETE, &clock);
	assert_int_equal(n.n[CHANGE_OTHER], 1);
	assert_int_equal(n.n[CHANGE_GONE], 1);
	assert_int_equal(n.n[CHANGE_DONE], 1);
	assert_text("q/cur/m/ma", MORE);
	assert_text("q/hold/ma", NULL);
	assert_text("q/cur/m/mc", NULL);
	assert_text("q/hold/mc", NULL);
	buf_addf(&want,
	    "delete ma inode=%ju arrival=1795342400 other\n"
	    "delete mb inode=%ju arrival=1795342400 gone\n"
	    "delete mc inode=%ju arrival=1795342400 done\n",
	    (uintmax_t)names[0].ino, (uintmax_t)names[1].ino,
	    (uintmax_t)names[2].ino);
	assert_journal(buf_str(&want));
	buf_free(&want);
	close_queue();
}

/* A line that a run was killed over. */
static void
pend(struct buf *lines, enum change_action action, size_t i)
{
	const struct mta_message m = {
		.place = places.v,
		.name = names[i].name,
		.id = mta_id(&maildir, names[i].name),
		.ino = names[i].ino,
		.arrival = names[i].arrival,
	};
	const struct envelope e = { .arrival = -1 };
	struct buf id = BUF_INIT;

	settle_add_id(&id, &m);
	journal_add(lines, NOW, change_action_name(action), places.v[0].path,
	    buf_str(&id), &e, "1:b@lab.example");
	buf_free(&id);
}

static void
test_settle(void **state)
{
	static const struct {
		const char *path; /* where it was found */
		enum change_action action;
		const char *now; /* where it is; or NULL */
		const char *result;
	} rows[] = {
		{ "q/cur/m/ma", CHANGE_HOLD, "q/hold/ma", "done" },
		{ "q/cur/m/mb", CHANGE_HOLD, "q/cur/m/mb", "undone" },
		{ "q/cur/m/mc", CHANGE_HOLD, NULL, "gone" },
		{ "q/hold/md", CHANGE_RELEASE, "q/cur/m/md", "done" },
		{ "q/hold/me", CHANGE_RELEASE, "q/hold/me", "undone" },
		{ "q/cur/m/mf", CHANGE_DELETE, "q/hold/mf", "undone" },
		{ "q/cur/m/mg", CHANGE_DELETE, "q/cur/m/mg", "undone" },
	};
	struct buf lines = BUF_INIT, want = BUF_INIT;
	size_t i, n;
	off_t at;

	(void)state;
	open_queue();
	for (i = 0; i < ROWS(rows); i++) {
		add(rows[i].path, SPAM);
		pend(&lines, rows[i].action, i);
		if (rows[i].now == NULL)
			replace(rows[i].path);
		else
			assert_int_equal(rename(rows[i].path, rows[i].now), 0);
		buf_addf(&want, "%s %s inode=%ju arrival=1795342400 %s\n",
		    change_action_name(rows[i].action),
		    mta_id(&maildir, names[i].name).p, (uintmax_t)names[i].ino,
		    rows[i].result);
	}
	assert_int_equal(journal_begin(&journal, &lines, &at), 0);
	/* While the queue can't be opened, nobody knows. */
	places.v[0].error = EACCES;
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_int_equal(n, 0);
	places.v[0].error = 0;
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_int_equal(n, ROWS(rows));
	assert_journal(buf_str(&want));
	/* That of another message of this id is none of its business. */
	assert_text("q/cur/m/mc", MORE);
	buf_free(&lines);
	buf_free(&want);
	close_queue();
}

/* Where ids do not return, all of the text is one. */
static void
test_settle_id(void **state)
{
	const struct envelope e = { .arrival = -1 };
	struct buf lines = BUF_INIT;
	off_t at;
	size_t n;

	(void)state;
	open_queue();
	place_list_close(&places);
	queues.v[0].mta = &sendmail_mta;
	assert_int_equal(place_list_open(&places, &queues), 0);
	tree_write("q/dfa", "body");
	journal_add(&lines, NOW, "delete", places.v[0].path,
	    "a inode=1 arrival=1", &e, "0");
	assert_int_equal(journal_begin(&journal, &lines, &at), 0);
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_journal("delete a inode=1 arrival=1 undone\n");
	assert_text("q/dfa", "body");
	buf_free(&lines);
	close_queue();
}

/* --- no room ------------------------------------------------------------- */

/* There is room for one message at a time. */
static int
commit_one(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	size_t i;

	if (n == 1)
		return maildir_change.commit(s, v, n, why);
	for (i = 0; i < n; i++) {
		errno = ENOSPC;
		v[i]->result = mta_claim_fail(v[i], "is full");
	}
	return 0;
}

/* The same, for the whole of a batch. */
static int
commit_none(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	if (n == 1)
		return maildir_change.commit(s, v, n, why);
	*why = "all is full";
	errno = ENOSPC;
	return -1;
}

/* No smaller batch mends a disk. */
static int
commit_broken(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	(void)s;
	(void)v;
	(void)n;
	*why = "is broken";
	errno = EIO;
	return -1;
}

/* What finds no room with others is undone, and then done alone. */
static void
test_room(void **state)
{
	static int (*const commits[])(struct mta_session *, struct mta_claim **,
	    size_t, const char **) = { commit_one, commit_none, commit_broken };
	struct mta_change change = maildir_change;
	char want[512];
	struct flush_count n;
	uintmax_t a, b;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(commits); i++) {
		tree_enter_row(i);
		open_queue();
		change.commit = commits[i];
		maildir.change = &change;
		add("q/cur/m/ma", SPAM);
		add("q/cur/m/mb", SPAM);
		a = names[0].ino;
		b = names[1].ino;
		n = flush(CHANGE_HOLD, &surveyed_still);
		assert_int_equal(n.n[CHANGE_DONE], i == 2 ? 0 : 2);
		assert_int_equal(n.n[CHANGE_FAILED], 0);
		snprintf(want, sizeof(want),
		    "hold ma inode=%ju arrival=1795342400 undone\n"
		    "hold mb inode=%ju arrival=1795342400 undone\n"
		    "hold ma inode=%ju arrival=1795342400 done\n"
		    "hold mb inode=%ju arrival=1795342400 done\n",
		    a, b, a, b);
		if (i == 2) {
			assert_string_equal(n.fatal, "is broken");
			assert_int_equal(n.error, EIO);
			*strstr(want + 1, "hold ma") = '\0';
		} else {
			assert_null(n.fatal);
		}
		assert_journal(want);
		close_queue();
		tree_leave_row();
	}
}

/* --- finding ------------------------------------------------------------- */

/* Where ids return the inode is found with the message, else not looked for. */
static void
test_gather(void **state)
{
	struct mta_change change = sendmail_change;
	struct mta mta = sendmail_mta;
	const struct wanted wanted = { .now = NOW, .state = MTA_QUEUED };
	const struct survey_options opt = { .now = NOW };
	struct gather g;
	int i;

	(void)state;
	tree_make("q/");
	surveyed_make("q", 1, 66);
	queues = surveyed_queues("q", NULL);
	mta.change = &change;
	queues.v[0].mta = &mta;
	for (i = 0; i < 2; i++) {
		change.ids_return = i != 0;
		assert_int_equal(place_list_open(&places, &queues), 0);
		assert_int_equal(gather_take(&g, &queues, &places, &opt,
				     &wanted),
		    0);
		assert_int_equal(g.n, 1);
		assert_int_equal(g.v[0].ino,
		    i == 0 ? 0 : inode("q/qf6AMAF0aA000001"));
		assert_int_equal(g.v[0].arrival, NOW - 1);
		assert_ptr_equal(g.v[0].kind, mta.dirs);
		assert_int_equal(g.v[0].state, MTA_QUEUED);
		gather_free(&g);
		place_list_close(&places);
	}
	/* Nothing is changed in queue files that are not to be changed. */
	mta.change = NULL;
	assert_int_equal(place_list_open(&places, &queues), 0);
	assert_int_equal(places.v[0].error, ENOTSUP);
	place_list_close(&places);
	queue_list_free(&queues);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_actions),
		TREE_TEST(test_other),
		TREE_TEST(test_late),
		TREE_TEST(test_settle),
		TREE_TEST(test_settle_id),
		TREE_TEST(test_room),
		TREE_TEST(test_gather),
	};

	return UNIT_RUN(tests);
}
